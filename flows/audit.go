package flows

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"pendamping/flows/dialog"
	"pendamping/flows/documents"
	"pendamping/flows/layout"
	"pendamping/flows/lpj"
	"pendamping/flows/report"
	"pendamping/flows/trail"
	"pendamping/store"
)

// Create makes a file for an auditor; its name may have slashes.
type Create func(name string) (io.WriteCloser, error)

// dossier is what an auditor takes away of a recipient, in the making.
type dossier struct {
	from    documents.Source
	of      store.Recipient
	trail   store.Trail
	create  Create
	p       layout.Printing
	names   map[store.ID]store.Person
	paper   trail.Trail
	broken  int // originals that are missing or not what they were
	missing int // of those, the ones whose bytes came
}

// Audit writes what an auditor takes away of a recipient: the papers, the proofs as they came, who did what and when,
// and what to make of it. The same records give the same bytes; the time of it all is that of the last event. missing
// counts the originals that came and are not there.
func Audit(
	ctx context.Context, from documents.Source, of store.Recipient, trail store.Trail, create Create,
) (missing int, err error) {
	d := &dossier{from: from, of: of, trail: trail, create: create, names: map[store.ID]store.Person{}}
	zone := dialog.Placed(of.Zone, from.Zone)
	d.p = from.Printing(dialog.DocumentLanguage, zone)
	changes, at, err := d.changes(ctx, zone)
	if err != nil {
		return 0, fmt.Errorf("audit of recipient %d: %w", of.ID, err)
	}
	d.paper.Changes = changes
	d.p.Made = at.In(zone)
	for _, step := range []func(context.Context) error{d.documents, d.proofs, d.history, d.readme} {
		if err := step(ctx); err != nil {
			return 0, fmt.Errorf("audit of recipient %d: %w", of.ID, err)
		}
	}
	return d.missing, nil
}

// write makes one file.
func (d *dossier) write(ctx context.Context, name string, do func(io.Writer) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	f, err := d.create(name)
	if err != nil {
		return err
	}
	if err := do(f); err != nil {
		f.Close()
		return fmt.Errorf("%s: %w", name, err)
	}
	return f.Close()
}

// documents are the newest printing of each edition, the data of all printings, and how it all stands now where nobody
// printed that.
func (d *dossier) documents(ctx context.Context) error {
	seals, err := d.from.Tx.Seals(ctx, d.of.ID, dialog.Entire)
	if err != nil {
		return err
	}
	now, err := lpj.ReadReport(ctx, d.from.Tx, d.from.Setting, d.of)
	if err != nil {
		return err
	}
	now.At = d.p.Made
	known := map[int]bool{}
	current := false
	for _, s := range seals {
		if s, err = d.from.Tx.SealByCode(ctx, s.Code); err != nil {
			return err
		}
		r, err := lpj.Sealed(s)
		if err != nil {
			return err
		}
		by, err := d.person(ctx, s.By)
		if err != nil {
			return err
		}
		is := now.Hash() == s.Hash
		current = current || is
		d.paper.Prints = append(d.paper.Prints, trail.Print{Code: s.Code, Edition: s.Edition,
			At: s.At.In(d.p.Made.Location()), By: by.Name,
			Received: s.Received, Spent: s.Spent, Deposited: s.Deposited, SHA256: s.Hash, Current: is,
			Genuine: lpj.Genuine(s)})
		if err := d.write(ctx, "dokumen/data/"+s.Code+".json", func(w io.Writer) error {
			_, err := w.Write(r.Canonical())
			return err
		}); err != nil {
			return err
		}
		if known[s.Edition] {
			continue
		}
		known[s.Edition] = true
		if err := d.print(ctx, r, "dokumen/edisi-"+strconv.Itoa(s.Edition)+"/"+s.Code); err != nil {
			return err
		}
	}
	// It goes the way of what was sealed, through its data, so that whoever checks the folder comes to the same bytes.
	// The data are there even when they were sealed: so it shows when they are taken away.
	data, err := json.Marshal(now)
	if err != nil {
		return err
	}
	if err := d.write(ctx, "dokumen/sekarang/LPJ.json", func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	}); err != nil {
		return err
	}
	if current {
		return nil
	}
	if now, err = lpj.Sealed(store.Seal{Data: string(data)}); err != nil {
		return err
	}
	return d.print(ctx, now, "dokumen/sekarang/LPJ")
}

// print writes a report's PDF, in as many files as it takes, and its workbook.
func (d *dossier) print(ctx context.Context, r report.Report, name string) error {
	p := d.p
	p.Made = r.At
	for file, files := 1, 1; file <= files; file++ {
		var b strings.Builder // where files are counted is known once one is written
		n, err := r.PDF(ctx, &b, p, file)
		if err != nil {
			return err
		}
		files = n
		end := ".pdf"
		if files > 1 {
			end = fmt.Sprintf("-%d-%d.pdf", file, files)
		}
		if err := d.write(ctx, name+end, func(w io.Writer) error {
			_, err := io.WriteString(w, b.String())
			return err
		}); err != nil {
			return err
		}
	}
	return d.write(ctx, name+".xlsx", func(w io.Writer) error { return r.XLSX(w, p) })
}

// proofs are all files that came for the recipient, also those of what was cancelled, of visits, and what was spoken.
func (d *dossier) proofs(ctx context.Context) error {
	files, err := d.files(ctx)
	if err != nil {
		return err
	}
	counts := map[string]int{}
	for _, f := range files {
		path, of, err := d.place(ctx, f)
		if err != nil {
			return err
		}
		counts[path]++
		by, err := d.person(ctx, f.By)
		if err != nil {
			return err
		}
		proof := report.Proof{SHA256: f.SHA256, Name: f.Name}
		var open io.WriteCloser
		was, err := proof.Pack(d.p.Open, fmt.Sprintf("%s-%02d", path, counts[path]),
			func(name string) (io.Writer, error) {
				var err error
				open, err = d.create(name)
				return open, err
			})
		if open != nil {
			err = errors.Join(err, open.Close())
		}
		if err != nil {
			return err
		}
		if was.State != "" {
			d.broken++
		}
		if was.State == "missing" && f.SHA256 != "" {
			d.missing++
		}
		d.paper.Kept = append(d.paper.Kept, trail.Kept{Name: was.Name, SHA256: f.SHA256, Size: was.Size,
			State: was.State, Of: of, By: by.Name,
			At: f.At.In(d.p.Made.Location()), Text: cmp.Or(f.Words, f.Name)})
	}
	return nil
}

// files are all of a recipient's, in the order in which they came.
func (d *dossier) files(ctx context.Context) ([]store.File, error) {
	list, err := d.from.Tx.FilesOf(ctx, d.of.ID)
	if err != nil {
		return nil, err
	}
	visits, err := d.from.Tx.Visits(ctx, d.of.ID, dialog.Entire)
	if err != nil {
		return nil, err
	}
	slices.Reverse(visits)
	for _, v := range visits {
		more, err := d.from.Tx.FilesOfVisit(ctx, v.ID)
		if err != nil {
			return nil, err
		}
		list = append(list, more...)
	}
	return list, nil
}

// place is where a file goes, and what it is of.
func (d *dossier) place(ctx context.Context, f store.File) (path, of string, err error) {
	number, day, kind := 0, store.Day(""), "annex"
	switch {
	case f.Receipt != 0:
		var r store.Receipt
		kind = "receipt"
		r, err = d.from.Tx.Receipt(ctx, f.Receipt)
		number = r.Number
	case f.Entry != 0:
		var list []store.Entry
		kind = "entry"
		list, err = d.from.Tx.Entries(ctx, d.of.ID)
		if i := slices.IndexFunc(list, func(e store.Entry) bool { return e.ID == f.Entry }); i >= 0 {
			number = list[i].Number
		}
	case f.Visit != 0:
		var v store.Visit
		kind = "visit"
		v, err = d.from.Tx.Visit(ctx, f.Visit)
		day = store.DayOf(v.Start, d.p.Made.Location())
	case f.Kind == "voice":
		kind = "chapter"
	}
	return OriginalPath(f, number, day), d.say("record."+kind, "Number", dialog.Count(number)), err
}

// OriginalPath is how the name of an original begins in an auditor's folder: by the number of its nota or entry, or by
// the day of its visit at the recipient's place. A count and an ending follow.
func OriginalPath(f store.File, number int, day store.Day) string {
	switch {
	case f.Receipt != 0:
		return fmt.Sprintf("bukti/nota/%04d", number)
	case f.Entry != 0:
		return fmt.Sprintf("bukti/kas/M%d", number)
	case f.Visit != 0:
		return "bukti/kunjungan/" + string(day)
	case f.Kind == "voice":
		return "bukti/suara/suara"
	}
	return "bukti/lampiran/lampiran"
}

func (d *dossier) say(id string, pairs ...string) string { return d.p.Words(store.Say(id, pairs...)) }

// person is somebody by their id; nobody for the system itself.
func (d *dossier) person(ctx context.Context, id store.ID) (store.Person, error) {
	if p, ok := d.names[id]; ok || id == 0 {
		return p, nil
	}
	p, err := d.from.Tx.Person(ctx, id)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return p, err
	}
	d.names[id] = p
	return p, nil
}

// readme says in a few words what is in the folder and how to check it.
func (d *dossier) readme(ctx context.Context) error {
	text := AuditReadme(d.from.Setting, d.of, d.p.Made, d.trail, len(d.paper.Prints), len(d.paper.Kept), d.broken)
	return d.write(ctx, "BACA-SAYA.txt", func(w io.Writer) error { _, err := io.WriteString(w, text); return err })
}

// AuditReadme is the text of BACA-SAYA.txt: at is the time of the last event, broken counts the originals that are
// missing or not what they were.
func AuditReadme(
	set dialog.Setting, of store.Recipient, at time.Time, trail store.Trail, prints, files, broken int,
) string {
	head, root := "", store.Root{}
	if n := len(trail.Events); n > 0 {
		head = trail.Events[n-1].Hash
	}
	if n := len(trail.Roots); n > 0 {
		root = trail.Roots[n-1]
	}
	return strings.TrimSpace(set.Words(dialog.DocumentLanguage, store.Say("audit.readme", "Group", of.Name,
		"Code", of.Code,
		"Regency", of.Regency,
		"At", at.Format(time.RFC3339), "Events", strconv.Itoa(len(trail.Events)), "Head", head, "Root", root.Hash,
		"Name", root.Name,
		"Prints", strconv.Itoa(prints), "Files", strconv.Itoa(files), "Broken", dialog.Count(broken),
		"Erased", dialog.Count(len(trail.Elsewhere))))) + "\n"
}
