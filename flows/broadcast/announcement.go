package broadcast

import (
	"strconv"
	"strings"
	"time"

	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/store"
)

// Announcement is what a reader of a language gets of an announcement, in order: an album first, then the words with
// the buttons and the footer. A poll is alone: Telegram shows nothing beside it.
func Announcement(b store.Broadcast, language string) []store.Message {
	if b.Question != "" {
		return []store.Message{{Class: store.Bulk, Poll: append([]string{b.Question}, b.Options...)}}
	}
	words := b.Words
	if language == "en" && b.English != "" {
		words = b.English
	}
	m := store.Message{Class: store.Bulk, HTML: words, Body: []store.Text{store.Say("announcement.footer")}}
	if b.Ack {
		m.Buttons = append(m.Buttons, []store.Button{{
			Text: store.Say("announcement.ack"), Data: dialog.Data("paham", b.ID),
		}})
	}
	if b.Ask {
		m.Buttons = append(m.Buttons, []store.Button{{
			Text: store.Say("announcement.ask"), Data: dialog.Data("tanya", b.ID),
		}})
	}
	if b.Link != "" {
		m.Buttons = append(m.Buttons, []store.Button{{Text: store.Say("announcement.link"), URL: b.Link}})
	}
	if len(b.Files) > 1 {
		return []store.Message{{Class: store.Bulk, Files: b.Files}, m}
	}
	m.Files = b.Files
	return []store.Message{m}
}

// Corrected changes a message of an announcement that was sent, to what it says now; none of a poll.
func Corrected(b store.Broadcast, language string, sent int, acknowledged bool) (store.Message, bool) {
	list := Announcement(b, language)
	m := list[len(list)-1]
	if len(m.Poll) > 0 {
		return m, false
	}
	m.Edit, m.Caption, m.Files = sent, len(m.Files) == 1, nil
	if acknowledged {
		m = understoodAs(m)
	}
	return m, true
}

// understoodAs is a message of an announcement after it was acknowledged.
func understoodAs(m store.Message) store.Message {
	m.Body = append(m.Body, store.Say("announcement.acked"))
	if len(m.Buttons) > 0 {
		if name, _ := dialog.Parse(m.Buttons[0][0].Data); name == "paham" {
			m.Buttons = m.Buttons[1:]
		}
	}
	return m
}

// unlimited is the rate in messages a second that is told of where none is set.
const unlimited = 28.0

// CardKey is the key of the message that shows an announcement's progress to who sent it: by it its newest copy is
// found.
func CardKey(id store.ID) string { return "broadcast:" + dialog.IDText(id) }

// reached are those of a tally that got it.
func reached(t store.Tally) int { return t[store.Sent] + t[store.Acknowledged] }

// Progress shows how far an announcement has come by now, a time of its coordinator's zone; perSecond is how fast it
// goes, 0 when that is not known.
func Progress(b store.Broadcast, t store.Tally, now time.Time, perSecond float64) store.Message {
	total := 0
	for _, n := range t {
		total += n
	}
	done := total - t[store.Queued] - t[store.Withdrawn]
	share := 100
	if total > 0 {
		share = done * 100 / total
	}
	m := store.Message{Chat: 0, Key: CardKey(b.ID), Body: []store.Text{
		store.Say("cast.head", "Title", Title(b)),
		store.Say("cast.bar", "Bar", strings.Repeat("▰", share/10)+strings.Repeat("▱", 10-share/10),
			"Share", strconv.Itoa(share)),
		store.Say("cast.sent", "Count", strconv.Itoa(reached(t)), "Total", strconv.Itoa(total)),
	}}
	for _, s := range []store.DeliveryState{
		store.Queued, store.Unreachable, store.Failed, store.Unknown, store.Withdrawn,
	} {
		if t[s] > 0 {
			m.Body = append(m.Body, store.Say("cast.rest", "State", string(s), "Count", strconv.Itoa(t[s])))
		}
	}
	if b.Ack {
		m.Body = append(m.Body, store.Say("cast.acked", "Count", strconv.Itoa(t[store.Acknowledged])))
	}
	if !b.Recalled.IsZero() {
		m.Body = append(m.Body, store.Say("cast.recalled"))
	}
	state := store.Say("cast.state", "State", string(b.State))
	if b.State == store.BroadcastRunning && b.Due.After(now) {
		state = store.Say("cast.state.waits", "At", b.Due.In(now.Location()).Format(time.RFC3339))
	} else if b.State == store.BroadcastRunning && perSecond > 0 && t[store.Queued] > 0 {
		count, unit := lasting(float64(t[store.Queued]) / perSecond)
		state = store.Say("cast.pace", "Rate", strconv.Itoa(int(perSecond+0.5)), "Count", count, "Unit", unit)
	}
	m.Body = append(m.Body, state)
	row := func(text store.Text, name string, about any) {
		m.Buttons = append(m.Buttons, []store.Button{{Text: text, Data: dialog.Data(name, about)}})
	}
	switch b.State {
	case store.BroadcastRunning:
		row(store.Say("cast.pause"), "jeda", b.ID)
		row(store.Say("cast.stop"), "caststop", b.ID)
	case store.BroadcastPaused:
		row(store.Say("cast.resume"), "lanjut", b.ID)
		row(store.Say("cast.stop"), "caststop", b.ID)
	case store.BroadcastDone, store.BroadcastCancelled:
		row(store.Say("cast.report"), "cast", b.ID)
		row(store.Say("cast.sheet"), "castsheet", b.ID)
	}
	if t[store.Unknown] > 0 && b.State == store.BroadcastDone && b.Left.IsZero() && b.Recalled.IsZero() {
		row(store.Say("cast.retry"), "castretry", "yes-"+dialog.IDText(b.ID))
		row(store.Say("cast.leave"), "castretry", "no-"+dialog.IDText(b.ID))
	}
	return m
}

// lasting is a time in a whole number of seconds, minutes or hours: at least one second.
func lasting(seconds float64) (count, unit string) {
	n := max(int(seconds+0.999), 1)
	switch {
	case n < 120:
		return strconv.Itoa(n), "second"
	case n < 120*60:
		return strconv.Itoa((n + 59) / 60), "minute"
	}
	return strconv.Itoa((n + 3599) / 3600), "hour"
}

// Title are the first words of an announcement.
func Title(b store.Broadcast) string {
	const most = 40
	words := strings.Join(strings.Fields(form.WithoutTags(b.Words)+" "+b.Question), " ")
	if words == "" {
		words = "📎"
	}
	letters := []rune(words)
	if len(letters) <= most {
		return words
	}
	return strings.TrimSpace(string(letters[:most])) + "…"
}

// dueIn tells for a zone from when an announcement goes out there: after the quiet hours, unless it is urgent.
func dueIn(b store.Broadcast, now time.Time, other *time.Location) func(zone string) time.Time {
	at := b.Due
	if at.Before(now) {
		at = now
	}
	return func(zone string) time.Time {
		if b.Urgent != "" {
			return at
		}
		return dialog.QuietUntil(at, dialog.Placed(zone, other))
	}
}
