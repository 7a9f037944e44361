package nudge

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/flows/letter"
	"pendamping/flows/when"
	"pendamping/store"
)

// round is a nudge to several groups, with what is known of them.
type round struct {
	tx     store.Tx
	who    dialog.Who
	cause  string           // for which she began
	all    []store.Standing // her groups
	people map[store.ID]addressed
	told   []store.Posted // what she wrote before; read when it is needed
	asked  bool
}

// addressed are those of a group to whom a letter goes, and whether they can be reached.
type addressed struct {
	to      []store.Person
	reached bool
}

func (n *round) addressed(ctx context.Context, of store.ID) (addressed, error) {
	a, known := n.people[of]
	if known {
		return a, nil
	}
	var err error
	if a.to, a.reached, err = letter.Addressees(ctx, n.tx, n.who, of); err != nil {
		return a, err
	}
	n.people[of] = a
	return a, nil
}

func (n *round) chosen(ids []string) []store.Standing {
	return slices.DeleteFunc(slices.Clone(n.all),
		func(s store.Standing) bool { return !slices.Contains(ids, dialog.IDText(s.ID)) })
}

func idsOf(list []store.Standing) []string {
	var ids []string
	for _, s := range list {
		ids = append(ids, dialog.IDText(s.ID))
	}
	return ids
}

func groupNames(list []store.Standing) string {
	var words []string
	for _, s := range list {
		words = append(words, s.Name)
	}
	return strings.Join(words, ", ")
}

// letter is what goes to a group.
func (n *round) letter(d nudging, s store.Standing) store.Letter {
	l := store.Letter{Recipient: s.ID, By: n.who.ID, At: n.tx.Now(), Due: n.due(d, s)}
	if d.Template == ownWords {
		l.Words = d.Own.Words
		return l
	}
	l.Template = d.Template
	if c, _ := causeOf(d.Template); c.what != nil {
		l.Words = c.what(s)
	}
	return l
}

func (n *round) due(d nudging, s store.Standing) time.Time {
	return letter.PostAt(d.When.Time(n.tx.Now()), n.tx.Now(), s.Recipient, n.who.Zone)
}

// again are the chosen groups to whom the same is said on the same day there.
func (n *round) again(ctx context.Context, d nudging) (list []store.Standing, err error) {
	if d.Template == ownWords && d.Own.Words == "" {
		return nil, nil
	}
	if !n.asked {
		if n.told, err = n.tx.Posted(ctx, n.who.ID, n.tx.Now().AddDate(0, 0, -when.Farthest-1)); err != nil {
			return nil, err
		}
		n.asked = true
	}
	for _, s := range n.chosen(d.Groups) {
		l, zone := n.letter(d, s), dialog.Placed(s.Recipient.Zone, n.who.Zone)
		if slices.ContainsFunc(n.told, func(p store.Posted) bool {
			return p.Recipient == l.Recipient && p.Template == l.Template && (l.Template != "" || p.Words == l.Words) &&
				!slices.Contains([]store.DeliveryState{store.Withdrawn, store.Unreachable}, outcomeOf(p)) &&
				store.DayOf(when.GoesAt(p.Letter), zone) == store.DayOf(when.GoesAt(l), zone)
		}) {
			list = append(list, s)
		}
	}
	return list, nil
}

// groups are those that a nudge goes to.
func (n *round) groups(ctx context.Context, d nudging) ([]store.Standing, error) {
	chosen := n.chosen(d.Groups)
	if d.Twice != skipTold {
		return chosen, nil
	}
	list, err := n.again(ctx, d)
	again := idsOf(list)
	return slices.DeleteFunc(chosen,
		func(s store.Standing) bool { return slices.Contains(again, dialog.IDText(s.ID)) }), err
}

// preview is a nudge as the first of its groups will see it, below to whom and when it goes.
func (n *round) preview(ctx context.Context, d nudging) (confirm store.Text, head []store.Text, err error) {
	groups, err := n.groups(ctx, d)
	if err != nil {
		return confirm, nil, err
	}
	var reached, off, nobody []store.Standing
	for _, s := range groups {
		a, err := n.addressed(ctx, s.ID)
		if err != nil {
			return confirm, nil, err
		}
		switch {
		case a.reached:
			reached = append(reached, s)
		case len(a.to) > 0:
			off = append(off, s)
		default:
			nobody = append(nobody, s)
		}
	}
	confirm = store.Say("nudge.confirm")
	if len(reached) > 0 {
		head = append(head, store.Say("nudge.to", "Count", strconv.Itoa(len(reached)), "Groups", groupNames(reached)))
	} else {
		confirm = store.Say("nudge.confirm.text")
	}
	if len(off) > 0 {
		head = append(head, store.Say("nudge.off", "Groups", groupNames(off)))
	}
	if len(nobody) > 0 {
		head = append(head, store.Say("nudge.nobody", "Groups", groupNames(nobody)))
	}
	times := n.times(d, reached)
	if len(times) > 0 {
		confirm = store.Say("nudge.confirm.later")
	}
	head = append(head, times...)
	for _, s := range slices.Concat(reached, off) {
		to := n.people[s.ID].to[0]
		head = append(head, store.Say("nudge.seen", "Name", to.Name, "Group", s.Name), store.Say("nudge.rule"))
		head = append(head, letter.Body(n.letter(d, s), n.who.Person, to, s.Recipient)...)
		return confirm, append(head, store.Say("nudge.rule")), nil
	}
	return confirm, head, nil
}

// times says which letters wait, and until when.
func (n *round) times(d nudging, list []store.Standing) (lines []store.Text) {
	groups := map[time.Time][]store.Standing{}
	var dues []time.Time
	for _, s := range list {
		due := n.due(d, s)
		if groups[due] == nil && !due.IsZero() {
			dues = append(dues, due)
		}
		groups[due] = append(groups[due], s)
	}
	slices.SortFunc(dues, time.Time.Compare)
	for _, due := range dues {
		moved := dialog.Mark(!due.Equal(d.When.Time(n.tx.Now())))
		of := ""
		if len(groups[due]) < len(list) {
			of = groupNames(groups[due])
		}
		lines = append(lines, store.Say("nudge.at", "At", n.who.Moment(due), "Moved", moved, "Groups", of))
	}
	return lines
}

// send keeps a letter to each addressee of each group, and sends them.
func (n *round) send(ctx context.Context, d nudging, _ form.State) (form.Screen, error) {
	n.tx.Act(n.who.Actor())
	var batch store.ID
	var tell []store.Message
	var reached, off []store.Standing
	later := ""
	groups, err := n.groups(ctx, d)
	if err != nil {
		return form.Screen{}, err
	}
	for _, s := range groups {
		if _, err := n.addressed(ctx, s.ID); err != nil {
			return form.Screen{}, err
		}
	}
	for _, s := range groups {
		a := n.people[s.ID]
		if len(a.to) == 0 {
			continue
		}
		l := n.letter(d, s)
		voice, err := dialog.KeepVoice(ctx, n.tx, n.who, store.Receipt{Recipient: s.ID}, d.Own)
		if err != nil {
			return form.Screen{}, err
		}
		if voice != nil {
			l.Voice = voice.ID
		}
		for _, p := range a.to {
			l.To, l.Batch = p.ID, batch
			if err := n.tx.AddLetter(ctx, "letter.written", &l); err != nil {
				return form.Screen{}, err
			}
			batch = l.Batch
			if a.reached {
				tell = append(tell, letter.Message(l, voice, n.who.Person, p, s.Recipient))
			}
		}
		if !a.reached {
			off = append(off, s)
			continue
		}
		reached = append(reached, s)
		if !l.Due.IsZero() {
			later = n.who.Moment(l.Due)
		}
	}
	if batch == 0 {
		return form.Screen{}, form.Fixable{Question: "groups", Why: store.Say("nudge.empty")}
	}
	s := form.Screen{
		Tell: tell, Body: []store.Text{store.Say("nudge.done", "Count", dialog.Count(len(reached)), "At", later)},
	}
	if len(off) > 0 {
		s.Body = append(s.Body, store.Say("nudge.off", "Groups", groupNames(off)))
	}
	s.Buttons = [][]store.Button{{{Text: store.Say("nudge.sent.one"), Data: dialog.Data("nudges", batch)}}}
	return s, nil
}
