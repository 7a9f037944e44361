package audit

import (
	"fmt"
	"io"
	"slices"

	"pendamping/store"
	"pendamping/store/postgres"
)

// underKept returns the roots of a folder up to the newest one that was kept elsewhere, which has the hash of the one
// before it and so vouches for all of them. Those that follow may be anybody's.
func underKept(kept, roots []store.Root) []store.Root {
	for n := len(roots); n > 0; n-- {
		is := func(k store.Root) bool { _, same := postgres.Compare(k, roots[n-1:n]); return same }
		if slices.ContainsFunc(kept, is) {
			return roots[:n]
		}
	}
	return nil
}

// compareRoots says what is wrong with a folder's roots by those that were kept elsewhere. A folder has the roots of
// one day, up to the last one before it was made. A root that is newer than that may cover events that are not in the
// folder, or other ones: nothing in its hash tells, so a folder that ends before it is not whole.
func compareRoots(kept, roots []store.Root, wrong func(format string, args ...any)) {
	if len(kept) == 0 {
		return
	}
	var first, last store.Root // the first one that is newer; the folder's last
	if n := len(roots); n > 0 {
		last = roots[n-1]
	}
	some := false
	for _, k := range kept {
		on, is := postgres.Compare(k, roots)
		some = some || on
		switch {
		case on && !is:
			wrong("the root of %s is not the one that was kept elsewhere", k.Name)
		case on:
		case k.Name < last.Name && k.Day() == last.Day():
			wrong("the root of %s, kept elsewhere, is missing", k.Name)
		case k.Name > last.Name && (first.Name == "" || k.Name < first.Name):
			first = k
		}
	}
	if !some {
		wrong("the folder has none of the roots that were kept elsewhere: give it one of the day of its newest event")
	}
	if first.Name != "" && last.Name != "" {
		wrong("the folder ends with the root of %s, but newer ones were kept elsewhere, the first of %s: "+
			"what they cover may be missing from it. Export anew, or check it as of %s, with no root that is newer",
			last.Name, first.Name, last.Name)
	}
}

// tellCovered says how much of a folder is proven by roots that were kept elsewhere.
func tellCovered(trail store.Trail, trusted []store.Root, kept bool, out io.Writer) {
	after := int64(len(trail.Events)) - postgres.Covered(trail.Chain, trusted)
	switch {
	case !kept:
		fmt.Fprintln(out, "no roots that were kept elsewhere: all of this can have been made anew. There is only "+
			"the manifest's hash, if it was kept elsewhere; --root FILE shows more")
	case len(trusted) > 0:
		fmt.Fprintf(out, "%d events are newer than the newest root that was kept elsewhere, %s: "+
			"for them there is only the manifest's hash\n",
			max(after, 0), trusted[len(trusted)-1].Name)
	}
}
