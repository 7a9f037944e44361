package objection

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"time"

	"pendamping/flows/approval"
	"pendamping/flows/dialog"
	"pendamping/store"
)

// disowned is the flag of a nota that somebody entered whom the group did not appoint.
const disowned = "disowned"

// disown marks what a person entered since then, whom the group did not appoint: notas get a flag that their reviewer
// sees first, what they said of visits is unsaid, and their approval of the book is none. Other records are judged by
// the change: see dialog.EnteredByStopped. It returns what that is, a line for each kind.
func disown(
	ctx context.Context, tx store.Tx, of store.Recipient, p store.Person, then time.Time, who dialog.Who,
) (lines []store.Text, err error) {
	add := func(kind string, n int) {
		if n > 0 {
			lines = append(lines, store.Say("notus.marked", "Kind", kind, "Count", strconv.Itoa(n)))
		}
	}
	n, err := disownReceipts(ctx, tx, of, p, then)
	if err != nil {
		return nil, err
	}
	add("nota", n)
	entries, err := tx.Entries(ctx, of.ID)
	if err != nil {
		return nil, err
	}
	n = 0
	for _, e := range entries {
		if e.By == p.ID && !e.At.Before(then) {
			n++
		}
	}
	add("entry", n)
	plan, err := tx.ProposedPlan(ctx, of.ID)
	if err != nil {
		return nil, err
	}
	if plan.ID != 0 && plan.By == p.ID && !plan.At.Before(then) {
		add("plan", 1)
	}
	visits, err := tx.Visits(ctx, of.ID, dialog.Entire)
	if err != nil {
		return nil, err
	}
	n = 0
	for _, v := range visits {
		if v.Word.By != p.ID || v.Word.At.Before(then) {
			continue
		}
		v.Word = store.Word{}
		if err := tx.PutVisit(ctx, "visit.unsaid", &v); err != nil {
			return nil, err
		}
		n++
	}
	add("visit", n)
	unsigned, err := disownApproval(ctx, tx, of, p, then, who)
	if unsigned {
		add("book", 1)
	}
	return lines, err
}

// disownReceipts flags a person's notas since then, and returns how many these are.
func disownReceipts(
	ctx context.Context, tx store.Tx, of store.Recipient, p store.Person, then time.Time,
) (n int, err error) {
	list, err := tx.Receipts(ctx, of.ID, "", dialog.Entire, 0)
	if err != nil {
		return 0, err
	}
	for _, r := range list {
		theirs := r.By == p.ID || slices.Contains(r.Hands, p.ID)
		before := r.Begun.Before(then) && r.Submitted.Before(then)
		if !theirs || before || r.State == store.Cancelled || slices.Contains(r.Flags, disowned) {
			continue
		}
		r.Flags = append(slices.Clone(r.Flags), disowned)
		if err := tx.PutReceipt(ctx, "receipt.disowned", &r); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

// disownApproval unsays a person's approval of the book since then, and reports whether there was one.
func disownApproval(
	ctx context.Context, tx store.Tx, of store.Recipient, p store.Person, then time.Time, who dialog.Who,
) (bool, error) {
	a, err := tx.Approval(ctx, of.ID)
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	if err != nil || a.By != p.ID || a.At.Before(then) || a.Review.Reason == approval.NotTrue {
		return false, err
	}
	a.Review = store.Review{By: who.ID, At: tx.Now(), Version: a.Version, Reason: approval.NotTrue}
	if err := tx.PutApproval(ctx, "book.disowned", &a); err != nil {
		return false, err
	}
	r, err := dialog.Newest(ctx, tx, of.ID)
	if err == nil && r.State == store.ReportSigned && r.Approval == a.ID {
		r.State, r.Approval = store.ReportVerified, 0
		err = tx.PutReport(ctx, "report.unsigned", &r)
	}
	return true, err
}

// clearMarks takes the mark from what a person entered whom the group appointed after all.
func clearMarks(ctx context.Context, tx store.Tx, of store.Recipient, p store.Person, h store.Handover) error {
	list, err := tx.Receipts(ctx, of.ID, "", dialog.Entire, 0)
	if err != nil {
		return err
	}
	for _, r := range list {
		theirs := r.By == p.ID || slices.Contains(r.Hands, p.ID)
		since := !r.Begun.Before(h.DecidedAt) || !r.Submitted.Before(h.DecidedAt)
		if !slices.Contains(r.Flags, disowned) || !theirs || !since {
			continue
		}
		r.Flags = slices.DeleteFunc(slices.Clone(r.Flags), func(f string) bool { return f == disowned })
		if err := tx.PutReceipt(ctx, "receipt.owned", &r); err != nil {
			return err
		}
	}
	return nil
}
