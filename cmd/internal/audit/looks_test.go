package audit_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"pendamping/cmd/internal/audit"
	"pendamping/cmd/internal/officetest"
	"pendamping/flows/look/sample"
	"pendamping/flows/receipt"
	"pendamping/store"
	"pendamping/store/embedded/testdb"
	"pendamping/store/media"
	"pendamping/store/postgres"
)

// keepPicture takes in a picture of a nota and looks at it as the bot does.
func (a *archive) keepPicture(jpeg []byte) store.ID {
	a.Helper()
	ctx := a.Context()
	pictures, err := media.Open(a.S.Media)
	a.OK(err)
	sum, _, err := pictures.Put(ctx, bytes.NewReader(jpeg))
	a.OK(err)
	by, err := a.DB.Begin(officetest.Noon, 0).PersonByKey(ctx, "anggota|km-01|joko")
	a.OK(err)
	f := store.File{Recipient: a.Of.ID, Kind: "photo", FileID: "f", UniqueID: sum[:8], SHA256: sum, At: officetest.Noon}
	a.Do(func(tx *postgres.Tx) {
		r := store.Receipt{Recipient: a.Of.ID, State: store.Unfinished, By: by.ID, Begun: officetest.Noon}
		a.OK(tx.AddReceipt(ctx, "receipt.begun", &r))
		f.Receipt = r.ID
		a.OK(tx.AddFile(ctx, "file.kept", &f))
	})
	a.look(f)
	return f.ID
}

// look looks at a picture as the bot does.
func (a *archive) look(f store.File) {
	a.Helper()
	ctx := a.Context()
	pictures, err := media.Open(a.S.Media)
	a.OK(err)
	bytes, err := pictures.Open(f.SHA256)
	a.OK(err)
	defer bytes.Close()
	seen, err := receipt.InspectIn(officetest.Box)(ctx, f, bytes, false)
	a.OK(err)
	a.Do(func(tx *postgres.Tx) {
		a.OK(tx.LockLooks(ctx))
		l := seen.Look
		l.Alike, err = receipt.Alike(ctx, a.DB, seen)
		a.OK(err)
		a.OK(tx.KeepLook(ctx, l))
	})
}

// Whatever is changed in, added to or taken from what was seen in pictures is found by looking at them again.
func TestVerifyLooks(t *testing.T) {
	a := openArchive(t)
	photo := func(paper, shot uint64) []byte {
		return sample.JPEG(sample.Shot{Seed: shot, Long: 480, Near: 0.9}.Photograph(sample.Paper(sample.Any(paper))),
			80)
	}
	first, again, other := a.keepPicture(photo(1, 1)), a.keepPicture(photo(1, 2)), a.keepPicture(photo(2, 3))
	aside, document := a.keepPicture([]byte("no picture at all")), a.keepPicture([]byte("%PDF-1.7\n"))
	waiting, err := a.DB.FilesToLook(t.Context(), nil, 9)
	a.OK(err)
	for _, f := range waiting {
		a.look(f)
	}
	verify := func() (bool, string) {
		t.Helper()
		var out strings.Builder
		whole, err := audit.Verify(t.Context(), a.S, officetest.Box, "", true, officetest.VerifiedAt, &out)
		a.OK(err)
		return whole, out.String()
	}
	_, err = a.DB.KeepRoot(t.Context(), officetest.Noon.Add(7*time.Hour))
	a.OK(err)
	whole, said := verify()
	if !whole ||
		!strings.Contains(said,
			"\n4 pictures looked at again\n2 pictures were set aside and not opened; of these, 0 open now\nwhole\n") ||
		strings.Contains(said, "likes") {
		t.Fatalf("untouched, verify says: %s", said)
	}
	conn := testdb.Connect(t, a.S.Database)
	do := func(sql string) int64 {
		t.Helper()
		tag, err := conn.Exec(t.Context(), sql)
		if err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
		return tag.RowsAffected()
	}
	for _, table := range []string{"looks", "prints", "likes"} {
		do(`create temp table was_` + table + ` as table ` + table)
	}
	pair := fmt.Sprintf(`file in (%d, %d)`, first, again)
	for _, c := range []struct{ what, sql, found string }{
		{"a flaw hidden or invented",
			fmt.Sprintf(`update looks set flaws = array_append(flaws, 'dark') where file = %d`, other),
			"its flaws are not"},
		{"a signature changed",
			fmt.Sprintf(`update looks set fine = set_byte(fine, 9, 255 - get_byte(fine, 9)) where file = %d`, again),
			"its signature is not"},
		{"a look removed", fmt.Sprintf(`delete from looks where file = %d`, first), "what was seen in it is missing"},
		{"a picture made one that waits", fmt.Sprintf(`update files set looked = false where id = %d`, first),
			"it counts as not looked at"},
		{"a print changed", fmt.Sprintf(`update prints set print = print # 1 where file = %d and ord = 1`, other),
			"its prints are not"},
		{"a shape changed", fmt.Sprintf(`update prints set shape[2] = shape[2] # 1 where file = %d and ord = 2`, other),
			"its prints are not"},
		{"a print removed", fmt.Sprintf(`delete from prints where file = %d and ord = 0`, first), "its prints are not"},
		{"a print added",
			fmt.Sprintf(`insert into prints select file, 7, print, shape from prints where file = %d and ord = 0`,
				first), "its prints are not"},
		{"a duplicate's mark removed", `delete from likes where ` + pair,
			fmt.Sprintf("it is like picture %d, and not marked so", first)},
		{"a duplicate's mark removed from one of two", fmt.Sprintf(`delete from likes where file = %d`, again),
			"that one is not like it"},
		{"a mark added", fmt.Sprintf(`insert into likes values (%[1]d, %[2]d), (%[2]d, %[1]d)`, first, other),
			fmt.Sprintf("it is marked as like picture %d, and is not", other)},
		{"a mark moved", fmt.Sprintf(`update likes set other = %d where file = %d`, other, first),
			"that one is not like it"},
		{"a look forgotten", fmt.Sprintf(`with l as (delete from looks where file = %[1]d), p as (delete from prints where file = %[1]d),
			n as (delete from likes where file = %[1]d or other = %[1]d) update files set looked = false where id = %[1]d`, first), "was not looked at"},
		{"all looks forgotten",
			`with l as (delete from looks), p as (delete from prints), n as (delete from likes) update files set looked = false where looked`, "was not looked at"},
		{"a picture set aside", fmt.Sprintf(`update looks set flaws = '{unopened}', fine = '' where file = %d`, other),
			"its flaws are not"},
	} {
		if do(c.sql) == 0 {
			t.Fatalf("%s: nothing was changed", c.what)
		}
		whole, said := verify()
		if whole || !strings.Contains(said, "BROKEN: picture ") || !strings.Contains(said, c.found) {
			t.Errorf("%s: whole is %v, and verify says: %s", c.what, whole, said)
		}
		do(`truncate looks, prints, likes`)
		for _, table := range []string{"looks", "prints", "likes"} {
			do(`insert into ` + table + ` select * from was_` + table)
		}
		do(`update files set looked = true where id in (select file from looks)`)
	}
	// What came within the last hours may wait, and after them what can't be opened.
	do(fmt.Sprintf(`delete from looks where file = %d`, document))
	do(fmt.Sprintf(`update files set looked = false where id = %d`, document))
	if whole, said := verify(); whole || !strings.Contains(said, "was not looked at") {
		t.Errorf("a look at what is no picture was removed, and verify says: %s", said)
	}
	do(`create temp table was_roots as table roots`)
	do(`delete from roots where name > '2026-11-23T05'`)
	if whole, said := verify(); !whole {
		t.Errorf("within the last hours of the bot, verify says: %s", said)
	}
	do(`insert into roots select * from was_roots on conflict do nothing`)
	do(fmt.Sprintf(`insert into looks select * from was_looks where file = %d`, document))
	do(fmt.Sprintf(`update files set looked = true where id = %d`, document))
	do(fmt.Sprintf(`update looks set flaws = '{}' where file = %d`, aside))
	if whole, said := verify(); !whole || !strings.Contains(said, "1 pictures are damaged") {
		t.Errorf("over what an earlier program kept of a damaged picture, verify says: %s", said)
	}
	do(fmt.Sprintf(`update looks set flaws = '{unopened}' where file = %d`, document))
	want := fmt.Sprintf("2 pictures were set aside and not opened; of these, 1 open now: picture %d\n", document)
	if whole, said := verify(); !whole || !strings.Contains(said, want) {
		t.Errorf("set aside, verify says: %s", said)
	}
}
