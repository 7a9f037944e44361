// Package remind is what is due: reminders, a mentor's tasks, and how far a recipient stands.
package remind
