package flows

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"pendamping/flows/complaint"
	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/flows/handover"
	"pendamping/flows/privacy"
	"pendamping/flows/progress"
	"pendamping/flows/remind"
	"pendamping/flows/when"
	"pendamping/store"
)

// openHours are from when a round can be made and its messages said, at the place of those who read them; until is left
// out.
var openHours = map[string]struct{ from, until int }{
	dialog.RoundCard: {7, 20}, dialog.RoundRemind: {9, 20}, dialog.RoundDigest: {7, 20}, dialog.RoundData: {7, 20},
	dialog.RoundWait:   {8, 20},
	dialog.RoundUnread: {7, 20}, dialog.RoundRoot: {8, 20},
}

// Rounds are those whose hour has come, for the zones that recipients have.
func Rounds(now time.Time, zones []string, zone *time.Location) []dialog.Round {
	byName := map[string][]string{}
	for _, z := range zones {
		name := dialog.Placed(z, zone).String()
		byName[name] = append(byName[name], z)
	}
	var list []dialog.Round
	for what := range openHours {
		for name, same := range byName {
			at := dialog.Placed(name, zone)
			if inHours(what, now, at) {
				list = append(list, dialog.Round{What: what, Zones: same, Day: store.DayOf(now, at)})
			}
		}
	}
	slices.SortFunc(list, func(a, b dialog.Round) int { return strings.Compare(String(a), String(b)) })
	return list
}

// String names a round, the same on the same day.
func String(r dialog.Round) string {
	return fmt.Sprint(r.What, " ", r.Day, " ", strings.Join(r.Zones, ","))
}

func inHours(what string, now time.Time, zone *time.Location) bool {
	at := now.In(zone)
	return at.Hour() >= openHours[what].from && at.Hour() < openHours[what].until && (what != dialog.RoundDigest ||
		at.Weekday() == time.Monday)
}

// MakeRound works a round out: it writes what is promised, and returns the messages that go with it into the same
// commit. Made again it promises nothing twice.
func MakeRound(ctx context.Context, tx store.Tx, r dialog.Round, set dialog.Setting) ([]store.Message, error) {
	switch r.What {
	case dialog.RoundRemind:
		return remind.All(ctx, tx, r.Zones, set.Zone)
	case dialog.RoundDigest:
		return progress.DigestAll(ctx, tx, r)
	case dialog.RoundData:
		return privacy.RemindRequests(ctx, tx, r)
	case dialog.RoundWait:
		return handover.RemindWaits(ctx, tx, r)
	case dialog.RoundUnread:
		return complaint.RemindUnread(ctx, tx, r)
	case dialog.RoundRoot:
		return rootAll(ctx, tx, r)
	}
	if when.Holiday(r.Day, nil) {
		return nil, nil
	}
	mentors, err := tx.MentorsIn(ctx, r.Zones)
	if err != nil {
		return nil, err
	}
	return r.TellOnce(ctx, tx, mentors, func(store.Person) string { return dialog.RoundCard })
}

// Needed looks again at a message that has a Need, at the moment of sending: it returns what to say now, or a time
// before which it is not to be said, or store.ErrNotFound when it is needed no more. What it writes is to be committed
// before.
func Needed(ctx context.Context, tx store.Tx, set dialog.Setting, m store.Message) (store.Message, time.Time, error) {
	what, rest, _ := strings.Cut(m.Need, ":")
	id, rest, _ := strings.Cut(rest, ":")
	day, name, _ := strings.Cut(rest, ":")
	zone := dialog.Placed(name, set.Zone)
	p, err := tx.Person(ctx, dialog.IDOf(id))
	if err != nil {
		return m, time.Time{}, err
	}
	today := store.DayOf(tx.Now(), zone)
	if store.Day(day) != today || !inHours(what, tx.Now(), zone) { // the next day has a round of its own
		if err := tx.ForgetTold(ctx, p.ID, what, store.Day(day)); err != nil {
			return m, time.Time{}, err
		}
		return m, time.Time{}, store.ErrNotFound
	}
	var s form.Screen
	var until time.Time
	switch what {
	case dialog.RoundCard:
		var any bool
		if s, any, err = remind.Morning(ctx, tx, p, zone); err == nil && !any {
			err = store.ErrNotFound
		}
	case dialog.RoundRemind:
		if until := dialog.QuietUntil(tx.Now(), zone); until.After(tx.Now()) {
			return m, until, nil
		}
		var kinds []string
		if kinds, err = kindsOf(ctx, tx, p.ID, store.Day(day)); err == nil {
			s, err = remind.Reminding(ctx, tx, p, kinds, zone)
		}
		if err == nil && len(s.Body) == 0 {
			err = store.ErrNotFound
		}
	case dialog.RoundDigest:
		s, until, err = progress.Digest(ctx, tx, p, store.Day(day))
	case dialog.RoundData:
		s, err = privacy.RequestsDue(ctx, tx, p, zone)
	case dialog.RoundWait:
		if until := dialog.QuietUntil(tx.Now(), zone); until.After(tx.Now()) {
			return m, until, nil
		}
		s, err = handover.WaitsDue(ctx, tx, p)
	case dialog.RoundUnread:
		s, err = complaint.UnreadDue(ctx, tx, p)
	case dialog.RoundRoot:
		s, until, err = rootOfDay(ctx, tx, p, zone)
	default:
		err = store.ErrNotFound
	}
	m.Body, m.Buttons = s.Body, s.Buttons
	return m, until, err
}

// kindsOf are the reminders that were promised to a person for a day.
func kindsOf(ctx context.Context, tx store.Tx, person store.ID, day store.Day) ([]string, error) {
	list, err := tx.Told(ctx, []store.ID{person}, day)
	if err != nil {
		return nil, err
	}
	for _, p := range list {
		if p.What == dialog.RoundRemind && p.Day == day {
			return p.Kinds, nil
		}
	}
	return nil, store.ErrNotFound
}
