package app

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"pendamping/flows"
	"pendamping/flows/paper"
	"pendamping/flows/sandbox"
	"pendamping/locales"
	"pendamping/store"
)

// proving compares the files of an exported folder with its events: each original came for what it lies under, each personal value is
// the one that its event hashes, each LPJ's data give the code that was sealed, and its papers are printed from them anew. What is left
// to the manifest is the README and the history as a workbook, which say in words what the events say.
type proving struct {
	folder string
	there  map[string]string // the hash of each file, by name
	trail  store.Trail
	events []told
	last   map[recordKey]told // the newest event of each record
	values map[valueKey]store.Secret
	wrong  func(format string, args ...any)
}

// told is an event as far as it is needed here.
type told struct {
	Record struct {
		Kind    string   `json:"kind"`
		ID      store.ID `json:"id"`
		Version int      `json:"version"`
	} `json:"record"`
	What   string                     `json:"what"`
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

func (p *proving) all(ctx context.Context, s Settings, box *sandbox.Box) error {
	p.last = map[recordKey]told{}
	for _, e := range p.trail.Events {
		var t told
		if e.Body == "" || json.Unmarshal([]byte(e.Body), &t) != nil { // of a complaint; or the chain is broken, and that was said
			continue
		}
		p.events = append(p.events, t)
		key := recordKey{t.Record.Kind, t.Record.ID}
		if p.last[key].Record.Version < t.Record.Version {
			p.last[key] = t
		}
	}
	if err := p.secrets(); err != nil {
		return err
	}
	p.originals()
	return p.documents(ctx, s, box)
}

// secrets compares the personal values with the hashes in the events.
func (p *proving) secrets() error {
	b, err := os.ReadFile(filepath.Join(p.folder, "peristiwa", "nilai.jsonl"))
	if err != nil && !os.IsNotExist(err) {
		return err
	}
	p.values = map[valueKey]store.Secret{}
	from := json.NewDecoder(bytes.NewReader(b))
	for from.More() {
		var s store.Secret
		if err := from.Decode(&s); err != nil {
			p.wrong("the personal values can't be read: %s", inOneLine(err))
			return nil
		}
		p.values[valueKey{recordKey{s.Kind, s.Record}, s.Version, s.Field}] = s
	}
	gone := map[valueKey]bool{} // by key without a version; what was erased
	for _, e := range p.events {
		for _, x := range e.Erased {
			for _, f := range x.Fields {
				for v := 1; v <= x.Until; v++ {
					gone[valueKey{recordKey{x.Kind, x.Record}, v, f}] = true
				}
			}
		}
		if e.What == "person.erased" && len(e.Erased) == 0 { // older than the list
			for f := range e.After {
				gone[valueKey{recordKey{"person", e.Record.ID}, 0, f}] = true
			}
		}
	}
	met := map[valueKey]bool{}
	for _, e := range p.events {
		for field, raw := range e.After {
			hash, ok := strings.CutPrefix(strings.Trim(string(raw), `"`), "sha256:")
			if !ok {
				continue
			}
			key := valueKey{recordKey{e.Record.Kind, e.Record.ID}, e.Record.Version, field}
			met[key] = true
			s, kept := p.values[key]
			older := key
			older.version = 0
			switch {
			case kept:
				salt, _ := hex.DecodeString(s.Salt) // another salt has another hash
				if sum := sha256.Sum256(append(salt, s.Value...)); hex.EncodeToString(sum[:]) != hash {
					p.wrong("the %s of %s %d, version %d, is not what its event says", field, key.kind, key.id, key.version)
				}
			case gone[key], gone[older], p.movedOn(key.recordKey):
			default:
				p.wrong("the %s of %s %d, version %d, is missing and was not erased", field, key.kind, key.id, key.version)
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

// movedOn tells that a person has gone to another recipient, whose chain has the event of an erasure; it is the reason then.
func (p *proving) movedOn(of recordKey) bool {
	var recipient store.ID
	p.last[of].into("recipient", &recipient)
	for key := range p.values {
		if key.recordKey == of {
			return false // it has not been erased
		}
	}
	return of.kind == "person" && recipient != p.trail.Chain
}

// originals compares the proofs with the files that came.
func (p *proving) originals() {
	places := map[string][]string{} // by hash: how the names begin under which it may lie
	for key, e := range p.last {
		if key.kind != "file" {
			continue
		}
		var sum, kind string
		var receipt, entry, visit store.ID
		for field, v := range map[string]any{"sha256": &sum, "kind": &kind, "receipt": &receipt, "entry": &entry, "visit": &visit} {
			e.into(field, v)
		}
		if sum == "" {
			continue
		}
		number := 0
		place := "bukti/lampiran/"
		switch {
		case receipt != 0:
			p.last[recordKey{"receipt", receipt}].into("number", &number)
			place = fmt.Sprintf("bukti/nota/%04d-", number)
		case entry != 0:
			p.last[recordKey{"entry", entry}].into("number", &number)
			place = fmt.Sprintf("bukti/kas/M%d-", number)
		case visit != 0:
			place = "bukti/kunjungan/"
		case kind == "voice":
			place = "bukti/suara/"
		}
		places[sum] = append(places[sum], place)
	}
	found := map[string]int{}
	for name, sum := range p.there {
		if !strings.HasPrefix(name, "bukti/") {
			continue
		}
		found[sum]++
		if !slices.ContainsFunc(places[sum], func(place string) bool { return strings.HasPrefix(name, place) }) {
			p.wrong("%s is no file that came for it", name)
		}
	}
	for sum, list := range places {
		if found[sum] < len(list) {
			p.wrong("an original of %s with the hash %s came and is not here", list[0], sum)
		}
	}
}

// documents compares the LPJ with the seals, and prints their papers anew.
func (p *proving) documents(ctx context.Context, s Settings, box *sandbox.Box) error {
	zone, err := time.LoadLocation(s.Zone)
	if err != nil {
		return err
	}
	words, err := locales.Load()
	if err != nil {
		return err
	}
	from := flows.Shelf{Media: p.inFolder(), Ready: paper.In(box, tally{}), Setting: flows.Setting{Zone: zone, Words: func(language string, t store.Text) string {
		return words.Text(language, t.ID, t.Data)
	}}}
	codes := map[string]bool{}
	newest := map[int]told{} // the last seal of each edition
	for key, e := range p.last {
		if key.kind != "seal" {
			continue
		}
		var code, hash string
		var edition int
		e.into("code", &code)
		e.into("hash", &hash)
		e.into("edition", &edition)
		name := "dokumen/data/" + code + ".json"
		codes[name] = true
		if sum, ok := p.there[name]; ok && (sum != hash || paper.ShortCode(sum) != code) {
			p.wrong("%s does not give its code", name)
		} else if !ok {
			p.wrong("%s is missing", name)
		}
		if was, ok := newest[edition]; !ok || was.Record.ID < e.Record.ID {
			newest[edition] = e
		}
	}
	want := map[string]bool{}
	for edition, e := range newest {
		var code, data string
		e.into("code", &code)
		kept, ok := p.values[valueKey{recordKey{"seal", e.Record.ID}, e.Record.Version, "data"}]
		if !ok || json.Unmarshal([]byte(kept.Value), &data) != nil {
			continue // that it is missing was said
		}
		if err := p.reprint(ctx, from, []byte(data), fmt.Sprintf("dokumen/edisi-%d/%s", edition, code), want); err != nil {
			return err
		}
	}
	const now = "dokumen/sekarang/LPJ"
	if data, err := os.ReadFile(filepath.Join(p.folder, filepath.FromSlash(now+".json"))); err == nil {
		want[now+".json"] = true
		if err := p.reprint(ctx, from, data, now, want); err != nil {
			return err
		}
		p.sums(data)
	}
	for name := range p.there {
		if strings.HasPrefix(name, "dokumen/") && !want[name] && !codes[name] {
			p.wrong("%s is of no printing", name)
		}
	}
	return nil
}

// reprint prints an LPJ from its data, and compares the papers with those in the folder; want takes their names.
func (p *proving) reprint(ctx context.Context, from flows.Shelf, data []byte, name string, want map[string]bool) error {
	list := map[string]string{}
	err := flows.Reprint(ctx, from, data, name, func(name string) (io.WriteCloser, error) {
		return &hashing{Writer: sha256.New(), done: func(sum string) { list[name] = sum }}, nil
	})
	if err != nil {
		p.wrong("%s can't be printed from its data: %s", name, inOneLine(err))
	}
	for name, sum := range list {
		want[name] = true
		if p.there[name] != sum {
			p.wrong("%s is not what its data give", name)
		}
	}
	return ctx.Err()
}

// hashing takes the hash of a file that is not kept.
type hashing struct {
	io.Writer
	done func(sum string)
}

func (h *hashing) Close() error {
	h.done(hex.EncodeToString(h.Writer.(interface{ Sum([]byte) []byte }).Sum(nil)))
	return nil
}

// sums compares what the records say now, which nobody sealed, with the events: its notas, and that its figures agree.
func (p *proving) sums(data []byte) {
	var r paper.Report
	if err := json.Unmarshal(data, &r); err != nil {
		return // that it can't be printed was said
	}
	if err := r.Agrees(); err != nil {
		p.wrong("dokumen/sekarang/LPJ.json: %s", inOneLine(err))
	}
	notas := map[int]paper.Nota{}
	for _, n := range r.Notas {
		notas[n.Number] = n
	}
	for key, e := range p.last {
		var n paper.Nota
		if e.into("state", &n.State); key.kind != "receipt" || n.State == store.Unfinished {
			continue
		}
		e.into("number", &n.Number)
		e.into("total", &n.Total)
		e.into("seller", &n.Seller)
		e.into("day", &n.Day)
		was, ok := notas[n.Number]
		if delete(notas, n.Number); !ok || was.State != n.State || was.Total != n.Total || was.Seller != n.Seller || was.Day != n.Day {
			p.wrong("dokumen/sekarang/LPJ.json: nota %d is not what its events say", n.Number)
		}
	}
	for number := range notas {
		p.wrong("dokumen/sekarang/LPJ.json: nota %d is in no event", number)
	}
}

// inFolder are the originals by their hash.
func (p *proving) inFolder() originals {
	list := originals{}
	for name, sum := range p.there {
		if strings.HasPrefix(name, "bukti/") {
			list[sum] = filepath.Join(p.folder, filepath.FromSlash(name))
		}
	}
	return list
}

// originals are files by the hash of their bytes.
type originals map[string]string

func (o originals) Open(sum string) (*os.File, error) {
	if path, ok := o[sum]; ok {
		return os.Open(path)
	}
	return nil, store.ErrNotFound
}
