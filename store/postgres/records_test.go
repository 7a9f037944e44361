package postgres_test

import (
	"context"
	"encoding/json"
	"errors"
	"reflect"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"pendamping/store"
)

// roundTrip adds each record and changes it to the next one, and wants to read back what it wrote.
func roundTrip[T any](t *testing.T, add, put func(context.Context, string, *T) error,
	read func(context.Context, store.ID) (T, error), all ...T) {
	t.Helper()
	field := func(v *T, name string) reflect.Value { return reflect.ValueOf(v).Elem().FieldByName(name) }
	for i := range all {
		v := all[i]
		ok(t, add(t.Context(), "test.added", &v))
		wantRead(t, v, read, store.ID(field(&v, "ID").Int()))
		if put == nil {
			continue
		}
		next := all[(i+1)%len(all)]
		for _, keep := range []string{"ID", "Version", "Number", "Edition"} {
			if f := field(&next, keep); f.IsValid() {
				f.Set(field(&v, keep))
			}
		}
		for _, unique := range []string{"Key", "Code"} {
			if f := field(&next, unique); f.IsValid() && f.String() != "" {
				f.SetString(f.String() + " changed")
			}
		}
		ok(t, put(t.Context(), "test.changed", &next))
		if n := field(&next, "Version").Int(); n != 2 {
			t.Errorf("%T: version %d after a change, want 2", v, n)
		}
		wantRead(t, next, read, store.ID(field(&next, "ID").Int()))
	}
	if _, err := read(t.Context(), 999_999_999); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("%T that is not there: %v", all[0], err)
	}
}

func wantRead[T any](t *testing.T, want T, read func(context.Context, store.ID) (T, error), id store.ID) {
	t.Helper()
	got, err := read(t.Context(), id)
	ok(t, err)
	wantSame(t, want, got)
}

func wantSame(t *testing.T, want, got any) {
	t.Helper()
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("-want +got\n%s", d)
	}
}

// TestRoundTrips has of every kind a record with all fields set and one with as few as the schema takes.
func TestRoundTrips(t *testing.T) {
	db, _ := open(t)
	tx := db.Begin(noon, 0)
	defer tx.Rollback(t.Context())
	g := addGroup(t, tx, "A")
	of, by := g.recipient.ID, g.chair.ID
	hex := "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

	plan := store.Plan{Recipient: of, Edition: 1, Reason: "awal", Lines: []store.PlanLine{
		{Item: "Mesin jahit", Pos: "ALAT", Volume: 1500, Unit: "unit", Price: 3_000_000},
		{Pos: "BAHAN"},
	}}
	ok(t, tx.AddPlan(t.Context(), "plan.added", &plan))
	wantRead(t, plan, tx.Plan, of)
	next := store.Plan{Recipient: of}
	ok(t, tx.AddPlan(t.Context(), "plan.added", &next))
	wantRead(t, store.Plan{ID: next.ID, Version: 1, Recipient: of, Edition: 2, State: store.PlanAgreed}, tx.Plan, of)
	wantRead(t, store.Plan{}, tx.ProposedPlan, of)
	decided := store.Review{By: g.mentor.ID, At: noon, Version: 3, Reason: "mahal", Words: "harga di pasar", Seen: []string{"grant"}}
	roundTrip(t, tx.AddPlan, tx.PutPlan, tx.PlanByID,
		store.Plan{
			Recipient: of, Edition: 3, State: store.PlanDeclined, Reason: "harga naik", By: by, At: noon, Hands: []store.ID{by}, Review: decided,
			Lines: []store.PlanLine{{ID: plan.Lines[0].ID, Item: "Mesin obras", Pos: "ALAT", Volume: 1000, Unit: "unit", Price: 3_100_000}},
		},
		store.Plan{Recipient: of, Edition: 4, State: store.PlanAgreed})
	wantRead(t, store.Plan{}, tx.Plan, 999_999_999)

	roundTrip(t, tx.AddProgram, nil, tx.Program,
		store.Program{Code: "X", Edition: 1, Rules: store.DefaultRules()}, store.Program{Code: "X", Edition: 2})
	roundTrip(t, tx.AddRecipient, tx.PutRecipient, tx.Recipient,
		store.Recipient{
			Code: "R1", Name: "Maju", Single: true, Program: g.program.ID, Province: "Aceh", Regency: "Pidie",
			Village: "Desa", Wave: "2", Zone: "Asia/Jayapura", Grant: 5, Disbursed: "2026-02-28", Mentor: g.mentor.ID,
		},
		store.Recipient{Code: "R2", Program: g.program.ID})
	roundTrip(t, tx.AddPerson, tx.PutPerson, tx.Person,
		store.Person{
			Key: "k1", Role: store.Member, Code: "A", Name: "Sari <b>&", Recipient: of, Organisation: "Dinas",
			Province: "Bali", Regency: "Badung", WA: "+62", Account: 1 << 40, Sponsors: []store.ID{g.mentor.ID},
		},
		store.Person{Key: "k2", Role: store.Coordinator})
	roundTrip(t, tx.AddReceipt, tx.PutReceipt, tx.Receipt,
		store.Receipt{
			Recipient: of, State: store.Submitted, Kind: store.KindNota, Payment: "tunai", Seller: "Toko \"Jaya\"\n2",
			Day: "2026-11-20", Total: 30, Reason: "hilang", Flags: []string{"period", "split"}, By: by, Behalf: true,
			Begun: noon, Submitted: noon.Add(time.Minute), Draft: json.RawMessage(`{"b": 1, "a": [2]}`),
			Items: []store.Item{
				{Item: "Kain", Volume: 2500, Unit: "m", Price: 8, Amount: 20, Line: plan.Lines[0].ID, Pos: "BAHAN"},
				{Amount: 10},
			},
			Hands: []store.ID{by, g.mentor.ID}, Sponsors: []store.ID{g.mentor.ID}, Review: decided,
			Sources: []store.Source{{Person: by, Message: 5, Name: "amount"}, {Person: by, Message: 5, Name: "seller"}},
		},
		store.Receipt{Recipient: of, State: store.Unfinished, By: by})
	roundTrip(t, tx.AddEntry, tx.PutEntry, findEntry(tx, of),
		store.Entry{
			Recipient: of, Kind: store.EntryRefund, State: store.EntryStands, Amount: 5, Day: "2026-11-21", Pos: "ALAT",
			Note: "retur", By: by, At: noon,
		},
		store.Entry{Recipient: of, Kind: store.EntryFee, State: store.EntryCancelled, Amount: 1})
	receipt, err := tx.ReceiptByNumber(t.Context(), of, 1)
	ok(t, err)
	entry, err := tx.Entries(t.Context(), of)
	ok(t, err)
	roundTrip(t, tx.AddFile, tx.PutFile, tx.File,
		store.File{
			Recipient: of, Receipt: receipt.ID, Entry: entry[0].ID, Kind: "photo", FileID: "AgAC", UniqueID: "AQAD",
			Name: "nota.jpg", Words: "beli kain", MIME: "image/jpeg", Size: 1 << 33, Width: 1280, Height: 960, SHA256: hex,
			By: by, Album: "13", At: noon,
		},
		store.File{Recipient: of, Kind: "voice"})
	voice := store.File{Recipient: of, Kind: "voice"}
	ok(t, tx.AddFile(t.Context(), "file.kept", &voice))
	roundTrip(t, tx.AddRemark, tx.PutRemark, tx.Remark,
		store.Remark{
			Recipient: of, Receipt: receipt.ID, Kind: store.Objection, By: by, To: g.mentor.ID, At: noon, Words: "bukan belanja kami",
			Voice: voice.ID, Answer: "sudah dicek", Heard: voice.ID, Answered: noon.Add(time.Hour),
		},
		store.Remark{Recipient: of, Receipt: receipt.ID, Kind: store.Question, By: by, To: g.mentor.ID})
	roundTrip(t, tx.AddApproval, tx.PutApproval, tx.ApprovalByID,
		store.Approval{Recipient: of, Book: "h", Notas: 3, Spent: 4, Left: -5, By: by, At: noon, Sponsors: []store.ID{by}, Paper: voice.ID, Review: decided},
		store.Approval{Recipient: of, Book: "h", Notas: 3, Spent: 4, Left: -5, By: by, At: noon, Sponsors: []store.ID{by}, Paper: voice.ID})
	roundTrip(t, tx.AddComplaint, tx.PutComplaint, tx.Complaint,
		store.Complaint{
			Person: by, Recipient: of, Province: "Jawa Barat", Regency: "Garut", Topic: "potongan", Words: "dipotong 10%",
			State: store.ComplaintTaken, Reply: "kami periksa", At: noon,
		},
		store.Complaint{Person: by, Recipient: of, State: store.ComplaintSent})
	roundTrip(t, tx.AddDataRequest, tx.PutDataRequest, tx.DataRequest,
		store.DataRequest{
			Person: by, Recipient: of, Province: "Jawa Barat", Regency: "Garut", Kind: store.RequestErasure, Words: "nama saya", At: noon,
			Outcome: store.OutcomeRestricted, Reason: "account", Reply: "wajib disimpan", By: g.mentor.ID, Answered: noon.Add(time.Hour),
		},
		store.DataRequest{Person: by, Recipient: of, Kind: store.RequestCorrection, Part: "wa", At: noon})
	roundTrip(t, tx.AddBreach, tx.PutBreach, tx.Breach,
		store.Breach{Found: noon, What: "salinan hilang", Data: "nama, nomor WA", People: 12, Done: "kunci diganti", Notified: noon.Add(time.Hour)},
		store.Breach{Found: noon, What: "?"})
	hold := store.LegalHold{Recipient: of, Reason: "diperiksa BPK", At: noon}
	ok(t, tx.AddLegalHold(t.Context(), "hold.set", &hold))
	wantRead(t, hold, tx.LegalHold, of)
	hold.Released = noon.Add(time.Hour)
	ok(t, tx.PutLegalHold(t.Context(), "hold.released", &hold))
	if _, err := tx.LegalHold(t.Context(), of); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a released hold still holds: %v", err)
	}
	roundTrip(t, tx.AddConsent, tx.PutConsent, func(ctx context.Context, id store.ID) (store.Consent, error) {
		c, err := tx.ConsentOf(ctx, by)
		if c.ID != id {
			err = store.ErrNotFound
		}
		return c, err
	}, store.Consent{Person: by, Notice: "2026-1", Given: noon.Add(time.Hour), Source: "paper", Withdrawn: noon.Add(time.Hour)},
		store.Consent{Person: by, Notice: "2026-2", Given: noon.Add(time.Hour), Source: "chat"})
	roundTrip(t, tx.AddInvite, tx.PutInvite, func(ctx context.Context, id store.ID) (store.Invite, error) {
		i, err := tx.InviteOf(ctx, by)
		if i.ID != id {
			err = store.ErrNotFound
		}
		return i, err
	}, store.Invite{Person: by, Seal: sealed, Expires: noon, Used: noon.Add(time.Second), Revoked: noon.Add(time.Minute)},
		store.Invite{Person: by, Seal: sealed})

	moved := store.Handover{
		Recipient: of, Kind: store.OfficerMoves, State: store.HandoverObjected, From: by, To: g.mentor.ID, Role: store.Chair, Leaves: true, Back: "2026-12-01",
		Reason: "pindah", By: by, At: noon, Decided: g.mentor.ID, Answer: "baik", DecidedAt: noon.Add(time.Minute), Agreed: by, AgreedAt: noon.Add(time.Second),
		Ticket: "00ff", Objected: by, ObjectedAt: noon.Add(time.Hour),
	}
	waits := store.Handover{
		Recipient: of, Kind: moved.Kind, State: store.HandoverAsked, From: moved.From, To: by, Role: moved.Role, Leaves: true, Back: moved.Back,
		Reason: moved.Reason, By: by, At: noon,
	}
	roundTrip(t, tx.AddHandover, tx.PutHandover, tx.Handover, moved, waits)
	told := store.Broadcast{
		By: g.mentor.ID, State: store.BroadcastDone, Words: "a", English: "b", Files: []store.Shown{{ID: "x", Kind: "photo"}}, Question: "q", Options: []string{"1", "2"},
		Ack: true, Ask: true, Link: "https://a.id", Audience: store.Audience{Province: "Bali"}, Count: 3, Urgent: "banjir", Due: noon, Until: "2026-12-01",
		Approved: by, Launched: noon, Nudged: noon, Recalled: noon, Edition: 2, Amended: 1, Why: "tidak", Left: noon, Card: 7, At: noon,
	}
	quiet := told
	quiet.State, quiet.Words, quiet.English, quiet.Count, quiet.Urgent, quiet.Due, quiet.Until = store.BroadcastAsked, "c", "", 0, "", time.Time{}, ""
	quiet.Approved, quiet.Launched, quiet.Nudged, quiet.Recalled, quiet.Left = 0, time.Time{}, time.Time{}, time.Time{}, time.Time{}
	quiet.Edition, quiet.Amended, quiet.Why, quiet.Card = 0, 0, "", 0
	roundTrip(t, tx.AddBroadcast, tx.PutBroadcast, tx.Broadcast, told, quiet)

	paper := store.Approval{Recipient: of, Book: "h", By: by, At: noon}
	ok(t, tx.AddApproval(t.Context(), "book.approved", &paper))
	roundTrip(t, tx.AddReport, tx.PutReport, tx.ReportByID,
		store.Report{
			Recipient: of, State: store.ReportRefused, At: noon, By: by, Hands: []store.ID{by, g.mentor.ID}, Review: decided,
			Wrong: []string{"notas:buram, dan lain"}, Approval: paper.ID, Late: true, Reopened: 2,
			Upload: store.Upload{Number: "BH-1", Day: "2026-11-21", File: voice.ID, By: by, At: noon},
			Result: store.Result{Reasons: "kurang", Day: "2026-11-22", By: by, At: noon},
		},
		store.Report{Recipient: of, State: store.ReportRefused})
	roundTrip(t, tx.AddChapter, tx.PutChapter, tx.Chapter,
		store.Chapter{
			Recipient: of, Code: "latar", Text: "Satu.\n\nDua <b>.", Voice: voice.ID, Comment: "bagus", Proposal: "Tiga.", Advisor: g.mentor.ID, By: by, At: noon,
		},
		store.Chapter{Recipient: of, Code: "latar changed"})
	annex := store.Annex{
		Recipient: of, Edition: 1, Kind: store.AnnexExtension, File: voice.ID, Note: "Bu Ani", Number: "1/A", Day: "2026-11-21", Until: "2026-12-21",
		Place: "kantor desa", Stamped: true, By: by, At: noon,
	}
	dropped := annex
	dropped.Dropped = noon
	roundTrip(t, tx.AddAnnex, tx.PutAnnex, tx.Annex, annex, dropped)
	seal := store.Seal{
		Recipient: of, Edition: 1, Code: "ABCDEFGHJKMN", Hash: hex, Received: 3, Spent: 2, Deposited: 1, Data: `{"b":1}`, By: by, At: noon,
	}
	ok(t, tx.AddSeal(t.Context(), "report.sealed", &seal))
	printed, err := tx.SealByCode(t.Context(), seal.Code)
	ok(t, err)
	wantSame(t, seal, printed)
	_, err = tx.Commit(t.Context(), 0, nil, nil)
	ok(t, err)
	wantWhole(t, db)
}

// sealed is the seal of an invitation that has neither token nor code.
const sealed = "8a5edab282632443219e051e4ade2d1d5bbc671c781051bf1437897cbdfea0f1"

// findEntry looks an entry up among its recipient's, as the contract has no other way.
func findEntry(tx store.Tx, of store.ID) func(context.Context, store.ID) (store.Entry, error) {
	return func(ctx context.Context, id store.ID) (store.Entry, error) {
		all, err := tx.Entries(ctx, of)
		for _, e := range all {
			if e.ID == id {
				return e, err
			}
		}
		return store.Entry{}, store.ErrNotFound
	}
}
