package postgres_test

import (
	"context"
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"pendamping/store"
	"pendamping/store/postgres"
)

// readOnly are the fields, by kind, that nothing is added with: they have no column, or only a later change fills it.
var readOnly = map[string]string{
	"Person": "Consent", "Receipt": "Locked", "Recipient": "Planned Roomed Closed", "Invite": "Token Code Claimant",
}

// forGood are the fields, by kind, that a change leaves as they are.
var forGood = map[string]string{
	"Annex":       "Recipient Edition Kind File Note Number Day Until Place Stamped By At",
	"Approval":    "Recipient Book Notas Spent Left By At Sponsors Paper",
	"Broadcast":   "By Files Question Options Ack Ask Link Audience At",
	"Chapter":     "Recipient",
	"Complaint":   "Person Recipient",
	"Consent":     "Person",
	"DataRequest": "Person Recipient At",
	"Entry":       "Recipient Number",
	"File":        "Recipient",
	"Handover":    "Recipient Kind From Role Leaves Unbound Back Reason By At",
	"Initiative":  "Recipient Kind By",
	"Invite":      "Person Seal Held",
	"Letter":      "Recipient Batch Template By To Words Voice Answers At",
	"LegalHold":   "Recipient",
	"Plan":        "Recipient Edition",
	"Receipt":     "Recipient Number",
	"Remark":      "Recipient Receipt By",
	"Report":      "Recipient Edition",
	"Snapshot":    "Recipient Month",
	"Visit":       "Recipient By", // but for a planned one's
}

// trips are the kinds that have made a round trip.
type trips map[reflect.Type]bool

// roundTrip adds each record and changes it to the next one, and wants to read back what it wrote. The first one has
// every field set, and the next differs in every field that may change, so that no column is forgotten without a word.
// set, and the next differs in every field that may change, so that no column is forgotten without a word.
func roundTrip[T any](t *testing.T, made trips, add, put func(context.Context, string, *T) error,
	read func(context.Context, store.ID) (T, error), all ...T) {
	t.Helper()
	kind := reflect.TypeFor[T]()
	made[kind] = true
	stay := append(strings.Fields(forGood[kind.Name()]), "ID", "Version")
	field := func(v *T, name string) reflect.Value { return reflect.ValueOf(v).Elem().FieldByName(name) }
	for i := range all {
		v := all[i]
		ok(t, add(t.Context(), "test.added", &v))
		wantRead(t, v, read, store.ID(field(&v, "ID").Int()))
		if i == 0 {
			wantNone(t, kind, "is not set", unset(reflect.ValueOf(v), ""), strings.Fields(readOnly[kind.Name()]))
		}
		if put == nil {
			continue
		}
		next := all[(i+1)%len(all)]
		for _, keep := range stay {
			field(&next, keep).Set(field(&v, keep))
		}
		for _, unique := range []string{"Key", "Code"} {
			if f := field(&next, unique); f.IsValid() && f.String() != "" {
				f.SetString(f.String() + " changed")
			}
		}
		if i == 0 {
			wantNone(t, kind, "is not changed", equal(reflect.ValueOf(v), reflect.ValueOf(next), ""),
				append(stay, strings.Fields(readOnly[kind.Name()])...))
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

// wantNone wants none of these fields but the excepted ones and what is in them.
func wantNone(t *testing.T, kind reflect.Type, what string, names, except []string) {
	t.Helper()
	for _, name := range names {
		if top, _, _ := strings.Cut(name, "."); !slices.Contains(except, top) {
			t.Errorf("%v.%s %s in this test", kind, name, what)
		}
	}
}

// unset are the fields of a record that are zero; of a list's elements those that are zero in all.
func unset(v reflect.Value, name string) []string {
	switch {
	case plain(v) && !v.IsZero() && v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Struct:
		missing := unset(v.Index(0), name)
		for i := range v.Len() {
			here := unset(v.Index(i), name)
			missing = slices.DeleteFunc(missing, func(name string) bool { return !slices.Contains(here, name) })
		}
		return missing
	case plain(v) && v.IsZero():
		return []string{name}
	case plain(v):
		return nil
	}
	var missing []string
	for i := range v.NumField() {
		missing = append(missing, unset(v.Field(i), under(name, v.Type().Field(i)))...)
	}
	return missing
}

// equal are the fields in which two records do not differ.
func equal(a, b reflect.Value, name string) []string {
	if plain(a) {
		if cmp.Equal(a.Interface(), b.Interface()) {
			return []string{name}
		}
		return nil
	}
	var same []string
	for i := range a.NumField() {
		same = append(same, equal(a.Field(i), b.Field(i), under(name, a.Type().Field(i)))...)
	}
	return same
}

// plain reports whether a value is not one with fields of its own.
func plain(v reflect.Value) bool {
	return v.Kind() != reflect.Struct || v.Type() == reflect.TypeFor[time.Time]()
}

func under(name string, f reflect.StructField) string {
	return strings.TrimPrefix(name+"."+f.Name, ".")
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
	made := trips{}
	g, other := addGroup(t, tx, "A"), addGroup(t, tx, "B")
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
	decided := store.Review{
		By: g.mentor.ID, At: noon, Version: 3, Verdict: "returned", Reason: "mahal", Words: "harga di pasar",
		Seen: []string{"grant"},
	}
	roundTrip(t, made, tx.AddPlan, tx.PutPlan, tx.PlanByID,
		store.Plan{
			Recipient: of, Edition: 3, State: store.PlanDeclined, Reason: "harga naik", By: by, At: noon,
			Hands: []store.ID{by}, Review: decided,
			Lines: []store.PlanLine{
				{ID: plan.Lines[0].ID, Item: "Mesin obras", Pos: "ALAT", Volume: 1000, Unit: "unit", Price: 3_100_000},
			},
		},
		store.Plan{Recipient: of, Edition: 4, State: store.PlanAgreed})
	wantRead(t, store.Plan{}, tx.Plan, 999_999_999)

	roundTrip(t, made, tx.AddProgram, nil, tx.Program,
		store.Program{Code: "X", Edition: 1, Rules: store.Rules{
			Name: "TKM", Year: 2026, Unit: "kelompok", Amount: 1, Split: []store.Share{{Pos: "ALAT", Percent: 100}},
			Period: 2, YearEnd: true,
			Deadline: 3, Ceiling: 4, Contact: 5, Remind: []int{-1}, Holidays: []store.Day{"2026-12-24"},
			Categories: []store.Category{{Code: "A", Name: "Alat", Pos: "ALAT"}}, Template: "2023", TypeOver: 6,
			ApproveOver: 7, Stamp: 8,
			Checks: []store.Check{{Code: "tool", Weight: 100, Least: 1, Before: true}}, Reopen: 9, Keep: 11,
		}}, store.Program{Code: "X", Edition: 2})
	roundTrip(t, made, tx.AddRecipient, tx.PutRecipient, tx.Recipient,
		store.Recipient{
			Code: "R1", Name: "Maju", Single: true, Program: g.program.ID, Province: "Aceh", Regency: "Pidie",
			Village: "Desa", Wave: "2", Zone: "Asia/Jayapura", Grant: 5, Disbursed: "2026-02-28", Mentor: g.mentor.ID,
			Regular: other.mentor.ID, Back: "2026-12-01",
		},
		store.Recipient{Code: "R2", Program: other.program.ID})
	roundTrip(t, made, tx.AddPerson, tx.PutPerson, tx.Person,
		store.Person{
			Key: "k1", Role: store.Member, Code: "A", Name: "Sari <b>&", Recipient: of, Organisation: "Dinas",
			Province: "Bali", Regency: "Badung", WA: "+62", Account: 1 << 40, Roots: true,
			Sponsors: []store.ID{g.mentor.ID}, Same: []store.ID{other.mentor.ID},
		},
		store.Person{Key: "k2", Role: store.Coordinator})
	roundTrip(t, made, tx.AddReceipt, tx.PutReceipt, tx.Receipt,
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
		store.Receipt{Recipient: of, State: store.Unfinished, By: g.mentor.ID})
	roundTrip(t, made, tx.AddEntry, tx.PutEntry, find(tx.Entries, of, func(e store.Entry) store.ID { return e.ID }),
		store.Entry{
			Recipient: of, Kind: store.EntryRefund, State: store.EntryStands, Amount: 5, Day: "2026-11-21", Pos: "ALAT",
			Note: "retur", By: by, At: noon,
		},
		store.Entry{Recipient: of, Kind: store.EntryFee, State: store.EntryCancelled, Amount: 1})
	roundTrip(t, made, tx.AddVisit, tx.PutVisit, tx.Visit,
		store.Visit{
			Recipient: of, State: store.VisitPlanned, Mode: store.InPerson, By: g.mentor.ID, Start: noon, Minutes: 30,
			Place: "balai desa",
			Spot:  "-7.2,107.9", Met: []store.Role{store.Chair}, Acts: []string{"book"}, Progress: 40, Words: "maju",
			Problem:  "benang habis",
			FollowUp: "beli benang", Due: "2026-12-01", Solved: noon.Add(time.Hour), Reason: "rain", At: noon,
			Word: store.Word{By: by, At: noon, Yes: true, Sponsors: []store.ID{g.mentor.ID}},
		},
		store.Visit{Recipient: of, State: store.VisitHeld, Mode: store.ByPhone, By: g.mentor.ID})
	planned := store.Visit{
		Recipient: of, State: store.VisitPlanned, Mode: store.InPerson, By: g.mentor.ID, Start: noon, At: noon,
	}
	ok(t, tx.AddVisit(t.Context(), "visit.planned", &planned))
	planned.By = other.mentor.ID
	ok(t, tx.PutVisit(t.Context(), "visit.given", &planned))
	wantRead(t, planned, tx.Visit, planned.ID)
	receipt, err := tx.ReceiptByNumber(t.Context(), of, 1)
	ok(t, err)
	entry, err := tx.Entries(t.Context(), of)
	ok(t, err)
	roundTrip(t, made, tx.AddFile, tx.PutFile, tx.File,
		store.File{
			Recipient: of, Receipt: receipt.ID, Entry: entry[0].ID, Visit: planned.ID, Kind: "photo", FileID: "AgAC",
			UniqueID: "AQAD",
			Name:     "nota.jpg", Words: "beli kain", MIME: "image/jpeg", Size: 1 << 33, Width: 1280, Height: 960,
			SHA256: hex,
			By:     by, Album: "13", Message: 9, At: noon,
		},
		store.File{Recipient: of, Kind: "voice"})
	voice := store.File{Recipient: of, Kind: "voice"}
	ok(t, tx.AddFile(t.Context(), "file.kept", &voice))
	roundTrip(t, made, tx.AddRemark, tx.PutRemark, tx.Remark,
		store.Remark{
			Recipient: of, Receipt: receipt.ID, Kind: store.Objection, By: by, To: g.mentor.ID, At: noon,
			Words: "bukan belanja kami",
			Voice: voice.ID, Answer: "sudah dicek", Heard: voice.ID, Answered: noon.Add(time.Hour),
		},
		store.Remark{Recipient: of, Receipt: receipt.ID, Kind: store.Question, By: by, To: other.mentor.ID})
	nudge := store.Letter{Recipient: of, By: g.mentor.ID, To: by, At: noon}
	ok(t, tx.AddLetter(t.Context(), "letter.written", &nudge))
	roundTrip(t, made, tx.AddLetter, tx.PutLetter, tx.Letter,
		store.Letter{
			Recipient: of, Batch: nudge.ID, Template: "notas", By: by, To: g.mentor.ID, Words: "sudah",
			Voice: voice.ID, Answers: nudge.ID,
			At: noon, Due: noon.Add(time.Hour), Cancelled: noon.Add(time.Minute),
		},
		store.Letter{Recipient: of, By: by, To: g.mentor.ID, At: noon})
	roundTrip(t, made, tx.AddSnapshot, tx.PutSnapshot,
		find(tx.Snapshots, of, func(s store.Snapshot) store.ID { return s.ID }),
		store.Snapshot{
			Recipient: of, Visit: planned.ID, Month: "2026-11", Revenue: 5, Profit: -1, Capital: 3, Workers: 2,
			Permits: "NIB", By: by, At: noon,
		},
		store.Snapshot{Recipient: of, Month: "2026-10", By: g.mentor.ID})
	roundTrip(t, made, tx.AddInitiative, tx.PutInitiative, tx.Initiative,
		store.Initiative{
			Recipient: of, Visit: planned.ID, Kind: store.Idea, Words: "jual daring", Result: "laku",
			Closed: noon.Add(time.Hour), By: by, At: noon,
		},
		store.Initiative{Recipient: of, Kind: store.ToMarket, By: g.mentor.ID})
	roundTrip(t, made, tx.AddApproval, tx.PutApproval, tx.ApprovalByID,
		store.Approval{Recipient: of, Book: "h", Notas: 3, Spent: 4, Left: -5, By: by, At: noon,
			Sponsors: []store.ID{by}, Paper: voice.ID, Review: decided},
		store.Approval{Recipient: of, Book: "h", Notas: 3, Spent: 4, Left: -5, By: by, At: noon,
			Sponsors: []store.ID{by}, Paper: voice.ID})
	roundTrip(t, made, tx.AddComplaint, tx.PutComplaint, tx.Complaint,
		store.Complaint{
			Person: by, Recipient: of, Province: "Jawa Barat", Regency: "Garut", Topic: "potongan",
			Words: "dipotong 10%",
			State: store.ComplaintTaken, Reply: "kami periksa", At: noon, Closer: g.mentor.ID,
			Closed: noon.Add(time.Hour),
		},
		store.Complaint{Person: by, Recipient: of, State: store.ComplaintSent})
	roundTrip(t, made, tx.AddDataRequest, tx.PutDataRequest, tx.DataRequest,
		store.DataRequest{
			Person: by, Recipient: of, Province: "Jawa Barat", Regency: "Garut", Kind: store.RequestErasure,
			Part: "other", Words: "nama saya", At: noon,
			Outcome: store.OutcomeRestricted, Reason: "account", Reply: "wajib disimpan", By: g.mentor.ID,
			Answered: noon.Add(time.Hour),
		},
		store.DataRequest{Person: by, Recipient: of, Kind: store.RequestCorrection, Part: "wa", At: noon})
	roundTrip(t, made, tx.AddBreach, tx.PutBreach, tx.Breach,
		store.Breach{Found: noon, What: "salinan hilang", Data: "nama, nomor WA", People: 12, Done: "kunci diganti",
			Notified: noon.Add(time.Hour)},
		store.Breach{Found: noon.Add(time.Hour), What: "?"})
	hold := store.LegalHold{Recipient: of, Reason: "diperiksa BPK", At: noon}
	ok(t, tx.AddLegalHold(t.Context(), "hold.set", &hold))
	wantRead(t, hold, tx.LegalHold, of)
	hold.Reason, hold.At = "sengketa", noon.Add(time.Minute)
	ok(t, tx.PutLegalHold(t.Context(), "hold.changed", &hold))
	wantRead(t, hold, tx.LegalHold, of)
	hold.Released = noon.Add(time.Hour)
	ok(t, tx.PutLegalHold(t.Context(), "hold.released", &hold))
	made[reflect.TypeOf(hold)] = true // but not by its id
	if _, err := tx.LegalHold(t.Context(), of); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a released hold still holds: %v", err)
	}
	roundTrip(t, made, tx.AddConsent, tx.PutConsent, func(ctx context.Context, id store.ID) (store.Consent, error) {
		c, err := tx.ConsentOf(ctx, by)
		if c.ID != id {
			err = store.ErrNotFound
		}
		return c, err
	}, store.Consent{Person: by, Notice: "2026-1", Given: noon.Add(2 * time.Hour), Source: "paper",
		Withdrawn: noon.Add(time.Hour)},
		store.Consent{Person: by, Notice: "2026-2", Given: noon.Add(time.Hour), Source: "chat"})
	roundTrip(t, made, tx.AddInvite, tx.PutInvite, func(ctx context.Context, id store.ID) (store.Invite, error) {
		i, err := tx.InviteOf(ctx, by)
		if i.ID != id {
			err = store.ErrNotFound
		}
		return i, err
	}, store.Invite{Person: by, Seal: sealed, Expires: noon, Used: noon.Add(time.Second),
		Revoked: noon.Add(time.Minute), Wrong: 2, Claim: "c", Held: []store.ID{g.mentor.ID}},
		store.Invite{Person: by, Seal: sealed})
	claimed := store.Invite{Person: by, Seal: sealed}
	ok(t, tx.AddInvite(t.Context(), "invite.added", &claimed))
	claimed.Claim, claimed.Claimant = "c", 4711
	ok(t, tx.PutInvite(t.Context(), "invite.claimed", &claimed))
	waiting, err := tx.InviteOf(t.Context(), by)
	ok(t, err)
	wantSame(t, claimed, waiting)

	moved := store.Handover{
		Recipient: of, Kind: store.OfficerMoves, State: store.HandoverObjected, From: by, To: g.mentor.ID,
		Role: store.Chair, Leaves: true, Unbound: true, Back: "2026-12-01",
		Reason: "pindah", By: by, At: noon, Decided: g.mentor.ID, Answer: "baik", DecidedAt: noon.Add(time.Minute),
		Agreed: by, AgreedAt: noon.Add(time.Second),
		Ticket: "00ff", Objected: by, ObjectedAt: noon.Add(time.Hour),
	}
	waits := store.Handover{
		Recipient: of, Kind: moved.Kind, State: store.HandoverAsked, From: moved.From, To: by, Role: moved.Role,
		Leaves: true, Back: moved.Back,
		Reason: moved.Reason, By: by, At: noon,
	}
	roundTrip(t, made, tx.AddHandover, tx.PutHandover, tx.Handover, moved, waits)
	told := store.Broadcast{
		By: g.mentor.ID, State: store.BroadcastDone, Words: "a", English: "b",
		Files: []store.Shown{{ID: "x", Kind: "photo"}}, Question: "q", Options: []string{"1", "2"},
		Ack: true, Ask: true, Link: "https://a.id",
		Audience: store.Audience{
			Province: "Bali", Regency: "Badung", Wave: "1", Roles: []store.Role{store.Chair}, Mentor: g.mentor.ID,
			LPJ: "none", Idle: 7,
		},
		Count: 3, Urgent: "banjir", Due: noon, Until: "2026-12-01",
		Approved: by, Launched: noon, Nudged: noon, Recalled: noon, Edition: 2, EditedTo: 1, Why: "tidak", Left: noon,
		Card: 7, At: noon,
	}
	roundTrip(t, made, tx.AddBroadcast, tx.PutBroadcast, tx.Broadcast, told,
		store.Broadcast{By: g.mentor.ID, State: store.BroadcastAsked})

	paper := store.Approval{Recipient: of, Book: "h", By: by, At: noon}
	ok(t, tx.AddApproval(t.Context(), "book.approved", &paper))
	roundTrip(t, made, tx.AddReport, tx.PutReport, tx.ReportByID,
		store.Report{
			Recipient: of, State: store.ReportRefused, At: noon, By: by, Hands: []store.ID{by, g.mentor.ID},
			Review: decided,
			Wrong:  []string{"notas:buram, dan lain"}, Approval: paper.ID, Late: true, Reopened: 2,
			Upload: store.Upload{Number: "BH-1", Day: "2026-11-21", File: voice.ID, By: by, At: noon},
			Result: store.Result{Accepted: true, Reasons: "kurang", Day: "2026-11-22", By: by, At: noon},
		},
		store.Report{Recipient: other.recipient.ID, State: store.ReportDrafted})
	roundTrip(t, made, tx.AddChapter, tx.PutChapter, tx.Chapter,
		store.Chapter{
			Recipient: of, Code: "latar", Text: "Satu.\n\nDua <b>.", Voice: voice.ID, Comment: "bagus",
			Proposal: "Tiga.", Advisor: g.mentor.ID, By: by, At: noon,
		},
		store.Chapter{Recipient: of, Code: "latar changed"})
	annex := store.Annex{
		Recipient: of, Edition: 1, Kind: store.AnnexExtension, File: voice.ID, Note: "Bu Ani", Number: "1/A",
		Day: "2026-11-21", Until: "2026-12-21",
		Place: "kantor desa", Stamped: true, By: by, At: noon,
	}
	dropped := annex
	dropped.Dropped = noon
	roundTrip(t, made, tx.AddAnnex, tx.PutAnnex, tx.Annex, dropped, annex)
	seal := store.Seal{
		Recipient: of, Edition: 1, Code: "ABCDEFGHJKMN", Hash: hex, Received: 3, Spent: 2, Deposited: 1,
		Data: `{"b":1}`, By: by, At: noon,
	}
	roundTrip(t, made, tx.AddSeal, nil, func(ctx context.Context, id store.ID) (store.Seal, error) {
		s, err := tx.SealByCode(ctx, seal.Code)
		if s.ID != id {
			err = store.ErrNotFound
		}
		return s, err
	}, seal)
	_, err = tx.Commit(t.Context(), 0, nil, nil)
	ok(t, err)
	wantWhole(t, db)
	wantEach(t, made)
}

// wantEach wants that each kind of record that a transaction adds or changes has made a round trip.
func wantEach(t *testing.T, made trips) {
	t.Helper()
	for tx, i := reflect.TypeFor[*postgres.Tx](), 0; i < tx.NumMethod(); i++ {
		m := tx.Method(i)
		writes := (strings.HasPrefix(m.Name, "Add") || strings.HasPrefix(m.Name, "Put")) && m.Type.NumIn() == 4
		if writes && m.Type.In(3).Kind() == reflect.Pointer && !made[m.Type.In(3).Elem()] {
			t.Errorf("%s is not tried", m.Name)
		}
	}
}

// sealed is the seal of an invitation that has neither token nor code.
const sealed = "8a5edab282632443219e051e4ade2d1d5bbc671c781051bf1437897cbdfea0f1"

// find looks a record up among its recipient's, where the contract has no other way.
func find[T any](all func(context.Context, store.ID) ([]T, error), of store.ID, key func(T) store.ID,
) func(context.Context, store.ID) (T, error) {
	return func(ctx context.Context, id store.ID) (found T, err error) {
		list, err := all(ctx, of)
		for _, v := range list {
			if key(v) == id {
				return v, err
			}
		}
		return found, store.ErrNotFound
	}
}
