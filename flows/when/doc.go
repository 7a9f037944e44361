// Package when reads days, hours and times as people write them, and says them as people do.
package when
