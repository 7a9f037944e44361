package visit

import (
	"context"
	"regexp"
	"strconv"
	"strings"
	"time"

	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/flows/lpj"
	"pendamping/flows/parse"
	"pendamping/flows/when"
	"pendamping/store"
)

// told is what the words of a typed visit say.
type told struct {
	Of      []store.Recipient // whom it may be about
	Days    []store.Day
	Hours   []when.Hour
	Span    []int
	Mode    []store.VisitMode
	Contact bool
	met     []store.Role
	Acts    []string
	Only    bool // nothing but a group
}

// chats are words that say that it was no visit, but a contact.
var chats = []string{"wa", "whatsapp", "chat", "sms"}

// ReadVisit reads what is said of a visit to one of some groups.
func ReadVisit(who dialog.Who, groups []store.Recipient, text string) (v told) {
	name := ""
	bare := " " + dialog.BareWords(text) + " "
	for _, g := range groups {
		for _, called := range []string{dialog.BareWords(g.Name), dialog.BareWords(g.Code)} {
			switch known := called != "" && strings.Contains(bare, " "+called+" "); {
			case known && len(called) > len(name):
				name, v.Of = called, []store.Recipient{g}
			case known && called == name:
				v.Of = append(v.Of, g)
			}
		}
	}
	if first, _, _ := strings.Cut(strings.TrimSpace(bare), " "); name == "" && !says(who.Today, first) {
		if v.Of = dialog.CalledByWord(groups, first); len(v.Of) == 1 {
			name = first
		}
	}
	v.Only = dialog.BareWords(text) == name
	rest := text
	if name != "" { // "Karya Minggu" says no Sunday
		words := strings.Fields(name)
		for i, w := range words {
			words[i] = regexp.QuoteMeta(w)
		}
		rest = regexp.MustCompile(`(?i)`+strings.Join(words, `[^\p{L}\p{N}]+`)).ReplaceAllString(text, " ")
	}
	v.Mode, v.Acts, v.met, v.Contact = modesIn(rest), actCodes(rest), metIn(rest), when.SaysAny(rest, chats)
	said := parse.ReadVisit(who.Today, rest)
	v.Days, v.Span = said.Days, said.Minutes
	for _, at := range said.Clocks {
		v.Hours = append(v.Hours, when.HourAt(at))
	}
	return v
}

// says reports whether a word says something else of a visit than with whom it was: "minggu" is a day.
func says(today store.Day, word string) bool {
	return len(parse.ReadCaption(today, word).Day) > 0 || len(modesIn(word)) > 0 || len(actCodes(word)) > 0 ||
		len(metIn(word)) > 0 || when.SaysAny(word, chats)
}

// visited takes a visit that was told in one message, "Maju Jaya kemarin 10.00 motivasi", at once: many of these may
// come together, after a day without a network. What is not clear is said with her words, so that nothing is lost
// unseen.
func visited(ctx context.Context, t *dialog.Turn, text string) error {
	if t.Again {
		return nil
	}
	groups, err := t.Tx.RecipientsOf(ctx, t.Who.ID)
	if err != nil {
		return err
	}
	v := ReadVisit(t.Who, groups, text)
	if len(v.Of) != 1 {
		return unclear(t, store.Say("visited.group", "Said", dialog.Clip(text, 100), "Count", strconv.Itoa(len(v.Of))))
	}
	of := v.Of[0]
	if v.Only {
		s, err := visitGroup(ctx, t.Tx, t.Who, of.ID)
		t.Show(s)
		return err
	}
	who := when.At(t.Who, t.Tx.Now(), of)
	v = ReadVisit(who, groups, text)
	if len(v.Days) > 1 {
		return unclear(t, store.Say("visited.day", "Said", dialog.Clip(text, 100)))
	}
	now := t.Tx.Now()
	d := logged{Day: who.Today, Clock: when.ClockOf(now, who.Zone)}
	guessed := false
	if len(v.Days) == 1 && v.Days[0] != who.Today {
		d.Day, d.Clock, guessed = v.Days[0], "09:00", len(v.Hours) == 0
	}
	if len(v.Hours) > 0 {
		d.Clock, guessed = v.Hours[0], len(v.Hours) > 1
	}
	start := d.Clock.On(d.Day, who.Zone)
	if start.After(now) {
		return ahead(t, of, d, who, text)
	}
	d.Mode, d.Met, d.Acts, d.Note.Words = store.InPerson, v.met, v.Acts, text
	switch {
	case len(v.Mode) == 1:
		d.Mode = v.Mode[0]
	case v.Contact && len(v.Mode) == 0:
		d.Mode = store.Contact
	}
	if d.Minutes = wayOf(d.Mode).minutes; len(v.Span) == 1 {
		d.Minutes = v.Span[0]
	}
	if d.Mode == store.InPerson {
		d.Place = of.Village
	}
	near, err := t.Tx.VisitsBy(ctx, who.ID, start, start.Add(time.Minute))
	if err != nil {
		return err
	}
	for _, o := range near {
		if o.Recipient == of.ID && o.Mode == d.Mode && o.State == store.VisitHeld {
			s, err := visitCard(ctx, t.Tx, who, o, of)
			s.Body = append([]store.Text{store.Say("visited.twice")}, s.Body...)
			t.Show(s)
			return err
		}
	}
	stands, err := t.Tx.StandingOf(ctx, of.ID)
	if err != nil {
		return err
	}
	fresh := store.Visit{Recipient: of.ID, By: who.ID, At: now}
	for _, p := range stands.Planned { // it was this one
		if store.DayOf(p.At, who.Zone) != d.Day {
			continue
		}
		planned, err := t.Tx.Visit(ctx, p.ID)
		if err != nil {
			return err
		}
		if mayVisit(who, planned) && fresh.ID == 0 {
			fresh = planned
		}
	}
	if fresh.Progress, err = lpj.HowFar(ctx, t.Tx, of); err != nil {
		return err
	}
	s, err := keepVisit(ctx, t.Tx, who, of, fresh, d.onto(fresh, who), nil)
	if err != nil {
		return err
	}
	s.Body = s.Body[:1]
	if guessed {
		s.Body = append(s.Body, store.Say("visited.guessed", "At", d.Clock.String()))
	}
	_, shown := dialog.Parse(s.Buttons[0][0].Data)
	_, id := shown.Lettered()
	ways := []store.Button{{Text: store.Say("visit.off"), Data: dialog.Data("visitoff", id)}}
	if d.Mode != store.Contact {
		ways = append(
			[]store.Button{
				{Text: store.Say("form.change"), Data: dialog.Data("visit", dialog.Letter("v", id), form.Change)},
			},
			ways...,
		)
	}
	s.Buttons = [][]store.Button{ways}
	t.Show(s)
	return nil
}

// unclear says which words of a visit were not understood.
func unclear(t *dialog.Turn, why store.Text) error {
	t.Show(form.Screen{
		Body:    []store.Text{why},
		Buttons: [][]store.Button{{{Text: store.Say("kunjungan.all"), Data: dialog.Data("kunjungan", "p0")}}},
	})
	return nil
}

// ahead refuses a visit that is told of before it was held, and offers to plan it.
func ahead(t *dialog.Turn, of store.Recipient, d logged, who dialog.Who, text string) error {
	t.Show(form.Screen{
		Body: []store.Text{
			store.Say("visited.future", "Said", dialog.Clip(text, 100), "At", who.Moment(d.Clock.On(d.Day, who.Zone))),
		},
		Buttons: [][]store.Button{{{
			Text: store.Say("visited.plan"), Data: dialog.Data(
				"visitplan", dialog.Letter("g", of.ID), d.Day, d.Clock.Typed(),
			),
		}}},
	})
	return nil
}
