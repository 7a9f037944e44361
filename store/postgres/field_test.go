package postgres_test

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"pendamping/store"
	"pendamping/store/postgres"
)

// A nota waits for its recipient's mentor unless the mentor, whoever shares the account, or who proposed one of them,
// had a hand in it.
func TestStandingOfWhatIsTheMentors(t *testing.T) {
	db, _ := open(t)
	b := fill(t, db)
	ctx := t.Context()
	var hand store.ID
	do(t, db, func(tx *postgres.Tx) {
		p := store.Person{Key: "hand", Role: store.Member, Code: b.recipient.Code, Name: "Hana", Recipient: b.recipient.ID}
		ok(t, tx.AddPerson(ctx, "person.added", &p))
		hand = p.ID
		r := store.Receipt{Recipient: b.recipient.ID, By: hand, Hands: []store.ID{hand}, State: store.Submitted,
			Begun: noon, Submitted: noon, Day: "2026-11-20", Seller: "Toko", Kind: store.KindNota, Payment: "tunai", Total: 5000,
			Items: []store.Item{{Pos: "BAHAN", Amount: 5000}}}
		ok(t, tx.AddReceipt(ctx, "receipt.submitted", &r))
	})
	waits := func(want int) {
		t.Helper()
		do(t, db, func(tx *postgres.Tx) {
			s, err := tx.StandingOf(ctx, b.recipient.ID)
			ok(t, err)
			if s.Submitted.Count != want {
				t.Errorf("%d notas wait, not %d", s.Submitted.Count, want)
			}
		})
	}
	waits(1)
	do(t, db, func(tx *postgres.Tx) {
		m, err := tx.Person(ctx, b.mentor.ID)
		ok(t, err)
		m.Sponsors = []store.ID{hand}
		ok(t, tx.PutPerson(ctx, "person.changed", &m))
	})
	waits(0)
	do(t, db, func(tx *postgres.Tx) {
		m, err := tx.Person(ctx, b.mentor.ID)
		ok(t, err)
		p, err := tx.Person(ctx, hand)
		ok(t, err)
		m.Sponsors, m.Account, p.Account = nil, 77, 77
		ok(t, tx.PutPerson(ctx, "person.changed", &m))
		ok(t, tx.PutPerson(ctx, "person.changed", &p))
	})
	waits(0)
}

// The field's figures are of a place however it is written.
func TestFieldOfAPlace(t *testing.T) {
	db, _ := open(t)
	b := fill(t, db)
	ctx := t.Context()
	do(t, db, func(tx *postgres.Tx) {
		r := store.Recipient{Code: "LAIN", Name: "Lain", Program: b.recipient.Program,
			Province: strings.ToUpper(b.recipient.Province), Regency: strings.ToUpper(b.recipient.Regency)}
		ok(t, tx.AddRecipient(ctx, "recipient.added", &r))
		province := strings.ToLower(b.recipient.Province)
		f, err := tx.Field(ctx, store.Area{Province: &province}, store.ByRegency)
		ok(t, err)
		if f.All.Groups != 2 || len(f.Parts) != 1 {
			t.Errorf("%d groups in %d parts", f.All.Groups, len(f.Parts))
		}
	})
}

// A standing tells what waits at a recipient, and no longer tells it once it is done.
func TestStanding(t *testing.T) {
	db, _ := open(t)
	b := fill(t, db)
	ctx := t.Context()
	standing := func() (s store.Standing) {
		t.Helper()
		do(t, db, func(tx *postgres.Tx) {
			list, err := tx.Standings(ctx, b.mentor.ID)
			ok(t, err)
			if len(list) != 1 {
				t.Fatalf("%d standings", len(list))
			}
			s = list[0]
		})
		return s
	}
	s := standing()
	if s.ID != b.recipient.ID || s.Received != 20_000_000 || s.Left != 20_000_000-30_000-6500 {
		t.Errorf("the money is %d of %d", s.Left, s.Received)
	}
	if s.Unfinished.Count != 1 || !s.Unfinished.Since.Equal(noon) || len(s.Unfinished.Numbers) != 1 ||
		s.Unfinished.Numbers[0] != 2 {
		t.Errorf("unfinished: %+v", s.Unfinished)
	}
	if s.Counted != 1 || s.Checked != 1 || s.Submitted.Count != 0 || s.Returned.Count != 0 {
		t.Errorf("notas: %+v", s)
	}
	if !s.LastVisit.Equal(noon) || len(s.Unsaid) != 0 || len(s.FollowUps) != 1 || len(s.Letters) != 0 {
		t.Errorf("field: %+v", s)
	}
	do(t, db, func(tx *postgres.Tx) {
		v, err := tx.Visit(ctx, s.FollowUps[0].ID)
		ok(t, err)
		v.Solved = noon
		ok(t, tx.PutVisit(ctx, "visit.solved", &v))
		ok(t, tx.AddVisit(ctx, "visit.held", &store.Visit{
			Recipient: b.recipient.ID, State: store.VisitHeld, Mode: store.ByPhone, By: b.mentor.ID,
			Start: noon.Add(time.Hour), At: noon,
		}))
		first := store.Letter{Recipient: b.recipient.ID, By: b.mentor.ID, To: b.chair.ID, Words: "halo", At: noon}
		ok(t, tx.AddLetter(ctx, "letter.written", &first))
		ok(t, tx.AddLetter(ctx, "letter.answered", &store.Letter{
			Recipient: b.recipient.ID, By: b.chair.ID, To: b.mentor.ID, Answers: first.ID, At: noon,
		}))
	})
	s = standing()
	if len(s.FollowUps) != 0 || len(s.Unsaid) != 1 || len(s.Letters) != 1 || !s.LastVisit.Equal(noon.Add(time.Hour)) {
		t.Errorf("after a second visit: %+v", s)
	}
	do(t, db, func(tx *postgres.Tx) {
		one, err := tx.StandingOf(ctx, b.recipient.ID)
		ok(t, err)
		every, err := tx.EveryStanding(ctx, []string{""}, 0, 10)
		ok(t, err)
		if one.ID != s.ID || len(every) != 1 || every[0].Left != s.Left {
			t.Errorf("one is %+v, every %+v", one, every)
		}
		_, err = tx.StandingOf(ctx, 1<<40)
		if !errors.Is(err, store.ErrNotFound) {
			t.Errorf("nobody's standing: %v", err)
		}
	})
}

// A visit is disputed while an officer denies it, and doubtful while another one is near in time and far away, or it is
// short.
func TestVisitsToLookAt(t *testing.T) {
	db, _ := open(t)
	b := fill(t, db)
	ctx := t.Context()
	count := func(want string) {
		t.Helper()
		do(t, db, func(tx *postgres.Tx) {
			denied, err := tx.Disputed(ctx, b.recipient.Province, "", noon)
			ok(t, err)
			elsewhere, err := tx.Disputed(ctx, "Nowhere", "", noon)
			ok(t, err)
			odd, err := tx.Doubtful(ctx, "", b.recipient.Regency, noon, 2*time.Hour, 10, 9)
			ok(t, err)
			late, err := tx.Doubtful(ctx, "", "", noon.Add(time.Hour), 2*time.Hour, 10, 9)
			ok(t, err)
			if got := fmt.Sprint(len(denied), len(elsewhere), len(odd), len(late)); got != want {
				t.Errorf("disputed, disputed elsewhere, doubtful and of those later: %s, want %s", got, want)
			}
		})
	}
	count("0 0 0 0")
	far := store.Recipient{Code: "FAR", Name: "Far", Program: b.recipient.Program, Regency: "Far away"}
	v := store.Visit{
		Recipient: b.recipient.ID, State: store.VisitHeld, Mode: store.InPerson, By: b.mentor.ID,
		Start: noon.Add(9 * time.Hour), Minutes: 9, At: noon,
		Word: store.Word{By: b.chair.ID, At: noon},
	}
	do(t, db, func(tx *postgres.Tx) {
		ok(t, tx.AddRecipient(ctx, "recipient.added", &far))
		ok(t, tx.AddVisit(ctx, "visit.held", &v))
	})
	count("1 0 1 0")
	do(t, db, func(tx *postgres.Tx) {
		v.Minutes, v.Word = 10, store.Word{}
		ok(t, tx.PutVisit(ctx, "visit.corrected", &v))
	})
	count("0 0 0 0")
	other := v
	other.Recipient, other.Start = far.ID, v.Start.Add(119*time.Minute)
	do(t, db, func(tx *postgres.Tx) { ok(t, tx.AddVisit(ctx, "visit.held", &other)) })
	count("0 0 1 0")
	do(t, db, func(tx *postgres.Tx) {
		other.Start = v.Start.Add(120 * time.Minute)
		ok(t, tx.PutVisit(ctx, "visit.corrected", &other))
	})
	count("0 0 0 0")
}

// What was promised on a day is promised once.
func TestPromise(t *testing.T) {
	db, _ := open(t)
	b := fill(t, db)
	ctx := t.Context()
	promise := store.ToldOnce{Person: b.mentor.ID, What: "card", Day: "2026-11-23", At: noon, Kinds: []string{"x"}}
	do(t, db, func(tx *postgres.Tx) { ok(t, tx.KeepTold(ctx, promise)) })
	tx := db.Begin(noon, 0)
	ok(t, tx.KeepTold(ctx, promise))
	if _, err := tx.Commit(ctx, 0, nil, nil); !errors.Is(err, store.ErrConflict) {
		t.Errorf("promised twice: %v", err)
	}
	do(t, db, func(tx *postgres.Tx) {
		list, err := tx.Told(ctx, []store.ID{b.mentor.ID, b.chair.ID}, "2026-11-23")
		ok(t, err)
		wantSame(t, []store.ToldOnce{promise}, list)
		ok(t, tx.PutHold(ctx, store.Hold{Person: b.mentor.ID, Kind: "period", Until: "2026-11-30"}))
		ok(t, tx.PutHold(ctx, store.Hold{Person: b.mentor.ID, Kind: "period", Until: "2026-12-01"}))
		ok(t, tx.PutHold(ctx, store.Hold{Person: b.mentor.ID, Kind: "notas", Until: "2026-12-01"}))
		ok(t, tx.PutHold(ctx, store.Hold{Person: b.mentor.ID, Kind: "notas"}))
		holds, err := tx.Holds(ctx, []store.ID{b.mentor.ID})
		ok(t, err)
		if len(holds) == 1 {
			holds[0].ID = 0
		}
		wantSame(t, []store.Hold{{Version: 2, Person: b.mentor.ID, Kind: "period", Until: "2026-12-01"}}, holds)
	})
}

// A letter's fate is that of its message.
func TestPosted(t *testing.T) {
	db, _ := open(t)
	b := fill(t, db)
	ctx := t.Context()
	letter := store.Letter{
		Recipient: b.recipient.ID, Batch: 9, By: b.mentor.ID, To: b.chair.ID, Words: "halo", At: noon,
	}
	tx := db.Begin(noon, 0)
	ok(t, tx.AddLetter(ctx, "letter.written", &letter))
	_, err := tx.Commit(ctx, 0, nil, []store.Delivery{{Message: store.Message{
		Chat: b.chair.Account, Class: store.Nudge, Key: "letter:" + strconv.Itoa(int(letter.ID)),
	}}})
	ok(t, err)
	do(t, db, func(tx *postgres.Tx) {
		list, err := tx.Posted(ctx, b.mentor.ID, noon)
		ok(t, err)
		if len(list) != 2 || list[0].ID != letter.ID || list[0].State != store.Queued ||
			list[1].State != store.Withdrawn || list[0].Answered {
			t.Fatalf("posted: %+v", list)
		}
		ok(t, tx.AddLetter(ctx, "letter.answered", &store.Letter{
			Recipient: b.recipient.ID, By: b.chair.ID, To: b.mentor.ID, Answers: letter.ID, At: noon,
		}))
		list, err = tx.Posted(ctx, b.mentor.ID, noon)
		ok(t, err)
		thread, err := tx.Thread(ctx, letter.ID)
		ok(t, err)
		if len(list) != 2 || !list[0].Answered || len(thread) != 2 {
			t.Errorf("posted: %+v, thread %+v", list, thread)
		}
	})
}

// A recipient is found by its code or a part of its name, a mentor by the place, and a lent recipient once its day has
// passed.
func TestHandover(t *testing.T) {
	db, _ := open(t)
	b := fill(t, db)
	ctx := t.Context()
	free := store.Person{Key: "free", Role: store.Mentor, Name: "Zulfa", Province: b.recipient.Province}
	do(t, db, func(tx *postgres.Tx) { ok(t, tx.AddPerson(ctx, "person.added", &free)) })
	do(t, db, func(tx *postgres.Tx) {
		for _, words := range []string{strings.ToLower(b.recipient.Code), strings.ToUpper(b.recipient.Name[1:])} {
			list, err := tx.RecipientsNamed(ctx, strings.ToUpper(b.recipient.Province), "", words, 5)
			ok(t, err)
			if len(list) != 1 || list[0].ID != b.recipient.ID {
				t.Errorf("%q: %d recipients", words, len(list))
			}
		}
		for _, at := range [][2]string{{"Papua", b.recipient.Name}, {"", "%"}} {
			list, err := tx.RecipientsNamed(ctx, at[0], "", at[1], 5)
			ok(t, err)
			if len(list) != 0 {
				t.Errorf("%v: %d recipients", at, len(list))
			}
		}
		near, err := tx.MentorsNear(ctx, b.recipient.Province, b.recipient.Regency, "")
		ok(t, err)
		if len(near) != 2 || near[1].ID != free.ID {
			t.Errorf("%d mentors near", len(near))
		}
		r, err := tx.Recipient(ctx, b.recipient.ID)
		ok(t, err)
		r.Mentor, r.Regular, r.Back = free.ID, r.Mentor, "2026-11-30"
		ok(t, tx.PutRecipient(ctx, "recipient.lent", &r))
	})
	do(t, db, func(tx *postgres.Tx) {
		for day, want := range map[store.Day]int{"2026-11-30": 0, "2026-12-01": 1} {
			list, err := tx.OnLoan(ctx, day)
			ok(t, err)
			if len(list) != want {
				t.Errorf("before %s: %d on loan", day, len(list))
			}
		}
	})
}
