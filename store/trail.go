package store

// Trail is the audit trail of a recipient as it is kept, for somebody who computes it anew elsewhere.
type Trail struct {
	Chain   ID       `json:"chain"`
	Events  []Event  `json:"events"` // from the first to the last
	Secrets []Secret `json:"-"`      // the personal values that the events know by a hash, without those of complaints
	Root    Root     `json:"root"`   // the newest; the zero Root when none was made yet
}

// Event is a link of the trail: its hash is that of the link before and of its very text.
type Event struct {
	Seq  int64  `json:"seq"`
	Hash string `json:"hash"`           // hex
	Body string `json:"body,omitempty"` // byte for byte what was hashed; "" of a complaint, which is for coordinators only
}

// Secret is a personal value with the salt that its hash was made with. Neither is there any more when it was erased.
type Secret struct {
	Kind    string `json:"kind"`
	Record  ID     `json:"record"`
	Version int    `json:"version"`
	Field   string `json:"field"`
	Salt    string `json:"salt"`  // hex
	Value   string `json:"value"` // JSON
}

// Root covers all chains on a day. Its hash is that of its text.
type Root struct {
	Day  Day    `json:"day"`
	Hash string `json:"hash"`
	Body string `json:"-"`
}
