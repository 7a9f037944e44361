// Package remind works out what is due: a group's reminders, a mentor's tasks, and how far a recipient stands.
package remind
