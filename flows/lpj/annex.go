package lpj

import (
	"context"
	"strconv"
	"strings"

	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/flows/parse"
	"pendamping/store"
)

// annexKinds are what belongs to an LPJ beside notas, in the order of the menu, with the deed that adds it.
var annexKinds = []struct {
	kind store.AnnexKind
	deed dialog.Deed
}{
	{store.AnnexTool, dialog.WriteReport}, {store.AnnexActivity, dialog.WriteReport},
	{store.AnnexSigned, dialog.KeepPage}, {store.AnnexCopy, dialog.KeepPage},
	{store.AnnexExtension, dialog.ExtendReport},
}

// Annexes lists what belongs to an LPJ beside notas; arg is "-ID" to take one out, and "-ID:y" to be sure.
func Annexes(ctx context.Context, t *dialog.Turn, arg dialog.Args) (form.Screen, error) {
	tx, who := t.Tx, t.Who
	if s, asks, err := whose(ctx, tx, who); asks || err != nil {
		return s, err
	}
	r, err := dialog.Newest(ctx, tx, who.For.ID)
	if err != nil {
		return form.Screen{}, err
	}
	if drop, ok := strings.CutPrefix(arg.Rest(), "-"); ok && drop != "" {
		return dropAnnex(ctx, t, r, dialog.Args(drop))
	}
	list, err := tx.Annexes(ctx, who.For.ID)
	if err != nil {
		return form.Screen{}, err
	}
	s := form.Screen{Body: []store.Text{store.Say("annexes.head", "Group", who.For.Name)}}
	if len(list) == 0 {
		s.Body = append(s.Body, store.Say("annexes.empty"))
	}
	for i, a := range list {
		s.Body = append(s.Body, annexLine(i+1, a))
	}
	s.Body = append(s.Body, store.Say("annexes.ask"))
	for _, k := range annexKinds {
		if who.May(k.deed, string(r.State)) {
			s.Buttons = append(s.Buttons, []store.Button{{
				Text: store.Say("annex.kind." + string(k.kind)), Data: dialog.Data("annex", k.kind),
			}})
		}
	}
	for i, a := range list {
		if droppable(who, r, a) {
			s.Buttons = append(s.Buttons, []store.Button{{
				Text: store.Say("annexes.drop", "Number", strconv.Itoa(i+1)),
				Data: dialog.Data("annexes", "-"+dialog.IDText(a.ID)),
			}})
		}
	}
	s.Buttons = append(s.Buttons, toMeter())
	return s, nil
}

func annexLine(n int, a store.Annex) store.Text {
	return store.Say("annexes.line", "Number", strconv.Itoa(n), "Kind", string(a.Kind), "Note", a.Note,
		"Place", a.Place, "Letter", a.Number,
		"Day", string(a.Day), "Until", string(a.Until), "Stamped", dialog.Mark(a.Stamped))
}

// droppable tells whether somebody may take an annex out: what was printed with a verified LPJ stays.
func droppable(who dialog.Who, r store.Report, a store.Annex) bool {
	for _, k := range annexKinds {
		if k.kind == a.Kind {
			return who.May(k.deed, string(r.State)) && a.Edition == max(r.Edition, 1)
		}
	}
	return false
}

func dropAnnex(ctx context.Context, t *dialog.Turn, r store.Report, arg dialog.Args) (form.Screen, error) {
	id, sure := arg.ID(), arg.Rest()
	a, err := t.Tx.Annex(ctx, id)
	if err != nil {
		return form.Screen{}, err
	}
	if a.Recipient != t.Who.For.ID || !a.Dropped.IsZero() || !droppable(t.Who, r, a) {
		return form.Screen{}, store.ErrNotFound
	}
	if sure == "" {
		s := form.Screen{Body: []store.Text{store.Say("annexes.sure"), annexLine(1, a)}}
		if a.File != 0 {
			f, err := t.Tx.File(ctx, a.File)
			if err != nil {
				return s, err
			}
			s.Above = [][]store.Shown{{dialog.ShownAs(f)}}
		}
		s.Buttons = [][]store.Button{{
			{Text: store.Say("annexes.yes"), Data: dialog.Data("annexes", "-"+dialog.IDText(id), "y")},
			{Text: store.Say("annexes.no"), Data: dialog.Data("annexes")},
		}}
		return s, nil
	}
	a.Dropped = t.Tx.Now()
	if err := t.Tx.PutAnnex(ctx, "annex.dropped", &a); err != nil {
		return form.Screen{}, err
	}
	return Annexes(ctx, t, "")
}

// Annex asks for a picture or paper of a kind.
func Annex(ctx context.Context, t *dialog.Turn, about dialog.Args) (form.Form, error) {
	tx, who := t.Tx, t.Who
	if who.For.ID == 0 {
		return nil, form.Fixable{Why: store.Say("kelompok.first")}
	}
	l, err := Read(ctx, tx, who.For)
	if err != nil {
		return nil, err
	}
	kind := store.AnnexKind(string(about))
	var need dialog.Deed
	for _, k := range annexKinds {
		if k.kind == kind {
			need = k.deed
		}
	}
	if !who.May(need, string(l.report.State)) {
		if l.report.State.Closes() && need != "" && who.Role != store.Member {
			return nil, form.Fixable{Why: store.Say("lpj.closed", "Group", who.For.Name)}
		}
		return nil, store.ErrNotFound
	}
	type paper struct {
		store.Annex
		Photos  []store.File
		Stamped string
	}
	yesNo := []form.Choice[string]{
		{Value: "yes", Text: store.Say("annex.stamped.yes")}, {Value: "no", Text: store.Say("annex.stamped.no")},
	}
	questions := func(p *paper) ([]form.Question, error) {
		var qs []form.Question
		photo := form.Photo("photos", &p.Photos)
		switch kind {
		case store.AnnexTool, store.AnnexActivity:
			qs = append(qs, photo, form.Ask("note", &p.Note, dialog.InBrief).Exclusive())
		case store.AnnexSigned:
			qs = append(qs, photo, form.Pick("stamped", &p.Stamped, yesNo).Wide(2))
		case store.AnnexCopy:
			qs = append(qs, form.Ask("place", &p.Place, dialog.InBrief).Exclusive(),
				form.Ask("keeper", &p.Note, dialog.InBrief).Exclusive(), photo)
		case store.AnnexExtension:
			qs = append(qs, form.Ask("number", &p.Number, reference).Exclusive(),
				form.Ask("day", &p.Day,
					parse.Date(who.Today)).Offer(dialog.Recent(who.Today)...).Refuse(dialog.NotLater(who.Today)),
				form.Ask("until", &p.Until, parse.Date(l.due)).Refuse(later(l.due)), photo.Optional())
		}
		return append(qs,
			form.Review(store.Say("annex.head", "Kind", string(kind), "Group", dialog.Behalf(who, who.For)))), nil
	}
	submit := func(ctx context.Context, p paper, _ form.State) (form.Screen, error) {
		if _, err := l.opened(ctx, tx); err != nil {
			return form.Screen{}, err
		}
		files, err := keepFiles(ctx, tx, who, who.For.ID, p.Photos)
		if err != nil {
			return form.Screen{}, err
		}
		if len(files) == 0 {
			files = []store.ID{0}
		}
		for _, f := range files {
			a := p.Annex
			a.Recipient, a.Edition, a.Kind, a.File, a.Stamped, a.By, a.At = who.For.ID, l.edition(), kind, f,
				p.Stamped == "yes", who.ID, tx.Now()
			if err := tx.AddAnnex(ctx, "annex.added", &a); err != nil {
				return form.Screen{}, err
			}
		}
		s := form.Screen{
			Body: []store.Text{store.Say("annex.done", "Kind", string(kind), "Count", strconv.Itoa(len(files)),
				"Until", string(p.Until))},
			Buttons: [][]store.Button{toMeter()},
		}
		if s.Tell, err = Joined(ctx, tx, who, who.For); err != nil {
			return s, err
		}
		if kind == store.AnnexExtension || kind == store.AnnexCopy {
			var more []store.Message
			more, err = dialog.ToOfficers(ctx, tx, who, who.For.ID, store.Message{
				Key: "annex:" + string(kind) + ":" + dialog.IDText(who.For.ID),
				Body: []store.Text{store.Say("annex.told", "Kind", string(kind), "Group", who.For.Name,
					"Name", who.Name, "Until", string(p.Until), "Letter", p.Number, "Place", p.Place, "Note", p.Note)},
			}, who.For.Mentor)
			s.Tell = append(s.Tell, more...)
		}
		return s, err
	}
	return form.New("annex", questions, submit), nil
}

// later refuses a day that is not after another one.
func later(than store.Day) func(store.Day) *store.Text {
	return func(d store.Day) *store.Text {
		if d > than {
			return nil
		}
		t := store.Say("annex.until.early", "Day", string(than))
		return &t
	}
}
