package flows

import (
	"context"
	"regexp"
	"strconv"
	"strings"

	"pendamping/store"
)

// depth is how far down the field somebody looks.
type depth int

const (
	whole depth = iota // everywhere
	inProvince
	inRegency
	ofMentor // in a regency
	ofGroup
)

// depths are their letters in button data.
const depths = "apkmg"

func (d depth) letter() string { return depths[d : d+1] }

// parting is what each depth is parted into.
var parting = []store.Level{whole: store.ByProvince, inProvince: store.ByRegency, inRegency: store.ByMentor, ofMentor: store.ByGroup}

// view is what part of the field is looked at. A place is named by a recipient in it, which can't be misunderstood when the
// list has changed since.
type view struct {
	depth  depth
	of     store.ID
	mentor store.ID // 0: without one
	page   int
}

// String is the view in button data; the zero view is all that the person may see.
func (v view) String() string {
	if v.of == 0 && v.page == 0 {
		return ""
	}
	s := v.depth.letter() + idText(v.of)
	if v.depth == ofMentor {
		s += "." + idText(v.mentor)
	}
	if v.page > 0 {
		s += "~" + strconv.Itoa(v.page)
	}
	return s
}

var viewed = regexp.MustCompile(`^([` + depths + `])(\d{1,19})(?:\.(\d{1,19}))?(?:~(\d{1,4}))?$`)

// viewOf reads button data; what can't be read is the zero view.
func viewOf(arg string) view {
	m := viewed.FindStringSubmatch(arg)
	if m == nil {
		return view{}
	}
	return view{depth(strings.Index(depths, m[1])), idOf(m[2]), idOf(m[3]), numberOf(m[4])}
}

// top is the widest view that a coordinator may have.
func (w Who) top() depth {
	switch {
	case w.Regency != "":
		return inRegency
	case w.Province != "":
		return inProvince
	}
	return whole
}

// scope is the part of the field that a coordinator answers for.
func (w Who) scope() (p store.Area) {
	if w.Province != "" {
		p.Province = &w.Province
	}
	if w.Regency != "" {
		p.Regency = &w.Regency
	}
	return p
}

// part is what a view shows: nothing but what lies in the person's scope is there. Without a place it is all of the scope.
func (w Who) part(ctx context.Context, tx store.Tx, v *view) (store.Area, error) {
	p := w.scope()
	if v.of == 0 {
		v.depth = w.top()
		return p, nil
	}
	r, err := tx.Recipient(ctx, v.of)
	if err != nil {
		return p, err
	}
	if !w.theirs(r) || v.depth < w.top() {
		return p, store.ErrNotFound
	}
	if v.depth == whole {
		return p, nil
	}
	p.Province = &r.Province
	if v.depth >= inRegency {
		p.Regency = &r.Regency
	}
	switch v.depth {
	case ofMentor:
		p.Mentor = &v.mentor
	case ofGroup:
		p.Recipient, v.mentor = &r.ID, r.Mentor
	}
	return p, nil
}

// up is the button that leads to the view around another one; false when that is wider than what the person may see.
func (w Who) up(v view) (store.Button, bool) {
	if v.depth <= w.top() {
		return store.Button{}, false
	}
	v.depth, v.page = v.depth-1, 0
	if v.depth == w.top() {
		v = view{}
	}
	return store.Button{Text: store.Say("progres.up"), Data: "progres:" + v.String()}, true
}
