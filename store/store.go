// Package store holds the words for what Pendamping remembers: plain structs, money and days, and the one wide
// contract, Tx. It imports the standard library only. Rooms below it keep them: postgres the records, redis the
// sessions, media the pictures.
package store

import (
	"context"
	"errors"
	"time"
)

// ID names a record. Ids are never reused; 0 is none.
type ID int64

var (
	// ErrNotFound says that a record is not there, or not yours: the two look alike on purpose.
	ErrNotFound = errors.New("not found")
	// ErrConflict says that somebody changed the record, or took the update, since it was read; the work is dropped and
	// done anew.
	ErrConflict = errors.New("changed since it was read")
	// ErrReadOnly says that the database answers and takes no changes, as a standby does.
	ErrReadOnly = errors.New("PostgreSQL is read-only")
)

// Actor is who changes a record, written into every event: the person in a role, and for whom when it is atas nama.
// The zero Actor is the system itself.
type Actor struct {
	Person ID   `json:"person,omitempty"`
	Role   Role `json:"role,omitempty"`
	Behalf ID   `json:"behalf,omitempty"`
	// Sponsors are the person's sponsors at that time, so that each event of an officer tells on whose proposal they
	// act.
	Sponsors []ID `json:"sponsors,omitempty"`
}

// Tx is one update's view of the records. Reads before the first write see what is committed; the first write opens the
// transaction, and everything written is kept together with its events, or not at all. Each Put checks that the stored
// version is the one the record carries (ErrConflict otherwise) and raises it by one; Add gives id and version 1.
// What is not committed takes the raise back, so that a record tried once more meets the conflict once more.
// Every write adds its event to the recipient's chain (or chain 0), named by what, for example "receipt.submitted".
type Tx interface {
	// Act says who acts in what follows.
	Act(Actor)
	// Now is the time of this update, from the caller's clock, in UTC and whole microseconds.
	Now() time.Time

	People
	Recipients
	Ledger
	Reviews
	Complaints
	Privacy
	Reports
	Fieldwork
	Letters
	Handovers
	Duties
	Overview
	Broadcasts
	Rooms
	Outbox
}

// Rooms are the group chats in which photos are filed, each for one recipient. They are no record and have no event.
type Rooms interface {
	// RoomOf is the recipient that a group chat's photos are filed for; 0 when that is not known yet.
	RoomOf(ctx context.Context, chat int64) (ID, error)
	// Rooms are a recipient's group chats, in no order.
	Rooms(ctx context.Context, recipient ID) ([]int64, error)
	// PutRoom makes a group chat a recipient's; ErrConflict when it is somebody's already.
	PutRoom(ctx context.Context, chat int64, recipient ID) error
}

// Outbox is what waits to be said.
type Outbox interface {
	// Queued is the message that waits with that chat and key; ErrNotFound when none does.
	Queued(ctx context.Context, chat int64, key string) (Message, error)
	// Withdraw takes back what waits with that chat and key, if there is any.
	Withdraw(ctx context.Context, chat int64, key string) error
	// LastSent is Telegram's id of the newest message that was sent with that chat and key; 0 when there is none.
	LastSent(ctx context.Context, chat int64, key string) (int, error)
	// LastTold is what was sent last to a chat with a key, or of an announcement, and when; ErrNotFound when there is
	// none. Of an announcement it has the id and no words, and only the newest are looked through.
	LastTold(ctx context.Context, chat int64) (Delivery, time.Time, error)
}

// People are accounts, persons, their invitations and their consent.
type People interface {
	// Account is a Telegram account with the persons bound to it and the recipients they belong to; an unknown account
	// is an empty one, not an error.
	Account(ctx context.Context, id int64) (Account, error)
	// PutAccount keeps an account's preferences (language, active person); they are no record and have no event.
	PutAccount(ctx context.Context, a Account) error
	Person(ctx context.Context, id ID) (Person, error)
	// PersonByKey finds a person by Person.Key.
	PersonByKey(ctx context.Context, key string) (Person, error)
	// PersonByCode finds the first person with that role and code, for example a group's mentor.
	PersonByCode(ctx context.Context, role Role, code string) (Person, error)
	// Members are the persons of a recipient, officers first, without those who were erased.
	Members(ctx context.Context, recipient ID) ([]Person, error)
	// Coordinators are those whose scope covers a place, the narrowest scope first.
	Coordinators(ctx context.Context, province, regency string) ([]Person, error)
	// BoundCoordinators are those with an account, the widest scope first.
	BoundCoordinators(ctx context.Context) ([]Person, error)
	// Sharers are all other persons who have or ever had an account or a WhatsApp number that a person has or ever had
	// by the records, or has as given, and those with whom the person is tied: each is a sponsor of the other. An
	// erasure takes its numbers out, so only ties and Person.Same tell of those.
	Sharers(ctx context.Context, p Person) ([]Person, error)
	// Had are the accounts that a person has or had, the latest first. An erasure takes them out.
	Had(ctx context.Context, person ID) ([]int64, error)
	// CoordinatorsNear are those whose scope covers a scope ("" is everywhere) or is a part of it, by name.
	CoordinatorsNear(ctx context.Context, province, regency string) ([]Person, error)
	// Erased are the persons with a code, without regard to case, who were erased.
	Erased(ctx context.Context, code string) ([]Person, error)
	AddPerson(ctx context.Context, what string, p *Person) error
	PutPerson(ctx context.Context, what string, p *Person) error
	// InviteByCode finds an invitation by its start token or its short code, in whatever state it is.
	InviteByCode(ctx context.Context, code string) (Invite, error)
	// InviteOf is a person's newest invitation.
	InviteOf(ctx context.Context, person ID) (Invite, error)
	// InvitesClaimed are the open invitations whose claim waits for a coordinator's word, oldest first.
	InvitesClaimed(ctx context.Context) ([]Invite, error)
	AddInvite(ctx context.Context, what string, i *Invite) error
	// ClaimOf is what Invite.Claim says for an account: it can be compared, but neither made nor read without the
	// invitations' key.
	ClaimOf(i Invite, account int64) string
	// Guesses are the times after since at which an account gave a wrong code, oldest first. They are no record and
	// have no event.
	Guesses(ctx context.Context, account int64, since time.Time) ([]time.Time, error)
	// AddGuess notes that an account gave a wrong code now.
	AddGuess(ctx context.Context, account int64) error
	PutInvite(ctx context.Context, what string, i *Invite) error
	AddConsent(ctx context.Context, what string, c *Consent) error
	PutConsent(ctx context.Context, what string, c *Consent) error
	// ConsentOf is a person's newest consent.
	ConsentOf(ctx context.Context, person ID) (Consent, error)
}

// Recipients are who received a grant, the programme's rules they are pinned to, and their plans.
type Recipients interface {
	Recipient(ctx context.Context, id ID) (Recipient, error)
	RecipientByCode(ctx context.Context, code string) (Recipient, error)
	// RecipientsOf are a mentor's, by name.
	RecipientsOf(ctx context.Context, mentor ID) ([]Recipient, error)
	AddRecipient(ctx context.Context, what string, r *Recipient) error
	PutRecipient(ctx context.Context, what string, r *Recipient) error
	Program(ctx context.Context, id ID) (Program, error)
	// ProgramByCode is the newest version of a programme's rules; version 0 asks for the newest.
	ProgramByCode(ctx context.Context, code string, version int) (Program, error)
	// NewestProgram is the programme whose rules were added last.
	NewestProgram(ctx context.Context) (Program, error)
	AddProgram(ctx context.Context, what string, p *Program) error
	// Plan is the edition of a recipient's RAB that holds; a recipient without one has an empty Plan.
	Plan(ctx context.Context, recipient ID) (Plan, error)
	// PlanByID is an edition in whatever state it is.
	PlanByID(ctx context.Context, id ID) (Plan, error)
	// ProposedPlan is the edition that waits for an agreement; an empty Plan when none does.
	ProposedPlan(ctx context.Context, recipient ID) (Plan, error)
	// AddPlan adds an edition of the RAB, the next one when it says none; lines without an id get one. Without a state
	// it is agreed.
	AddPlan(ctx context.Context, what string, p *Plan) error
	PutPlan(ctx context.Context, what string, p *Plan) error
}

// Ledger is what a recipient received and spent, with its proof.
type Ledger interface {
	Receipt(ctx context.Context, id ID) (Receipt, error)
	ReceiptByNumber(ctx context.Context, recipient ID, number int) (Receipt, error)
	// Receipts are a recipient's, newest number first; limit and offset page them. state "" means every state.
	Receipts(ctx context.Context, recipient ID, state ReceiptState, limit, offset int) ([]Receipt, error)
	// CountReceipts counts what Receipts would list.
	CountReceipts(ctx context.Context, recipient ID, state ReceiptState) (int, error)
	// UnfinishedOf are the unfinished notas that a person began (as themselves or atas nama), newest first.
	UnfinishedOf(ctx context.Context, person ID) ([]Receipt, error)
	// ReceiptBySource finds the nota that one of an account's messages answered; name says which question.
	ReceiptBySource(ctx context.Context, account int64, message int) (r Receipt, name string, err error)
	// AddReceipt takes the recipient's next number, gap-free, and keeps the nota.
	AddReceipt(ctx context.Context, what string, r *Receipt) error
	PutReceipt(ctx context.Context, what string, r *Receipt) error
	// Files are the pictures, documents and voice notes of a nota, in the order in which they came.
	Files(ctx context.Context, receipt ID) ([]File, error)
	File(ctx context.Context, id ID) (File, error)
	// FilesOf are all of a recipient's that belong to its notas, entries and LPJ, in the order in which they came.
	FilesOf(ctx context.Context, recipient ID) ([]File, error)
	// FilesOfAlbum are what a person sent in one media group, in the order in which they came.
	FilesOfAlbum(ctx context.Context, by ID, album string) ([]File, error)
	// FileAgain is the newest file with the same unique id as f that its recipient has, or that its very message
	// brought.
	FileAgain(ctx context.Context, f File) (File, error)
	// HeldFiles are a person's that wait for the answer to whose they are: with a recipient of 0, oldest first.
	HeldFiles(ctx context.Context, by ID) ([]File, error)
	AddFile(ctx context.Context, what string, f *File) error
	PutFile(ctx context.Context, what string, f *File) error
	// PutFiles changes several at once; what names the event of each.
	PutFiles(ctx context.Context, what func(File) string, changed []File) error
	// Entries are the book's movements that are not notas, newest number first.
	Entries(ctx context.Context, recipient ID) ([]Entry, error)
	// AddEntry takes the recipient's next entry number, gap-free.
	AddEntry(ctx context.Context, what string, e *Entry) error
	PutEntry(ctx context.Context, what string, e *Entry) error
	// Balance adds up a recipient's book.
	Balance(ctx context.Context, recipient ID) (Balance, error)
}

// Reviews are what somebody independent looks at and decides.
type Reviews interface {
	// ToReview are the submitted notas that a mentor or coordinator is to look at: a mentor's groups', and what another
	// reviewer had a hand in, for those of the same organisation and for the coordinators of the place. What any of the
	// hands entered is left out.
	ToReview(ctx context.Context, reviewer Person, hands []ID) ([]Waiting, error)
	// ReviewedElsewhere is how many submitted notas of a mentor's groups, or of a coordinator's place, wait for
	// somebody else, because one of the hands entered them.
	ReviewedElsewhere(ctx context.Context, reviewer Person, hands []ID) (int, error)
	// ReceiptAt is a nota as it was at a version.
	ReceiptAt(ctx context.Context, id ID, version int) (Receipt, time.Time, error)
	// Likes are the other notas, of any recipient, that a nota resembles.
	Likes(ctx context.Context, receipt ID) ([]Like, error)
	// KeepLook keeps what was seen in a picture; it is no record and has no event. Kept twice it is kept once.
	KeepLook(ctx context.Context, l Look) error
	// PlansToReview are the proposed plans of a reviewer's recipients, oldest first.
	PlansToReview(ctx context.Context, reviewer Person, hands []ID) ([]Plan, error)
	Remark(ctx context.Context, id ID) (Remark, error)
	// Remarks are a nota's, oldest first.
	Remarks(ctx context.Context, receipt ID) ([]Remark, error)
	// RemarksTo are those that wait for a person's answer, oldest first.
	RemarksTo(ctx context.Context, person ID) ([]Remark, error)
	AddRemark(ctx context.Context, what string, r *Remark) error
	PutRemark(ctx context.Context, what string, r *Remark) error
	// Approval is the newest approval of a recipient's book; ErrNotFound when there is none.
	Approval(ctx context.Context, recipient ID) (Approval, error)
	ApprovalByID(ctx context.Context, id ID) (Approval, error)
	// ApprovalsToReview are those on paper that a reviewer is to look at, oldest first.
	ApprovalsToReview(ctx context.Context, reviewer Person, hands []ID) ([]Approval, error)
	AddApproval(ctx context.Context, what string, a *Approval) error
	PutApproval(ctx context.Context, what string, a *Approval) error
	// Shared are the accounts and wa numbers that stand behind several recipients of a scope.
	Shared(ctx context.Context, province, regency string) ([]Shared, error)
}

// Complaints pass ketua and mentor and reach a coordinator.
type Complaints interface {
	Complaint(ctx context.Context, id ID) (Complaint, error)
	// ComplaintsIn are those of a scope ("" is everywhere), open ones first, newest first.
	ComplaintsIn(ctx context.Context, province, regency string) ([]Complaint, error)
	// UnreadComplaints are those of a coordinator's scope that they have not opened, newest first: all that nobody has,
	// and of the others those that came or were closed since a time.
	UnreadComplaints(ctx context.Context, coordinator Person, since time.Time) ([]Complaint, error)
	// ReadComplaint notes that a coordinator has opened a complaint now, if they had not. It is no record and has no
	// event.
	ReadComplaint(ctx context.Context, complaint, coordinator ID) error
	// ComplaintsOf are those of persons since a time, newest first.
	ComplaintsOf(ctx context.Context, persons []ID, since time.Time) ([]Complaint, error)
	AddComplaint(ctx context.Context, what string, c *Complaint) error
	PutComplaint(ctx context.Context, what string, c *Complaint) error
}

// Reports are recipients' LPJ: their editions, their words, what was printed, and what belongs to them.
type Reports interface {
	// Report is a recipient's newest edition; ErrNotFound when there is none yet.
	Report(ctx context.Context, recipient ID) (Report, error)
	ReportByID(ctx context.Context, id ID) (Report, error)
	// Reports are a recipient's editions, newest first.
	Reports(ctx context.Context, recipient ID) ([]Report, error)
	// ReportsToReview are the sent ones that a reviewer is to look at, oldest first: a mentor's groups', and for a
	// coordinator those of the place whose mentor has a hand in them or that have none.
	ReportsToReview(ctx context.Context, reviewer Person, hands []ID) ([]Report, error)
	// AddReport adds a recipient's next edition.
	AddReport(ctx context.Context, what string, r *Report) error
	PutReport(ctx context.Context, what string, r *Report) error
	// Chapters are a recipient's, in no order.
	Chapters(ctx context.Context, recipient ID) ([]Chapter, error)
	Chapter(ctx context.Context, id ID) (Chapter, error)
	// AddChapter keeps one of each code; ErrConflict when there is one.
	AddChapter(ctx context.Context, what string, c *Chapter) error
	PutChapter(ctx context.Context, what string, c *Chapter) error
	// Annexes are a recipient's that were not taken out, oldest first.
	Annexes(ctx context.Context, recipient ID) ([]Annex, error)
	Annex(ctx context.Context, id ID) (Annex, error)
	AddAnnex(ctx context.Context, what string, a *Annex) error
	PutAnnex(ctx context.Context, what string, a *Annex) error
	// SealByCode is what was printed with a code.
	SealByCode(ctx context.Context, code string) (Seal, error)
	// Seals are a recipient's, newest first, at most so many, without their data.
	Seals(ctx context.Context, recipient ID, limit int) ([]Seal, error)
	AddSeal(ctx context.Context, what string, s *Seal) error
	// NewestRoot is the newest root of the audit trail, without its text; ErrNotFound when none was made yet.
	NewestRoot(ctx context.Context) (Root, error)
}

// Fieldwork is what mentors do for their recipients beside the notas.
type Fieldwork interface {
	Visit(ctx context.Context, id ID) (Visit, error)
	// Visits are a recipient's, newest start first, at most so many.
	Visits(ctx context.Context, recipient ID, limit int) ([]Visit, error)
	// VisitsBy are a mentor's that start within a span, the end left out, oldest first.
	VisitsBy(ctx context.Context, mentor ID, from, to time.Time) ([]Visit, error)
	// Disputed are the held visits of a scope that somebody of the group denied since that time, newest first.
	Disputed(ctx context.Context, province, regency string, since time.Time) ([]Visit, error)
	// Doubtful are the visits in person of a scope that were logged since that time, and took less than short minutes,
	// began within near of another one of the same mentor in another regency, or before the mentor had the recipient;
	// newest first, at most so many.
	Doubtful(ctx context.Context, province, regency string, since time.Time, near time.Duration, short,
		limit int) ([]Visit, error)
	// FilesOfVisit are what came with a visit, in the order in which it came.
	FilesOfVisit(ctx context.Context, visit ID) ([]File, error)
	AddVisit(ctx context.Context, what string, v *Visit) error
	PutVisit(ctx context.Context, what string, v *Visit) error
	// Snapshots are a recipient's, newest month first.
	Snapshots(ctx context.Context, recipient ID) ([]Snapshot, error)
	// AddSnapshot keeps one a month; ErrConflict when that month has one.
	AddSnapshot(ctx context.Context, what string, s *Snapshot) error
	PutSnapshot(ctx context.Context, what string, s *Snapshot) error
	Initiative(ctx context.Context, id ID) (Initiative, error)
	// Initiatives are a recipient's, open ones first, newest first.
	Initiatives(ctx context.Context, recipient ID) ([]Initiative, error)
	AddInitiative(ctx context.Context, what string, i *Initiative) error
	PutInitiative(ctx context.Context, what string, i *Initiative) error
}

// Letters are what mentors and groups write to each other.
type Letters interface {
	Letter(ctx context.Context, id ID) (Letter, error)
	// Thread is a letter with the answers to it, oldest first.
	Thread(ctx context.Context, first ID) ([]Letter, error)
	// Posted are the letters that a person began since that time, newest first, with what became of each.
	Posted(ctx context.Context, by ID, since time.Time) ([]Posted, error)
	AddLetter(ctx context.Context, what string, l *Letter) error
	PutLetter(ctx context.Context, what string, l *Letter) error
}

// Handovers are changes of who stands for a recipient.
type Handovers interface {
	Handover(ctx context.Context, id ID) (Handover, error)
	// HandoversIn are those of a scope ("" is everywhere) in a state, oldest first.
	HandoversIn(ctx context.Context, state HandoverState, province, regency string) ([]Handover, error)
	// HandoversOf are a recipient's, newest first.
	HandoversOf(ctx context.Context, recipient ID) ([]Handover, error)
	AddHandover(ctx context.Context, what string, h *Handover) error
	PutHandover(ctx context.Context, what string, h *Handover) error
	// MentorsNear are the mentors of a place or organisation, by name: those to whom a group can go.
	MentorsNear(ctx context.Context, province, regency, organisation string) ([]Person, error)
	// RecipientsNamed are those of a scope ("" is everywhere) with that code, or with those words in their name, by
	// name, at most so many.
	RecipientsNamed(ctx context.Context, province, regency, words string, limit int) ([]Recipient, error)
	// OnLoan are the recipients whose stand-in's last day is before that day.
	OnLoan(ctx context.Context, before Day) ([]Recipient, error)
}

// Duties are the facts from which is worked out what is to be done, and what was said about it.
type Duties interface {
	// Standings are how a mentor's recipients stand, by name.
	Standings(ctx context.Context, mentor ID) ([]Standing, error)
	// StandingOf is how one recipient stands.
	StandingOf(ctx context.Context, recipient ID) (Standing, error)
	// EveryStanding is how the recipients of some zones stand, in the order of their ids, after one of them, at most so
	// many.
	EveryStanding(ctx context.Context, zones []string, after ID, limit int) ([]Standing, error)
	// Zones are those of the recipients; "" is the default zone.
	Zones(ctx context.Context) ([]string, error)
	// Officers are those of the recipients of some zones who can be written to, with the ketua first.
	Officers(ctx context.Context, zones []string) ([]Person, error)
	// FirstPersons is the first person of each of some accounts: who they are where one human counts once.
	FirstPersons(ctx context.Context, accounts []int64) (map[int64]ID, error)
	// MentorsIn are the mentors who can be written to and have most of their recipients in some zones.
	MentorsIn(ctx context.Context, zones []string) ([]Person, error)
	// Promised is what was said to persons since a day, that day too.
	Promised(ctx context.Context, persons []ID, since Day) ([]Promise, error)
	// Promise keeps that something is said; ErrConflict when it was said on that day.
	Promise(ctx context.Context, p Promise) error
	// Unpromise takes back what was promised and is not said after all.
	Unpromise(ctx context.Context, person ID, what string, day Day) error
	// Holds are what persons keep from themselves, without those that were lifted.
	Holds(ctx context.Context, persons []ID) ([]Hold, error)
	// PutHold keeps a hold, in place of the one of that person and kind. Its id and version are the store's own.
	PutHold(ctx context.Context, h Hold) error
}

// Overview is how far the whole field has come, as it was worked out last.
type Overview interface {
	// Field adds the progress of a part of the field up, as a whole and by level.
	Field(ctx context.Context, in Area, by Level) (Field, error)
	// FieldBefore adds up a part's figures as they were at the beginning of the week of a Monday; ErrNotFound when they
	// weren't kept. Parts are told apart by place only.
	FieldBefore(ctx context.Context, in Area, monday Day) (Progress, error)
	// CoordinatorsIn are those who can be written to and whose recipients, or the most western of them, are in some
	// zones.
	CoordinatorsIn(ctx context.Context, zones []string) ([]Person, error)
}

// Broadcasts are announcements and who they are for.
type Broadcasts interface {
	Broadcast(ctx context.Context, id ID) (Broadcast, error)
	// BroadcastsBy are a coordinator's, newest first, at most so many.
	BroadcastsBy(ctx context.Context, person ID, limit int) ([]Broadcast, error)
	// BroadcastsAsked are those that wait for a second coordinator, oldest first.
	BroadcastsAsked(ctx context.Context) ([]Broadcast, error)
	// BroadcastsOpen are those that are running or paused, oldest first.
	BroadcastsOpen(ctx context.Context) ([]Broadcast, error)
	// SentAlone is to how many chats some persons announced without a second coordinator: what was launched since then,
	// or is due in a span of time.
	SentAlone(ctx context.Context, by []ID, since, dueFrom, dueTo time.Time) (int, error)
	AddBroadcast(ctx context.Context, what string, b *Broadcast) error
	PutBroadcast(ctx context.Context, what string, b *Broadcast) error
	// SizeOf counts an audience within a coordinator's scope.
	SizeOf(ctx context.Context, province, regency string, a Audience) (Size, error)
	// PartsOf counts an audience within a scope by "province", "regency", "wave", "role" or "mentor" (its id), by
	// value.
	PartsOf(ctx context.Context, province, regency string, a Audience, by string) ([]Part, error)
	// Launch puts a row for each chat of the audience within the scope into the outbox, all at once, and returns how
	// many; due tells for a zone's name from when its chats may be written to.
	Launch(ctx context.Context, b Broadcast, province, regency string, due func(zone string) time.Time) (int, error)
	// Drop withdraws what was not sent of an announcement, and returns how many.
	Drop(ctx context.Context, b ID) (int, error)
	// TallyOf counts what became of an announcement.
	TallyOf(ctx context.Context, b ID) (Tally, error)
	// Acknowledge notes that a chat has understood an announcement; false: it had before, or never got it.
	Acknowledge(ctx context.Context, b ID, chat int64) (bool, error)
	// SaidTo is the announcement that a message in a chat was; ErrNotFound when it was none.
	SaidTo(ctx context.Context, chat int64, message int) (ID, error)
	// Missed are the launched announcements that hold that day, whose audience a person is in by now, and that their
	// chat has no row of.
	Missed(ctx context.Context, person Person, today Day) ([]Broadcast, error)
	// LaunchTo puts one row more into the outbox, unless the chat has one; false: it had.
	LaunchTo(ctx context.Context, b ID, chat int64, language string, due time.Time) (bool, error)
	// BroadcastsOutdated are the launched ones whose last edition has not come to all that was sent, oldest first.
	BroadcastsOutdated(ctx context.Context) ([]Broadcast, error)
	// Unsent tells whether something of an announcement waits or is under way.
	Unsent(ctx context.Context, b ID) (waiting, underWay bool, err error)
	// AmendmentOf counts what became of an announcement's last edition.
	AmendmentOf(ctx context.Context, b ID) (Amendment, error)
	// VotesOf counts the answers to an announcement's poll by their place.
	VotesOf(ctx context.Context, b ID) (map[int]int, error)
	// DeliveredOf are an announcement's chats by place, group and name.
	DeliveredOf(ctx context.Context, b ID) ([]Delivered, error)
	// Retry puts what became unknown back into the queue, and returns how many.
	Retry(ctx context.Context, b ID) (int, error)
	// UnderstoodIn counts who got and acknowledged an announcement by place, the fewest first.
	UnderstoodIn(ctx context.Context, b ID) ([]Understood, error)
	// Remind puts a nudge to each chat that got an announcement and did not acknowledge it into the outbox, as an
	// answer to its message, and returns how many; due is as for Launch.
	Remind(ctx context.Context, b ID, m Message, due func(zone string) time.Time) (int, error)
	// UnreachedOf are the groups of an announcement's audience within a scope of which nobody got it, by mentor and
	// name.
	UnreachedOf(ctx context.Context, b Broadcast, province, regency string) ([]Unreached, error)
	// Audiences are a coordinator's saved ones, by name.
	Audiences(ctx context.Context, person ID) ([]SavedAudience, error)
	// PutAudience keeps one in place of the one with that name. Its id and version are the store's own.
	PutAudience(ctx context.Context, a SavedAudience) error
}
