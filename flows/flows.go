// Package flows is every conversation, one file each. It decides and writes records; it never sends, sleeps or logs.
package flows

import (
	"context"
	"slices"
	"sync"

	"pendamping/flows/form"
	"pendamping/store"
)

// Flow is one thing people do with the bot: a conversation (Open) or a screen (Show), or both. The table All is the menu,
// the routing and the permissions.
type Flow struct {
	Name    string       // in button data; its words are menu.NAME
	Command string       // as typed after the slash, "" for none
	Roles   []store.Role // who may; empty is everybody who has joined
	Home    bool         // has a place on the home keyboard
	// Open begins the conversation about something ("" is something new), or goes on with it.
	Open func(ctx context.Context, tx store.Tx, who Who, about string) (form.Form, error)
	// Show makes the screen; arg is what the button or the command said.
	Show func(ctx context.Context, tx store.Tx, who Who, arg string) (form.Screen, error)
	// Do decides something, or shows what hangs on the session; arg is what the button or the command said. An update that
	// comes again does nothing more.
	Do func(t *turn, arg string) error
	// Shown takes what was said with the picture that began the conversation, and returns what to say of it first.
	Shown func(t *turn) ([]store.Text, error)
	// Heard says what words were taken for, where the next question does not.
	Heard func(t *turn, before form.State, f form.Form, next form.Screen) ([]store.Text, error)
	// Ended learns that a conversation has ended, and about what it was.
	Ended func(t *turn, in form.State) error
	// Next begins what waits in the queue for a conversation to end. One flow has a queue.
	Next func(t *turn) error
	// Albums is set where the pictures of an album are taken one by one, and get one answer.
	Albums bool
	// Decides reports whether a button of it answers what its card asks; nil is none.
	Decides func(arg string) bool
}

// Who may do what, in words.
var (
	officers = []store.Role{store.Chair, store.Secretary, store.Treasurer, store.Owner}
	group    = []store.Role{store.Chair, store.Secretary, store.Treasurer, store.Owner, store.Member}
	mentors  = []store.Role{store.Mentor}
	field    = []store.Role{store.Coordinator}
)

func roles(sets ...[]store.Role) []store.Role { return slices.Concat(sets...) }

// made is All, made once: many an update looks into it several times.
var made struct {
	sync.Once
	flows []Flow
}

// All is the menu, the routing and the permissions. Nobody changes it.
func All() []Flow {
	made.Do(func() { made.flows = all() })
	return made.flows
}

func all() []Flow {
	return []Flow{
		{Name: "tugas", Command: "tugas", Roles: mentors, Home: true, Show: taskList},
		{Name: "pengingat", Command: "pengingat", Roles: officers, Show: reminderSettings},
		{Name: "tinjau", Command: "tinjau", Roles: roles(mentors, field), Home: true, Do: (*turn).review},
		{Name: "desk", Roles: roles(mentors, field), Show: desk},
		{Name: "verify", Roles: roles(mentors, field), Do: (*turn).verify, Decides: always},
		{Name: "reasons", Roles: roles(mentors, field), Show: reasonsOf, Decides: always},
		{Name: "give", Roles: roles(mentors, field), Do: (*turn).giveBack},
		{Name: "return", Roles: roles(mentors, field), Open: returning},
		{Name: "ask", Roles: roles(mentors, field), Open: asking},
		{Name: "skip", Roles: roles(mentors, field), Do: (*turn).skip},
		{Name: "undo", Roles: roles(mentors, field), Do: (*turn).undo},
		{Name: "alike", Roles: roles(mentors, field), Do: (*turn).alike},
		{Name: "kelompok", Command: "kelompok", Roles: mentors, Home: true, Show: groups},
		{Name: "kunjungan", Command: "kunjungan", Roles: mentors, Home: true, Do: (*turn).visits},
		{Name: "visit", Roles: mentors, Open: visit},
		{Name: "called", Roles: mentors, Show: called},
		{Name: "visitplan", Roles: mentors, Open: visitPlan},
		{Name: "visitmiss", Roles: mentors, Open: visitMiss},
		{Name: "visitoff", Roles: mentors, Show: visitOff},
		{Name: "visitlog", Roles: mentors, Show: visitLog},
		{Name: "visitfiles", Roles: roles(mentors, field), Do: (*turn).visitFiles},
		{Name: "visitword", Show: visitWord, Decides: always},
		{Name: "visitask", Roles: mentors, Do: (*turn).askAgain},
		{Name: "solve", Roles: mentors, Show: solve},
		{Name: "unsafe", Roles: mentors, Do: (*turn).unsafely},
		{Name: "snapshot", Roles: mentors, Open: snapshot},
		{Name: "initiative", Roles: mentors, Open: initiative},
		{Name: "outcome", Roles: mentors, Open: outcome},
		{Name: "ingatkan", Command: "ingatkan", Roles: mentors, Home: true, Show: nudgeCauses},
		{Name: "nudge", Roles: mentors, Open: nudge},
		{Name: "nudges", Roles: mentors, Show: nudges},
		{Name: "nudgemove", Roles: mentors, Open: nudgeMove},
		{Name: "nudgestop", Roles: mentors, Show: nudgeStop},
		{Name: "nudgetext", Roles: mentors, Do: (*turn).nudgeText},
		{Name: "rekap", Command: "rekap", Roles: mentors, Do: (*turn).recap},
		{Name: "nota", Command: "nota", Roles: roles(group, mentors), Home: true, Show: receiptList},
		{Name: "n", Roles: roles(group, mentors, field), Show: receiptCard},
		{Name: "receipt", Roles: roles(officers, mentors), Open: receipt, Shown: (*turn).describe, Heard: (*turn).heard, Ended: (*turn).ended, Next: (*turn).nextInQueue},
		{Name: "void", Roles: roles(officers, mentors), Open: void, Ended: (*turn).ended},
		{Name: "saldo", Command: "saldo", Roles: roles(group, mentors), Home: true, Show: balance},
		{Name: "kas", Command: "kas", Roles: roles(officers, mentors), Home: true, Show: book},
		{Name: "entry", Roles: roles(officers, mentors), Open: entry},
		{Name: "k", Roles: roles(officers, mentors), Show: entryCard},
		{Name: "proof", Roles: roles(officers, mentors), Do: (*turn).showProof},
		{Name: "strike", Roles: roles(officers, mentors), Open: strike},
		{Name: "rab", Command: "rab", Roles: roles(group, mentors), Home: true, Show: plan},
		{Name: "planchange", Roles: roles(officers, mentors), Open: planChange},
		{Name: "planback", Roles: roles(officers, mentors), Show: planBack},
		{Name: "plan", Roles: roles(mentors, field), Show: planAgree, Decides: withVersion},
		{Name: "plandecline", Roles: roles(mentors, field), Open: planDecline, Do: (*turn).declining, Decides: always},
		{Name: "approve", Roles: roles(officers, mentors), Show: approve},
		{Name: "paper", Roles: mentors, Open: signed},
		{Name: "papercheck", Roles: roles(mentors, field), Show: paperCheck, Decides: always},
		{Name: "paperwrong", Roles: roles(mentors, field), Open: paperWrong, Decides: always},
		{Name: "object", Roles: group, Open: object},
		{Name: "remark", Open: remark},
		{Name: "lpj", Command: "lpj", Roles: roles(group, mentors), Home: true, Do: (*turn).lpj},
		{Name: "lpjcek", Command: "lpj", Roles: field, Show: fieldReports},
		{Name: "parts", Roles: roles(group, mentors), Do: (*turn).narrative},
		{Name: "chapter", Roles: roles(officers, mentors), Open: chapter},
		{Name: "advise", Roles: mentors, Open: advise},
		{Name: "take", Roles: officers, Show: take},
		{Name: "annexes", Roles: roles(officers, mentors), Show: annexes},
		{Name: "annex", Roles: roles(officers, mentors), Open: annex},
		{Name: "lpjprint", Roles: roles(officers, mentors, field), Do: (*turn).printLPJ},
		{Name: "lpjagain", Roles: roles(officers, mentors, field), Do: (*turn).printAgain},
		{Name: "lpjsend", Roles: roles(officers, mentors), Show: sendLPJ},
		{Name: "lpjcard", Roles: roles(mentors, field), Show: reportCard},
		{Name: "lpjverify", Roles: roles(mentors, field), Show: verifyLPJ, Decides: always},
		{Name: "lpjreturn", Roles: roles(mentors, field), Open: returnLPJ, Decides: always},
		{Name: "lpjreopen", Roles: roles(mentors, field), Open: reopenLPJ},
		{Name: "lpjupload", Roles: roles(officers, mentors), Open: uploadLPJ},
		{Name: "lpjresult", Roles: roles(officers, mentors), Open: resultLPJ},
		{Name: "serahterima", Command: "serahterima", Roles: roles(mentors, field), Home: true, Show: handovers},
		{Name: "find", Roles: field, Open: search},
		{Name: "move", Roles: roles(mentors, field), Open: move},
		{Name: "leave", Roles: roles(mentors, field), Open: leave},
		{Name: "officer", Roles: roles(mentors, field), Open: officer},
		{Name: "phone", Roles: roles(mentors, field), Open: phone},
		{Name: "reinvite", Roles: roles([]store.Role{store.Chair}, mentors, field), Show: reinvite},
		{Name: "undang", Command: "undang", Roles: []store.Role{store.Chair}, Show: unjoined},
		{Name: "handover", Roles: field, Show: handover, Decides: withVersion},
		{Name: "decline", Roles: field, Open: decline, Decides: always},
		{Name: "agree", Show: agreeHand, Decides: always},
		{Name: "settle", Show: settleHand, Decides: withVersion},
		{Name: "notus", Do: (*turn).notUs},
		{Name: "admit", Roles: field, Do: (*turn).admit, Decides: always},
		{Name: "refuse", Roles: field, Do: (*turn).refuse, Decides: always},
		{Name: "claim", Roles: field, Do: (*turn).seeClaim},
		{Name: "reply", Roles: roles(group, mentors, field), Open: letterReply},
		{Name: "thanks", Roles: mentors, Show: thank},
		{Name: "thread", Roles: roles(group, mentors, field), Show: thread},
		{Name: "complaint", Command: "lapor", Roles: group, Home: true, Open: complaint},
		{Name: "progres", Command: "progres", Roles: field, Home: true, Do: (*turn).field},
		{Name: "laporan", Command: "laporan", Roles: field, Home: true, Show: complaints},
		{Name: "answer", Roles: field, Open: complaintAnswer},
		{Name: "umumkan", Command: "umumkan", Roles: field, Home: true, Open: announce, Albums: true},
		{Name: "cast", Roles: field, Show: casts},
		{Name: "castsee", Roles: field, Show: castSee, Decides: always},
		{Name: "castyes", Roles: field, Do: (*turn).agreeCast, Decides: always},
		{Name: "castno", Roles: field, Open: castNo, Decides: always},
		{Name: "jeda", Command: "jeda", Roles: field, Do: (*turn).pauseCast},
		{Name: "lanjut", Command: "lanjut", Roles: field, Do: (*turn).resumeCast},
		{Name: "caststop", Roles: field, Do: (*turn).stopCast},
		{Name: "castfix", Roles: field, Open: castFix},
		{Name: "castrecall", Roles: field, Do: (*turn).recallCast},
		{Name: "castretry", Roles: field, Do: (*turn).retryCast},
		{Name: "castnudge", Roles: field, Do: (*turn).nudgeCast},
		{Name: "castsheet", Roles: field, Do: (*turn).sheetCast},
		{Name: "casthand", Roles: field, Do: (*turn).handCast},
		{Name: "paham", Do: (*turn).understood, Decides: always},
		{Name: "tanya", Open: wonder},
		{Name: "akar", Command: "akar", Roles: field, Show: rootSettings},
		{Name: "peran", Command: "peran", Show: rolesScreen},
		{Name: "bantuan", Command: "bantuan", Home: true, Show: help},
		{Name: "bahasa", Command: "bahasa", Show: languages},
		{Name: "privasi", Command: "privasi", Show: privacy, Decides: withdraws},
		{Name: "erase", Open: erase},
		{Name: "correct", Open: correct},
		{Name: "request", Roles: field, Show: dataRequests},
		{Name: "requestdo", Roles: field, Show: decideRequest, Decides: always},
		{Name: "requestsay", Roles: field, Open: requestAnswer},
		{Name: "requestgone", Roles: field, Open: eraseRequested, Decides: always},
	}
}

// Command is a line of a role's menu in Telegram: what to type, and the id of what it does.
type Command struct{ Name, What string }

// Commands are a role's menu in Telegram.
func Commands(r store.Role) []Command {
	list := []Command{{"start", "command.start"}}
	for _, f := range Menu(r) {
		list = append(list, Command{f.Command, "command." + f.Name})
	}
	return append(list, Command{"batal", "command.batal"})
}

// Menu are the flows that a role has a command for, in order.
func Menu(r store.Role) []Flow {
	var list []Flow
	for _, f := range All() {
		if f.Command != "" && f.allows(r) {
			list = append(list, f)
		}
	}
	return list
}

func (f Flow) allows(r store.Role) bool { return len(f.Roles) == 0 || slices.Contains(f.Roles, r) }

// find looks a flow up among those that the person may use.
func (t *turn) find(is func(Flow) bool) (Flow, bool) {
	for _, f := range t.flows {
		if f.allows(t.who.Role) && is(f) {
			return f, true
		}
	}
	return Flow{}, false
}

// conversation looks one up by its name.
func (t *turn) conversation(name string) (Flow, bool) {
	return t.find(func(f Flow) bool { return f.Name == name && f.Open != nil })
}

// entire is a limit beyond the records of any recipient: the whole list is read.
const entire = 1_000_000
