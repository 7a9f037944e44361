// Package flows routes every event to its conversation: All is the table of them, Turn the way through it. What happens
// in a conversation, its room below decides and writes down. No flow sends, sleeps or logs.
package flows

import (
	"sync"

	"pendamping/flows/approval"
	"pendamping/flows/broadcast"
	"pendamping/flows/budget"
	"pendamping/flows/cash"
	"pendamping/flows/complaint"
	"pendamping/flows/dialog"
	"pendamping/flows/handover"
	"pendamping/flows/join"
	"pendamping/flows/letter"
	"pendamping/flows/lpj"
	"pendamping/flows/nudge"
	"pendamping/flows/objection"
	"pendamping/flows/privacy"
	"pendamping/flows/progress"
	"pendamping/flows/recap"
	"pendamping/flows/receipt"
	"pendamping/flows/remind"
	"pendamping/flows/review"
	"pendamping/flows/visit"
	"pendamping/store"
)

// made is All, made once: many an update looks into it several times.
var made struct {
	sync.Once
	flows []dialog.Flow
}

// All is the menu, the routing and the permissions. Nobody changes it.
func All() []dialog.Flow {
	made.Do(func() { made.flows = all() })
	return made.flows
}

func all() []dialog.Flow {
	var (
		reviewers   = dialog.Roles(dialog.Mentors, dialog.Field)
		bookkeepers = dialog.Roles(dialog.Officers, dialog.Mentors)
		readers     = dialog.Roles(dialog.Group, dialog.Mentors)
		printers    = dialog.Roles(dialog.Officers, dialog.Mentors, dialog.Field)
		inviters    = dialog.Roles([]store.Role{store.Chair}, dialog.Mentors, dialog.Field)
		everyone    = dialog.Roles(dialog.Group, dialog.Mentors, dialog.Field)
	)
	return []dialog.Flow{
		{Name: "tugas", Command: "tugas", Roles: dialog.Mentors, Home: dialog.Mentors, Do: remind.TaskList},
		{Name: "pengingat", Command: "pengingat", Roles: dialog.Officers, Do: remind.Settings},
		{Name: "tinjau", Command: "tinjau", Roles: reviewers, Home: reviewers, Do: review.Start, Once: true},
		{Name: "desk", Roles: reviewers, Do: review.Desk},
		{Name: "verify", Roles: reviewers, Do: review.Verify, Once: true, Decides: dialog.Always},
		{Name: "reasons", Roles: reviewers, Do: review.ReasonsOf, Decides: dialog.Always},
		{Name: "give", Roles: reviewers, Do: review.GiveBack, Once: true},
		{Name: "return", Roles: reviewers, Open: review.Returning},
		{Name: "ask", Roles: reviewers, Open: review.Asking},
		{Name: "skip", Roles: reviewers, Do: review.Skip, Once: true},
		{Name: "undo", Roles: reviewers, Do: review.Undo, Once: true},
		{Name: "alike", Roles: reviewers, Do: review.Alike, Once: true},
		{Name: "kelompok", Command: "kelompok", Roles: dialog.Mentors, Home: dialog.Mentors, Do: budget.Groups},
		{Name: "kunjungan", Command: "kunjungan", Roles: dialog.Mentors, Home: dialog.Mentors, Do: visit.List, Once: true},
		{Name: "visit", Roles: dialog.Mentors, Open: visit.Enter},
		{Name: "called", Roles: dialog.Mentors, Do: visit.Called},
		{Name: "visitplan", Roles: dialog.Mentors, Open: visit.Plan},
		{Name: "visitmiss", Roles: dialog.Mentors, Open: visit.Miss},
		{Name: "visitoff", Roles: dialog.Mentors, Do: visit.CallOff},
		{Name: "visitlog", Roles: dialog.Mentors, Do: visit.History},
		{Name: "visitfiles", Roles: reviewers, Do: visit.Files, Once: true},
		{Name: "visitword", Do: visit.Word, Decides: dialog.Always},
		{Name: "visitask", Roles: dialog.Mentors, Do: visit.AskAgain, Once: true},
		{Name: "solve", Roles: dialog.Mentors, Do: visit.Solve},
		{Name: "unsafe", Roles: dialog.Mentors, Do: visit.Unsafely, Once: true},
		{Name: "snapshot", Roles: dialog.Mentors, Open: visit.Snapshot},
		{Name: "initiative", Roles: dialog.Mentors, Open: visit.Initiative},
		{Name: "outcome", Roles: dialog.Mentors, Open: visit.Outcome},
		{Name: "ingatkan", Command: "ingatkan", Roles: dialog.Mentors, Home: dialog.Mentors, Do: nudge.Causes},
		{Name: "nudge", Roles: dialog.Mentors, Open: nudge.Write},
		{Name: "nudges", Roles: dialog.Mentors, Do: nudge.List},
		{Name: "nudgemove", Roles: dialog.Mentors, Open: nudge.Move},
		{Name: "nudgestop", Roles: dialog.Mentors, Do: nudge.Stop},
		{Name: "nudgetext", Roles: dialog.Mentors, Do: nudge.Text, Once: true},
		{Name: "rekap", Command: "rekap", Roles: dialog.Mentors, Do: recap.Show, Once: true},
		{Name: "nota", Command: "nota", Roles: readers, Home: dialog.Group, Do: receipt.List},
		{Name: "n", Roles: everyone, Do: receipt.Show},
		{
			Name: "receipt", Roles: bookkeepers, Open: receipt.Enter,
			OnPicture: receipt.Describe, Echo: receipt.Echo, Names: receipt.Names, Ended: receipt.Ended,
			Next: receipt.NextInQueue, Numbered: true,
		},
		{Name: "void", Roles: bookkeepers, Open: receipt.Void, Numbered: true, Ended: receipt.Ended},
		{Name: "drop", Roles: bookkeepers, Do: receipt.Drop, Once: true},
		{Name: "restore", Roles: bookkeepers, Do: receipt.Restore, Once: true},
		{Name: "photo", Do: receipt.Picture},
		{Name: "blank", Do: receipt.Blank, Once: true},
		{Name: "apart", Do: receipt.Apart, Once: true},
		{Name: "place", Do: receipt.Place, Once: true},
		{Name: "each", Do: receipt.Each, Once: true},
		{Name: "one", Do: receipt.PlaceOne, Once: true},
		{Name: "meant", Do: receipt.Means, Once: true},
		{Name: "isnota", Do: receipt.IsNota, Once: true},
		{Name: "goon", Do: receipt.GoOn},
		{Name: "saldo", Command: "saldo", Roles: readers, Home: dialog.Group, Do: budget.Balance},
		{Name: "kas", Command: "kas", Roles: bookkeepers, Home: dialog.Officers, Do: cash.Book},
		{Name: "entry", Roles: bookkeepers, Open: cash.Entry},
		{Name: "k", Roles: bookkeepers, Do: cash.EntryCard},
		{Name: "proof", Roles: bookkeepers, Do: cash.ShowProof, Once: true},
		{Name: "strike", Roles: bookkeepers, Open: cash.Strike},
		{Name: "rab", Command: "rab", Roles: readers, Do: budget.Show},
		{Name: "planchange", Roles: bookkeepers, Open: budget.Change},
		{Name: "planback", Roles: bookkeepers, Do: budget.Withdraw},
		{Name: "plan", Roles: reviewers, Do: budget.Agree, Decides: dialog.WithVersion},
		{
			Name: "plandecline", Roles: reviewers, Open: budget.Decline, Do: budget.Declining, Once: true,
			Decides: dialog.Always,
		},
		{Name: "approve", Roles: bookkeepers, Do: approval.Approve},
		{Name: "paper", Roles: dialog.Mentors, Open: approval.Signed},
		{Name: "papercheck", Roles: reviewers, Do: approval.CheckSignature, Decides: dialog.Always},
		{Name: "paperwrong", Roles: reviewers, Open: approval.RejectSignature, Decides: dialog.Always},
		{Name: "object", Roles: dialog.Group, Open: approval.Object, Private: true},
		{Name: "remark", Open: approval.Remark, Private: true},
		{Name: "lpj", Command: "lpj", Roles: readers, Home: dialog.Group, Do: lpj.Show, Once: true},
		{Name: "lpjcek", Command: "lpj", Roles: dialog.Field, Do: lpj.FieldReports},
		{Name: "parts", Roles: readers, Do: lpj.Narrative, Once: true},
		{Name: "chapter", Roles: bookkeepers, Open: lpj.Chapter},
		{Name: "advise", Roles: dialog.Mentors, Open: lpj.Advise},
		{Name: "take", Roles: dialog.Officers, Do: lpj.TakeAdvice},
		{Name: "annexes", Roles: bookkeepers, Do: lpj.Annexes},
		{Name: "annex", Roles: bookkeepers, Open: lpj.Annex},
		{Name: "lpjprint", Roles: printers, Do: lpj.Print, Once: true},
		{Name: "lpjagain", Roles: printers, Do: lpj.PrintAgain, Once: true},
		{Name: "lpjsend", Roles: bookkeepers, Do: lpj.Send},
		{Name: "lpjcard", Roles: reviewers, Do: lpj.ReportCard},
		{Name: "lpjverify", Roles: reviewers, Do: lpj.Verify, Decides: dialog.Always},
		{Name: "lpjreturn", Roles: reviewers, Open: lpj.Return, Decides: dialog.Always},
		{Name: "lpjreopen", Roles: reviewers, Open: lpj.Reopen},
		{Name: "lpjupload", Roles: bookkeepers, Open: lpj.Upload},
		{Name: "lpjresult", Roles: bookkeepers, Open: lpj.Result},
		{Name: "serahterima", Command: "serahterima", Roles: reviewers, Home: dialog.Field, Do: handover.List},
		{Name: "find", Roles: dialog.Field, Open: handover.Search},
		{Name: "move", Roles: reviewers, Open: handover.Move},
		{Name: "leave", Roles: reviewers, Open: handover.Leave},
		{Name: "officer", Roles: reviewers, Open: handover.Officer},
		{Name: "phone", Roles: reviewers, Open: handover.Phone},
		{Name: "reinvite", Roles: inviters, Do: handover.Reinvite},
		{Name: "undang", Command: "undang", Roles: []store.Role{store.Chair}, Do: handover.Unjoined},
		{Name: "handover", Roles: dialog.Field, Do: handover.Show, Decides: dialog.WithVersion},
		{Name: "decline", Roles: dialog.Field, Open: handover.Decline, Decides: dialog.Always},
		{Name: "agree", Do: handover.Agree, Decides: dialog.Always},
		{Name: "settle", Do: objection.Settle, Decides: dialog.WithVersion},
		{Name: "notus", Do: objection.NotUs, Once: true},
		{Name: "admit", Roles: dialog.Field, Do: join.Admit, Once: true, Decides: dialog.Always},
		{Name: "refuse", Roles: dialog.Field, Do: join.Refuse, Once: true, Decides: dialog.Always},
		{Name: "claim", Roles: dialog.Field, Do: join.SeeClaim, Once: true},
		{Name: "reply", Roles: everyone, Open: letter.Reply},
		{Name: "thanks", Roles: dialog.Mentors, Do: letter.Thank},
		{Name: "thread", Roles: everyone, Do: letter.Thread},
		{Name: "complaint", Command: "lapor", Roles: dialog.Group, Home: dialog.Group, Open: complaint.New, Private: true},
		{Name: "complaint", Command: "lapor", Roles: reviewers, Open: complaint.New, Private: true},
		{Name: "progres", Command: "progres", Roles: dialog.Field, Home: dialog.Field, Do: progress.Field, Once: true},
		{Name: "laporan", Command: "laporan", Roles: dialog.Field, Home: dialog.Field, Do: complaint.List},
		{Name: "answer", Roles: dialog.Field, Open: complaint.Answer, Private: true},
		{Name: "umumkan", Command: "umumkan", Roles: dialog.Field, Home: dialog.Field, Open: broadcast.Announce, Albums: true},
		{Name: "cast", Roles: dialog.Field, Do: broadcast.List},
		{Name: "castsee", Roles: dialog.Field, Do: broadcast.See, Decides: dialog.Always},
		{Name: "castyes", Roles: dialog.Field, Do: broadcast.Agree, Once: true, Decides: dialog.Always},
		{Name: "castno", Roles: dialog.Field, Open: broadcast.Decline, Decides: dialog.Always},
		{Name: "jeda", Command: "jeda", Roles: dialog.Field, Do: broadcast.Pause, Once: true},
		{Name: "lanjut", Command: "lanjut", Roles: dialog.Field, Do: broadcast.Resume, Once: true},
		{Name: "caststop", Roles: dialog.Field, Do: broadcast.Stop, Once: true},
		{Name: "castfix", Roles: dialog.Field, Open: broadcast.Fix},
		{Name: "castrecall", Roles: dialog.Field, Do: broadcast.Recall, Once: true},
		{Name: "castretry", Roles: dialog.Field, Do: broadcast.Retry, Once: true},
		{Name: "castnudge", Roles: dialog.Field, Do: broadcast.Nudge, Once: true},
		{Name: "castsheet", Roles: dialog.Field, Do: broadcast.Sheet, Once: true},
		{Name: "casthand", Roles: dialog.Field, Do: broadcast.ToMentors, Once: true},
		{Name: "paham", Do: broadcast.Understood, Once: true, Decides: dialog.Always},
		{Name: "tanya", Open: broadcast.Wonder},
		{Name: "akar", Command: "akar", Roles: dialog.Field, Do: rootSettings},
		{Name: "consent", Do: join.AgreedBefore},
		{Name: "role", Do: join.SpeakAs},
		{Name: "for", Do: join.SpeakFor},
		{Name: "peran", Command: "peran", Do: join.RolesScreen},
		{Name: "lainnya", Do: more},
		{Name: "bantuan", Command: "bantuan", Do: help},
		{Name: "bahasa", Command: "bahasa", Do: languages},
		{Name: "privasi", Command: "privasi", Do: privacy.Screen, Decides: dialog.Withdraws},
		{Name: "erase", Open: privacy.Erase, Private: true},
		{Name: "correct", Open: privacy.Correct, Private: true},
		{Name: "request", Roles: dialog.Field, Do: privacy.Requests},
		{Name: "requestdo", Roles: dialog.Field, Do: privacy.DecideRequest, Decides: dialog.Always},
		{Name: "requestsay", Roles: dialog.Field, Open: privacy.RequestAnswer, Private: true},
		{Name: "requestgone", Roles: dialog.Field, Open: privacy.EraseRequested, Private: true, Decides: dialog.Always},
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
func Menu(r store.Role) []dialog.Flow {
	var list []dialog.Flow
	for _, f := range All() {
		if f.Command != "" && f.Allows(r) {
			list = append(list, f)
		}
	}
	return list
}
