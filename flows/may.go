package flows

import (
	"slices"
	"sync"

	"pendamping/store"
)

// deed is something that is done to a record.
type deed string

// The deeds, by what they are done to.
const (
	seeNota    deed = "nota.see"
	finishNota deed = "nota.finish" // answer what is missing, put aside, give up
	changeNota deed = "nota.change" // also add a page
	voidNota   deed = "nota.void"
	verifyNota deed = "nota.verify" // or ask about
	returnNota deed = "nota.return" // to be mended; also what was verified, when an objection or a second look says so
	undoNota   deed = "nota.undo"   // take back one's own decision
	objectNota deed = "nota.object"

	proposePlan  deed = "plan.propose"
	withdrawPlan deed = "plan.withdraw"
	decidePlan   deed = "plan.decide"

	approveBook deed = "book.approve" // the one who answers for the book
	signBook    deed = "book.sign"    // enter that one's signature on paper
	checkPaper  deed = "book.check"   // look at such a signature

	enterBook deed = "book.enter" // begin a nota, enter a movement, propose or decide a plan

	seeReport    deed = "report.see"
	writeReport  deed = "report.write"  // its parts, and the pictures of tools and activity
	adviseReport deed = "report.advise" // comment on a part, propose other words
	takeAdvice   deed = "report.take"   // or leave it
	sendReport   deed = "report.send"
	decideReport deed = "report.decide" // verify or return
	reopenReport deed = "report.reopen" // after verification
	uploadReport deed = "report.upload" // note its number at bizhub
	resultReport deed = "report.result" // note what the PPK said
	keepPage     deed = "report.page"   // scans of signed pages, where the bound copy is
	extendReport deed = "report.extend" // note that more time was granted
	printReport  deed = "report.print"

	answerRemark deed = "remark.answer" // by whom it was put to

	seeVisit       deed = "visit.see"
	logVisit       deed = "visit.log"
	planVisit      deed = "visit.plan"    // hold, move or call off one that is planned: the mentor of that day
	changeVisit    deed = "visit.change"  // also say that it never was: who logged it
	solveVisit     deed = "visit.solve"   // the follow-up is done
	confirmVisit   deed = "visit.confirm" // or deny
	askVisit       deed = "visit.ask"     // the group for its word, once more
	recordGrowth   deed = "growth.record" // how a business stands, referrals, ideas and their results
	sendLetter     deed = "letter.send"
	seeLetter      deed = "letter.see"    // the thread of it
	answerLetter   deed = "letter.answer" // by its addressee, or the group's mentor
	moveLetter     deed = "letter.move"   // send it at another time, or not at all
	askHandover    deed = "hand.ask"
	doHandover     deed = "hand.do"    // at once; the recipient's mentor has a hand in it
	doSecretary    deed = "hand.minor" // at once too: no money depends on it
	decideHandover deed = "hand.decide"
	sendCast       deed = "cast.send"
	agreeCast      deed = "cast.agree" // as the second coordinator; also decline
	seeCast        deed = "cast.see"
	pauseCast      deed = "cast.pause"
	resumeCast     deed = "cast.resume"
	stopCast       deed = "cast.stop"
	correctCast    deed = "cast.correct" // also take back
	followCast     deed = "cast.follow"  // remind, hand over, send again what is unknown
	decideData     deed = "data.decide"  // answer what somebody else asks about their own data
)

// hand says whose deed it is, by who had a hand in the record.
type hand int

const (
	anyHand hand = iota // whoever entered it
	noHand              // only who had none in it: separation of duties
	ownHand             // only who did it
)

// permit says who may do something to a record in which states.
type permit struct {
	roles  []store.Role
	hand   hand
	states []string
}

// States of what is no nota.
const (
	none     = ""                         // there is no such record yet
	proposed = string(store.PlanProposed) // a plan
	asked    = string(store.HandoverAsked)
	open     = "open"   // an approval on paper that nobody looked at, a remark without an answer, a letter, a book
	closed   = "closed" // a book whose LPJ is verified, and its notas
	waits    = "waits"  // a letter whose time has not come
)

func states[S ~string](list ...S) []string {
	var s []string
	for _, r := range list {
		s = append(s, string(r))
	}
	return s
}

// permits is who may do what to which record in which state; what is not in it nobody may. Whose recipient a record must be
// of is Who.theirs' to say.
var permits = sync.OnceValue(func() map[deed]permit {
	all := states(store.Unfinished, store.Submitted, store.Returned, store.Verified, store.Cancelled)
	counted := states(store.Submitted, store.Returned, store.Verified)
	drafting := append(states(store.ReportDrafted, store.ReportReturned), none)
	working := append(states(store.ReportSent), drafting...)
	signing := states(store.ReportVerified, store.ReportSigned, store.ReportUploaded, store.ReportAccepted)
	reported := slices.Concat(working, signing, states(store.ReportRefused))
	return map[deed]permit{
		seeNota:    {roles(group, mentors, field), anyHand, append(all, closed)},
		finishNota: {roles(officers, mentors), anyHand, states(store.Unfinished)},
		changeNota: {roles(officers, mentors), anyHand, counted},
		voidNota:   {roles(officers, mentors), anyHand, counted},
		verifyNota: {roles(mentors, field), noHand, states(store.Submitted)},
		returnNota: {roles(mentors, field), noHand, states(store.Submitted, store.Verified)},
		undoNota:   {roles(mentors, field), ownHand, states(store.Returned, store.Verified)},
		objectNota: {group, noHand, append(counted, closed)},

		proposePlan:  {roles(officers, mentors), anyHand, []string{none, proposed}},
		withdrawPlan: {roles(officers, mentors), anyHand, []string{proposed}},
		decidePlan:   {roles(mentors, field), noHand, []string{proposed}},

		approveBook: {[]store.Role{store.Chair, store.Owner}, anyHand, []string{none}},
		signBook:    {mentors, anyHand, []string{none}},
		checkPaper:  {roles(mentors, field), noHand, []string{open}},

		enterBook: {roles(officers, mentors), anyHand, []string{open}},

		seeReport:    {roles(group, mentors, field), anyHand, reported},
		writeReport:  {roles(officers, mentors), anyHand, working},
		adviseReport: {mentors, anyHand, working},
		takeAdvice:   {officers, noHand, working},
		sendReport:   {roles(officers, mentors), anyHand, drafting},
		decideReport: {roles(mentors, field), noHand, states(store.ReportSent)},
		reopenReport: {roles(mentors, field), noHand, states(store.ReportVerified, store.ReportSigned)},
		uploadReport: {roles(officers, mentors), anyHand, states(store.ReportSigned)},
		resultReport: {roles(officers, mentors), anyHand, states(store.ReportUploaded)},
		keepPage:     {roles(officers, mentors), anyHand, signing},
		extendReport: {roles(officers, mentors), anyHand, working},
		printReport:  {roles(officers, mentors, field), anyHand, reported},

		answerRemark: {roles(group, mentors, field), ownHand, []string{open}},

		seeVisit:       {roles(mentors, field), anyHand, states(store.VisitPlanned, store.VisitHeld, store.VisitMissed, store.VisitCancelled)},
		logVisit:       {mentors, anyHand, []string{none}},
		planVisit:      {mentors, anyHand, states(store.VisitPlanned)},
		changeVisit:    {mentors, ownHand, states(store.VisitHeld, store.VisitMissed)},
		solveVisit:     {mentors, anyHand, states(store.VisitHeld, store.VisitMissed)},
		confirmVisit:   {officers, noHand, states(store.VisitHeld)},
		askVisit:       {mentors, anyHand, states(store.VisitHeld)},
		recordGrowth:   {mentors, anyHand, []string{none, open}},
		sendLetter:     {mentors, anyHand, []string{none}},
		seeLetter:      {roles(group, mentors, field), ownHand, []string{open}},
		answerLetter:   {roles(group, mentors, field), ownHand, []string{open}},
		moveLetter:     {mentors, ownHand, []string{waits}},
		askHandover:    {roles(mentors, field), anyHand, []string{none}},
		doHandover:     {field, noHand, []string{none}},
		doSecretary:    {roles(mentors, field), anyHand, []string{none}},
		decideHandover: {field, noHand, []string{asked}},

		sendCast:    {field, anyHand, []string{none}},
		agreeCast:   {field, noHand, states(store.BroadcastAsked)},
		seeCast:     {field, ownHand, states(store.BroadcastAsked, store.BroadcastDeclined, store.BroadcastRunning, store.BroadcastPaused, store.BroadcastCancelled, store.BroadcastDone)},
		pauseCast:   {field, ownHand, states(store.BroadcastRunning)},
		resumeCast:  {field, ownHand, states(store.BroadcastPaused)},
		stopCast:    {field, ownHand, states(store.BroadcastRunning, store.BroadcastPaused)},
		correctCast: {field, ownHand, states(store.BroadcastRunning, store.BroadcastPaused, store.BroadcastDone)},
		followCast:  {field, ownHand, states(store.BroadcastDone)},

		decideData: {field, noHand, []string{open}},
	}
})

// may tells whether a person may do something to a record in that state, which those persons had a hand in.
func (w Who) may(d deed, state string, hands ...store.ID) bool {
	p := permits()[d]
	if !slices.Contains(p.roles, w.Role) || !slices.Contains(p.states, state) {
		return false
	}
	own := slices.ContainsFunc(hands, w.is)
	return p.hand == anyHand || (p.hand == ownHand) == own
}

// is tells whether a person is this one, in whatever role: an account may be several.
func (w Who) is(id store.ID) bool {
	if id == w.ID {
		return true
	}
	return w.Account != nil && slices.ContainsFunc(w.Account.People, func(p store.Person) bool { return p.ID == id })
}

// mayNota is may for a nota.
func (w Who) mayNota(d deed, r store.Receipt) bool {
	hands := append(slices.Clone(r.Hands), r.By)
	if d == undoNota {
		hands = []store.ID{r.Review.By}
	}
	state := string(r.State)
	if r.Locked {
		state = closed
	}
	return w.may(d, state, hands...)
}

// shut is the state of a recipient's book.
func shut(of store.Recipient) string {
	if of.Closed {
		return closed
	}
	return open
}

// enters tells whether somebody may add to a nota, or change it.
func (w Who) enters(r store.Receipt) bool {
	return w.mayNota(finishNota, r) || w.mayNota(changeNota, r)
}
