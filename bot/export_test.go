package bot

import (
	"time"

	"pendamping/store"
)

// Beat has a loop of that name go round.
func (b *Bot) Beat(loop string, deadline time.Duration) { b.heartbeats.Beat(loop, deadline) }

// Deliver sends what is in the process's hands.
func (b *Bot) Deliver(list []store.Delivery) { b.deliver(b.work, b.Now(), list, deliverOptions{}) }
