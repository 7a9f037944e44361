package flows

import (
	"context"
	"encoding/json"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"pendamping/flows/dialog"
	"pendamping/flows/trail"
	"pendamping/store"
)

// happened is an event's text as an auditor reads it.
type happened struct {
	At     time.Time   `json:"at"`
	Update int64       `json:"update"`
	Actor  store.Actor `json:"actor"`
	What   string      `json:"what"`
	Record struct {
		Kind    string   `json:"kind"`
		ID      store.ID `json:"id"`
		Version int      `json:"version"`
	} `json:"record"`
	Before map[string]json.RawMessage `json:"before"`
	After  map[string]json.RawMessage `json:"after"`
}

// changes are the rows of the history: a field of an event each, with what it was and what it became. The time is the
// last one's.
func (d *dossier) changes(ctx context.Context, zone *time.Location) (rows []trail.Change, at time.Time, err error) {
	values := map[string]string{} // by the hash that stands for it
	for _, s := range d.trail.Secrets {
		if hash := s.Hash(); hash != "" {
			values[`"`+hash+`"`] = s.Value
		}
	}
	shown := func(raw json.RawMessage) string {
		if value, ok := values[string(raw)]; ok {
			raw = json.RawMessage(value)
		}
		var words string
		if json.Unmarshal(raw, &words) == nil {
			return words
		}
		return strings.TrimSpace(string(raw))
	}
	for _, e := range d.trail.Events {
		var t happened
		if e.Body == "" {
			rows = append(rows, trail.Change{Seq: e.Seq, What: d.say("audit.withheld")})
			continue
		}
		if json.Unmarshal([]byte(e.Body), &t) != nil {
			rows = append(rows, trail.Change{Seq: e.Seq, What: d.say("audit.unreadable")})
			continue
		}
		at = t.At
		row := trail.Change{
			Seq: e.Seq, At: t.At.In(zone), Role: t.Actor.Role, What: t.What, Kind: t.Record.Kind,
			Record: int64(t.Record.ID), Version: t.Record.Version,
		}
		if n := shown(t.After["number"]); t.Record.Kind == "receipt" || t.Record.Kind == "entry" {
			row.Number = n
		}
		if row.By, err = d.named(ctx, t.Actor.Person); err != nil {
			return nil, at, err
		}
		row.Behalf = t.Actor.Behalf != 0
		if row.Sponsors, err = d.allNamed(ctx, t.Actor.Sponsors); err != nil {
			return nil, at, err
		}
		fields := slices.Sorted(maps.Keys(t.Before))
		if t.Before == nil {
			fields = slices.Sorted(maps.Keys(t.After))
		}
		n := len(rows)
		for _, f := range fields {
			if f == "id" || f == "version" {
				continue
			}
			row.Field = f
			if row.Before, err = d.meant(ctx, f, shown(t.Before[f])); err != nil {
				return nil, at, err
			}
			if row.After, err = d.meant(ctx, f, shown(t.After[f])); err != nil {
				return nil, at, err
			}
			rows = append(rows, row)
		}
		if len(rows) == n {
			rows = append(rows, row)
		}
	}
	return rows, at, nil
}

// meant puts a name beside the number of a person.
func (d *dossier) meant(ctx context.Context, field, value string) (string, error) {
	if value == "null" {
		return "", nil
	}
	switch field {
	case "sponsors", "same", "hands":
		var ids []store.ID
		if json.Unmarshal([]byte(value), &ids) != nil {
			return value, nil
		}
		return d.allNamed(ctx, ids)
	case "by", "person", "mentor", "advisor":
		name, err := d.named(ctx, dialog.IDOf(value))
		if err != nil {
			return "", err
		}
		if name != "" {
			return name + " (" + value + ")", nil
		}
	}
	return value, nil
}

// allNamed are the names of persons in a row.
func (d *dossier) allNamed(ctx context.Context, ids []store.ID) (string, error) {
	names := make([]string, len(ids))
	for i, id := range ids {
		var err error
		if names[i], err = d.named(ctx, id); err != nil {
			return "", err
		}
	}
	return strings.Join(names, ", "), nil
}

func (d *dossier) named(ctx context.Context, id store.ID) (string, error) {
	p, err := d.person(ctx, id)
	if err != nil || p.ID == 0 {
		return idOr(id), err
	}
	return p.Name, nil
}

// idOr is a number that nobody has a name for, "" for none.
func idOr(id store.ID) string {
	if id == 0 {
		return ""
	}
	return strconv.FormatInt(int64(id), 10)
}

// history writes the trail: for people as a workbook, and byte for byte as it was hashed.
func (d *dossier) history(ctx context.Context) error {
	if err := d.write(ctx, "peristiwa/riwayat.xlsx", func(w io.Writer) error {
		return d.paper.XLSX(w, d.p)
	}); err != nil {
		return err
	}
	if err := d.write(ctx, "peristiwa/peristiwa.jsonl", func(w io.Writer) error {
		return JSONLines(w, d.trail.Events)
	}); err != nil {
		return err
	}
	if err := d.write(ctx, "peristiwa/nilai.jsonl", func(w io.Writer) error {
		return JSONLines(w, d.trail.Secrets)
	}); err != nil {
		return err
	}
	if len(d.trail.Elsewhere) > 0 {
		if err := d.write(ctx, "peristiwa/penghapusan.jsonl", func(w io.Writer) error {
			return JSONLines(w, d.trail.Elsewhere)
		}); err != nil {
			return err
		}
	}
	for _, r := range d.trail.Roots {
		if err := d.write(ctx, "peristiwa/akar-"+r.Name+".txt", func(w io.Writer) error {
			_, err := io.WriteString(w, r.Body)
			return err
		}); err != nil {
			return err
		}
	}
	return nil
}

// JSONLines writes values as JSON, one a line.
func JSONLines[T any](w io.Writer, list []T) error {
	to := json.NewEncoder(w)
	to.SetEscapeHTML(false)
	for _, v := range list {
		if err := to.Encode(v); err != nil {
			return err
		}
	}
	return nil
}
