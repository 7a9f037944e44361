package visit

import (
	"context"
	"strconv"
	"time"

	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/flows/receipt"
	"pendamping/flows/when"
	"pendamping/store"
)

// openVisit shows a visit to a recipient of theirs.
func openVisit(ctx context.Context, tx store.Tx, who dialog.Who, id store.ID) (form.Screen, error) {
	v, of, err := ownVisit(ctx, tx, who, id)
	if err != nil {
		return form.Screen{}, err
	}
	if !who.May(dialog.SeeVisit, string(v.State), v.By) {
		return form.Screen{}, store.ErrNotFound
	}
	return visitCard(ctx, tx, who, v, of)
}

// visitCard is a visit, what the group says of it, and what a person may wonder about.
func visitCard(
	ctx context.Context, tx store.Tx, who dialog.Who, v store.Visit, of store.Recipient,
) (form.Screen, error) {
	who = when.At(who, tx.Now(), of)
	by, err := dialog.Author(ctx, tx, v.By)
	if err != nil {
		return form.Screen{}, err
	}
	name := by.Name
	if who.Is(v.By) {
		name = ""
	}
	progress := ""
	if v.State == store.VisitHeld {
		progress = strconv.Itoa(v.Progress)
	}
	s := form.Screen{Body: []store.Text{store.Say("visit.card", "Group", of.Name, "Regency", of.Regency,
		"State", string(v.State), "At", who.Moment(v.Start),
		"Mode", string(v.Mode), "Minutes", dialog.Count(v.Minutes), "Name", name)}}
	for _, line := range []store.Text{
		store.Say("visit.reason.line", "Value", v.Reason), store.Say("visit.place.label", "Value", v.Place),
		store.Say("visit.spot.label", "Value", v.Spot), store.Say("visit.met.label", "Value", form.Join(v.Met)),
		store.Say("visit.acts.label", "Value", form.Join(v.Acts)), store.Say("visit.progress.line", "Value", progress),
		store.Say("visit.problem.label", "Value", v.Problem), store.Say("visit.note.label", "Value", v.Words),
	} {
		if line.Data["Value"] != "" {
			s.Body = append(s.Body, line)
		}
	}
	if v.FollowUp != "" {
		s.Body = append(s.Body, store.Say("visit.followup.line", "Words", v.FollowUp, "Day", string(v.Due),
			"Solved", dialog.Mark(!v.Solved.IsZero())))
	}
	files, err := tx.FilesOfVisit(ctx, v.ID)
	if err != nil {
		return s, err
	}
	if n := len(receipt.Pictures(files)); len(files) > 0 {
		s.Body = append(s.Body, store.Say("visit.files", "Photos", dialog.Count(n),
			"Voices", dialog.Count(len(files)-n)))
	}
	word, err := wordLine(ctx, tx, who, v)
	if err != nil {
		return s, err
	}
	s.Body = append(s.Body, word...)
	doubts, err := doubtsOf(ctx, tx, who, v, of)
	s.Body = append(s.Body, doubts...)
	s.Buttons = visitWays(who, v, of, len(files) > 0)
	return s, err
}

// wordLine is what the group says of a visit.
func wordLine(ctx context.Context, tx store.Tx, who dialog.Who, v store.Visit) ([]store.Text, error) {
	if v.State != store.VisitHeld || v.Mode == store.Contact {
		return nil, nil
	}
	if v.Word.By == 0 {
		return []store.Text{store.Say("visit.unsaid")}, nil
	}
	p, err := dialog.Author(ctx, tx, v.Word.By)
	if err != nil {
		return nil, err
	}
	if v.Word.Yes {
		return []store.Text{store.Say("visit.said.yes", "Role", string(p.Role), "At", who.Moment(v.Word.At))}, nil
	}
	return []store.Text{store.Say("visit.said.no", "Role", string(p.Role), "At", who.Moment(v.Word.At))}, nil
}

// visitWays are what somebody may do with a visit.
func visitWays(who dialog.Who, v store.Visit, of store.Recipient, files bool) (ways [][]store.Button) {
	about := dialog.Letter("v", v.ID)
	add := func(row ...store.Button) { ways = append(ways, row) }
	if files {
		add(store.Button{Text: store.Say("visit.show"), Data: dialog.Data("visitfiles", v.ID)})
	}
	if v.FollowUp != "" && v.Solved.IsZero() && who.May(dialog.SolveVisit, string(v.State), v.By) {
		add(store.Button{Text: store.Say("visit.solved"), Data: dialog.Data("solve", v.ID)})
	}
	if mayAsk(who, v) {
		add(store.Button{Text: store.Say("visit.ask"), Data: dialog.Data("visitask", v.ID)})
	}
	if mayVisit(who, v) {
		off := store.Button{Text: store.Say("visit.off"), Data: dialog.Data("visitoff", v.ID)}
		switch v.State {
		case store.VisitPlanned:
			add(
				store.Button{Text: store.Say("visit.held"), Data: dialog.Data("visit", about)},
				store.Button{Text: store.Say("group.missed"), Data: dialog.Data("visitmiss", about)},
			)
			add(
				store.Button{Text: store.Say("visit.move"), Data: dialog.Data("visitplan", about)},
				off,
			)
		case store.VisitMissed:
			add(
				store.Button{Text: store.Say("form.change"), Data: dialog.Data("visitmiss", about, form.Change)},
				off,
			)
		default:
			if v.Mode == store.Contact {
				add(off)
				break
			}
			add(
				store.Button{Text: store.Say("form.change"), Data: dialog.Data("visit", about, form.Change)},
				off,
			)
		}
	}
	if who.Role == store.Mentor {
		add(store.Button{
			Text: store.Say("kunjungan.group", "Group", of.Name),
			Data: dialog.Data("kunjungan", dialog.Letter("g", of.ID)),
		})
	}
	return ways
}

// Files shows again what came with a visit.
func Files(ctx context.Context, t *dialog.Turn, arg dialog.Args) (form.Screen, error) {
	v, of, err := ownVisit(ctx, t.Tx, t.Who, arg.ID())
	if err != nil {
		return form.Screen{}, err
	}
	if !t.Who.May(dialog.SeeVisit, string(v.State), v.By) {
		return form.Screen{}, store.ErrNotFound
	}
	files, err := t.Tx.FilesOfVisit(ctx, v.ID)
	if err != nil {
		return form.Screen{}, err
	}
	day := string(store.DayOf(v.Start, when.At(t.Who, t.Tx.Now(), of).Zone))
	for _, s := range dialog.Albums(receipt.Pictures(files), store.Say("visit.caption", "Group", of.Name, "Day", day)) {
		t.Show(s)
	}
	for _, f := range files {
		if f.Kind == "voice" {
			t.Show(form.Screen{Body: []store.Text{store.Say("visit.caption", "Group", of.Name, "Day", day)},
				Files: []store.Shown{dialog.ShownAs(f)}})
		}
	}
	return form.Screen{}, nil
}

// meanwhile is another visit of the same mentor's at about the same time, and to whom.
type meanwhile struct {
	store.Visit
	of store.Recipient
}

const (
	near  = 2 * time.Hour // within which nobody is in two regencies
	short = 10            // minutes in which nobody visits anybody
)

// doubts are what a person may wonder about in a visit, with the reason. They go to people; nothing is turned down for
// them.
var doubts = []func(who dialog.Who, v store.Visit, of store.Recipient, others []meanwhile) []store.Text{
	func(who dialog.Who, v store.Visit, of store.Recipient, others []meanwhile) (list []store.Text) {
		for _, o := range others {
			apart := v.Start.Sub(o.Start).Abs()
			if v.Mode == store.InPerson && o.Mode == store.InPerson && o.of.Regency != of.Regency && apart < near {
				list = append(list, store.Say("doubt.far", "Group", o.of.Name, "Regency", o.of.Regency,
					"At", o.Start.In(who.Zone).Format(time.RFC3339)))
			}
		}
		return list
	},
	func(_ dialog.Who, v store.Visit, _ store.Recipient, _ []meanwhile) []store.Text {
		if v.Mode != store.InPerson || v.Minutes >= short {
			return nil
		}
		return []store.Text{store.Say("doubt.short", "Minutes", strconv.Itoa(v.Minutes))}
	},
}

// mentorAt is who had a recipient at a time, by its handovers, newest first; 0 where they don't tell.
func mentorAt(list []store.Handover, at time.Time, zone *time.Location) (mentor store.ID) {
	for _, h := range list {
		if h.State != store.HandoverDone || h.Kind != store.MentorMoves && h.Kind != store.MentorLeaves {
			continue
		}
		if mentor = h.From; !h.DecidedAt.After(at) {
			if h.Kind == store.MentorLeaves && store.DayOf(at, zone) > h.Back {
				return h.From // who is back by then
			}
			return h.To
		}
	}
	return mentor
}

// doubtsOf are what one may wonder about in a held visit, as things stand now.
func doubtsOf(
	ctx context.Context, tx store.Tx, who dialog.Who, v store.Visit, of store.Recipient,
) ([]store.Text, error) {
	if v.State != store.VisitHeld {
		return nil, nil
	}
	around, err := tx.VisitsBy(ctx, v.By, v.Start.Add(-near), v.Start.Add(near))
	if err != nil {
		return nil, err
	}
	var others []meanwhile
	for _, o := range around {
		if o.ID == v.ID || o.State != store.VisitHeld || o.Recipient == v.Recipient {
			continue
		}
		r, err := dialog.Recipient(ctx, tx, who.Account, o.Recipient)
		if err != nil {
			return nil, err
		}
		others = append(others, meanwhile{o, r})
	}
	var list []store.Text
	for _, d := range doubts {
		list = append(list, d(who, v, of, others)...)
	}
	changes, err := tx.HandoversOf(ctx, of.ID)
	if m := mentorAt(changes, v.Start, dialog.Placed(of.Zone, who.Zone)); m != 0 && m != v.By {
		list = append(list, store.Say("doubt.foreign", "Group", of.Name))
	}
	return list, err
}
