// Package recap reads a mentor's month from the records, and hands it over as a PDF or a workbook.
package recap

import (
	"context"
	"slices"
	"time"

	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/store"
)

// recapMonths is how many months back a recap can be had, this one too.
const recapMonths = 6

// recapKinds are the forms of a recap, with the words of their buttons.
var recapKinds = []struct{ kind, words string }{{"pdf", "rekap.pdf"}, {"xlsx", "rekap.xlsx"}}

// Show asks for a month and a form, and has the recap made. arg is what was chosen so far: "", "lain", MONTH, or
// MONTH:KIND.
func Show(_ context.Context, t *dialog.Turn, arg dialog.Args) (form.Screen, error) {
	months := monthsTo(t.Who.Today, recapMonths)
	month, kind := arg.Word(), arg.Rest()
	switch {
	case month == "lain":
		return recapMonth(months, ""), nil
	case !slices.Contains(months, month):
		return recapMonth(months[:2], "lain"), nil
	case !slices.ContainsFunc(recapKinds, func(k struct{ kind, words string }) bool { return k.kind == kind }):
		return recapKind(month), nil
	}
	return form.Screen{
		Body: []store.Text{store.Say("rekap.making", "Month", month)},
		Tell: []store.Message{{
			Chat: t.Event.Chat, Class: store.Paper, Key: "recap:" + month + ":" + kind,
			Paper: "recap:" + month + ":" + kind + ":" + dialog.IDText(t.Who.ID),
			Body:  []store.Text{store.Say("rekap.ready", "Month", month)},
		}},
	}, nil
}

// recapMonth asks which month; other leads to more of them.
func recapMonth(months []string, other string) form.Screen {
	s := form.Screen{Body: []store.Text{store.Say("rekap.month")}}
	for i, m := range months {
		if i%2 == 0 {
			s.Buttons = append(s.Buttons, nil)
		}
		row := &s.Buttons[len(s.Buttons)-1]
		*row = append(*row, store.Button{
			Text: store.Say("rekap.month.choice", "Month", m), Data: dialog.Data("rekap", m),
		})
	}
	if other != "" {
		s.Buttons = append(s.Buttons, []store.Button{{
			Text: store.Say("rekap.other"), Data: dialog.Data("rekap", other),
		}})
	}
	return s
}

// recapKind asks in which form.
func recapKind(month string) form.Screen {
	s := form.Screen{Body: []store.Text{store.Say("rekap.kind", "Month", month)}, Buttons: [][]store.Button{nil}}
	for _, k := range recapKinds {
		s.Buttons[0] = append(s.Buttons[0], store.Button{
			Text: store.Say(k.words), Data: dialog.Data("rekap", month, k.kind),
		})
	}
	s.Buttons = append(s.Buttons, []store.Button{{Text: store.Say("form.back"), Data: dialog.Data("rekap")}})
	return s
}

// monthsTo are the last n months, the newest first, as "2026-11".
func monthsTo(today store.Day, n int) []string {
	t := today.Time()
	var list []string
	for i := range n {
		list = append(list, time.Date(t.Year(), t.Month()-time.Month(i), 1, 0, 0, 0, 0, time.UTC).Format("2006-01"))
	}
	return list
}
