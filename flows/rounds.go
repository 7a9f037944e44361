package flows

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"pendamping/flows/form"
	"pendamping/store"
)

// Round is something that is worked out once a day for everybody of some zones, when its hour has come there.
type Round struct {
	What  string
	Zones []string
	Day   store.Day
}

const (
	roundCard   = "card"   // the mentors' morning cards
	roundRemind = "remind" // the groups' reminders
	roundDigest = "digest" // the coordinators' week, on Mondays
	roundData   = "data"   // the coordinators' requests about personal data, whose clock does not stop on holidays
	roundWait   = "wait"   // what waits for the decision of a coordinator, or of somebody of a group
	roundRoot   = "root"   // the audit trail's root, for coordinators who asked for it
)

// openHours are from when a round can be made and its messages said, at the place of those who read them; until is left out.
var openHours = map[string]struct{ from, until int }{
	roundCard: {7, 20}, roundRemind: {9, 20}, roundDigest: {7, 20}, roundData: {7, 20}, roundWait: {8, 20}, roundRoot: {8, 20},
}

// Rounds are those whose hour has come, for the zones that recipients have.
func Rounds(now time.Time, zones []string, zone *time.Location) []Round {
	byName := map[string][]string{}
	for _, z := range zones {
		name := placed(z, zone).String()
		byName[name] = append(byName[name], z)
	}
	var list []Round
	for _, what := range []string{roundCard, roundRemind, roundDigest, roundData, roundWait, roundRoot} {
		for name, same := range byName {
			at := placed(name, zone)
			if inHours(what, now, at) {
				list = append(list, Round{What: what, Zones: same, Day: store.DayOf(now, at)})
			}
		}
	}
	slices.SortFunc(list, func(a, b Round) int { return strings.Compare(a.String(), b.String()) })
	return list
}

// String names a round, the same on the same day.
func (r Round) String() string {
	return fmt.Sprint(r.What, " ", r.Day, " ", strings.Join(r.Zones, ","))
}

func inHours(what string, now time.Time, zone *time.Location) bool {
	at := now.In(zone)
	return at.Hour() >= openHours[what].from && at.Hour() < openHours[what].until && (what != roundDigest || at.Weekday() == time.Monday)
}

// Make works a round out: it writes what is promised, and returns the messages that go with it into the same commit. Made
// again it promises nothing twice.
func (r Round) Make(ctx context.Context, tx store.Tx, set Setting) ([]store.Message, error) {
	switch r.What {
	case roundRemind:
		return remindAll(ctx, tx, r.Zones, set.Zone)
	case roundDigest:
		return digestAll(ctx, tx, r)
	case roundData:
		return remindRequests(ctx, tx, r)
	case roundWait:
		return remindWaits(ctx, tx, r)
	case roundRoot:
		return rootAll(ctx, tx, r)
	}
	if holiday(r.Day, nil) {
		return nil, nil
	}
	mentors, err := tx.MentorsIn(ctx, r.Zones)
	if err != nil {
		return nil, err
	}
	return r.promise(ctx, tx, mentors, func(store.Person) string { return roundCard })
}

// promise promises the round's message to those who have not been promised it, under a key of each.
func (r Round) promise(ctx context.Context, tx store.Tx, people []store.Person, key func(store.Person) string) ([]store.Message, error) {
	var ids []store.ID
	for _, p := range people {
		ids = append(ids, p.ID)
	}
	promises, err := tx.Promised(ctx, ids, r.Day)
	if err != nil {
		return nil, err
	}
	had := map[store.ID]bool{}
	for _, p := range promises {
		had[p.Person] = had[p.Person] || p.What == r.What
	}
	var out []store.Message
	for _, p := range people {
		if had[p.ID] {
			continue
		}
		if err := tx.Promise(ctx, store.Promise{Person: p.ID, What: r.What, Day: r.Day, At: tx.Now()}); err != nil {
			return nil, err
		}
		m := promised(p.Account, p.ID, r.What, r.Day, r.Zones[0])
		m.Key = key(p)
		out = append(out, m)
	}
	return out, nil
}

// promised is a message whose words are found when it is sent.
func promised(account int64, person store.ID, what string, day store.Day, zone string) store.Message {
	return store.Message{Chat: account, Class: store.Nudge, Key: what, Need: fmt.Sprintf("%s:%d:%s:%s", what, person, day, zone)}
}

// Needed looks again at a message that has a Need, at the moment of sending: it returns what to say now, or a time before
// which it is not to be said, or store.ErrNotFound when it is needed no more. What it writes is to be committed before.
func Needed(ctx context.Context, tx store.Tx, set Setting, m store.Message) (store.Message, time.Time, error) {
	what, rest, _ := strings.Cut(m.Need, ":")
	id, rest, _ := strings.Cut(rest, ":")
	day, name, _ := strings.Cut(rest, ":")
	zone := placed(name, set.Zone)
	p, err := tx.Person(ctx, idOf(id))
	if err != nil {
		return m, time.Time{}, err
	}
	today := store.DayOf(tx.Now(), zone)
	if store.Day(day) != today || !inHours(what, tx.Now(), zone) { // the next day has a round of its own
		if err := tx.Unpromise(ctx, p.ID, what, store.Day(day)); err != nil {
			return m, time.Time{}, err
		}
		return m, time.Time{}, store.ErrNotFound
	}
	var s form.Screen
	var until time.Time
	switch what {
	case roundCard:
		var any bool
		if s, any, err = morning(ctx, tx, p, zone); err == nil && !any {
			err = store.ErrNotFound
		}
	case roundRemind:
		if until := quietUntil(tx.Now(), zone); until.After(tx.Now()) {
			return m, until, nil
		}
		var kinds []string
		if kinds, err = kindsOf(ctx, tx, p.ID, store.Day(day)); err == nil {
			s, err = reminding(ctx, tx, p, kinds, zone)
		}
		if err == nil && len(s.Body) == 0 {
			err = store.ErrNotFound
		}
	case roundDigest:
		s, until, err = digest(ctx, tx, p, store.Day(day))
	case roundData:
		s, err = requestsDue(ctx, tx, p, zone)
	case roundWait:
		if until := quietUntil(tx.Now(), zone); until.After(tx.Now()) {
			return m, until, nil
		}
		s, err = waitsDue(ctx, tx, p)
	case roundRoot:
		s, until, err = rootOfDay(ctx, tx, p, zone)
	default:
		err = store.ErrNotFound
	}
	m.Body, m.Buttons = s.Body, s.Buttons
	return m, until, err
}

// kindsOf are the reminders that were promised to a person for a day.
func kindsOf(ctx context.Context, tx store.Tx, person store.ID, day store.Day) ([]string, error) {
	list, err := tx.Promised(ctx, []store.ID{person}, day)
	if err != nil {
		return nil, err
	}
	for _, p := range list {
		if p.What == roundRemind && p.Day == day {
			return p.Kinds, nil
		}
	}
	return nil, store.ErrNotFound
}
