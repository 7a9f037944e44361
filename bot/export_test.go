package bot

import (
	"time"

	"pendamping/store"
)

// Beat has a loop of that name go round.
func (b *Bot) Beat(loop string, promise time.Duration) { b.beats.beat(loop, promise) }

// Beats are beats, for tests.
type Beats struct{ beats }

// Beat has a loop of that name go round.
func (b *Beats) Beat(loop string, promise time.Duration) { b.beat(loop, promise) }

// Late names the loops that are late.
func (b *Beats) Late(now, excused time.Time) []string { return b.late(now, excused) }

// Deliver sends what is in the process's hands.
func (b *Bot) Deliver(list []store.Delivery) { b.deliver(b.work, b.Now(), list, manner{}) }
