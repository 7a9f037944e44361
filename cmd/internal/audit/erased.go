package audit

import (
	"encoding/json"
	"slices"

	"pendamping/store/postgres"
)

// excuse is the event of an erasure in another chain: of a person who had left the recipient. That chain is not in
// the folder, so nothing proves the event here, and what it excuses is told.
type excuse struct {
	told
	keys    map[valueKey]bool // what it says that it erased
	excused int               // the values of this chain that are missing by it
}

// erases returns the values that an event says it erased, by keys without a version where it is all of them.
func (e told) erases() map[valueKey]bool {
	keys := map[valueKey]bool{}
	for _, x := range e.Erased {
		for _, f := range x.Fields {
			for v := 1; v <= x.Until; v++ {
				keys[valueKey{recordKey{x.Kind, x.Record}, v, f}] = true
			}
		}
	}
	if e.What == "person.erased" && len(e.Erased) == 0 { // older than the list
		for f := range e.After {
			keys[valueKey{recordKey{"person", e.Record.ID}, 0, f}] = true
		}
	}
	return keys
}

// readErasures reads those of other chains, which are in the order of their chains and numbers.
func (p *proving) readErasures() {
	for _, e := range p.trail.Elsewhere {
		x := &excuse{}
		if err := json.Unmarshal([]byte(e.Body), &x.told); err != nil || x.Seq != e.Seq {
			p.wrong("%s: event %d can't be read", erasedFile, e.Seq)
			continue
		}
		if n := len(p.elsewhere); n > 0 {
			if was := p.elsewhere[n-1]; x.Chain < was.Chain || x.Chain == was.Chain && x.Seq <= was.Seq {
				p.wrong("%s: chain %d, event %d, is not in its place", erasedFile, x.Chain, x.Seq)
			}
		}
		if x.Chain == p.trail.Chain || !slices.Contains(postgres.PersonErasing, x.What) ||
			!slices.ContainsFunc(p.events, x.after) {
			p.wrong("%s: chain %d, event %d, is no erasure of who had left", erasedFile, x.Chain, x.Seq)
			continue
		}
		x.keys = x.erases()
		p.elsewhere = append(p.elsewhere, x)
	}
}

// after reports whether the event is about the same person, and newer than that one.
func (e told) after(was told) bool {
	return e.Record.Kind == "person" && was.Record.Kind == "person" &&
		was.Record.ID == e.Record.ID && was.Record.Version < e.Record.Version
}

// erasedElsewhere reports whether an event of another chain erased a value of the person that it is about, after that
// person's version here.
func (p *proving) erasedElsewhere(key, older valueKey) bool {
	is := false
	for _, x := range p.elsewhere {
		if x.Record.ID == key.id && key.kind == "person" && x.Record.Version > key.version &&
			(x.keys[key] || x.keys[older]) {
			x.excused++
			is = true
		}
	}
	return is
}
