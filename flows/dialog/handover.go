package dialog

import (
	"slices"
	"time"

	"pendamping/store"
)

// PeopleTopic and PhoneTopic are the topics of the complaint that "bukan kami" sends: of an officer or invitation, and
// of a phone.
const (
	PeopleTopic = "pengurus"
	PhoneTopic  = "hp"
)

// AboutChange tells whether a complaint is of a change of people that was stopped.
func AboutChange(c store.Complaint) bool { return c.Topic == PeopleTopic || c.Topic == PhoneTopic }

// Comes is the person whom a change brings, or brings back on another phone.
func Comes(h store.Handover) store.ID {
	if h.Kind == store.PhoneLost {
		return h.From
	}
	return h.To
}

// EnteredByStopped tells whether something was entered by somebody whom a change brought that the group stopped, since
// that change. Records that keep no mark of their own are judged by it; a change that is upheld clears it.
func EnteredByStopped(changes []store.Handover, by store.ID, at time.Time) bool {
	return by != 0 && slices.ContainsFunc(changes, func(h store.Handover) bool {
		stopped := h.State == store.HandoverObjected || h.State == store.HandoverRestored
		since := h.DecidedAt
		if h.State == store.HandoverRestored { // decided is by then when it was settled
			since = h.At
		}
		return stopped && Comes(h) == by && !at.Before(since) && !at.After(h.ObjectedAt)
	})
}

// Overtaken tells whether the office, or the phone, of a change that was objected to was given anew since: then
// nothing is left to settle. Of an office the newest change holds, whenever somebody objects to one before.
func Overtaken(changes []store.Handover, h store.Handover) bool {
	return slices.ContainsFunc(changes, func(o store.Handover) bool {
		made := o.State != store.HandoverAsked && o.State != store.HandoverDeclined
		alike := o.ID != h.ID && o.Kind == h.Kind && o.Role == h.Role && (h.Kind != store.PhoneLost || o.From == h.From)
		newer := o.ID > h.ID && (h.Kind == store.OfficerMoves || !o.At.Before(h.ObjectedAt))
		return made && alike && (newer || o.DecidedAt.After(h.ObjectedAt))
	})
}
