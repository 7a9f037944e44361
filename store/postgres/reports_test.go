package postgres_test

import (
	"errors"
	"slices"
	"testing"

	"pendamping/store"
	"pendamping/store/postgres"
)

// allStates are those of an LPJ.
var allStates = []store.ReportState{
	store.ReportDrafted, store.ReportSent, store.ReportReturned, store.ReportVerified, store.ReportSigned,
	store.ReportUploaded, store.ReportAccepted, store.ReportRefused,
}

// While an LPJ is verified its book takes nothing, and who reads the recipient or a nota is told so.
func TestClosedBook(t *testing.T) {
	db, _ := open(t)
	b := fill(t, db)
	ctx := t.Context()
	deeds := map[string]func(tx *postgres.Tx) error{
		"a new nota": func(tx *postgres.Tx) error {
			return tx.AddReceipt(ctx, "receipt.begun", &store.Receipt{
				Recipient: b.recipient.ID, By: b.chair.ID, Begun: noon,
			})
		},
		"a changed nota": func(tx *postgres.Tx) error {
			r, err := tx.Receipt(ctx, b.receipt.ID)
			ok(t, err)
			return tx.PutReceipt(ctx, "receipt.changed", &r)
		},
		"a new entry": func(tx *postgres.Tx) error {
			return tx.AddEntry(ctx, "entry.added", &store.Entry{
				Recipient: b.recipient.ID, Kind: store.EntryFee, Amount: 1, At: noon,
			})
		},
		"a changed entry": func(tx *postgres.Tx) error {
			list, err := tx.Entries(ctx, b.recipient.ID)
			ok(t, err)
			return tx.PutEntry(ctx, "entry.changed", &list[0])
		},
		"another plan": func(tx *postgres.Tx) error {
			return tx.AddPlan(ctx, "plan.added", &store.Plan{Recipient: b.recipient.ID, State: store.PlanAgreed})
		},
	}
	for _, s := range allStates {
		do(t, db, func(tx *postgres.Tx) {
			r, err := tx.Report(ctx, b.recipient.ID)
			ok(t, err)
			r.State = s
			ok(t, tx.PutReport(ctx, "report.changed", &r))
		})
		do(t, db, func(tx *postgres.Tx) {
			of, err := tx.Recipient(ctx, b.recipient.ID)
			ok(t, err)
			nota, err := tx.Receipt(ctx, b.receipt.ID)
			ok(t, err)
			if of.Closed != s.Closes() || nota.Locked != s.Closes() {
				t.Errorf("%s: the recipient is closed: %v, its nota locked: %v", s, of.Closed, nota.Locked)
			}
		})
		for what, deed := range deeds {
			tx := db.Begin(noon, 0)
			err := deed(tx)
			if err == nil {
				_, err = tx.Commit(ctx, 0, nil, nil)
			}
			tx.Rollback(ctx)
			if errors.Is(err, store.ErrConflict) != s.Closes() || err != nil && !s.Closes() {
				t.Errorf("%s while the LPJ is %s: %v", what, s, err)
			}
		}
	}
	wantWhole(t, db)
}

// Only a refused edition has a follower, whoever asks for one at the same time.
func TestEditions(t *testing.T) {
	db, _ := open(t)
	b := fill(t, db)
	ctx := t.Context()
	do(t, db, func(tx *postgres.Tx) {
		r, err := tx.Report(ctx, b.recipient.ID)
		ok(t, err)
		list, err := tx.Reports(ctx, b.recipient.ID)
		ok(t, err)
		if r.Edition != 2 || len(list) != 2 || list[1].Edition != 1 {
			t.Errorf("the newest is %d of %d", r.Edition, len(list))
		}
	})
	tx := db.Begin(noon, 0)
	ok(t, tx.AddReport(ctx, "report.opened", &store.Report{Recipient: b.recipient.ID}))
	if _, err := tx.Commit(ctx, 0, nil, nil); !errors.Is(err, store.ErrConflict) {
		t.Errorf("a third edition beside an open one: %v", err)
	}
}

// A mentor looks at what her groups sent, and a coordinator at what the mentor had a hand in.
func TestReportsToReview(t *testing.T) {
	db, _ := open(t)
	b := fill(t, db)
	ctx := t.Context()
	boss := store.Person{Role: store.Coordinator, Province: b.recipient.Province}
	counts := func(mentor, coordinator int) {
		t.Helper()
		do(t, db, func(tx *postgres.Tx) {
			for _, c := range []struct {
				who  store.Person
				want int
			}{{b.mentor, mentor}, {boss, coordinator}} {
				list, err := tx.ReportsToReview(ctx, c.who, []store.ID{c.who.ID})
				ok(t, err)
				if len(list) != c.want {
					t.Errorf("%s: %d reports, want %d", c.who.Role, len(list), c.want)
				}
			}
		})
	}
	send := func(hands ...store.ID) {
		do(t, db, func(tx *postgres.Tx) {
			r, err := tx.Report(ctx, b.recipient.ID)
			ok(t, err)
			r.State, r.At, r.By, r.Hands = store.ReportSent, noon, b.chair.ID, hands
			ok(t, tx.PutReport(ctx, "report.sent", &r))
		})
	}
	counts(0, 0)
	send(b.chair.ID)
	counts(1, 0)
	send(b.chair.ID, b.mentor.ID)
	counts(0, 1)
	do(t, db, func(tx *postgres.Tx) {
		s, err := tx.StandingOf(ctx, b.recipient.ID)
		ok(t, err)
		if s.Report.State != store.ReportSent || s.Report.Edition != 2 || !s.Report.At.Equal(noon) ||
			!slices.Contains(s.Report.Hands, b.mentor.ID) || s.Until != "" {
			t.Errorf("standing: %+v, until %q", s.Report, s.Until)
		}
		ok(t, tx.AddAnnex(ctx, "annex.added", &store.Annex{Recipient: b.recipient.ID, Edition: 2,
			Kind: store.AnnexExtension, Until: "2027-02-01", By: b.chair.ID, At: noon}))
		s, err = tx.StandingOf(ctx, b.recipient.ID)
		ok(t, err)
		if s.Until != "2027-02-01" {
			t.Errorf("until %q", s.Until)
		}
	})
}
