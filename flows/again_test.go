package flows_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"pendamping/flows/form"
	"pendamping/store"
)

// A picture answers a question, and what it answered is kept with a later update. Then the session is lost, and the
// picture comes once more, for nothing was written when it came first: it is one picture still.
func TestPictureAfterLoss(t *testing.T) {
	g := newGround(t)
	picture := func(id, words string) form.Event {
		return form.Event{
			Kind: form.Picture, Text: words, Files: []store.File{{Kind: "photo", FileID: "f" + id, UniqueID: id}},
		}
	}
	press := func(a *albumist, suffix string) {
		t.Helper()
		for _, b := range a.buttons {
			if strings.HasSuffix(b, suffix) {
				a.does(form.Event{Kind: form.Press, Press: b})
				return
			}
		}
		t.Fatalf("no button %q among %q", suffix, a.buttons)
	}
	says := func(a *albumist, words string) { a.does(form.Event{Kind: form.Words, Text: words}) }
	parked := "" // the button that goes on with a nota
	for i, c := range []struct {
		name string
		two  bool
		play func(a *albumist, page form.Event)
		then func(a *albumist)
	}{
		{"a page of a nota that is sent", false, func(a *albumist, page form.Event) {
			a.does(picture("nota-1", "semen 50rb TB Jaya kemarin bahan"))
			press(a, ":change")
			press(a, ":change:page")
			a.does(page)
			press(a, ":ok")
		}, nil},
		{"a page of a nota that is put aside", false, func(a *albumist, page form.Event) {
			a.does(picture("nota-2", "semen 50rb TB Jaya kemarin bahan"))
			press(a, ":change")
			press(a, ":change:page")
			a.does(page)
			press(a, ":later")
			for _, b := range a.buttons {
				if strings.HasPrefix(b, "receipt:") {
					parked = b
				}
			}
		}, func(a *albumist) {
			a.does(form.Event{Kind: form.Press, Press: parked})
			press(a, ":ok")
		}},
		{"a page, with two recipients", true, func(a *albumist, page form.Event) {
			a.does(picture("nota-3", "semen 50rb TB Jaya kemarin bahan"))
			a.places()
			press(a, ":change")
			press(a, ":change:page")
			a.does(page)
			press(a, ":ok")
		}, nil},
		{"the proof of a deposit", false, func(a *albumist, page form.Event) {
			a.does(form.Event{Kind: form.Press, Press: "entry:deposit"})
			says(a, "15rb")
			says(a, "kemarin")
			a.does(page)
			press(a, ":ok")
		}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := newAlbumist(t, g, int64(i)+1_000_000, c.two)
			id := "page-" + strconv.Itoa(i)
			page := picture(id, "")
			c.play(a, page)
			for _, e := range a.sent {
				if len(e.Files) > 0 && e.Files[0].UniqueID == id {
					page = e
				}
			}
			a.session.Taken, a.session.Form = nil, form.State{}
			a.turn(page)
			a.places()
			if c.then != nil {
				c.then(a)
			}
			files, err := g.db.FilesToFetch(t.Context(), 0, 100)
			a.must(err)
			if files = slices.DeleteFunc(files, func(f store.File) bool { return f.UniqueID != id }); len(files) != 1 {
				t.Errorf("the picture is kept as %+v, want once", files)
			}
		})
	}
}
