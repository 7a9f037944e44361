package postgres_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"pendamping/store"
	"pendamping/store/postgres"
)

// book is a group with a record of every kind, some of them changed once.
type book struct {
	group
	code      string
	times     store.Rupiah
	plan      store.Plan
	consent   store.Consent
	invite    store.Invite
	receipt   store.Receipt
	entry     store.Entry
	file      store.File
	complaint store.Complaint
}

// fill keeps a book, in several transactions as people would.
func fill(tb testing.TB, db *postgres.DB) book {
	tb.Helper()
	return fillAs(tb, db, "A", 1)
}

// fillAs keeps the book of a group whose code is given, with sums so many times as large.
func fillAs(tb testing.TB, db *postgres.DB, code string, times store.Rupiah) book {
	tb.Helper()
	ctx := tb.Context()
	word := func(s string) string { return strings.TrimSuffix(s+" "+strings.TrimPrefix(code, "A"), " ") }
	b := book{code: code, times: times}
	do(tb, db, func(tx *postgres.Tx) {
		b.group = addGroup(tb, tx, code)
		b.plan = store.Plan{Recipient: b.recipient.ID, Lines: []store.PlanLine{
			{Item: "Mesin", Pos: "ALAT", Volume: 1000, Unit: "unit", Price: 12_000_000 * times},
			{Item: "Kain", Pos: "BAHAN", Volume: 1000, Unit: "gulung", Price: 8_000_000 * times},
		}}
		ok(tb, tx.AddPlan(ctx, "plan.added", &b.plan))
		b.invite = store.Invite{
			Person: b.chair.ID, Token: word("token"), Code: "K7QM22X" + code, Expires: noon.Add(time.Hour),
		}
		ok(tb, tx.AddInvite(ctx, "invite.added", &b.invite))
		ok(tb, tx.PutAccount(ctx, store.Account{ID: b.chair.Account, Language: "id", Active: b.chair.ID}))
	})
	do(tb, db, func(tx *postgres.Tx) {
		tx.Act(store.Actor{Person: b.chair.ID, Role: store.Chair})
		b.consent = store.Consent{Person: b.chair.ID, Notice: "2026-1", Given: noon, Source: "chat"}
		ok(tb, tx.AddConsent(ctx, "consent.given", &b.consent))
		b.entry = store.Entry{
			Recipient: b.recipient.ID, Kind: store.EntryGrant, Amount: 20_000_000 * times, Day: "2026-11-02",
			By: b.chair.ID, At: noon,
		}
		ok(tb, tx.AddEntry(ctx, "entry.added", &b.entry))
		b.receipt = store.Receipt{
			Recipient: b.recipient.ID, By: b.chair.ID, Begun: noon, Draft: json.RawMessage(`{"amount":"5"}`),
		}
		ok(tb, tx.AddReceipt(ctx, "receipt.begun", &b.receipt))
		b.file = store.File{
			Recipient: b.recipient.ID, Receipt: b.receipt.ID, Kind: "photo", FileID: word("AgAC"),
			UniqueID: word("AQAD"),
			Size:     9, Width: 3, Height: 4, By: b.chair.ID, At: noon,
		}
		ok(tb, tx.AddFile(ctx, "file.added", &b.file))
		b.complaint = store.Complaint{
			Person: b.chair.ID, Recipient: b.recipient.ID, Province: "Jawa Barat", Regency: "Garut", Topic: "potongan",
			Words: word("dipotong"), At: noon,
		}
		ok(tb, tx.AddComplaint(ctx, "complaint.sent", &b.complaint))
	})
	do(tb, db, func(tx *postgres.Tx) {
		tx.Act(store.Actor{Person: b.mentor.ID, Role: store.Mentor, Behalf: b.chair.ID})
		r := &b.receipt
		r.State, r.Kind, r.Payment, r.Seller = store.Submitted, store.KindNota, "tunai", word("Toko Jaya")
		r.Day, r.Total, r.Submitted, r.Draft, r.Flags = "2026-11-20", 30_000*times, noon, nil, []string{"period"}
		r.Items = []store.Item{
			{Item: "Kain", Volume: 2500, Unit: "m", Price: 8000 * times, Amount: 20_000 * times,
				Line: b.plan.Lines[1].ID, Pos: "BAHAN"},
			{Item: "Jarum", Volume: 1000, Unit: "pak", Price: 10_000 * times, Amount: 10_000 * times,
				Line: b.plan.Lines[0].ID, Pos: "ALAT"},
		}
		r.Sources = []store.Source{
			{Person: b.chair.ID, Message: 5, Name: "amount"}, {Person: b.chair.ID, Message: 6, Name: "seller"},
		}
		r.Hands = []store.ID{b.chair.ID}
		ok(tb, tx.PutReceipt(ctx, "receipt.submitted", r))
		r.State, r.Review = store.Verified, store.Review{
			By: b.mentor.ID, At: noon, Version: 2, Seen: []string{"period"},
		}
		ok(tb, tx.PutReceipt(ctx, "receipt.verified", r))
		remark := store.Remark{
			Recipient: b.recipient.ID, Receipt: r.ID, Kind: store.Question, By: b.mentor.ID, To: b.chair.ID, At: noon,
			Words: word("kain apa?"),
		}
		ok(tb, tx.AddRemark(ctx, "remark.asked", &remark))
		ok(tb, tx.AddApproval(ctx, "book.approved", &store.Approval{
			Recipient: b.recipient.ID, Book: "x", Notas: 1, Spent: 30_000 * times, By: b.mentor.ID, At: noon,
			Paper: b.file.ID,
		}))
		visit := store.Visit{
			Recipient: b.recipient.ID, State: store.VisitHeld, Mode: store.InPerson, By: b.mentor.ID, Start: noon,
			Minutes: 45, Place: word("kios"),
			Spot: "-6.9,107.6", Met: []store.Role{store.Chair}, Acts: []string{"motivator.semangat"}, Progress: 40,
			Problem:  word("modal"),
			FollowUp: word("KUR"), Due: "2026-12-01", At: noon,
		}
		ok(tb, tx.AddVisit(ctx, "visit.held", &visit))
		visit.Word = store.Word{By: b.chair.ID, At: noon, Yes: true}
		ok(tb, tx.PutVisit(ctx, "visit.confirmed", &visit))
		ok(tb, tx.AddSnapshot(ctx, "snapshot.taken", &store.Snapshot{
			Recipient: b.recipient.ID, Visit: visit.ID, Month: "2026-11", Revenue: 4_000_000 * times, Profit: -1,
			Capital: 9, Workers: 3, Permits: "NIB", By: b.mentor.ID, At: noon,
		}))
		idea := store.Initiative{Recipient: b.recipient.ID, Visit: visit.ID, Kind: store.Idea, Words: word("kemasan"),
			By: b.mentor.ID, At: noon}
		ok(tb, tx.AddInitiative(ctx, "initiative.begun", &idea))
		idea.Result, idea.Closed = word("laku"), noon
		ok(tb, tx.PutInitiative(ctx, "initiative.closed", &idea))
		letter := store.Letter{Recipient: b.recipient.ID, Batch: 7, By: b.mentor.ID, To: b.chair.ID,
			Words: word("apa kabar"), At: noon, Due: noon}
		ok(tb, tx.AddLetter(ctx, "letter.written", &letter))
		letter.Cancelled = noon
		ok(tb, tx.PutLetter(ctx, "letter.cancelled", &letter))
		hand := store.Handover{
			Recipient: b.recipient.ID, Kind: store.PhoneLost, State: store.HandoverAsked, From: b.chair.ID,
			Leaves: true, Reason: word("jatuh"), By: b.mentor.ID, At: noon,
		}
		ok(tb, tx.AddHandover(ctx, "handover.asked", &hand))
		hand.State, hand.Decided, hand.DecidedAt, hand.Answer = store.HandoverDone, b.mentor.ID, noon, word("baik")
		ok(tb, tx.PutHandover(ctx, "handover.done", &hand))
		cast := store.Broadcast{By: b.mentor.ID, State: store.BroadcastAsked, Words: word("halo"),
			Files: []store.Shown{{ID: "x", Kind: "photo"}}, Options: []string{"ya"},
			Audience: store.Audience{Wave: "1"}, Until: "2026-12-01", At: noon}
		ok(tb, tx.AddBroadcast(ctx, "broadcast.asked", &cast))
		cast.State, cast.Approved = store.BroadcastRunning, b.chair.ID
		ok(tb, tx.PutBroadcast(ctx, "broadcast.approved", &cast))
		b.file.SHA256 = strings.Repeat("0f", 31) + fmt.Sprintf("%02x", int(14+times))
		ok(tb, tx.PutFile(ctx, "file.fetched", &b.file))
		b.chair.WA = "+62812"
		ok(tb, tx.PutPerson(ctx, "person.changed", &b.chair))
		b.complaint.State, b.complaint.Reply = store.ComplaintClosed, word("kami periksa")
		b.complaint.Closer, b.complaint.Closed = b.mentor.ID, noon
		ok(tb, tx.PutComplaint(ctx, "complaint.closed", &b.complaint))
		second := store.Receipt{Recipient: b.recipient.ID, By: b.chair.ID, Begun: noon}
		ok(tb, tx.AddReceipt(ctx, "receipt.begun", &second))
		fee := store.Entry{Recipient: b.recipient.ID, Kind: store.EntryFee, Amount: 6500 * times, At: noon}
		ok(tb, tx.AddEntry(ctx, "entry.added", &fee))
		b.report(tb, tx)
		b.privacy(tb, tx)
		b.preferences(tb, tx)
	})
	return b
}

// report keeps an LPJ that was refused and one that follows it, with something of everything that belongs to it.
func (b book) report(tb testing.TB, tx *postgres.Tx) {
	tb.Helper()
	ctx, of := tb.Context(), b.recipient.ID
	refused := store.Report{
		Recipient: of, State: store.ReportSent, At: noon, By: b.chair.ID, Hands: []store.ID{b.chair.ID}, Late: true,
	}
	ok(tb, tx.AddReport(ctx, "report.sent", &refused))
	a, err := tx.Approval(ctx, of)
	ok(tb, err)
	refused.State, refused.Approval, refused.Reopened, refused.Wrong = store.ReportRefused, a.ID, 1,
		[]string{"notas:buram"}
	refused.Review = store.Review{By: b.mentor.ID, At: noon, Version: 1, Verdict: "verified"}
	refused.Upload = store.Upload{Number: "BH-" + b.code, Day: "2026-11-22", File: b.file.ID, By: b.chair.ID, At: noon}
	refused.Result = store.Result{Reasons: "kurang meterai", Day: "2026-11-23", By: b.mentor.ID, At: noon}
	ok(tb, tx.PutReport(ctx, "report.refused", &refused))
	ok(tb, tx.AddReport(ctx, "report.opened", &store.Report{Recipient: of}))
	part := store.Chapter{
		Recipient: of, Code: "latar", Text: "Kami menjahit" + b.code + ".", Voice: b.file.ID, By: b.chair.ID, At: noon,
	}
	ok(tb, tx.AddChapter(ctx, "chapter.written", &part))
	part.Comment, part.Proposal, part.Advisor = "sejak kapan?"+b.code, "Kami menjahit sejak 2024."+b.code, b.mentor.ID
	ok(tb, tx.PutChapter(ctx, "chapter.advised", &part))
	more := store.Annex{
		Recipient: of, Edition: 1, Kind: store.AnnexExtension, File: b.file.ID, Note: "di lemari" + b.code,
		Number: "12/" + b.code, Day: "2026-11-20", Until: "2027-01-31",
		Place: "kantor", Stamped: true, By: b.chair.ID, At: noon,
	}
	ok(tb, tx.AddAnnex(ctx, "annex.added", &more))
	more.Dropped = noon
	ok(tb, tx.PutAnnex(ctx, "annex.dropped", &more))
	ok(tb, tx.AddSeal(ctx, "report.sealed", &store.Seal{
		Recipient: of, Edition: 1, Code: "ABCDEFGHJKM" + b.code, Hash: strings.Repeat("0f", 31) + fmt.Sprintf("%02x",
			int(14+b.times)), Received: 9 * b.times, Spent: 8, Deposited: 1,
		Data: `{"b":1,"a":"<x>"}`, By: b.chair.ID, At: noon,
	}))
}

// privacy keeps what is known of the group's personal data.
func (b book) privacy(tb testing.TB, tx *postgres.Tx) {
	tb.Helper()
	ctx, of := tb.Context(), b.recipient
	asked := store.DataRequest{
		Person: b.chair.ID, Recipient: of.ID, Province: of.Province, Regency: of.Regency, Kind: "correction",
		Part: "name", Words: "Asep " + b.code, At: noon,
	}
	ok(tb, tx.AddDataRequest(ctx, "data.asked", &asked))
	asked.Outcome, asked.Reason, asked.Reply, asked.By, asked.Answered = "refused", "law", "tidak bisa "+b.code,
		b.mentor.ID, noon
	ok(tb, tx.PutDataRequest(ctx, "data.answered", &asked))
	ok(tb, tx.AddBreach(ctx, "breach.found", &store.Breach{Found: noon, What: "a lost phone " + b.code, Data: "names",
		People: 9 * int(b.times), Done: "locked", Notified: noon}))
	ok(tb, tx.AddLegalHold(ctx, "hold.set", &store.LegalHold{Recipient: of.ID, Reason: "a case " + b.code, At: noon}))
}

// preferences keeps what the group's people and their mentor chose for themselves, some of it changed and some taken
// back.
func (b book) preferences(tb testing.TB, tx *postgres.Tx) {
	tb.Helper()
	ctx := tb.Context()
	for _, until := range []store.Day{"2026-11-30", store.Day("2026-12-01").Add(int(b.times))} {
		ok(tb, tx.PutHold(ctx, store.Hold{Person: b.chair.ID, Kind: "remind", Until: until}))
		ok(tb, tx.PutAudience(ctx, store.SavedAudience{
			Person: b.mentor.ID, Name: "a" + b.code, Audience: store.Audience{Wave: b.code, Regency: string(until)},
		}))
	}
	ok(tb, tx.PutHold(ctx, store.Hold{Person: b.mentor.ID, Kind: "praise", Until: "9999-12-31"}))
	ok(tb, tx.PutHold(ctx, store.Hold{Person: b.mentor.ID, Kind: "praise"}))
}

// read reads every record of the book.
func (b book) read(tb testing.TB, tx *postgres.Tx) {
	tb.Helper()
	ctx := tb.Context()
	for _, read := range []func() error{
		func() error { _, err := tx.Recipient(ctx, b.recipient.ID); return err },
		func() error { _, err := tx.Person(ctx, b.chair.ID); return err },
		func() error { _, err := tx.ConsentOf(ctx, b.chair.ID); return err },
		func() error { _, err := tx.InviteOf(ctx, b.chair.ID); return err },
		func() error { _, err := tx.Receipt(ctx, b.receipt.ID); return err },
		func() error { _, err := tx.Entries(ctx, b.recipient.ID); return err },
		func() error { _, err := tx.File(ctx, b.file.ID); return err },
		func() error { _, err := tx.Complaint(ctx, b.complaint.ID); return err },
	} {
		ok(tb, read())
	}
}

// wantWhole wants the audit trail to be whole.
func wantWhole(tb testing.TB, db *postgres.DB, kept ...store.Root) postgres.Report {
	tb.Helper()
	report, err := db.Verify(tb.Context(), verifiedAt, kept)
	ok(tb, err)
	if report.Break != "" {
		tb.Error(report.Break)
	}
	return report
}
