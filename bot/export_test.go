package bot

import (
	"time"

	"pendamping/store"
)

// Beat has a loop of that name go round.
func (b *Bot) Beat(loop string, deadline time.Duration) { b.heartbeats.beat(loop, deadline) }

// Beats are heartbeats, for tests.
type Beats struct{ heartbeats }

// Beat has a loop of that name go round.
func (b *Beats) Beat(loop string, deadline time.Duration) { b.beat(loop, deadline) }

// Late names the loops that are late.
func (b *Beats) Late(now, excused time.Time) []string { return b.late(now, excused) }

// Deliver sends what is in the process's hands.
func (b *Bot) Deliver(list []store.Delivery) { b.deliver(b.work, b.Now(), list, deliverOptions{}) }
