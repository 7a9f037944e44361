package report

import (
	"archive/zip"
	"bufio"
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strconv"
	"strings"

	"pendamping/flows/layout"
	"pendamping/flows/picture"
	"pendamping/store"
)

// original is a proof with its place in the ZIP, without an ending.
type original struct {
	Proof
	path string
	of   string
}

// originals are all proofs of the report, in its order. One that serves twice is there twice.
func (r Report) originals() []original {
	var list []original
	add := func(folder, of string, proofs []Proof) {
		for i, p := range proofs {
			list = append(list, original{p, fmt.Sprintf("%s-%02d", folder, i+1), of})
		}
	}
	for i, t := range r.Tranches {
		add(fmt.Sprintf("dana/%02d", i+1), t.Text, t.Proofs)
	}
	for _, n := range r.Notas {
		add(fmt.Sprintf("nota/%04d", n.Number), n.Seller, n.Proofs)
	}
	add("alat/alat", "", r.Tools)
	add("kegiatan/kegiatan", "", r.Activities)
	for i, d := range r.Deposits {
		add(fmt.Sprintf("setoran/%02d", i+1), d.Number, d.Proofs)
	}
	add("perpanjangan/surat", r.Extension.Number, r.Extension.Proofs)
	add("pengesahan/buku", r.Approval.Name, r.Approval.Paper)
	add("pengesahan/verifikasi", r.Verified.Name, r.Verified.Paper)
	add("pengesahan/lpj", "", r.Signed)
	for i, c := range r.HardCopies {
		add(fmt.Sprintf("cetak/%02d", i+1), c.Place, c.Proofs)
	}
	return list
}

// zipBytes is how much of originals a ZIP takes, unless it is one alone: Telegram takes 50 MB from a bot.
const zipBytes = 45_000_000

// shares spreads originals over ZIPs of a set size, in their order.
func (r Report) shares(p layout.Printing) [][]original {
	list := [][]original{nil}
	var full int64
	for _, o := range r.originals() {
		size := o.size(p)
		if last := list[len(list)-1]; len(last) > 0 && full+size > cmp.Or(p.Most, zipBytes) {
			list, full = append(list, nil), 0
		}
		full += size
		list[len(list)-1] = append(list[len(list)-1], o)
	}
	return list
}

// size is that of its bytes; 0 of what is not here.
func (o original) size(p layout.Printing) int64 {
	if p.Open == nil || o.SHA256 == "" {
		return 0
	}
	file, err := p.Open(o.SHA256)
	if err != nil {
		return 0
	}
	defer file.Close()
	if known, ok := file.(fs.File); ok {
		if info, err := known.Stat(); err == nil {
			return info.Size()
		}
	}
	n, _ := io.Copy(io.Discard, file)
	return n
}

// ZIP writes a file with originals of proofs as they came, the data that the report's hash is of, and an index with the
// hash of each, which also tells what is missing and what is not what it was. Where they are more than one file may
// have, they go on in the next; it tells how many files there are, as PDF does.
func (r Report) ZIP(ctx context.Context, w io.Writer, p layout.Printing, file int) (files int, err error) {
	shares := r.shares(p)
	if file < 1 || file > len(shares) {
		return len(shares), fmt.Errorf("report: file %d of %d: %w", file, len(shares), store.ErrNotFound)
	}
	return len(shares), r.zip(ctx, w, p, shares[file-1])
}

func (r Report) zip(ctx context.Context, w io.Writer, p layout.Printing, originals []original) error {
	say := p.Words.Say
	z := zip.NewWriter(w)
	create := func(name string, method uint16) (io.Writer, error) {
		return z.CreateHeader(&zip.FileHeader{Name: name, Method: method, Modified: r.At.UTC()})
	}
	rows := [][]string{{say("report.index.file"), say("report.index.hash"), say("report.index.bytes"),
		say("recap.date"), say("report.index.of"), say("recap.state")}}
	for _, o := range originals {
		if err := layout.Ended(ctx); err != nil {
			return err
		}
		// pictures are compressed already
		was, err := o.Pack(p.Open, o.path, func(name string) (io.Writer, error) { return create(name, zip.Store) })
		if err != nil {
			return fmt.Errorf("report: %s: %w", o.path, err)
		}
		rows = append(rows, []string{was.Name, o.SHA256, strconv.FormatInt(was.Size, 10), string(o.Day),
			strings.Join(filled(o.of, o.Text, o.Name), " · "),
			say("report.index.state", "State", was.State)})
	}
	data, err := create("data.json", zip.Deflate)
	if err != nil {
		return err
	}
	if _, err := data.Write(r.Canonical()); err != nil {
		return err
	}
	rows = append(rows, []string{
		"data.json", r.Hash(), strconv.Itoa(len(r.Canonical())), "", say("report.index.data", "Code", r.Code), "",
	})
	index, err := create(say("report.index.name")+".csv", zip.Deflate)
	if err != nil {
		return err
	}
	out := csv.NewWriter(index)
	for _, row := range rows {
		for i := range row {
			row[i] = layout.Harmless(row[i])
		}
		if err := out.Write(row); err != nil {
			return err
		}
	}
	if out.Flush(); out.Error() != nil {
		return out.Error()
	}
	return z.Close()
}

// Packed is an original that was copied.
type Packed struct {
	Name  string // with its ending; "" of what is missing
	Size  int64
	State string // "", "missing", or "changed" where its bytes are not those of its hash
}

// Ending is that of the name of an original, by the first bytes of it.
func Ending(start []byte) string { return "." + picture.Format(start) }

// Pack copies a proof as it came to a path, to which it gives its ending.
func (o Proof) Pack(open layout.Open, path string, create func(name string) (io.Writer, error)) (Packed, error) {
	if open == nil || o.SHA256 == "" {
		return Packed{State: "missing"}, nil
	}
	file, err := open(o.SHA256)
	if errors.Is(err, store.ErrNotFound) {
		return Packed{State: "missing"}, nil
	}
	if err != nil {
		return Packed{}, err
	}
	defer file.Close()
	from := bufio.NewReader(file)
	start, _ := from.Peek(16)
	out := Packed{Name: path + Ending(start)}
	to, err := create(out.Name)
	if err != nil {
		return out, err
	}
	sum := sha256.New()
	if out.Size, err = io.Copy(io.MultiWriter(to, sum), from); err != nil {
		return out, err
	}
	if got := sum.Sum(nil); !bytes.Equal(got, unhex(o.SHA256)) {
		out.State = "changed"
	}
	return out, nil
}

func unhex(s string) []byte {
	b, _ := hex.DecodeString(s) // nil is no hash of anything
	return b
}
