package flows

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"slices"

	"pendamping/store"
)

// lpj is everything that is known of a recipient's LPJ at a moment.
type lpj struct {
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
	book     string // how it stands with the one who answers for it: see approved
	approval store.Approval
	changes  []store.Handover
	due      store.Day // the last day, with what was granted
}

// readLPJ reads it.
func readLPJ(ctx context.Context, tx store.Tx, of store.Recipient) (l lpj, err error) {
	l.of = of
	if l.rules, l.plan, err = rulesAndPlan(ctx, tx, of); err != nil {
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
	if l.notas, err = tx.Receipts(ctx, of.ID, "", entire, 0); err != nil {
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
	if l.book, l.approval, err = approved(ctx, tx, of); err != nil {
		return l, err
	}
	l.due = lastDayOf(l.rules, of, l.annexes)
	return l, nil
}

// lastDayOf is the LPJ's last day, with the extensions that were granted.
func lastDayOf(rules store.Rules, of store.Recipient, annexes []store.Annex) store.Day {
	due := rules.Due(of.Disbursed)
	for _, a := range annexes {
		if a.Kind == store.AnnexExtension {
			due = max(due, a.Until)
		}
	}
	return due
}

// dueOf is lastDayOf a recipient whose annexes are not read yet.
func dueOf(ctx context.Context, tx store.Tx, rules store.Rules, of store.Recipient) (store.Day, error) {
	annexes, err := tx.Annexes(ctx, of.ID)
	return lastDayOf(rules, of, annexes), err
}

// edition is the edition that is open, or will be.
func (l lpj) edition() int { return max(l.report.Edition, 1) }

// chapter is the part with that code; the zero Chapter when nothing was written there.
func (l lpj) chapter(code string) store.Chapter {
	for _, c := range l.chapters {
		if c.Code == code {
			return c
		}
	}
	return store.Chapter{Recipient: l.of.ID, Code: code}
}

// annexed are the annexes of a kind. What shows the tools or the group at work holds for each edition; a signed page and a copy only
// for theirs.
func (l lpj) annexed(kind store.AnnexKind) []store.Annex {
	return slices.DeleteFunc(slices.Clone(l.annexes), func(a store.Annex) bool {
		bound := kind == store.AnnexSigned || kind == store.AnnexCopy
		return a.Kind != kind || bound && a.Edition != l.edition()
	})
}

// proven tells whether an entry has its proof.
func (l lpj) proven(e store.Entry) bool {
	return slices.ContainsFunc(l.files, func(f store.File) bool { return f.Entry == e.ID && f.Kind != "voice" })
}

// content is what a reviewer looks at, as SHA-256 in hex: the book, the words, and what belongs to it.
func (l lpj) content() string {
	type words struct{ Code, Text string }
	var c struct {
		Book  string
		Plan  store.ID
		Words []words
		Annex []store.ID
	}
	c.Book, c.Plan = bookHash(l.notas, l.entries), l.plan.ID
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
func (l *lpj) opened(ctx context.Context, tx store.Tx) (store.Report, error) {
	if l.report.ID != 0 {
		return l.report, nil
	}
	l.report = store.Report{Recipient: l.of.ID, State: store.ReportDrafted}
	return l.report, tx.AddReport(ctx, "report.begun", &l.report)
}

// ownReport reads a report that the person may see, with its recipient.
func ownReport(ctx context.Context, tx store.Tx, who Who, id string) (store.Report, store.Recipient, error) {
	r, err := tx.ReportByID(ctx, idOf(id))
	if err != nil {
		return r, store.Recipient{}, err
	}
	of, err := tx.Recipient(ctx, r.Recipient)
	if err == nil && (!who.theirs(of) || !who.may(seeReport, string(r.State))) {
		err = store.ErrNotFound
	}
	return r, of, err
}

// newest is a recipient's newest report, the zero Report when there is none.
func newest(ctx context.Context, tx store.Tx, of store.ID) (store.Report, error) {
	r, err := tx.Report(ctx, of)
	if errors.Is(err, store.ErrNotFound) {
		return store.Report{}, nil
	}
	return r, err
}
