// Package progress shows coordinators how far the field has come, in figures.
package progress

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/store"
)

// partsAPage is how many parts of the field a page shows.
const partsAPage = 8

// Field shows how far the field has come, and lets a coordinator go down into it; arg is a view, or with x before it
// the view whose sheet is wanted.
func Field(ctx context.Context, t *dialog.Turn, arg dialog.Args) (form.Screen, error) {
	address, sheet := strings.CutPrefix(string(arg), "x")
	s, any, err := FieldScreen(ctx, t.Tx, t.Who, ViewOf(address))
	if err != nil {
		return form.Screen{}, err
	}
	if sheet && any {
		s.Body = append(s.Body, store.Say("progres.making"))
		s.Tell = []store.Message{{
			Chat: t.Event.Chat, Class: store.Paper, Key: "progress:" + address,
			Paper: "progress:" + address + ":" + dialog.IDText(t.Who.ID),
			Body:  []store.Text{store.Say("progres.ready")},
		}}
	}
	return s, nil
}

// FieldScreen shows a view; any tells that there are figures in it.
func FieldScreen(ctx context.Context, tx store.Tx, who dialog.Who, v view) (s form.Screen, any bool, err error) {
	part, err := Part(ctx, tx, who, &v)
	if err != nil {
		return s, false, err
	}
	if v.Depth == OfGroup {
		s, err = groupCard(ctx, tx, who, v, part)
		return s, false, err
	}
	f, err := tx.Field(ctx, part, Parting[v.Depth])
	if err != nil {
		return s, false, err
	}
	if f.All.Groups == 0 {
		s.Body = []store.Text{store.Say("progres.empty")}
	} else if f.At.IsZero() {
		s.Body = []store.Text{store.Say("progres.soon")}
	}
	if len(s.Body) > 0 {
		if above, ok := up(who, v); ok {
			s.Buttons = [][]store.Button{{above}}
		}
		return s, false, nil
	}
	return fieldList(who, v, f), true, nil
}

// fieldList is a part of the field with its own parts, worst first.
func fieldList(who dialog.Who, v view, f store.Field) (s form.Screen) {
	WorstFirst(f.Parts)
	at := f.At.In(dialog.Placed(f.All.Zone, who.Zone))
	regency := ""
	if v.Depth == ofMentor {
		regency = f.All.Of.Regency
	}
	s.Body = []store.Text{sums("head", f.All, "Level", v.Depth.letter(), "Name", PlaceName(v.Depth, f.All), "Regency",
		regency, "At", at.Format(time.RFC3339))}
	v.page = min(v.page, (len(f.Parts)-1)/partsAPage)
	for i, p := range f.Parts[v.page*partsAPage : min(len(f.Parts), (v.page+1)*partsAPage)] {
		down := view{Depth: v.Depth + 1, of: p.Of.ID, mentor: p.Of.Mentor}
		n, name := strconv.Itoa(v.page*partsAPage+i+1), PlaceName(down.Depth, p)
		s.Body = append(s.Body, partLine(down.Depth, n, name, p, at.Location()))
		if i%2 == 0 {
			s.Buttons = append(s.Buttons, nil)
		}
		row := &s.Buttons[len(s.Buttons)-1]
		*row = append(*row, store.Button{
			Text: store.Say(
				"progres.choice", "Number", n, "Name", dialog.Clip(name, 24), "Level", down.Depth.letter(),
			), Data: dialog.Data("progres", down.String()),
		})
	}
	if f.All.Silent > 0 {
		s.Body = append(s.Body, store.Say("progres.words"))
	}
	here := v
	if here.page = 0; here.of == 0 { // a page has to name a place
		here.of = f.All.Of.ID
	}
	to := func(page int) string { return dialog.Data("progres", here.String()+"~"+strconv.Itoa(page)) }
	if ways := dialog.Pages(to, v.page, len(f.Parts), partsAPage); len(ways) > 0 {
		s.Buttons = append(s.Buttons, ways)
	}
	last := []store.Button{{Text: store.Say("progres.sheet"), Data: dialog.Data("progres", "x"+v.String())}}
	if above, ok := up(who, v); ok {
		last = append([]store.Button{above}, last...)
	}
	s.Buttons = append(s.Buttons, last)
	return s
}

// partLine is a part of the field in a line.
func partLine(d depth, n, name string, p store.Progress, zone *time.Location) store.Text {
	if d == OfGroup {
		return sums("group", p, "Number", n, "Name", name, "Last", lastDay(p.Last(), zone))
	}
	load := ""
	if p.Load != p.Groups {
		load = dialog.Count(p.Load)
	}
	return sums("line", p, "Number", n, "Name", name, "Level", d.letter(), "Load", load)
}

// sums says the figures of a part, and what else its sentence tells.
func sums(what string, p store.Progress, more ...string) store.Text {
	share := ""
	if n, ok := p.Share(); ok {
		share = strconv.Itoa(n)
		if n == 0 && p.Evidenced > 0 {
			share = "<1"
		}
	}
	return store.Say("progres."+what, append(more, "Groups", strconv.Itoa(p.Groups), "Complete",
		strconv.Itoa(p.Complete), "Share", share, "Percent", strconv.Itoa(p.Percent),
		"Evidenced", p.Evidenced.String(), "Received", p.Received.String(), "Silent", dialog.Count(p.Silent), "Late",
		dialog.Count(p.Late), "Waiting", dialog.Count(p.Submitted))...)
}

// PlaceName is what a part of that depth is called; "" where it has no name.
func PlaceName(d depth, p store.Progress) string {
	return [...]string{
		whole: "", inProvince: p.Of.Province, inRegency: p.Of.Regency, ofMentor: p.Mentor, OfGroup: p.Of.Name,
	}[d]
}

// lastDay is the day of a time at a place; "" for none.
func lastDay(at time.Time, zone *time.Location) string {
	if at.IsZero() {
		return ""
	}
	return string(store.DayOf(at, zone))
}

// WorstFirst puts first what has the least of its money evidenced, then what has the most silent groups. What has no
// money yet comes last.
func WorstFirst(parts []store.Progress) {
	slices.SortFunc(parts, func(a, b store.Progress) int {
		return cmp.Or(cmp.Compare(evidenced(a), evidenced(b)), cmp.Compare(b.Silent, a.Silent),
			cmp.Compare(a.Percent, b.Percent),
			strings.Compare(a.Of.Regency, b.Of.Regency), strings.Compare(a.Mentor, b.Mentor),
			strings.Compare(a.Of.Name, b.Of.Name),
			cmp.Compare(a.Of.ID, b.Of.ID))
	})
}

// evidenced is how much of the money is backed by evidence, up to 1; above that where no money has come.
func evidenced(p store.Progress) float64 {
	if p.Received <= 0 {
		return 2
	}
	return float64(p.Evidenced) / float64(p.Received)
}
