package lpj

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"

	"pendamping/flows/approval"
	"pendamping/flows/budget"
	"pendamping/flows/dialog"
	"pendamping/store"
)

// Report is everything that is known of a recipient's LPJ at a moment.
type Report struct {
	of       store.Recipient
	rules    store.Rules
	plan     store.Plan
	report   store.Report // the newest edition; the zero Report, whose state is none, before there is one
	refused  store.Report // the edition before it, which the PPK refused
	balance  store.Balance
	notas    []store.Receipt // by number
	entries  []store.Entry   // by number
	chapters []store.Chapter
	annexes  []store.Annex
	files    []store.File
	book     string // how it stands with the one who answers for it: see approval.Approved
	approval store.Approval
	changes  []store.Handover
	due      store.Day // the last day, with what was granted
}

// Read reads it.
func Read(ctx context.Context, tx store.Tx, of store.Recipient) (l Report, err error) {
	l.of = of
	if l.rules, l.plan, err = budget.RulesAndPlan(ctx, tx, of); err != nil {
		return l, err
	}
	editions, err := tx.Reports(ctx, of.ID)
	if err != nil {
		return l, err
	}
	if len(editions) > 0 {
		l.report = editions[0]
	}
	if len(editions) > 1 {
		l.refused = editions[1]
	}
	if l.balance, err = tx.Balance(ctx, of.ID); err != nil {
		return l, err
	}
	if l.notas, err = tx.Receipts(ctx, of.ID, "", dialog.Entire, 0); err != nil {
		return l, err
	}
	if l.entries, err = tx.Entries(ctx, of.ID); err != nil {
		return l, err
	}
	slices.Reverse(l.notas)
	slices.Reverse(l.entries)
	if l.chapters, err = tx.Chapters(ctx, of.ID); err != nil {
		return l, err
	}
	if l.annexes, err = tx.Annexes(ctx, of.ID); err != nil {
		return l, err
	}
	if l.changes, err = tx.HandoversOf(ctx, of.ID); err != nil {
		return l, err
	}
	if l.files, err = tx.FilesOf(ctx, of.ID); err != nil {
		return l, err
	}
	if l.book, l.approval, err = approval.Approved(ctx, tx, of); err != nil {
		return l, err
	}
	l.due = dialog.LastDayOf(l.rules, of, l.annexes)
	return l, nil
}

// edition is the edition that is open, or will be.
func (l Report) edition() int { return max(l.report.Edition, 1) }

// chapter is the part with that code; the zero Chapter when nothing was written there.
func (l Report) chapter(code string) store.Chapter {
	for _, c := range l.chapters {
		if c.Code == code {
			return c
		}
	}
	return store.Chapter{Recipient: l.of.ID, Code: code}
}

// annexed are the annexes of a kind. What shows the tools or the group at work holds for each edition; a signed page
// and a copy only for theirs.
func (l Report) annexed(kind store.AnnexKind) []store.Annex {
	return slices.DeleteFunc(slices.Clone(l.annexes), func(a store.Annex) bool {
		bound := kind == store.AnnexSigned || kind == store.AnnexCopy
		return a.Kind != kind || bound && a.Edition != l.edition()
	})
}

// proven tells whether an entry has its proof.
func (l Report) proven(e store.Entry) bool {
	return slices.ContainsFunc(l.files, func(f store.File) bool { return f.Entry == e.ID && f.Kind != "voice" })
}

// content is what a reviewer looks at, as SHA-256 in hex: the book, the words, and what belongs to it.
func (l Report) content() string {
	type words struct{ Code, Text string }
	var c struct {
		Book  string
		Plan  store.ID
		Words []words
		Annex []store.ID
	}
	c.Book, c.Plan = approval.BookHash(l.notas, l.entries), l.plan.ID
	for _, ch := range l.chapters {
		c.Words = append(c.Words, words{ch.Code, ch.Text})
	}
	for _, a := range l.annexes {
		c.Annex = append(c.Annex, a.ID)
	}
	b, err := json.Marshal(c)
	if err != nil {
		return "" // of plain values it can always be made
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// opened is the edition that is open, which is added where there is none yet.
func (l *Report) opened(ctx context.Context, tx store.Tx) (store.Report, error) {
	if l.report.ID != 0 {
		return l.report, nil
	}
	l.report = store.Report{Recipient: l.of.ID, State: store.ReportDrafted}
	return l.report, tx.AddReport(ctx, "report.begun", &l.report)
}

// ownReport reads a report that the person may see, with its recipient.
func ownReport(ctx context.Context, tx store.Tx, who dialog.Who, id store.ID) (store.Report, store.Recipient, error) {
	r, err := tx.ReportByID(ctx, id)
	if err != nil {
		return r, store.Recipient{}, err
	}
	of, err := tx.Recipient(ctx, r.Recipient)
	if err == nil && (!who.Theirs(of) || !who.May(dialog.SeeReport, string(r.State))) {
		err = store.ErrNotFound
	}
	return r, of, err
}
