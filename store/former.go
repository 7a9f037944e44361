package store

// Former is what the records said of a person before it changed. A file that still says so is older than the chat.
type Former struct {
	Person ID
	Keys   []string // by role, code and name; the present one isn't among them
	Names  []string // before a correction
	WAs    []string // before a correction
	Roles  []Role   // before somebody else got the office, or it was taken away

	Accounts []int64  // that they don't have any more
	Numbers  []string // of WhatsApp that they don't have any more
}
