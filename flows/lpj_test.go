package flows_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"encoding/xml"
	"flag"
	"fmt"
	"io"
	"maps"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"pendamping/flows"
	"pendamping/flows/dialog"
	"pendamping/flows/documents"
	"pendamping/flows/form"
	"pendamping/flows/join"
	"pendamping/flows/layout"
	"pendamping/flows/report"
	"pendamping/store"
	"pendamping/store/embedded/testdb"
	"pendamping/store/media"
	"pendamping/store/postgres"
)

// purse is what a history should come to, counted apart from all that is tested.
type purse struct{ received, spent, deposited store.Rupiah }

func (p purse) left() store.Rupiah { return p.received - p.spent - p.deposited }

// history is a group's book as it grows.
type history struct {
	rt    *rapid.T
	c     *court
	tx    *postgres.Tx
	of    store.Recipient
	by    store.ID
	purse purse
	notas []store.Receipt
	lines []store.PlanLine
}

func (h *history) must(err error) {
	if err != nil {
		h.rt.Fatal(err)
	}
}

func (h *history) rupiah(most int) store.Rupiah {
	return store.Rupiah(rapid.IntRange(1, most).Draw(h.rt, "rupiah"))
}

func (h *history) day() store.Day {
	return store.Day("2026-11-10").Add(rapid.IntRange(0, 12).Draw(h.rt, "day"))
}

// items are one to three, on lines of the plan or outside it.
func (h *history) items() (list []store.Item, total store.Rupiah) {
	for range rapid.IntRange(1, 3).Draw(h.rt, "items") {
		it := store.Item{
			Amount: h.rupiah(900_000), Pos: rapid.SampledFrom([]string{"ALAT", "BAHAN", "LAIN"}).Draw(h.rt, "pos"),
		}
		if n := rapid.IntRange(0, len(h.lines)).Draw(h.rt, "line"); n < len(h.lines) {
			it.Line, it.Pos = h.lines[n].ID, h.lines[n].Pos
		}
		list, total = append(list, it), total+it.Amount
	}
	return list, total
}

func (h *history) nota() {
	r := store.Receipt{
		Recipient: h.of.ID, State: rapid.SampledFrom([]store.ReceiptState{
			store.Submitted, store.Verified, store.Returned, store.Unfinished,
		}).Draw(h.rt, "state"),
		Kind: store.KindNota, Payment: "tunai", Seller: "TB Jaya", Day: h.day(), By: h.by, Begun: walkStart,
		Submitted: walkStart,
	}
	if r.Items, r.Total = h.items(); r.State.Counts() {
		h.purse.spent += r.Total
	}
	h.look(&r)
	h.must(h.tx.AddReceipt(h.c.t.Context(), "receipt.submitted", &r))
	h.notas = append(h.notas, r)
}

// look gives a nota the decision that its state is of.
func (h *history) look(r *store.Receipt) {
	if r.State == store.Verified || r.State == store.Returned {
		r.Review = store.Review{By: h.by, At: walkStart, Version: 1, Verdict: string(r.State), Reason: "buram"}
	}
}

// change gives a nota other items, or cancels it.
func (h *history) change() {
	if len(h.notas) == 0 {
		return
	}
	r := &h.notas[rapid.IntRange(0, len(h.notas)-1).Draw(h.rt, "which")]
	if r.State.Counts() {
		h.purse.spent -= r.Total
	}
	r.State = rapid.SampledFrom([]store.ReceiptState{store.Submitted, store.Verified, store.Cancelled}).Draw(h.rt,
		"state")
	if r.State != store.Cancelled {
		r.Items, r.Total = h.items()
	}
	if r.State.Counts() {
		h.purse.spent += r.Total
	}
	h.look(r)
	h.must(h.tx.PutReceipt(h.c.t.Context(), "receipt.changed", r))
}

func (h *history) entry() {
	e := store.Entry{Recipient: h.of.ID, Kind: rapid.SampledFrom([]store.EntryKind{
		store.EntryGrant, store.EntryWithdraw, store.EntryFee, store.EntryRefund, store.EntryDeposit,
	}).Draw(h.rt, "kind"), Amount: h.rupiah(2_000_000), Day: h.day(), By: h.by, At: walkStart}
	e.State = rapid.SampledFrom([]store.EntryState{
		store.EntryStands, store.EntryStands, store.EntryCancelled,
	}).Draw(h.rt, "stands")
	if e.Kind == store.EntryRefund {
		e.Pos = rapid.SampledFrom([]string{"ALAT", "BAHAN"}).Draw(h.rt, "pos")
	}
	if e.State == store.EntryStands {
		switch e.Kind {
		case store.EntryGrant:
			h.purse.received += e.Amount
		case store.EntryFee:
			h.purse.spent += e.Amount
		case store.EntryRefund:
			h.purse.spent -= e.Amount
		case store.EntryDeposit:
			h.purse.deposited += e.Amount
		}
	}
	h.must(h.tx.AddEntry(h.c.t.Context(), "entry.added", &e))
}

// plan agrees on another edition: some lines stay, some go, and there are new ones.
func (h *history) plan() {
	p := store.Plan{Recipient: h.of.ID, State: store.PlanAgreed}
	for _, l := range h.lines {
		if rapid.Bool().Draw(h.rt, "stays") {
			p.Lines = append(p.Lines, l)
		}
	}
	for range rapid.IntRange(1, 2).Draw(h.rt, "new lines") {
		p.Lines = append(p.Lines, store.PlanLine{
			Item: "Mesin", Pos: rapid.SampledFrom([]string{"ALAT", "BAHAN"}).Draw(h.rt, "pos"), Volume: 1000,
			Unit: "unit", Price: h.rupiah(900_000),
		})
	}
	h.must(h.tx.AddPlan(h.c.t.Context(), "plan.added", &p))
	h.lines = p.Lines
}

// said is what somebody gets to read after a command, by the ids of its sentences.
func (c *court) said(account int64, command string) map[string]map[string]string {
	c.t.Helper()
	tx := c.g.db.Begin(walkStart.Add(time.Minute), 7)
	defer tx.Rollback(c.t.Context())
	res, err := flows.Turn(c.t.Context(), tx, c.g.setting, dialog.Session{Screen: 1, Taken: []int64{5, 6}},
		form.Event{Update: 7, Account: account, Chat: account, Message: 5, Kind: form.Words, Text: command})
	if err != nil {
		c.t.Fatal(err)
	}
	found := map[string]map[string]string{}
	for _, m := range res.Messages {
		for _, b := range m.Body {
			found[b.ID] = b.Data
		}
	}
	return found
}

// Whatever happens to a book, the meter, /saldo, the records, the report, its PDF, its workbook and what is counted by
// hand agree to the rupiah, and every sum in the report with every other.
func TestReportAgrees(t *testing.T) {
	c := newCourt(t)
	if checks := flag.Lookup("rapid.checks"); !testdb.Full() && checks.Value.String() == checks.DefValue {
		_ = checks.Value.Set("25")
		defer func() { _ = checks.Value.Set(checks.DefValue) }()
	}
	n := 0
	rapid.Check(t, func(rt *rapid.T) {
		n++
		ctx := t.Context()
		tx := c.g.db.Begin(walkStart, 0)
		defer func() { tx.Rollback(ctx) }()
		h := &history{rt: rt, c: c, tx: tx}
		h.of = store.Recipient{Code: "R" + strconv.Itoa(n), Name: "Maju", Program: c.g.program, Zone: "Asia/Jakarta",
			Grant: 20_000_000, Disbursed: "2026-11-10"}
		h.must(tx.AddRecipient(ctx, "recipient.added", &h.of))
		account := int64(10_000 + n)
		p := store.Person{
			Key: h.of.Code, Role: store.Treasurer, Code: h.of.Code, Name: "Sri", Recipient: h.of.ID, Account: account,
		}
		h.must(tx.AddPerson(ctx, "person.added", &p))
		h.must(tx.AddConsent(ctx, "consent.given", &store.Consent{
			Person: p.ID, Notice: join.Notice, Given: walkStart, Source: "paper",
		}))
		h.by = p.ID
		for range rapid.IntRange(0, 14).Draw(rt, "steps") {
			rapid.SampledFrom([]func(){h.nota, h.nota, h.change, h.entry, h.plan}).Draw(rt, "step")()
		}
		_, err := tx.Commit(ctx, 0, nil, nil)
		h.must(err)

		tx = c.g.db.Begin(walkStart, 0)
		of, err := tx.Recipient(ctx, h.of.ID)
		h.must(err)
		r, err := flows.ReadReport(ctx, tx, c.g.setting, of)
		h.must(err)
		if err := r.Agrees(); err != nil {
			rt.Error(err)
		}
		meter, saldo := c.said(account, "/lpj")["lpj.money"], c.said(account, "/saldo")
		deposited := saldo["saldo.deposited"]["Amount"]
		if deposited == "" {
			deposited = "0"
		}
		want := fmt.Sprint(h.purse.received, h.purse.spent, h.purse.deposited, h.purse.left())
		for what, got := range map[string]string{
			"the report": fmt.Sprint(r.Received, r.Spent, r.Deposited, r.Left),
			"the meter": strings.Join([]string{meter["Received"], meter["Spent"], meter["Deposited"], meter["Left"]},
				" "),
			"/saldo": strings.Join([]string{saldo["saldo.received"]["Amount"], saldo["saldo.spent"]["Amount"],
				deposited, saldo["saldo.left"]["Amount"]}, " "),
			"the PDF":  c.figuresOfPDF(r, want),
			"the XLSX": c.figuresOfXLSX(r),
			"the rows": c.figuresOfRows(of.ID),
		} {
			if got != want {
				rt.Errorf("%s: received, spent, deposited, left are %s, want %s", what, got, want)
			}
		}
	})
}

// printing is what papers are printed with.
func (c *court) printing() layout.Printing {
	return layout.Printing{Words: func(t store.Text) string { return c.g.setting.Words("id", t) }, Made: walkStart}
}

// sums are the names of the sums in a report, in the order received, spent, deposited, left.
var sums = []string{"Dana diterima", "Belanja, termasuk biaya bank dan dikurangi retur", "Disetor ke kas negara",
	"Sisa di kas dan bank"}

// figuresOfPDF reads the sums back from the printed pages; where nothing can read them, they are taken as wanted.
func (c *court) figuresOfPDF(r report.Report, want string) string {
	c.t.Helper()
	if _, err := exec.LookPath("pdftotext"); err != nil {
		return want
	}
	var out bytes.Buffer
	if _, err := r.PDF(c.t.Context(), &out, c.printing(), 1); err != nil {
		c.t.Fatal(err)
	}
	read := exec.Command("pdftotext", "-layout", "-", "-")
	read.Stdin = &out
	words, err := read.Output()
	if err != nil {
		c.t.Fatal(err)
	}
	_, table, _ := strings.Cut(string(words), "Dana seluruhnya")
	var list []string
	for _, name := range sums {
		_, row, _ := strings.Cut(table, name)
		line, _, _ := strings.Cut(row, "\n")
		list = append(list, strings.ReplaceAll(strings.TrimSpace(line), ".", ""))
	}
	return strings.Join(list, " ")
}

// figuresOfXLSX reads the sums back from the first sheet, as a program shows them that computes nothing.
func (c *court) figuresOfXLSX(r report.Report) string {
	c.t.Helper()
	var out bytes.Buffer
	if err := r.XLSX(&out, c.printing()); err != nil {
		c.t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(out.Bytes()), int64(out.Len()))
	if err != nil {
		c.t.Fatal(err)
	}
	read := func(name string, into any) {
		f, err := z.Open(name)
		if err == nil {
			err = xml.NewDecoder(f).Decode(into)
		}
		if err != nil {
			c.t.Fatal(err)
		}
	}
	var words struct {
		SI []struct {
			T string `xml:"t"`
		} `xml:"si"`
	}
	var sheet struct {
		Rows []struct {
			Cells []struct {
				V string `xml:"v"`
			} `xml:"c"`
		} `xml:"sheetData>row"`
	}
	read("xl/sharedStrings.xml", &words)
	read("xl/worksheets/sheet1.xml", &sheet)
	found := map[string]string{}
	for _, row := range sheet.Rows {
		if i, err := strconv.Atoi(row.Cells[0].V); err == nil && len(row.Cells) > 1 {
			found[words.SI[i].T] = row.Cells[1].V
		}
	}
	if check := found["Beda sisa dana dan saldo buku kas"]; check != "0" {
		c.t.Errorf("the workbook's check is %q", check)
	}
	var list []string
	for _, name := range sums {
		list = append(list, found[name])
	}
	return strings.Join(list, " ")
}

// figuresOfRows adds up the records themselves.
func (c *court) figuresOfRows(of store.ID) string {
	c.t.Helper()
	tx := c.g.db.Begin(walkStart, 0)
	defer tx.Rollback(c.t.Context())
	notas, err := tx.Receipts(c.t.Context(), of, "", 1000, 0)
	if err != nil {
		c.t.Fatal(err)
	}
	entries, err := tx.Entries(c.t.Context(), of)
	if err != nil {
		c.t.Fatal(err)
	}
	var p purse
	for _, n := range notas {
		if n.State != store.Unfinished && n.State != store.Cancelled {
			p.spent += n.Total
		}
	}
	for _, e := range entries {
		if e.State != store.EntryStands {
			continue
		}
		switch e.Kind {
		case store.EntryGrant:
			p.received += e.Amount
		case store.EntryDeposit:
			p.deposited += e.Amount
		case store.EntryFee:
			p.spent += e.Amount
		case store.EntryRefund:
			p.spent -= e.Amount
		}
	}
	return fmt.Sprint(p.received, p.spent, p.deposited, p.left())
}

// Who sent a document that can't be printed is asked for it again, by its nota.
func TestBrokenDocument(t *testing.T) {
	c := newCourt(t)
	ctx := t.Context()
	tx := c.g.db.Begin(walkStart, 0)
	defer tx.Rollback(context.WithoutCancel(ctx))
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	of, err := tx.RecipientByCode(ctx, "A")
	must(err)
	by, err := tx.PersonByCode(ctx, store.Treasurer, "A")
	must(err)
	notas, err := tx.Receipts(ctx, of.ID, "", 9, 0)
	must(err)
	nota := notas[slices.IndexFunc(notas, func(r store.Receipt) bool {
		return r.State == store.Submitted ||
			r.State == store.Verified
	})]
	for _, name := range []string{"rusak", "utuh"} {
		must(tx.AddFile(ctx, "file.kept", &store.File{
			Recipient: of.ID, Receipt: nota.ID, By: by.ID, At: walkStart, Kind: "document", FileID: name,
			UniqueID: name, Name: name + ".pdf", MIME: "application/pdf",
			SHA256: strings.Repeat(map[string]string{"rusak": "a", "utuh": "b"}[name], 64),
		}))
	}
	s, err := flows.Seal(ctx, tx, c.g.setting, of, by.ID)
	must(err)
	_, err = tx.Commit(ctx, 0, nil, nil)
	must(err)
	pictures, err := media.Open(t.TempDir())
	must(err)
	var told []store.Message
	from := documents.Source{
		Setting: c.g.setting, Tx: c.g.db.Begin(walkStart, 0), Media: pictures,
		Ask: func(_ store.File, m store.Message) { told = append(told, m) },
		Ready: func(_ context.Context, _ layout.Open, list []layout.Raw) (done []layout.Ready, err error) {
			for _, r := range list {
				done = append(done, layout.Ready{Kind: "pdf", Failed: layout.NoTool, Broken: r.SHA256[0] == 'a'})
			}
			return done, nil
		},
	}
	_, err = flows.MakeDocument(ctx, io.Discard, from, store.Message{
		Chat: c.acts["Sri"], Paper: "lpj:" + s.Code + ":pdf:1",
	},
		"id")
	must(err)
	if len(told) != 1 || told[0].Chat != by.Account || told[0].Body[0].Data["Number"] != strconv.Itoa(nota.Number) ||
		told[0].Body[1].Data["Name"] != "rusak.pdf" {
		t.Errorf("told: %+v", told)
	}
}

// What was printed comes back the same from its seal, whatever happened since; the same data has one seal; and anyone
// with the code learns whether it is the newest, or does not fit.
func TestSeal(t *testing.T) {
	c := newCourt(t)
	ctx := t.Context()
	stranger := int64(99)
	var of store.Recipient
	var by store.Person
	do := func(f func(tx *postgres.Tx) error) {
		t.Helper()
		tx := c.g.db.Begin(walkStart, 0)
		defer tx.Rollback(ctx)
		err := f(tx)
		if err == nil {
			_, err = tx.Commit(ctx, 0, nil, nil)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	do(func(tx *postgres.Tx) (err error) {
		if of, err = tx.RecipientByCode(ctx, "A"); err == nil {
			by, err = tx.PersonByCode(ctx, store.Treasurer, "A")
		}
		return err
	})
	print := func() (s store.Seal) {
		t.Helper()
		do(func(tx *postgres.Tx) (err error) { s, err = flows.Seal(ctx, tx, c.g.setting, of, by.ID); return err })
		return s
	}
	state := func(code string) string { return c.said(stranger, code)["lpjcode.state"]["State"] }
	first := print()
	if again := print(); again.ID != first.ID {
		t.Error("the same data is sealed twice")
	}
	for _, typed := range []string{"/lpj " + first.Code, first.Code, strings.ToLower(first.Code),
		"/start lpj-" + strings.ReplaceAll(first.Code[4:], "-", ""), first.Code[4:]} {
		if got := state(typed); got != "current" {
			t.Errorf("%q: %q", typed, got)
		}
	}
	if sum := c.said(stranger, first.Code)["lpj.money"]; sum["Spent"] != "105000" {
		t.Errorf("its sums are %v", sum)
	}
	before, err := flows.Sealed(first)
	if err != nil || before.Hash() != first.Hash || before.Code != first.Code {
		t.Errorf("the seal gives back a report with hash %s and code %s, not %s and %s: %v", before.Hash(), before.Code,
			first.Hash, first.Code, err)
	}
	pictures, err := media.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	again := func(kind string) string {
		t.Helper()
		tx := c.g.db.Begin(walkStart.AddDate(0, 1, 0), 0)
		defer tx.Rollback(ctx)
		var out bytes.Buffer
		m := store.Message{Chat: c.acts["Sri"], Paper: "lpj:" + first.Code + ":" + kind + ":1"}
		if _, err := flows.MakeDocument(ctx, &out, documents.Source{
			Setting: c.g.setting, Tx: tx, Media: pictures, Ready: layout.Here,
		}, m, "id"); err != nil {
			t.Fatal(err)
		}
		return out.String()
	}
	made := map[string]string{"pdf": again("pdf"), "xlsx": again("xlsx"), "zip": again("zip")}
	do(func(tx *postgres.Tx) error {
		return tx.AddChapter(ctx, "chapter.written", &store.Chapter{
			Recipient: of.ID, Code: "latar", Text: "Kami menjahit.", By: by.ID, At: walkStart,
		})
	})
	if got := state(first.Code); got != "old" {
		t.Errorf("after a change the older one is %q", got)
	}
	second := print()
	if got := state(second.Code); got != "current" || second.Code == first.Code {
		t.Errorf("the newer one is %q", got)
	}
	for kind, was := range made {
		if again(kind) != was {
			t.Errorf("after a change the older one's %s has other bytes", kind)
		}
	}
	forged := second
	r := before
	r.Spent++
	b, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	forged.Data, forged.Code, forged.Hash = string(b), report.ShortCode(strings.Repeat("0f", 32)),
		strings.Repeat("0f", 32)
	do(func(tx *postgres.Tx) error { return tx.AddSeal(ctx, "report.sealed", &forged) })
	if got := state(forged.Code); got != "altered" {
		t.Errorf("a forged one is %q", got)
	}
	for typed, want := range map[string]string{"/lpj LPJ-0000-0000-0000": "lpjcode.unknown", "/lpj": "join.stranger"} {
		if said := c.said(stranger, typed); len(said) != 1 || slices.Collect(maps.Keys(said))[0] != want {
			t.Errorf("%s: %v, want %s", typed, said, want)
		}
	}
}

// However a code is typed, it is read as it was printed.
func TestPlainly(t *testing.T) {
	for typed, want := range map[string]string{
		"LPJ-7K3M-Q9TX-2BVC": "LPJ-7K3M-Q9TX-2BVC", "lpj 7k3m q9tx 2bvc": "LPJ-7K3M-Q9TX-2BVC",
		"7k3mq9tx2bvc":   "LPJ-7K3M-Q9TX-2BVC",
		"OI1L-OOOO-0000": "LPJ-0111-0000-0000", "halo": "halo", "LPJ": "LPJ", "": "",
	} {
		if got := flows.Plainly(typed); got != want {
			t.Errorf("%q is read as %q, want %q", typed, got, want)
		}
	}
}

// Every item of the usual checklist is looked at, and every part of each template has its words.
func TestChecklist(t *testing.T) {
	var usual []string
	sum := 0
	for _, c := range store.UsualChecks() {
		usual = append(usual, c.Code)
		sum += c.Weight
	}
	slices.Sort(usual)
	if d := cmp.Diff(flows.Checks(), usual); d != "" || sum != 100 {
		t.Errorf("the usual checklist weighs %d, want 100 (-known +usual):\n%s", sum, d)
	}
	for _, code := range report.Templates() {
		for _, part := range report.Outline(code) {
			if !slices.Contains(flows.Quoted(), part) {
				t.Errorf("template %s has a part %s that nothing is known about", code, part)
			}
		}
	}
}
