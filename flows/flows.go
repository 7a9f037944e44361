// Package flows routes every event to its conversation: All is the table of them, Turn the way through it. What happens in a
// conversation, its room below decides and writes down. No flow sends, sleeps or logs.
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
	return []dialog.Flow{
		{Name: "tugas", Command: "tugas", Roles: dialog.Mentors, Home: true, Show: remind.TaskList},
		{Name: "pengingat", Command: "pengingat", Roles: dialog.Officers, Show: remind.Settings},
		{Name: "tinjau", Command: "tinjau", Roles: dialog.Roles(dialog.Mentors, dialog.Field), Home: true, Do: review.Start},
		{Name: "desk", Roles: dialog.Roles(dialog.Mentors, dialog.Field), Show: review.Desk},
		{Name: "verify", Roles: dialog.Roles(dialog.Mentors, dialog.Field), Do: review.Verify, Decides: dialog.Always},
		{Name: "reasons", Roles: dialog.Roles(dialog.Mentors, dialog.Field), Show: review.ReasonsOf, Decides: dialog.Always},
		{Name: "give", Roles: dialog.Roles(dialog.Mentors, dialog.Field), Do: review.GiveBack},
		{Name: "return", Roles: dialog.Roles(dialog.Mentors, dialog.Field), Open: review.Returning},
		{Name: "ask", Roles: dialog.Roles(dialog.Mentors, dialog.Field), Open: review.Asking},
		{Name: "skip", Roles: dialog.Roles(dialog.Mentors, dialog.Field), Do: review.Skip},
		{Name: "undo", Roles: dialog.Roles(dialog.Mentors, dialog.Field), Do: review.Undo},
		{Name: "alike", Roles: dialog.Roles(dialog.Mentors, dialog.Field), Do: review.Alike},
		{Name: "kelompok", Command: "kelompok", Roles: dialog.Mentors, Home: true, Show: budget.Groups},
		{Name: "kunjungan", Command: "kunjungan", Roles: dialog.Mentors, Home: true, Do: visit.List},
		{Name: "visit", Roles: dialog.Mentors, Open: visit.Enter},
		{Name: "called", Roles: dialog.Mentors, Show: visit.Called},
		{Name: "visitplan", Roles: dialog.Mentors, Open: visit.Plan},
		{Name: "visitmiss", Roles: dialog.Mentors, Open: visit.Miss},
		{Name: "visitoff", Roles: dialog.Mentors, Show: visit.CallOff},
		{Name: "visitlog", Roles: dialog.Mentors, Show: visit.History},
		{Name: "visitfiles", Roles: dialog.Roles(dialog.Mentors, dialog.Field), Do: visit.Files},
		{Name: "visitword", Show: visit.Word, Decides: dialog.Always},
		{Name: "visitask", Roles: dialog.Mentors, Do: visit.AskAgain},
		{Name: "solve", Roles: dialog.Mentors, Show: visit.Solve},
		{Name: "unsafe", Roles: dialog.Mentors, Do: visit.Unsafely},
		{Name: "snapshot", Roles: dialog.Mentors, Open: visit.Snapshot},
		{Name: "initiative", Roles: dialog.Mentors, Open: visit.Initiative},
		{Name: "outcome", Roles: dialog.Mentors, Open: visit.Outcome},
		{Name: "ingatkan", Command: "ingatkan", Roles: dialog.Mentors, Home: true, Show: nudge.Causes},
		{Name: "nudge", Roles: dialog.Mentors, Open: nudge.Write},
		{Name: "nudges", Roles: dialog.Mentors, Show: nudge.List},
		{Name: "nudgemove", Roles: dialog.Mentors, Open: nudge.Move},
		{Name: "nudgestop", Roles: dialog.Mentors, Show: nudge.Stop},
		{Name: "nudgetext", Roles: dialog.Mentors, Do: nudge.Text},
		{Name: "rekap", Command: "rekap", Roles: dialog.Mentors, Do: recap.Show},
		{Name: "nota", Command: "nota", Roles: dialog.Roles(dialog.Group, dialog.Mentors), Home: true, Show: receipt.List},
		{Name: "n", Roles: dialog.Roles(dialog.Group, dialog.Mentors, dialog.Field), Show: receipt.Show},
		{Name: "receipt", Roles: dialog.Roles(dialog.Officers, dialog.Mentors), Open: receipt.Enter, Shown: receipt.Describe, Heard: receipt.Heard, Ended: receipt.Ended, Next: receipt.NextInQueue},
		{Name: "void", Roles: dialog.Roles(dialog.Officers, dialog.Mentors), Open: receipt.Void, Ended: receipt.Ended},
		{Name: "saldo", Command: "saldo", Roles: dialog.Roles(dialog.Group, dialog.Mentors), Home: true, Show: budget.Balance},
		{Name: "kas", Command: "kas", Roles: dialog.Roles(dialog.Officers, dialog.Mentors), Home: true, Show: cash.Book},
		{Name: "entry", Roles: dialog.Roles(dialog.Officers, dialog.Mentors), Open: cash.Entry},
		{Name: "k", Roles: dialog.Roles(dialog.Officers, dialog.Mentors), Show: cash.EntryCard},
		{Name: "proof", Roles: dialog.Roles(dialog.Officers, dialog.Mentors), Do: cash.ShowProof},
		{Name: "strike", Roles: dialog.Roles(dialog.Officers, dialog.Mentors), Open: cash.Strike},
		{Name: "rab", Command: "rab", Roles: dialog.Roles(dialog.Group, dialog.Mentors), Home: true, Show: budget.Show},
		{Name: "planchange", Roles: dialog.Roles(dialog.Officers, dialog.Mentors), Open: budget.Change},
		{Name: "planback", Roles: dialog.Roles(dialog.Officers, dialog.Mentors), Show: budget.Withdraw},
		{Name: "plan", Roles: dialog.Roles(dialog.Mentors, dialog.Field), Show: budget.Agree, Decides: dialog.WithVersion},
		{Name: "plandecline", Roles: dialog.Roles(dialog.Mentors, dialog.Field), Open: budget.Decline, Do: budget.Declining, Decides: dialog.Always},
		{Name: "approve", Roles: dialog.Roles(dialog.Officers, dialog.Mentors), Show: approval.Approve},
		{Name: "paper", Roles: dialog.Mentors, Open: approval.Signed},
		{Name: "papercheck", Roles: dialog.Roles(dialog.Mentors, dialog.Field), Show: approval.PaperCheck, Decides: dialog.Always},
		{Name: "paperwrong", Roles: dialog.Roles(dialog.Mentors, dialog.Field), Open: approval.PaperWrong, Decides: dialog.Always},
		{Name: "object", Roles: dialog.Group, Open: approval.Object},
		{Name: "remark", Open: approval.Remark},
		{Name: "lpj", Command: "lpj", Roles: dialog.Roles(dialog.Group, dialog.Mentors), Home: true, Do: lpj.Show},
		{Name: "lpjcek", Command: "lpj", Roles: dialog.Field, Show: lpj.FieldReports},
		{Name: "parts", Roles: dialog.Roles(dialog.Group, dialog.Mentors), Do: lpj.Narrative},
		{Name: "chapter", Roles: dialog.Roles(dialog.Officers, dialog.Mentors), Open: lpj.Chapter},
		{Name: "advise", Roles: dialog.Mentors, Open: lpj.Advise},
		{Name: "take", Roles: dialog.Officers, Show: lpj.TakeAdvice},
		{Name: "annexes", Roles: dialog.Roles(dialog.Officers, dialog.Mentors), Show: lpj.Annexes},
		{Name: "annex", Roles: dialog.Roles(dialog.Officers, dialog.Mentors), Open: lpj.Annex},
		{Name: "lpjprint", Roles: dialog.Roles(dialog.Officers, dialog.Mentors, dialog.Field), Do: lpj.Print},
		{Name: "lpjagain", Roles: dialog.Roles(dialog.Officers, dialog.Mentors, dialog.Field), Do: lpj.PrintAgain},
		{Name: "lpjsend", Roles: dialog.Roles(dialog.Officers, dialog.Mentors), Show: lpj.Send},
		{Name: "lpjcard", Roles: dialog.Roles(dialog.Mentors, dialog.Field), Show: lpj.ReportCard},
		{Name: "lpjverify", Roles: dialog.Roles(dialog.Mentors, dialog.Field), Show: lpj.Verify, Decides: dialog.Always},
		{Name: "lpjreturn", Roles: dialog.Roles(dialog.Mentors, dialog.Field), Open: lpj.Return, Decides: dialog.Always},
		{Name: "lpjreopen", Roles: dialog.Roles(dialog.Mentors, dialog.Field), Open: lpj.Reopen},
		{Name: "lpjupload", Roles: dialog.Roles(dialog.Officers, dialog.Mentors), Open: lpj.Upload},
		{Name: "lpjresult", Roles: dialog.Roles(dialog.Officers, dialog.Mentors), Open: lpj.Result},
		{Name: "serahterima", Command: "serahterima", Roles: dialog.Roles(dialog.Mentors, dialog.Field), Home: true, Show: handover.List},
		{Name: "find", Roles: dialog.Field, Open: handover.Search},
		{Name: "move", Roles: dialog.Roles(dialog.Mentors, dialog.Field), Open: handover.Move},
		{Name: "leave", Roles: dialog.Roles(dialog.Mentors, dialog.Field), Open: handover.Leave},
		{Name: "officer", Roles: dialog.Roles(dialog.Mentors, dialog.Field), Open: handover.Officer},
		{Name: "phone", Roles: dialog.Roles(dialog.Mentors, dialog.Field), Open: handover.Phone},
		{Name: "reinvite", Roles: dialog.Roles([]store.Role{store.Chair}, dialog.Mentors, dialog.Field), Show: handover.Reinvite},
		{Name: "undang", Command: "undang", Roles: []store.Role{store.Chair}, Show: handover.Unjoined},
		{Name: "handover", Roles: dialog.Field, Show: handover.Show, Decides: dialog.WithVersion},
		{Name: "decline", Roles: dialog.Field, Open: handover.Decline, Decides: dialog.Always},
		{Name: "agree", Show: handover.AgreeHand, Decides: dialog.Always},
		{Name: "settle", Show: handover.SettleHand, Decides: dialog.WithVersion},
		{Name: "notus", Do: handover.NotUs},
		{Name: "admit", Roles: dialog.Field, Do: join.Admit, Decides: dialog.Always},
		{Name: "refuse", Roles: dialog.Field, Do: join.Refuse, Decides: dialog.Always},
		{Name: "claim", Roles: dialog.Field, Do: join.SeeClaim},
		{Name: "reply", Roles: dialog.Roles(dialog.Group, dialog.Mentors, dialog.Field), Open: letter.Reply},
		{Name: "thanks", Roles: dialog.Mentors, Show: letter.Thank},
		{Name: "thread", Roles: dialog.Roles(dialog.Group, dialog.Mentors, dialog.Field), Show: letter.Thread},
		{Name: "complaint", Command: "lapor", Roles: dialog.Group, Home: true, Open: complaint.New},
		{Name: "progres", Command: "progres", Roles: dialog.Field, Home: true, Do: progress.Field},
		{Name: "laporan", Command: "laporan", Roles: dialog.Field, Home: true, Show: complaint.List},
		{Name: "answer", Roles: dialog.Field, Open: complaint.Answer},
		{Name: "umumkan", Command: "umumkan", Roles: dialog.Field, Home: true, Open: broadcast.Announce, Albums: true},
		{Name: "cast", Roles: dialog.Field, Show: broadcast.List},
		{Name: "castsee", Roles: dialog.Field, Show: broadcast.See, Decides: dialog.Always},
		{Name: "castyes", Roles: dialog.Field, Do: broadcast.Agree, Decides: dialog.Always},
		{Name: "castno", Roles: dialog.Field, Open: broadcast.Decline, Decides: dialog.Always},
		{Name: "jeda", Command: "jeda", Roles: dialog.Field, Do: broadcast.Pause},
		{Name: "lanjut", Command: "lanjut", Roles: dialog.Field, Do: broadcast.Resume},
		{Name: "caststop", Roles: dialog.Field, Do: broadcast.Stop},
		{Name: "castfix", Roles: dialog.Field, Open: broadcast.Fix},
		{Name: "castrecall", Roles: dialog.Field, Do: broadcast.Recall},
		{Name: "castretry", Roles: dialog.Field, Do: broadcast.Retry},
		{Name: "castnudge", Roles: dialog.Field, Do: broadcast.Nudge},
		{Name: "castsheet", Roles: dialog.Field, Do: broadcast.Sheet},
		{Name: "casthand", Roles: dialog.Field, Do: broadcast.Hand},
		{Name: "paham", Do: broadcast.Understood, Decides: dialog.Always},
		{Name: "tanya", Open: broadcast.Wonder},
		{Name: "akar", Command: "akar", Roles: dialog.Field, Show: rootSettings},
		{Name: "peran", Command: "peran", Show: join.RolesScreen},
		{Name: "bantuan", Command: "bantuan", Home: true, Show: help},
		{Name: "bahasa", Command: "bahasa", Show: languages},
		{Name: "privasi", Command: "privasi", Show: privacy.Screen, Decides: dialog.Withdraws},
		{Name: "erase", Open: privacy.Erase},
		{Name: "correct", Open: privacy.Correct},
		{Name: "request", Roles: dialog.Field, Show: privacy.Requests},
		{Name: "requestdo", Roles: dialog.Field, Show: privacy.DecideRequest, Decides: dialog.Always},
		{Name: "requestsay", Roles: dialog.Field, Open: privacy.RequestAnswer},
		{Name: "requestgone", Roles: dialog.Field, Open: privacy.EraseRequested, Decides: dialog.Always},
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
