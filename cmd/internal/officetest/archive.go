package officetest

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"pendamping/cmd/internal/records"
	"pendamping/cmd/internal/roster"
	"pendamping/cmd/internal/settings"
	"pendamping/flows"
	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/locales"
	"pendamping/store"
	"pendamping/store/embedded/testdb"
	"pendamping/store/media"
	"pendamping/store/postgres"
)

// Archive is a database with the history of the group KM-01, and its pictures.
type Archive struct {
	*testing.T
	S   settings.Settings
	DB  *postgres.DB
	Of  store.Recipient // KM-01
	Sum string          // of a nota's picture
}

// OpenArchive makes a history that ends at Noon: a nota that was changed, a voice note whose bytes never came, a
// chapter, a complaint, a printed LPJ, and the hour's root.
func OpenArchive(t *testing.T) *Archive {
	t.Helper()
	a := &Archive{T: t, S: settings.Settings{
		Database: testdb.Database(t, Migrate), Media: t.TempDir(), Zone: "Asia/Jakarta", API: "https://api.example",
	}}
	var err error
	if a.DB, err = records.Open(t.Context(), a.S); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(a.DB.Close)
	o := In(t, a.DB)
	o.Run(roster.Files{Roster: o.Roster(MentorRow, ChairRow, BankerRow, MemberRow)})
	a.Of = o.Group("KM-01")
	banker, member := o.Person("bendahara|km-01|utami"), o.Person("anggota|km-01|joko")
	pictures, err := media.Open(a.S.Media)
	a.OK(err)
	a.Sum, _, err = pictures.Put(t.Context(), bytes.NewReader([]byte("\xff\xd8\xffa nota")))
	a.OK(err)
	a.Do(func(tx *postgres.Tx) {
		ctx := t.Context()
		tx.Act(store.Actor{Person: banker.ID, Role: banker.Role})
		r := store.Receipt{
			Recipient: a.Of.ID, State: store.Submitted, Kind: store.KindNota, Payment: "tunai", Seller: "=TB Jaya",
			Day: "2026-11-21", Total: 150_000, Items: []store.Item{{Amount: 150_000, Pos: "BAHAN", Item: "benang"}},
			By: banker.ID, Begun: Noon, Submitted: Noon,
		}
		a.OK(tx.AddReceipt(ctx, "receipt.submitted", &r))
		a.OK(tx.AddFile(ctx, "file.kept",
			&store.File{Recipient: a.Of.ID, Receipt: r.ID, Kind: "photo", FileID: "f", UniqueID: "u", SHA256: a.Sum,
				By: banker.ID, At: Noon}))
		a.OK(tx.AddFile(ctx, "file.kept",
			&store.File{Recipient: a.Of.ID, Kind: "voice", FileID: "v", UniqueID: "w", By: banker.ID, At: Noon}))
		a.OK(tx.AddChapter(ctx, "chapter.written",
			&store.Chapter{Recipient: a.Of.ID, Code: "latar", Text: "Kami menjahit.", By: banker.ID, At: Noon}))
		a.OK(tx.AddComplaint(ctx, "complaint.sent",
			&store.Complaint{Person: member.ID, Recipient: a.Of.ID, Topic: "pungli", Words: "Ketua minta bagian.",
				At: Noon}))
		r.Total, r.Items = 175_000, []store.Item{{Amount: 175_000, Pos: "BAHAN", Item: "benang"}}
		a.OK(tx.PutReceipt(ctx, "receipt.changed", &r))
	})
	words, err := locales.Load()
	a.OK(err)
	a.Do(func(tx *postgres.Tx) {
		set := dialog.Setting{Zone: time.UTC, Bot: "bot", Words: func(l string, s store.Text) string {
			return words.Text(l, s.ID, s.Data)
		}}
		press := form.Event{
			Account: 1001, Chat: 1001, Message: 1, Kind: form.Press, Press: fmt.Sprintf("lpjprint:%d:pdf", a.Of.ID),
		}
		_, err := flows.Turn(t.Context(), tx, set, dialog.Session{Screen: 1, Taken: []int64{1, 2}}, press)
		a.OK(err)
	})
	_, err = a.DB.KeepRoot(t.Context(), Noon)
	a.OK(err)
	return a
}

// OK ends the test where there is an error.
func (a *Archive) OK(err error) {
	a.Helper()
	if err != nil {
		a.Fatal(err)
	}
}

// Do runs f in a transaction of Noon, and commits it.
func (a *Archive) Do(f func(tx *postgres.Tx)) {
	a.Helper()
	tx := a.DB.Begin(Noon, 0)
	defer tx.Rollback(a.Context())
	f(tx)
	_, err := tx.Commit(a.Context(), 0, nil, nil)
	a.OK(err)
}
