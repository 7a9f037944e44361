// Package broadcast is announcements: composed, aimed, agreed to by a second coordinator, stopped, corrected, and whom they reached.
package broadcast
