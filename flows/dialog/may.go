package dialog

import (
	"slices"
	"sync"

	"pendamping/store"
)

// Deed is something that is done to a record.
type Deed string

// The deeds, by what they are done to.
const (
	seeNota     Deed = "nota.see"
	FinishNota  Deed = "nota.finish"  // answer what is missing, put aside, give up
	RestoreNota Deed = "nota.restore" // bring back what was given up before it was sent
	ChangeNota  Deed = "nota.change"  // also add a page
	VoidNota    Deed = "nota.void"
	VerifyNota  Deed = "nota.verify" // or ask about
	ReturnNota  Deed = "nota.return" // to be mended; also what was verified, when an objection or a second look says so
	UndoNota    Deed = "nota.undo"   // take back one's own decision
	ObjectNota  Deed = "nota.object"

	ProposePlan  Deed = "plan.propose"
	WithdrawPlan Deed = "plan.withdraw"
	DecidePlan   Deed = "plan.decide"

	ApproveBook Deed = "book.approve" // the one who answers for the book
	SignBook    Deed = "book.sign"    // enter that one's signature on paper
	CheckPaper  Deed = "book.check"   // look at such a signature

	EnterBook Deed = "book.enter" // begin a nota, enter a movement, propose or decide a plan

	SeeReport    Deed = "report.see"
	WriteReport  Deed = "report.write"  // its parts, and the pictures of tools and activity
	AdviseReport Deed = "report.advise" // comment on a part, propose other words
	TakeAdvice   Deed = "report.take"   // or leave it
	SendReport   Deed = "report.send"
	DecideReport Deed = "report.decide" // verify or return
	ReopenReport Deed = "report.reopen" // after verification
	UploadReport Deed = "report.upload" // note its number at bizhub
	ResultReport Deed = "report.result" // note what the PPK said
	KeepPage     Deed = "report.page"   // scans of signed pages, where the bound copy is
	ExtendReport Deed = "report.extend" // note that more time was granted
	PrintReport  Deed = "report.print"

	AnswerRemark Deed = "remark.answer" // by whom it was put to

	SeeVisit         Deed = "visit.see"
	LogVisit         Deed = "visit.log"
	PlanVisit        Deed = "visit.plan"    // hold, move or call off one that is planned: the mentor of that day
	ChangeVisit      Deed = "visit.change"  // also say that it never was: who logged it
	SolveVisit       Deed = "visit.solve"   // the follow-up is done
	ConfirmVisit     Deed = "visit.confirm" // or deny
	AskVisit         Deed = "visit.ask"     // the group for its word, once more
	RecordGrowth     Deed = "growth.record" // how a business stands, referrals, ideas and their results
	SendLetter       Deed = "letter.send"
	SeeLetter        Deed = "letter.see"    // the thread of it
	AnswerLetter     Deed = "letter.answer" // by its addressee, or the group's mentor
	MoveLetter       Deed = "letter.move"   // send it at another time, or not at all
	AskHandover      Deed = "hand.ask"
	DoHandover       Deed = "hand.do" // at once; the recipient's mentor has a hand in it
	DecideHandover   Deed = "hand.decide"
	AgreeHandover    Deed = "hand.agree"   // for the group; also refuse
	ObjectHandover   Deed = "hand.object"  // "bukan kami": it is stopped, and the coordinators hear of it
	InviteMember     Deed = "hand.invite"  // the ketua, anew, by her own word
	SettleHandover   Deed = "hand.settle"  // what was objected to: it stands, or is taken back
	AdmitPerson      Deed = "person.admit" // say that an account is the invited person's; also that it is not
	SendBroadcast    Deed = "cast.send"
	AgreeBroadcast   Deed = "cast.agree" // as the second coordinator; also decline
	SeeBroadcast     Deed = "cast.see"
	PauseBroadcast   Deed = "cast.pause"
	ResumeBroadcast  Deed = "cast.resume"
	StopBroadcast    Deed = "cast.stop"
	CorrectBroadcast Deed = "cast.correct" // also take back
	FollowBroadcast  Deed = "cast.follow"  // remind, hand over, send again what is unknown
	DecideData       Deed = "data.decide"  // answer what somebody else asks about their own data
)

// hand says whose deed it is, by who had a hand in the record.
type hand int

const (
	anyHand hand = iota // whoever entered it
	noHand              // only who had none in it, nor a sponsor who had: separation of duties
	// only who had none in it, whatever their sponsors had: a word against a record, or that binds nobody else
	notOwn
	ownHand // only who did it
)

// permit says who may do something to a record in which states, and why.
type permit struct {
	roles  []store.Role
	hand   hand
	States []string
	// one person can't complete a fraud with it: a record that the same person entered or caused is never verified
	Why string
}

// States of what is no nota.
const (
	None     = ""                         // there is no such record yet
	Proposed = string(store.PlanProposed) // a plan
	asked    = string(store.HandoverAsked)
	Open     = "open"   // an approval on paper that nobody looked at, a remark without an answer, a letter, a book
	Closed   = "closed" // a book whose LPJ is verified, and its notas
	Waits    = "waits"  // a letter whose time has not come
)

func states[S ~string](list ...S) []string {
	var s []string
	for _, r := range list {
		s = append(s, string(r))
	}
	return s
}

// Permits is who may do what to which record in which state; what is not in it nobody may. Whose recipient a record
// must be of is for Who.Theirs to say.
var Permits = sync.OnceValue(func() map[Deed]permit {
	all := states(store.Unfinished, store.Submitted, store.Returned, store.Verified, store.Cancelled)
	counted := states(store.Submitted, store.Returned, store.Verified)
	drafting := append(states(store.ReportDrafted, store.ReportReturned), None)
	working := append(states(store.ReportSent), drafting...)
	signing := states(store.ReportVerified, store.ReportSigned, store.ReportUploaded, store.ReportAccepted)
	reported := slices.Concat(working, signing, states(store.ReportRefused))
	return map[Deed]permit{
		seeNota: {Roles(Group, Mentors, Field), anyHand, append(all, Closed),
			"It only shows."},
		FinishNota: {Roles(Officers, Mentors), anyHand, states(store.Unfinished),
			"What is entered waits for a reviewer who had no hand in it."},
		RestoreNota: {Roles(Officers, Mentors), anyHand, states(store.Cancelled),
			"It is unfinished again, as if it had just begun: what is entered waits for a reviewer who had no hand in it."},
		ChangeNota: {Roles(Officers, Mentors), anyHand, counted,
			"Whoever changes it joins its hands, and it waits for a reviewer again."},
		VoidNota: {Roles(Officers, Mentors), anyHand, counted,
			"It takes money out of the book and keeps the number and the reason, so nothing is made up with it."},
		VerifyNota: {Roles(Mentors, Field), noHand, states(store.Submitted),
			"The reviewer is none of its hands, and no sponsor of theirs."},
		ReturnNota: {Roles(Mentors, Field), noHand, states(store.Submitted, store.Verified),
			"It only sends a nota back; the reviewer is none of its hands."},
		UndoNota: {Roles(Mentors, Field), ownHand, states(store.Returned, store.Verified),
			"It takes back the person's own decision, and the nota waits again."},
		ObjectNota: {Group, notOwn, append(counted, Closed),
			"It raises a doubt; nobody objects to their own, and another one answers."},

		ProposePlan: {Roles(Officers, Mentors), anyHand, []string{None, Proposed},
			"A proposal binds nobody until somebody without a hand in it decides."},
		WithdrawPlan: {Roles(Officers, Mentors), anyHand, []string{Proposed},
			"It only ends a proposal."},
		DecidePlan: {Roles(Mentors, Field), noHand, []string{Proposed},
			"Who decides is none of its hands, and no sponsor of theirs."},

		ApproveBook: {[]store.Role{store.Chair, store.Owner}, notOwn, []string{None},
			"It is the word of who answers for the book and verified nothing in it; it carries on whose proposal they have the office."},
		SignBook: {Mentors, anyHand, []string{None},
			"A signature on paper counts only after somebody else has checked it."},
		CheckPaper: {Roles(Mentors, Field), noHand, []string{Open},
			"Who checks it did not enter it."},

		EnterBook: {Roles(Officers, Mentors), anyHand, []string{Open},
			"What is entered names its author; the LPJ that has it is verified by none of its authors."},

		SeeReport: {Roles(Group, Mentors, Field), anyHand, reported,
			"It only shows."},
		WriteReport: {Roles(Officers, Mentors), anyHand, working,
			"Every author joins the hands of the LPJ, also after it was sent."},
		AdviseReport: {Mentors, anyHand, working,
			"Words of advice count only when somebody of the group takes them."},
		TakeAdvice: {Officers, notOwn, working,
			"Whoever takes it becomes the author, and nobody takes their own."},
		SendReport: {Roles(Officers, Mentors), anyHand, drafting,
			"Sending it asks for a reviewer who had no hand in it."},
		DecideReport: {Roles(Mentors, Field), noHand, states(store.ReportSent),
			"Who decides is none of its hands, and no sponsor of theirs; its notas were verified one by one."},
		ReopenReport: {Roles(Mentors, Field), noHand, states(store.ReportVerified, store.ReportSigned),
			"It undoes a verification: all is looked at again."},
		UploadReport: {Roles(Officers, Mentors), anyHand, states(store.ReportSigned),
			"It notes a number that the ministry can look up."},
		ResultReport: {Roles(Officers, Mentors), anyHand, states(store.ReportUploaded),
			"It notes the PPK's word, which the ministry has in writing."},
		KeepPage: {Roles(Officers, Mentors), anyHand, signing,
			"It adds a picture to what is verified already."},
		ExtendReport: {Roles(Officers, Mentors), anyHand, working,
			"It names the letter that grants it; a late LPJ is taken all the same."},
		PrintReport: {Roles(Officers, Mentors, Field), anyHand, reported,
			"It only prints what is there, with a code that anybody can check."},

		AnswerRemark: {Roles(Group, Mentors, Field), ownHand, []string{Open},
			"An answer changes no state of what it is about."},

		SeeVisit: {Roles(Mentors, Field), anyHand, states(store.VisitPlanned, store.VisitHeld, store.VisitMissed,
			store.VisitCancelled),
			"It only shows."},
		LogVisit: {Mentors, anyHand, []string{None},
			"A visit is confirmed by an officer of the group who is not its mentor, nor officer on her proposal."},
		PlanVisit: {Mentors, anyHand, states(store.VisitPlanned),
			"A plan counts as nothing until the visit is logged and confirmed."},
		ChangeVisit: {Mentors, ownHand, states(store.VisitHeld, store.VisitMissed),
			"When what was confirmed changes, the group is asked anew."},
		SolveVisit: {Mentors, anyHand, states(store.VisitHeld, store.VisitMissed),
			"It closes the mentor's own follow-up; the visit's word stays the group's."},
		ConfirmVisit: {Officers, noHand, states(store.VisitHeld),
			"Who confirms it did not log it, has not the office on the proposal of who did, and nobody proposed both."},
		AskVisit: {Mentors, anyHand, states(store.VisitHeld),
			"It only asks again."},
		RecordGrowth: {Mentors, anyHand, []string{None, Open},
			"Figures of the business are nobody's proof: nothing is paid or verified by them."},
		SendLetter: {Mentors, anyHand, []string{None},
			"A letter is words from one to another."},
		SeeLetter: {Roles(Group, Mentors, Field), ownHand, []string{Open},
			"It only shows."},
		AnswerLetter: {Roles(Group, Mentors, Field), ownHand, []string{Open},
			"An answer is words from one to another."},
		MoveLetter: {Mentors, ownHand, []string{Waits},
			"It only moves the person's own letter."},
		AskHandover: {Roles(Mentors, Field), anyHand, []string{None},
			"A request changes nothing until the group, or a coordinator who had no hand in it, agrees."},
		DoHandover: {Field, noHand, []string{None},
			"It stands for the programme's word alone: the group agrees too where anybody of it is bound, and who asked is sponsor of who comes."},
		DecideHandover: {Field, noHand, []string{asked},
			"Who decides neither asked, comes nor goes; the invitation goes to the group, or makes its holder a sponsor."},
		AgreeHandover: {Group, noHand, []string{asked},
			"Who agrees neither asked, comes nor goes, and has not the office on the asker's proposal."},
		ObjectHandover: {Roles(Group, Mentors), notOwn, []string{string(store.HandoverDone)},
			"It only stops a newcomer and marks what they entered: nobody gets an office back by it, until somebody else settles it."},
		InviteMember: {[]store.Role{store.Chair}, noHand, []string{None},
			"Only who is not bound is invited, the group and the mentor are told, and a ketua with sponsors asks for another's word."},
		SettleHandover: {Roles([]store.Role{store.Chair}, Field), noHand, []string{string(store.HandoverObjected)},
			"Who settles it neither asked, agreed, did it, comes, goes nor objected; an invitation makes its holder a sponsor."},

		SendBroadcast: {Field, anyHand, []string{None},
			"An announcement is words, and a large one, or several on one day, need a second coordinator."},
		AgreeBroadcast: {Field, noHand, states(store.BroadcastAsked),
			"Who agrees did not write it."},
		SeeBroadcast: {Field, ownHand, states(store.BroadcastAsked, store.BroadcastDeclined, store.BroadcastRunning,
			store.BroadcastPaused, store.BroadcastCancelled, store.BroadcastDone),
			"It only shows."},
		PauseBroadcast: {Field, ownHand, states(store.BroadcastRunning),
			"It only holds the person's own announcement."},
		ResumeBroadcast: {Field, ownHand, states(store.BroadcastPaused),
			"It only goes on with what was agreed."},
		StopBroadcast: {Field, ownHand, states(store.BroadcastRunning, store.BroadcastPaused),
			"It only ends the person's own announcement."},
		CorrectBroadcast: {Field, ownHand, states(store.BroadcastRunning, store.BroadcastPaused, store.BroadcastDone),
			"It changes the person's own words, and both stay in the trail."},
		FollowBroadcast: {Field, ownHand, states(store.BroadcastDone),
			"It only says again what was agreed."},
		AdmitPerson: {Field, noHand, []string{Open},
			"Who says so was not given the code, and becomes a sponsor: they verify nothing that the admitted person enters."},

		DecideData: {Field, noHand, []string{Open},
			"Nobody answers their own request, and an answer verifies no record of a group."},
	}
})

// May tells whether a person may do something to a record in that state, which those persons had a hand in.
func (w Who) May(d Deed, state string, hands ...store.ID) bool {
	p := Permits()[d]
	if !slices.Contains(p.roles, w.Role) || !slices.Contains(p.States, state) {
		return false
	}
	own := slices.ContainsFunc(hands, w.Is)
	switch p.hand {
	case anyHand:
		return true
	case ownHand:
		return own
	case notOwn:
		return !own
	}
	return !own && !slices.ContainsFunc(w.EverySponsor(), func(id store.ID) bool { return slices.Contains(hands, id) })
}

// MayBy is may for a record of which only the author is kept, here with all persons of the author's account. Where
// nobody with a hand in it may, the author's sponsors may not either.
func (w Who) MayBy(d Deed, state string, by Who) bool {
	if Permits()[d].hand != noHand {
		return w.May(d, state, by.ID)
	}
	return w.May(d, state, by.SelfAndProposers()...)
}

// Is tells whether a person is this one, in whatever role: an account may be several.
func (w Who) Is(id store.ID) bool {
	if id == w.ID {
		return true
	}
	return w.Account != nil && slices.ContainsFunc(w.Account.People, func(p store.Person) bool { return p.ID == id })
}

// MayNota is may for a nota.
func (w Who) MayNota(d Deed, r store.Receipt) bool {
	hands := WithHands(WithHands(r.Hands, r.By), r.Sponsors...)
	if d == UndoNota {
		hands = []store.ID{r.Review.By}
	}
	state := string(r.State)
	if r.Locked {
		state = Closed
	}
	return w.May(d, state, hands...)
}

// Shut is the state of a recipient's book.
func Shut(of store.Recipient) string {
	if of.Closed {
		return Closed
	}
	return Open
}

// Enters tells whether somebody may add to a nota, or change it.
func (w Who) Enters(r store.Receipt) bool {
	return w.MayNota(FinishNota, r) || w.MayNota(ChangeNota, r)
}
