package audit

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"

	"pendamping/cmd/internal/settings"
	"pendamping/flows"
	"pendamping/flows/sandbox"
	"pendamping/locales"
	"pendamping/store"
	"pendamping/store/postgres"
)

// proving compares the files of an exported folder with its events: each original came for what it lies under, each
// personal value is the one that its event hashes, each LPJ's data give the code that was sealed, and its papers are
// printed from them anew. No file is missing, and none is there that the events do not ask for. What is left to the
// manifest is manifestOnly.
type proving struct {
	folder string
	there  map[string]string // the hash of each file, by name
	known  map[string]bool   // the names of those that are to be there
	trail  store.Trail
	of     store.Recipient // as its last event has it
	at     time.Time       // of the last event
	words  *locales.Locales
	events []told
	last   map[recordKey]told // the newest event of each record
	values map[valueKey]store.Secret
	// elsewhere are the erasures in other chains.
	elsewhere []*excuse
	wrong     func(format string, args ...any)
}

// told is an event as far as it is needed here.
type told struct {
	Chain  store.ID  `json:"chain"`
	Seq    int64     `json:"seq"`
	At     time.Time `json:"at"`
	Record struct {
		Kind    string   `json:"kind"`
		ID      store.ID `json:"id"`
		Version int      `json:"version"`
	} `json:"record"`
	What   string                     `json:"what"`
	Before map[string]json.RawMessage `json:"before"`
	After  map[string]json.RawMessage `json:"after"`
	Erased []struct {
		Kind   string   `json:"kind"`
		Record store.ID `json:"record"`
		Until  int      `json:"until"`
		Fields []string `json:"fields"`
	} `json:"erased"`
}

type recordKey struct {
	kind string
	id   store.ID
}

type valueKey struct {
	recordKey
	version int
	field   string
}

// into reads a field of the record; one that is not there stays as it is.
func (e told) into(field string, v any) { _ = json.Unmarshal(e.After[field], v) }

// record reads the whole record. Its personal values are hashes.
func (e told) record(v any) error {
	b, err := json.Marshal(e.After)
	if err != nil {
		return err
	}
	return json.Unmarshal(b, v)
}

// lastOf returns the records of a kind as their last events have them, by their ids.
func lastOf[T any](p *proving, kind string) map[store.ID]T {
	list := map[store.ID]T{}
	for key, e := range p.last {
		var v T
		if key.kind == kind && e.record(&v) == nil {
			list[key.id] = v
		}
	}
	return list
}

// manifestOnly is the file that says in words what the events say, with names from elsewhere: for its bytes there is
// only the manifest.
const manifestOnly = "peristiwa/riwayat.xlsx"

func (p *proving) all(ctx context.Context, s settings.Settings, box *sandbox.Box) error {
	zone, err := s.Location()
	if err != nil {
		return err
	}
	p.known = map[string]bool{eventsFile: true, valuesFile: true, readmeFile: true, manifestOnly: true}
	for _, r := range p.trail.Roots {
		p.known[rootFile(r.Name)] = true
	}
	p.last = map[recordKey]told{}
	if len(p.trail.Elsewhere) > 0 {
		p.known[erasedFile] = true
	}
	for _, e := range p.trail.Events {
		var t told
		if e.Body == "" || json.Unmarshal([]byte(e.Body), &t) != nil {
			continue // it is of a complaint; or the chain is broken, and that was said
		}
		p.events, p.at = append(p.events, t), t.At
		key := recordKey{t.Record.Kind, t.Record.ID}
		if p.last[key].Record.Version < t.Record.Version {
			p.last[key] = t
		}
	}
	if e, ok := p.last[recordKey{"recipient", p.trail.Chain}]; !ok || e.record(&p.of) != nil {
		p.wrong("no event says whose folder it is")
		return nil
	}
	p.noVersionMissing()
	p.readErasures()
	if err := p.secrets(); err != nil {
		return err
	}
	set := setting(zone, p.words)
	files, broken, err := p.originals(flows.Placed(p.of.Zone, zone))
	if err != nil {
		return err
	}
	at, seals := p.at.In(flows.Placed(p.of.Zone, zone)), len(lastOf[store.Seal](p, "seal"))
	readme := hashOf([]byte(flows.AuditReadme(set, p.of, at, p.trail, seals, files, broken)))
	if sum, ok := p.there[readmeFile]; ok && sum != readme {
		p.wrong("%s is not what the events say", readmeFile)
	}
	if err := p.documents(ctx, set, box); err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(p.there)) {
		if !p.known[name] {
			p.wrong("%s belongs to nothing in the events", name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(p.known)) {
		if _, ok := p.there[name]; !ok {
			p.wrong("%s is missing", name)
		}
	}
	return nil
}

// follows are the kinds of records that are kept in the chain of the recipient that a person belongs to, wherever
// that person goes.
var follows = []string{"audience", "consent", "hold", "invite"}

// noVersionMissing finds records of which a version is in no event. One that comes from another recipient says so, or
// follows a person.
func (p *proving) noVersionMissing() {
	known := map[recordKey]int{}
	for _, e := range p.events {
		key := recordKey{e.Record.Kind, e.Record.ID}
		_, moved := e.Before["recipient"]
		v := known[key] + 1
		if e.Record.Version != v && !(moved && e.Record.Version > v) && !slices.Contains(follows, key.kind) {
			p.wrong("%s %d has no version %d before its version %d", key.kind, key.id, v, e.Record.Version)
		}
		known[key] = e.Record.Version
	}
}

// secrets compares the personal values with the hashes in the events.
func (p *proving) secrets() error {
	list, err := readLines[store.Secret](p.folder, valuesFile)
	if err != nil {
		p.wrong("the personal values can't be read: %s", settings.OneLine(err))
	}
	p.values = map[valueKey]store.Secret{}
	seqs := map[valueKey]int64{}
	for _, e := range p.events {
		seqs[valueKey{recordKey: recordKey{e.Record.Kind, e.Record.ID}, version: e.Record.Version}] = e.Seq
	}
	before := int64(0)
	field := ""
	for _, s := range list {
		key := valueKey{recordKey{s.Kind, s.Record}, s.Version, s.Field}
		of := key
		of.field = ""
		if seq := seqs[of]; seq < before || seq == before && s.Field <= field {
			p.wrong("the %s of %s %d, version %d, is not in its place", key.field, key.kind, key.id, key.version)
		} else {
			before, field = seq, s.Field
		}
		p.values[key] = s
	}
	gone := map[valueKey]bool{} // what was erased; by key without a version where it is all
	for _, e := range p.events {
		for key := range e.erases() {
			gone[key] = true
		}
	}
	met := map[valueKey]bool{}
	personal := postgres.PersonalFields()
	for _, e := range p.events {
		for _, field := range personal[e.Record.Kind] {
			hash := strings.Trim(string(e.After[field]), `"`)
			if !strings.HasPrefix(hash, store.Hashed) {
				continue
			}
			key := valueKey{recordKey{e.Record.Kind, e.Record.ID}, e.Record.Version, field}
			met[key] = true
			s, kept := p.values[key]
			older := key
			older.version = 0
			switch {
			case kept:
				if s.Hash() != hash {
					p.wrong("the %s of %s %d, version %d, is not what its event says",
						field, key.kind, key.id, key.version)
				}
			case gone[key], gone[older], p.erasedElsewhere(key, older):
			default:
				p.wrong("the %s of %s %d, version %d, is missing and was not erased",
					field, key.kind, key.id, key.version)
			}
		}
	}
	for key := range p.values {
		if !met[key] {
			p.wrong("the %s of %s %d, version %d, is in no event", key.field, key.kind, key.id, key.version)
		}
	}
	return nil
}
