package flows

import "pendamping/store"

// progressOf is how far a recipient's bookkeeping has come, in percent, where it is told of many at once: half for rupiah with a
// nota, half for notas that somebody independent has verified. That of one LPJ is howFar.
func progressOf(s store.Standing) int {
	share := func(part, whole int64) int64 {
		if whole <= 0 {
			return 0
		}
		return min(max(part*50/whole, 0), 50)
	}
	return int(share(int64(s.Received-s.Left), int64(s.Received)) + share(int64(s.Checked), int64(s.Counted)))
}
