package progress

import (
	"context"
	"regexp"
	"strconv"
	"strings"

	"pendamping/flows/dialog"
	"pendamping/store"
)

// depth is how far down the field somebody looks.
type depth int

// The depths, from the whole field to one group.
const (
	whole depth = iota // everywhere
	inProvince
	inRegency
	ofMentor // in a regency
	OfGroup
)

// depths are their letters in button data.
const depths = "apkmg"

func (d depth) letter() string { return depths[d : d+1] }

// Parting is what each depth is parted into.
var Parting = []store.Level{
	whole: store.ByProvince, inProvince: store.ByRegency, inRegency: store.ByMentor, ofMentor: store.ByGroup,
}

// view is what part of the field is looked at. A place is named by a recipient in it, which can't be misunderstood when
// the list has changed since.
type view struct {
	Depth  depth
	of     store.ID
	mentor store.ID // 0: without one
	page   int
}

// String is the view in button data; the zero view is all that the person may see.
func (v view) String() string {
	if v.of == 0 && v.page == 0 {
		return ""
	}
	s := v.Depth.letter() + dialog.IDText(v.of)
	if v.Depth == ofMentor {
		s += "." + dialog.IDText(v.mentor)
	}
	if v.page > 0 {
		s += "~" + strconv.Itoa(v.page)
	}
	return s
}

var viewed = regexp.MustCompile(`^([` + depths + `])(\d{1,19})(?:\.(\d{1,19}))?(?:~(\d{1,4}))?$`)

// ViewOf reads button data; what can't be read is the zero view.
func ViewOf(arg string) view {
	m := viewed.FindStringSubmatch(arg)
	if m == nil {
		return view{}
	}
	return view{depth(strings.Index(depths, m[1])), dialog.IDOf(m[2]), dialog.IDOf(m[3]), dialog.NumberOf(m[4])}
}

// top is the widest view that a coordinator may have.
func top(w dialog.Who) depth {
	switch {
	case w.Regency != "":
		return inRegency
	case w.Province != "":
		return inProvince
	}
	return whole
}

// scope is the part of the field that a coordinator answers for.
func scope(w dialog.Who) (p store.Area) {
	if w.Province != "" {
		p.Province = &w.Province
	}
	if w.Regency != "" {
		p.Regency = &w.Regency
	}
	return p
}

// Part is what a view shows: nothing but what lies in the person's scope is there. Without a place it is all of the
// scope.
func Part(ctx context.Context, tx store.Tx, w dialog.Who, v *view) (store.Area, error) {
	p := scope(w)
	if v.of == 0 {
		v.Depth = top(w)
		return p, nil
	}
	r, err := tx.Recipient(ctx, v.of)
	if err != nil {
		return p, err
	}
	if !w.Theirs(r) || v.Depth < top(w) {
		return p, store.ErrNotFound
	}
	if v.Depth == whole {
		return p, nil
	}
	p.Province = &r.Province
	if v.Depth >= inRegency {
		p.Regency = &r.Regency
	}
	switch v.Depth {
	case ofMentor:
		p.Mentor = &v.mentor
	case OfGroup:
		p.Recipient, v.mentor = &r.ID, r.Mentor
	}
	return p, nil
}

// up is the button that leads to the view around another one; false when that is wider than what the person may see.
func up(w dialog.Who, v view) (store.Button, bool) {
	if v.Depth <= top(w) {
		return store.Button{}, false
	}
	v.Depth, v.page = v.Depth-1, 0
	if v.Depth == top(w) {
		v = view{}
	}
	return store.Button{Text: store.Say("progres.up"), Data: dialog.Data("progres", v.String())}, true
}
