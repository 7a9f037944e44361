package receipt

import (
	"cmp"
	"context"
	"errors"
	"io"
	"slices"

	"pendamping/flows/dialog"
	"pendamping/flows/look"
	"pendamping/flows/picture"
	"pendamping/flows/sandbox"
	"pendamping/store"
)

// Gallery is what is known of pictures.
type Gallery interface {
	// Resembling are looks at other pictures that may be of the same paper.
	Resembling(ctx context.Context, file store.ID, probes []uint64) ([]store.Look, error)
	// Fines are the signatures of pictures, by their files.
	Fines(ctx context.Context, of []store.ID) (map[store.ID][]byte, error)
}

// Recognize says what a file that came as a document is, by its first bytes, whatever its name and type told. Only a
// PDF stays a document. Everything else is looked at as a picture, so that its sender learns if it is none.
func Recognize(f *store.File, start []byte) {
	if f.Kind != "document" && (f.Kind != "photo" || f.Width > 0) {
		return
	}
	f.Kind = "photo"
	switch picture.Format(start) {
	case "pdf":
		f.Kind, f.MIME = "document", "application/pdf"
	case "jpg":
		f.MIME = "image/jpeg"
	case "png":
		f.MIME = "image/png"
	case "heic":
		f.MIME = "image/heic"
	}
}

// Seen is what was seen in a picture, and by what others of the same paper are found.
type Seen struct {
	store.Look // without Alike
	probes     []uint64
	shapes     []look.Shape
}

// Inspect looks at a picture whose bytes are here. It runs outside any transaction, never on the way of a reply. at
// looks at the picture: look.In, or a stand-in for tests.
func Inspect(at func(io.Reader) (look.Look, error), f store.File, r io.Reader) (Seen, error) {
	l, err := at(r)
	switch {
	case errors.Is(err, picture.ErrTooLarge), errors.Is(err, picture.ErrDamaged):
		return Unopened(f), nil
	case err != nil && !errors.Is(err, picture.ErrNone):
		return Seen{}, err
	}
	s := Seen{Look: store.Look{File: f.ID, Fine: l.Fine}, probes: l.Probes, shapes: l.Shapes}
	for _, p := range l.Prints {
		s.Prints = append(s.Prints, store.Print{Hash: p.Hash, Shape: p.Shape})
	}
	for _, flaw := range l.Flaws {
		s.Flaws = append(s.Flaws, string(flaw))
	}
	return s, nil
}

// InspectIn returns an Inspect that looks at pictures in children of the box: at one picture in the memory of a large
// run where large is set.
func InspectIn(box *sandbox.Box) func(ctx context.Context, f store.File, r io.Reader, large bool) (Seen, error) {
	at := look.In(box)
	return func(ctx context.Context, f store.File, r io.Reader, large bool) (Seen, error) {
		return Inspect(func(r io.Reader) (look.Look, error) { return at(ctx, r, large) }, f, r)
	}
}

// Of Inspect's errors, ErrLarge says that the picture needs a large look, and ErrLimit that looking at it broke a limit
// or crashed. Others say nothing about the picture.
var (
	ErrLarge = sandbox.ErrLarge
	ErrLimit = sandbox.ErrLimit
)

// Opened reports whether the picture was opened: only then it makes sense to read it.
func Opened(l store.Look) bool { return !slices.Contains(l.Flaws, string(look.Unopened)) }

// Unopened is the look at a picture that is not opened, because it is damaged, or takes too much memory or time. Its
// file stays as it is.
func Unopened(f store.File) Seen {
	return Seen{Look: store.Look{File: f.ID, Flaws: []string{string(look.Unopened)}}}
}

// Alike are the pictures that are nearly identical to one, among those that were looked at before it. Of two pictures
// that are looked at side by side, neither finds the other unless what was seen in one is kept before the other calls
// Alike.
func Alike(ctx context.Context, g Gallery, seen Seen) ([]store.ID, error) {
	if len(seen.probes) == 0 {
		return nil, nil
	}
	found, err := g.Resembling(ctx, seen.File, seen.probes)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(found, func(a, b store.Look) int { return cmp.Compare(b.File, a.File) }) // of equals, the newest
	var ids []store.ID
	shapes := func(n int) (list []look.Shape) {
		for _, p := range found[n].Prints {
			list = append(list, p.Shape)
		}
		return list
	}
	for _, n := range look.Rank(seen.shapes, len(found), shapes) {
		ids = append(ids, found[n].File)
	}
	if len(ids) == 0 {
		return nil, nil
	}
	fines, err := g.Fines(ctx, ids)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(ids, func(id store.ID) bool { return look.Same(seen.Fine, fines[id]) < look.Alike }), nil
}

// Coach says how to take a picture better, to who sent it; nothing when there is nothing to say or nobody to hear it.
// The picture is taken as it is.
func Coach(ctx context.Context, tx store.Tx, f store.File, l store.Look) ([]store.Message, error) {
	if len(l.Flaws) == 0 || f.Receipt == 0 {
		return nil, nil
	}
	return Hint(ctx, tx, f, store.Say("coach."+l.Flaws[0]))
}

// Hint tells who sent a file of a nota what is wrong with it.
func Hint(ctx context.Context, tx store.Tx, f store.File, said store.Text) ([]store.Message, error) {
	return toSender(ctx, tx, f, "coach:", said)
}

// AskAgain asks who sent a picture for it once more, because its bytes could not be kept. One message asks for all
// pictures of a nota.
func AskAgain(ctx context.Context, tx store.Tx, f store.File) ([]store.Message, error) {
	return toSender(ctx, tx, f, "again:", store.Say("file.again"))
}

// toSender says something of a nota's file to who sent it, with the button for another page; nothing when nobody is
// there to hear it.
func toSender(
	ctx context.Context, tx store.Tx, f store.File, key string, said store.Text,
) ([]store.Message, error) {
	r, err := tx.Receipt(ctx, f.Receipt)
	if err != nil || r.State == store.Cancelled {
		return nil, err
	}
	p, err := tx.Person(ctx, f.By)
	if errors.Is(err, store.ErrNotFound) || (err == nil && !dialog.Reachable(p)) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return []store.Message{{
		Chat: p.Account, Class: store.Nudge, Key: key + dialog.IDText(r.ID),
		Body:    []store.Text{store.Say("coach.head", "Number", dialog.Number(r)), said},
		Buttons: [][]store.Button{{{Text: store.Say("coach.again"), Data: dialog.Data("receipt", r.ID, "page")}}},
	}}, nil
}
