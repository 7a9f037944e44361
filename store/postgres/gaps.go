package postgres

// Gap is a table, or a column of one, that Verify says nothing about.
type Gap struct {
	Table  string
	Column string // "" is the whole table
	Files  bool   // the kept pictures tell, so that `pendamping verify --files` finds a change
	Why    string
}

// Gaps returns every gap. A test changes each column of each table, so that this list has neither too few nor too many.
func Gaps() []Gap {
	return []Gap{
		{Table: "looks", Files: true,
			Why: "what was seen in a picture is seen again, unless it counts as one that was not opened; those that open now are named"},
		{Table: "looks", Column: "at", Why: "when a picture was looked at is no part of the record"},
		{Table: "prints", Files: true, Why: "by what a picture is found is seen again"},
		{Table: "likes", Files: true,
			Why: "which pictures are alike is worked out again; where one of two is like the other and not the other way round, either is taken"},
		{Table: "files", Column: "looked", Files: true,
			Why: "a picture whose bytes came six hours before the newest root must have been looked at"},
		{Table: "files", Column: "asked",
			Why: "whether the sender was asked for a picture again is no part of the record"},
		{Table: "accounts",
			Why: "the language, and as whom somebody with several roles speaks; every event says as whom it was done"},
		{Table: "invites", Column: "account",
			Why: "who waits for a coordinator's word; whether it is that account the claim says, which is in the trail"},
		{Table: "rooms", Why: "where groups chat; the nota that a photo becomes is the record"},
		{Table: "promises", Why: "what was said on a day, so that it is said once; nothing is decided by it"},
		{Table: "complaint_reads",
			Why: "who has opened a complaint, so that the others are told of it each morning; what became of it is in the trail"},
		{Table: "polls", Why: "answers to polls name nobody and decide nothing"},
		{Table: "progress", Why: "worked out from the records every few minutes, over whatever stands there"},
		{Table: "progress_read", Why: "when progress was worked out"},
		{Table: "inbox", Why: "messages under way in; what they changed is in records"},
		{Table: "outbox", Why: "messages under way out, and what became of them; Telegram has them"},
		{Table: "unreachable", Why: "who blocked the bot, as Telegram said last"},
		{Table: "processes", Why: "what runs now"},
		{Table: "decodes", Why: "attempts to open files: counted while they last, and no record"},
		{Table: "guesses",
			Why: "wrong codes of the last day; nothing hangs on them but how long an account waits for its next try"},
		{Table: "installation",
			Why: "which folder and which bot belong with this database; a start with others is refused"},
		{Table: "goose_db_version", Why: "which migrations have run"},
	}
}
