package flows

import "pendamping/store"

// Announcement is what a reader of a language gets of an announcement, in order.
func Announcement(b store.Broadcast, language string) []store.Message {
	words := b.Words
	if language == "en" && b.English != "" {
		words = b.English
	}
	return []store.Message{{Class: store.Bulk, HTML: words}}
}
