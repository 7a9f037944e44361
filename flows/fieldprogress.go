package flows

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"pendamping/flows/form"
	"pendamping/store"
)

// partsAPage is how many parts of the field a page shows.
const partsAPage = 8

// field shows how far the field has come, and lets a coordinator go down into it; arg is a view, or with x before it the view
// whose sheet is wanted.
func (t *turn) field(arg string) error {
	address, sheet := strings.CutPrefix(arg, "x")
	s, any, err := fieldScreen(t.ctx, t.tx, t.who, viewOf(address))
	if err != nil {
		return err
	}
	if sheet && any {
		s.Body = append(s.Body, store.Say("progres.making"))
		s.Tell = []store.Message{{
			Chat: t.e.Chat, Class: store.Paper, Key: "progress:" + address, Paper: "progress:" + address + ":" + idText(t.who.ID),
			Body: []store.Text{store.Say("progres.ready")},
		}}
	}
	t.show(s)
	return nil
}

// fieldScreen shows a view; any tells that there are figures in it.
func fieldScreen(ctx context.Context, tx store.Tx, who Who, v view) (s form.Screen, any bool, err error) {
	part, err := who.part(ctx, tx, &v)
	if err != nil {
		return s, false, err
	}
	if v.depth == ofGroup {
		s, err = fieldCard(ctx, tx, who, v, part)
		return s, false, err
	}
	f, err := tx.Field(ctx, part, parting[v.depth])
	if err != nil {
		return s, false, err
	}
	if f.All.Groups == 0 {
		s.Body = []store.Text{store.Say("progres.empty")}
	} else if f.At.IsZero() {
		s.Body = []store.Text{store.Say("progres.soon")}
	}
	if len(s.Body) > 0 {
		if up, ok := who.up(v); ok {
			s.Buttons = [][]store.Button{{up}}
		}
		return s, false, nil
	}
	return fieldList(who, v, f), true, nil
}

// fieldList is a part of the field with its own parts, worst first.
func fieldList(who Who, v view, f store.Field) (s form.Screen) {
	worstFirst(f.Parts)
	at := f.At.In(placed(f.All.Zone, who.Zone))
	regency := ""
	if v.depth == ofMentor {
		regency = f.All.Of.Regency
	}
	s.Body = []store.Text{sums("head", f.All, "Level", v.depth.letter(), "Name", placeName(v.depth, f.All), "Regency", regency, "At", at.Format(time.RFC3339))}
	v.page = min(v.page, (len(f.Parts)-1)/partsAPage)
	for i, p := range f.Parts[v.page*partsAPage : min(len(f.Parts), (v.page+1)*partsAPage)] {
		down := view{depth: v.depth + 1, of: p.Of.ID, mentor: p.Of.Mentor}
		n, name := strconv.Itoa(v.page*partsAPage+i+1), placeName(down.depth, p)
		s.Body = append(s.Body, partLine(down.depth, n, name, p, at.Location()))
		if i%2 == 0 {
			s.Buttons = append(s.Buttons, nil)
		}
		row := &s.Buttons[len(s.Buttons)-1]
		*row = append(*row, store.Button{
			Text: store.Say("progres.choice", "Number", n, "Name", clip(name, 24), "Level", down.depth.letter()), Data: "progres:" + down.String(),
		})
	}
	if f.All.Silent > 0 {
		s.Body = append(s.Body, store.Say("progres.words"))
	}
	here := v
	if here.page = 0; here.of == 0 { // a page has to name a place
		here.of = f.All.Of.ID
	}
	if ways := pages("progres:"+here.String()+"~", v.page, len(f.Parts), partsAPage); len(ways) > 0 {
		s.Buttons = append(s.Buttons, ways)
	}
	last := []store.Button{{Text: store.Say("progres.sheet"), Data: "progres:x" + v.String()}}
	if up, ok := who.up(v); ok {
		last = append([]store.Button{up}, last...)
	}
	s.Buttons = append(s.Buttons, last)
	return s
}

// partLine is a part of the field in a line.
func partLine(d depth, n, name string, p store.Progress, zone *time.Location) store.Text {
	if d == ofGroup {
		return sums("group", p, "Number", n, "Name", name, "Last", lastDay(p.Last(), zone))
	}
	load := ""
	if p.Load != p.Groups {
		load = count(p.Load)
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
	return store.Say("progres."+what, append(more, "Groups", strconv.Itoa(p.Groups), "Complete", strconv.Itoa(p.Complete), "Share", share, "Percent", strconv.Itoa(p.Percent),
		"Evidenced", p.Evidenced.String(), "Received", p.Received.String(), "Silent", count(p.Silent), "Late", count(p.Late), "Waiting", count(p.Submitted))...)
}

// placeName is what a part of that depth is called; "" where it has no name.
func placeName(d depth, p store.Progress) string {
	return [...]string{whole: "", inProvince: p.Of.Province, inRegency: p.Of.Regency, ofMentor: p.Mentor, ofGroup: p.Of.Name}[d]
}

// lastDay is the day of a time at a place; "" for none.
func lastDay(at time.Time, zone *time.Location) string {
	if at.IsZero() {
		return ""
	}
	return string(store.DayOf(at, zone))
}

// worstFirst puts first what has the least of its money evidenced, then what has the most silent groups. What has no money
// yet comes last.
func worstFirst(parts []store.Progress) {
	slices.SortFunc(parts, func(a, b store.Progress) int {
		return cmp.Or(cmp.Compare(evidenced(a), evidenced(b)), cmp.Compare(b.Silent, a.Silent), cmp.Compare(a.Percent, b.Percent),
			strings.Compare(a.Of.Regency, b.Of.Regency), strings.Compare(a.Mentor, b.Mentor), strings.Compare(a.Of.Name, b.Of.Name),
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
