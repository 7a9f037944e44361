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
	doHandover     deed = "hand.do" // at once; the recipient's mentor has a hand in it
	decideHandover deed = "hand.decide"
	agreeHandover  deed = "hand.agree"   // for the group; also refuse
	objectHandover deed = "hand.object"  // "bukan kami": it is stopped, and the coordinators hear of it
	inviteMember   deed = "hand.invite"  // the ketua, anew, by her own word
	settleHandover deed = "hand.settle"  // what was objected to: it stands, or is taken back
	admitPerson    deed = "person.admit" // say that an account is the invited person's; also that it is not
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
	noHand              // only who had none in it, nor a sponsor who had: separation of duties
	notOwn              // only who had none in it, whatever their sponsors had: a word against a record, or that binds nobody else
	ownHand             // only who did it
)

// permit says who may do something to a record in which states, and why.
type permit struct {
	roles  []store.Role
	hand   hand
	states []string
	why    string // one person can't complete a fraud with it: a record that the same person entered or caused is never verified
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
		seeNota: {roles(group, mentors, field), anyHand, append(all, closed),
			"It only shows."},
		finishNota: {roles(officers, mentors), anyHand, states(store.Unfinished),
			"What is entered waits for a reviewer who had no hand in it."},
		changeNota: {roles(officers, mentors), anyHand, counted,
			"Whoever changes it joins its hands, and it waits for a reviewer again."},
		voidNota: {roles(officers, mentors), anyHand, counted,
			"It takes money out of the book and keeps the number and the reason, so nothing is made up with it."},
		verifyNota: {roles(mentors, field), noHand, states(store.Submitted),
			"The reviewer is none of its hands, and no sponsor of theirs."},
		returnNota: {roles(mentors, field), noHand, states(store.Submitted, store.Verified),
			"It only sends a nota back; the reviewer is none of its hands."},
		undoNota: {roles(mentors, field), ownHand, states(store.Returned, store.Verified),
			"It takes back the person's own decision, and the nota waits again."},
		objectNota: {group, notOwn, append(counted, closed),
			"It raises a doubt; nobody objects to their own, and another one answers."},

		proposePlan: {roles(officers, mentors), anyHand, []string{none, proposed},
			"A proposal binds nobody until somebody without a hand in it decides."},
		withdrawPlan: {roles(officers, mentors), anyHand, []string{proposed},
			"It only ends a proposal."},
		decidePlan: {roles(mentors, field), noHand, []string{proposed},
			"Who decides is none of its hands, and no sponsor of theirs."},

		approveBook: {[]store.Role{store.Chair, store.Owner}, notOwn, []string{none},
			"It is the word of who answers for the book and verified nothing in it; it carries on whose proposal they have the office."},
		signBook: {mentors, anyHand, []string{none},
			"A signature on paper counts only after somebody else has checked it."},
		checkPaper: {roles(mentors, field), noHand, []string{open},
			"Who checks it did not enter it."},

		enterBook: {roles(officers, mentors), anyHand, []string{open},
			"What is entered names its author; the LPJ that has it is verified by none of its authors."},

		seeReport: {roles(group, mentors, field), anyHand, reported,
			"It only shows."},
		writeReport: {roles(officers, mentors), anyHand, working,
			"Every author joins the hands of the LPJ, also after it was sent."},
		adviseReport: {mentors, anyHand, working,
			"Words of advice count only when somebody of the group takes them."},
		takeAdvice: {officers, notOwn, working,
			"Whoever takes it becomes the author, and nobody takes their own."},
		sendReport: {roles(officers, mentors), anyHand, drafting,
			"Sending it asks for a reviewer who had no hand in it."},
		decideReport: {roles(mentors, field), noHand, states(store.ReportSent),
			"Who decides is none of its hands, and no sponsor of theirs; its notas were verified one by one."},
		reopenReport: {roles(mentors, field), noHand, states(store.ReportVerified, store.ReportSigned),
			"It undoes a verification: all is looked at again."},
		uploadReport: {roles(officers, mentors), anyHand, states(store.ReportSigned),
			"It notes a number that the ministry can look up."},
		resultReport: {roles(officers, mentors), anyHand, states(store.ReportUploaded),
			"It notes the PPK's word, which the ministry has in writing."},
		keepPage: {roles(officers, mentors), anyHand, signing,
			"It adds a picture to what is verified already."},
		extendReport: {roles(officers, mentors), anyHand, working,
			"It names the letter that grants it; a late LPJ is taken all the same."},
		printReport: {roles(officers, mentors, field), anyHand, reported,
			"It only prints what is there, with a code that anybody can check."},

		answerRemark: {roles(group, mentors, field), ownHand, []string{open},
			"An answer changes no state of what it is about."},

		seeVisit: {roles(mentors, field), anyHand, states(store.VisitPlanned, store.VisitHeld, store.VisitMissed, store.VisitCancelled),
			"It only shows."},
		logVisit: {mentors, anyHand, []string{none},
			"A visit is confirmed by an officer of the group who is not its mentor, nor officer on her proposal."},
		planVisit: {mentors, anyHand, states(store.VisitPlanned),
			"A plan counts as nothing until the visit is logged and confirmed."},
		changeVisit: {mentors, ownHand, states(store.VisitHeld, store.VisitMissed),
			"When what was confirmed changes, the group is asked anew."},
		solveVisit: {mentors, anyHand, states(store.VisitHeld, store.VisitMissed),
			"It closes the mentor's own follow-up; the visit's word stays the group's."},
		confirmVisit: {officers, noHand, states(store.VisitHeld),
			"Who confirms it did not log it, has not the office on the proposal of who did, and nobody proposed both."},
		askVisit: {mentors, anyHand, states(store.VisitHeld),
			"It only asks again."},
		recordGrowth: {mentors, anyHand, []string{none, open},
			"Figures of the business are nobody's proof: nothing is paid or verified by them."},
		sendLetter: {mentors, anyHand, []string{none},
			"A letter is words from one to another."},
		seeLetter: {roles(group, mentors, field), ownHand, []string{open},
			"It only shows."},
		answerLetter: {roles(group, mentors, field), ownHand, []string{open},
			"An answer is words from one to another."},
		moveLetter: {mentors, ownHand, []string{waits},
			"It only moves the person's own letter."},
		askHandover: {roles(mentors, field), anyHand, []string{none},
			"A request changes nothing until the group, or a coordinator who had no hand in it, agrees."},
		doHandover: {field, noHand, []string{none},
			"It stands for the programme's word alone: the group agrees too where anybody of it is bound, and who asked is sponsor of who comes."},
		decideHandover: {field, noHand, []string{asked},
			"Who decides neither asked, comes nor goes; the invitation goes to the group, or makes its holder a sponsor."},
		agreeHandover: {group, noHand, []string{asked},
			"Who agrees neither asked, comes nor goes, and has not the office on the asker's proposal."},
		objectHandover: {roles(group, mentors), notOwn, []string{string(store.HandoverDone)},
			"It only stops a newcomer and marks what they entered: nobody gets an office back by it, until somebody else settles it."},
		inviteMember: {[]store.Role{store.Chair}, noHand, []string{none},
			"Only who is not bound is invited, the group and the mentor are told, and a ketua with sponsors asks for another's word."},
		settleHandover: {roles([]store.Role{store.Chair}, field), noHand, []string{string(store.HandoverObjected)},
			"Who settles it neither asked, comes, goes nor objected; an invitation makes its holder a sponsor."},

		sendCast: {field, anyHand, []string{none},
			"An announcement is words, and a large one, or several on one day, need a second coordinator."},
		agreeCast: {field, noHand, states(store.BroadcastAsked),
			"Who agrees did not write it."},
		seeCast: {field, ownHand, states(store.BroadcastAsked, store.BroadcastDeclined, store.BroadcastRunning, store.BroadcastPaused, store.BroadcastCancelled, store.BroadcastDone),
			"It only shows."},
		pauseCast: {field, ownHand, states(store.BroadcastRunning),
			"It only holds the person's own announcement."},
		resumeCast: {field, ownHand, states(store.BroadcastPaused),
			"It only goes on with what was agreed."},
		stopCast: {field, ownHand, states(store.BroadcastRunning, store.BroadcastPaused),
			"It only ends the person's own announcement."},
		correctCast: {field, ownHand, states(store.BroadcastRunning, store.BroadcastPaused, store.BroadcastDone),
			"It changes the person's own words, and both stay in the trail."},
		followCast: {field, ownHand, states(store.BroadcastDone),
			"It only says again what was agreed."},
		admitPerson: {field, noHand, []string{open},
			"Who says so was not given the code, and becomes a sponsor: they verify nothing that the admitted person enters."},

		decideData: {field, noHand, []string{open},
			"Nobody answers their own request, and an answer verifies no record of a group."},
	}
})

// may tells whether a person may do something to a record in that state, which those persons had a hand in.
func (w Who) may(d deed, state string, hands ...store.ID) bool {
	p := permits()[d]
	if !slices.Contains(p.roles, w.Role) || !slices.Contains(p.states, state) {
		return false
	}
	own := slices.ContainsFunc(hands, w.is)
	switch p.hand {
	case anyHand:
		return true
	case ownHand:
		return own
	case notOwn:
		return !own
	}
	return !own && !slices.ContainsFunc(w.sponsors(), func(id store.ID) bool { return slices.Contains(hands, id) })
}

// mayBy is may for a record of which only the author is kept, here with all persons of the author's account. Where nobody with a hand in
// it may, the author's sponsors may not either.
func (w Who) mayBy(d deed, state string, by Who) bool {
	if permits()[d].hand != noHand {
		return w.may(d, state, by.ID)
	}
	return w.may(d, state, by.marks()...)
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
	hands := withHands(withHands(r.Hands, r.By), r.Sponsors...)
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
