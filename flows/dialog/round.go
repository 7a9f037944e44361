package dialog

import (
	"context"
	"fmt"

	"pendamping/store"
)

// Round is something that is worked out once a day for everybody of some zones, when its hour has come there.
type Round struct {
	What  string
	Zones []string
	Day   store.Day
}

const (
	RoundCard   = "card"   // the mentors' morning cards
	RoundRemind = "remind" // the groups' reminders
	RoundDigest = "digest" // the coordinators' week, on Mondays
	RoundData   = "data"   // the coordinators' requests about personal data, whose clock does not stop on holidays
	RoundWait   = "wait"   // what waits for the decision of a coordinator, or of somebody of a group
	RoundUnread = "unread" // the complaints that coordinators have not opened, which do not stop on holidays either
	RoundRoot   = "root"   // the audit trail's root, for coordinators who asked for it
)

// TellOnce promises the round's message to those who have not been promised it, under a key of each.
func (r Round) TellOnce(
	ctx context.Context, tx store.Tx, people []store.Person, key func(store.Person) string,
) ([]store.Message, error) {
	var ids []store.ID
	for _, p := range people {
		ids = append(ids, p.ID)
	}
	promises, err := tx.Told(ctx, ids, r.Day)
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
		if err := tx.KeepTold(ctx, store.ToldOnce{Person: p.ID, What: r.What, Day: r.Day, At: tx.Now()}); err != nil {
			return nil, err
		}
		m := Promised(p.Account, p.ID, r.What, r.Day, r.Zones[0])
		m.Key = key(p)
		out = append(out, m)
	}
	return out, nil
}

// Promised is a message whose words are found when it is sent.
func Promised(account int64, person store.ID, what string, day store.Day, zone string) store.Message {
	return store.Message{
		Chat: account, Class: store.Nudge, Key: what, Need: fmt.Sprintf("%s:%d:%s:%s", what, person, day, zone),
	}
}
