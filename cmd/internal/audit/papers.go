package audit

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"pendamping/cmd/internal/settings"
	"pendamping/flows"
	"pendamping/flows/dialog"
	"pendamping/flows/documents"
	"pendamping/flows/layout"
	"pendamping/flows/report"
	"pendamping/flows/sandbox"
	"pendamping/store"
)

// documents compares the LPJ with the seals, and prints their papers anew.
func (p *proving) documents(ctx context.Context, set dialog.Setting, box *sandbox.Box) error {
	from := documents.Source{Media: p.inFolder(), Setting: set}
	if box != nil {
		from.Ready = layout.In(box, tally{})
	}
	codes := map[string]bool{} // by hash, whether it was sealed
	newest := map[int]told{}   // the last seal of each edition
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
		codes[hash], p.known[name] = true, true
		if sum, ok := p.there[name]; ok && (sum != hash || report.ShortCode(sum) != code) {
			p.wrong("%s does not give its code", name)
		}
		if was, ok := newest[edition]; !ok || was.Record.ID < e.Record.ID {
			newest[edition] = e
		}
	}
	for edition, e := range newest {
		var code, data string
		e.into("code", &code)
		kept, ok := p.values[valueKey{recordKey{"seal", e.Record.ID}, e.Record.Version, "data"}]
		if !ok || json.Unmarshal([]byte(kept.Value), &data) != nil {
			continue // that it is missing was said
		}
		if err := p.reprint(ctx, from, []byte(data), fmt.Sprintf("dokumen/edisi-%d/%s", edition, code)); err != nil {
			return err
		}
	}
	const now = "dokumen/sekarang/LPJ"
	p.known[now+".json"] = true
	data, err := os.ReadFile(filepath.Join(p.folder, filepath.FromSlash(now+".json")))
	if err != nil {
		return nil // that it is missing is said
	}
	var r report.Report
	if err := json.Unmarshal(data, &r); err != nil {
		p.wrong("%s.json can't be read: %s", now, settings.OneLine(err))
		return nil
	}
	if same, err := json.Marshal(r); err != nil || !bytes.Equal(same, data) {
		p.wrong("%s.json is not as an export writes it", now)
	}
	p.sums(r)
	if codes[r.Hash()] {
		return nil // its papers are those of that printing
	}
	return p.reprint(ctx, from, data, now)
}

// reprint prints an LPJ from its data, and compares the papers with those in the folder.
func (p *proving) reprint(ctx context.Context, from documents.Source, data []byte, name string) error {
	if from.Ready == nil {
		p.known[name+".pdf"], p.known[name+".xlsx"] = true, true
		return nil
	}
	list := map[string]string{}
	err := flows.Reprint(ctx, from, data, name, func(name string) (io.WriteCloser, error) {
		return unkept(func(sum string) { list[name] = sum }), nil
	})
	if err != nil {
		p.wrong("%s can't be printed from its data: %s", name, settings.OneLine(err))
	}
	for name, sum := range list {
		p.known[name] = true
		if was, ok := p.there[name]; ok && was != sum {
			p.wrong("%s is not what its data give", name)
		}
	}
	return ctx.Err()
}

// sums compares what the records say now, which nobody sealed, with the events: whose it is, its notas with what was
// bought, what came and was paid back, its chapters, and that its figures agree. The rest of it hangs on rules and
// people that are not in the folder.
func (p *proving) sums(r report.Report) {
	const name = "dokumen/sekarang/LPJ.json"
	if err := r.Agrees(); err != nil {
		p.wrong("%s: %s", name, settings.OneLine(err))
	}
	g := p.of
	if r.Name != g.Name || r.Group != g.Code || r.Single != g.Single ||
		r.Village != g.Village || r.Regency != g.Regency || r.Province != g.Province ||
		r.Wave != g.Wave || r.Grant != g.Grant || r.From != g.Disbursed {
		p.wrong("%s: the recipient is not what its events say", name)
	}
	var notas []report.Nota
	for _, n := range lastOf[store.Receipt](p, "receipt") {
		if n.State == store.Unfinished {
			continue
		}
		one := report.Nota{
			Number: n.Number, State: n.State, Kind: n.Kind, Payment: n.Payment, Seller: n.Seller, Day: n.Day,
			Total: n.Total, Reason: n.Reason, Behalf: n.Behalf,
		}
		for _, it := range n.Items {
			one.Items = append(one.Items, report.Bought{
				Item: it.Item, Volume: it.Volume, Unit: it.Unit, Price: it.Price, Amount: it.Amount, Pos: it.Pos,
			})
		}
		notas = append(notas, one)
	}
	slices.SortFunc(notas, func(a, b report.Nota) int { return cmp.Compare(a.Number, b.Number) })
	said := slices.Clone(r.Notas)
	for i, n := range said {
		said[i].Remarks, said[i].By, said[i].Verified, said[i].Proofs = nil, "", report.Decision{}, nil
		said[i].Items = slices.Clone(n.Items)
		for k := range said[i].Items {
			said[i].Items[k].Line = 0
		}
	}
	p.compare(name, "notas", said, notas)
	var tranches []report.Tranche
	var deposits []report.Deposit
	entries := slices.SortedFunc(maps.Values(lastOf[store.Entry](p, "entry")), func(a, b store.Entry) int {
		return cmp.Compare(a.Number, b.Number)
	})
	for _, e := range entries {
		switch {
		case e.State != store.EntryStands:
		case e.Kind == store.EntryGrant:
			tranches = append(tranches, report.Tranche{Day: e.Day, Amount: e.Amount, Text: e.Note})
		case e.Kind == store.EntryDeposit:
			deposits = append(deposits, report.Deposit{Day: e.Day, Amount: e.Amount, Text: e.Note})
		}
	}
	came, back := slices.Clone(r.Tranches), slices.Clone(r.Deposits)
	for i := range came {
		came[i].Proofs = nil
	}
	for i := range back {
		back[i].Proofs = nil
	}
	p.compare(name, "tranches", came, tranches)
	p.compare(name, "deposits", back, deposits)
	texts := map[string]string{}
	for id, c := range lastOf[store.Chapter](p, "chapter") {
		var text string
		kept := p.values[valueKey{recordKey{"chapter", id}, c.Version, "text"}].Value
		_ = json.Unmarshal([]byte(kept), &text) // none where nothing was written
		texts[c.Code] = text
	}
	var chapters []report.Chapter
	for _, code := range report.Outline(r.Template) {
		chapters = append(chapters, report.Chapter{Code: code, Text: texts[code]})
	}
	p.compare(name, "chapters", r.Chapters, chapters)
}

// compare compares a part of the data of a file with what follows from the events.
func (p *proving) compare(name, part string, said, want any) {
	a, err := json.Marshal(said)
	b, err2 := json.Marshal(want)
	if err != nil || err2 != nil || !bytes.Equal(a, b) {
		p.wrong("%s: the %s are not what the events say", name, part)
	}
}
