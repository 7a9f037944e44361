package flows

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"pendamping/flows/form"
	"pendamping/flows/parse"
	"pendamping/store"
)

var (
	atClock = regexp.MustCompile(`(?i)\b(?:jam|pukul|pkl)\s*\d{1,2}(?:[.:]\d{2})?(?:\s*(?:pagi|siang|sore|malam))?\b|\b\d{1,2}[.:]\d{2}\b(?:\s*(?:pagi|siang|sore|malam)\b)?`)
	forSpan = regexp.MustCompile(`(?i)\b\d{1,2}(?:[.,]5)?\s*jam(?:\s+\d{1,2}\s*(?:menit|mnt))?\b|\b\d{1,3}\s*(?:menit|mnt)\b`)
)

// told is what the words of a typed visit say.
type told struct {
	of      []store.Recipient // whom it may be about
	days    []store.Day
	hours   []hour
	span    []int
	mode    []store.VisitMode
	contact bool
	met     []store.Role
	acts    []string
	only    bool // nothing but a group
}

// chats are words that say that it was no visit, but a contact.
var chats = []string{"wa", "whatsapp", "chat", "sms"}

// readVisit reads what is said of a visit to one of some groups.
func readVisit(who Who, groups []store.Recipient, text string) (v told) {
	name := ""
	bare := " " + bareWords(text) + " "
	for _, g := range groups {
		for _, called := range []string{bareWords(g.Name), bareWords(g.Code)} {
			switch known := called != "" && strings.Contains(bare, " "+called+" "); {
			case known && len(called) > len(name):
				name, v.of = called, []store.Recipient{g}
			case known && called == name:
				v.of = append(v.of, g)
			}
		}
	}
	v.only = bareWords(text) == name
	rest := text
	if name != "" { // "Karya Minggu" says no Sunday
		words := strings.Fields(name)
		for i, w := range words {
			words[i] = regexp.QuoteMeta(w)
		}
		rest = regexp.MustCompile(`(?i)`+strings.Join(words, `[^\p{L}\p{N}]+`)).ReplaceAllString(text, " ")
	}
	v.mode, v.acts, v.met, v.contact = modesIn(rest), actCodes(rest), metIn(rest), saysAny(rest, chats)
	take := func(what *regexp.Regexp) string {
		found := what.FindString(rest)
		rest = strings.Replace(rest, found, " ", 1)
		return strings.TrimSpace(found)
	}
	v.span = minutes(take(forSpan))
	v.hours = hours(take(atClock))
	v.days = parse.ReadCaption(who.Today, rest).Day
	return v
}

// visited takes a visit that was told in one message, "Maju Jaya kemarin 10.00 motivasi", at once: many of these may come
// together, after a day without a network. What is not clear is said with her words, so that nothing is lost unseen.
func (t *turn) visited(text string) error {
	if t.again {
		return nil
	}
	groups, err := t.tx.RecipientsOf(t.ctx, t.who.ID)
	if err != nil {
		return err
	}
	v := readVisit(t.who, groups, text)
	if len(v.of) != 1 {
		return t.unclear(store.Say("visited.group", "Said", clip(text, 100), "Count", strconv.Itoa(len(v.of))))
	}
	of := v.of[0]
	if v.only {
		s, err := visitGroup(t.ctx, t.tx, t.who, of.ID)
		t.show(s)
		return err
	}
	who := t.who.at(t.tx.Now(), of)
	v = readVisit(who, groups, text)
	if len(v.days) > 1 {
		return t.unclear(store.Say("visited.day", "Said", clip(text, 100)))
	}
	now := t.tx.Now()
	d := logged{Day: who.Today, Clock: clockOf(now, who.Zone)}
	guessed := false
	if len(v.days) == 1 && v.days[0] != who.Today {
		d.Day, d.Clock, guessed = v.days[0], "09:00", len(v.hours) == 0
	}
	if len(v.hours) == 1 {
		d.Clock = v.hours[0]
	}
	start := d.Clock.on(d.Day, who.Zone)
	if start.After(now) {
		return t.ahead(of, d, who, text)
	}
	d.Mode, d.Met, d.Acts, d.Note.Words = store.InPerson, v.met, v.acts, text
	switch {
	case len(v.mode) == 1:
		d.Mode = v.mode[0]
	case v.contact && len(v.mode) == 0:
		d.Mode = store.Contact
	}
	if d.Minutes = wayOf(d.Mode).minutes; len(v.span) == 1 {
		d.Minutes = v.span[0]
	}
	if d.Mode == store.InPerson {
		d.Place = of.Village
	}
	near, err := t.tx.VisitsBy(t.ctx, who.ID, start, start.Add(time.Minute))
	if err != nil {
		return err
	}
	for _, o := range near {
		if o.Recipient == of.ID && o.Mode == d.Mode && o.State == store.VisitHeld {
			s, err := visitCard(t.ctx, t.tx, who, o, of)
			s.Body = append([]store.Text{store.Say("visited.twice")}, s.Body...)
			t.show(s)
			return err
		}
	}
	stands, err := t.tx.StandingOf(t.ctx, of.ID)
	if err != nil {
		return err
	}
	fresh := store.Visit{Recipient: of.ID, By: who.ID, At: now}
	for _, p := range stands.Planned { // it was this one
		if store.DayOf(p.At, who.Zone) != d.Day {
			continue
		}
		planned, err := t.tx.Visit(t.ctx, p.ID)
		if err != nil {
			return err
		}
		if who.mayVisit(planned) && fresh.ID == 0 {
			fresh = planned
		}
	}
	if fresh.Progress, err = howFar(t.ctx, t.tx, of); err != nil {
		return err
	}
	s, err := keepVisit(t.ctx, t.tx, who, of, fresh, d.onto(fresh, who), nil)
	if err != nil {
		return err
	}
	s.Body = s.Body[:1]
	if guessed {
		s.Body = append(s.Body, store.Say("visited.guessed", "At", d.Clock.String()))
	}
	id := strings.TrimPrefix(s.Buttons[0][0].Data, "kunjungan:v")
	ways := []store.Button{{Text: store.Say("visit.off"), Data: "visitoff:" + id}}
	if d.Mode != store.Contact {
		ways = append([]store.Button{{Text: store.Say("form.change"), Data: "visit:v" + id + ":" + form.Change}}, ways...)
	}
	s.Buttons = [][]store.Button{ways}
	t.show(s)
	return nil
}

// unclear says which words of a visit were not understood.
func (t *turn) unclear(why store.Text) error {
	t.show(form.Screen{Body: []store.Text{why}, Buttons: [][]store.Button{{{Text: store.Say("kunjungan.all"), Data: "kunjungan:p0"}}}})
	return nil
}

// ahead refuses a visit that is told of before it was held, and offers to plan it.
func (t *turn) ahead(of store.Recipient, d logged, who Who, text string) error {
	t.show(form.Screen{
		Body: []store.Text{store.Say("visited.future", "Said", clip(text, 100), "At", who.moment(d.Clock.on(d.Day, who.Zone)))},
		Buttons: [][]store.Button{{{
			Text: store.Say("visited.plan"), Data: "visitplan:g" + idText(of.ID) + ":" + string(d.Day) + ":" + d.Clock.Typed(),
		}}},
	})
	return nil
}
