package layout_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"pendamping/flows/layout"
	"pendamping/flows/picture/bomb"
	"pendamping/flows/report"
	"pendamping/flows/sandbox"
	"pendamping/store"
	"pendamping/store/embedded/testdb"
)

var box *sandbox.Box

func TestMain(m *testing.M) {
	jobs := layout.Jobs()
	real := jobs["print"]
	// Beside what it really does, the child dies of a file that says so: it stands for a decoder's error that nobody
	// knows yet.
	jobs["print"] = func(c sandbox.Call) error {
		job := c
		job.Out = &dying{c.Out, c.In, 0}
		return real(job)
	}
	box = sandbox.Start(jobs)
	os.Exit(m.Run())
}

// dying ends the process when the file whose result comes next begins with these words.
type dying struct {
	io.Writer
	in []*os.File
	n  int
}

func (d *dying) Write(b []byte) (int, error) {
	if d.n < len(d.in) {
		head := make([]byte, 3)
		if n, _ := d.in[d.n].ReadAt(head, 0); n == 3 && string(head) == "die" {
			panic("an error that nobody knows yet")
		}
		d.n++
	}
	return d.Writer.Write(b)
}

// attempts are those at each file, as the database keeps them.
type attempts map[string]int

func (a attempts) Try(_ context.Context, hashes []string) (map[string]int, error) {
	tries := map[string]int{}
	for _, h := range hashes {
		a[h]++
		tries[h] = a[h]
	}
	return tries, nil
}

func (a attempts) Done(_ context.Context, hashes []string) error {
	for _, h := range hashes {
		delete(a, h)
	}
	return nil
}

func (a attempts) Undo(_ context.Context, hashes []string) error {
	for _, h := range hashes {
		if a[h]--; a[h] == 0 {
			delete(a, h)
		}
	}
	return nil
}

// shared are attempts of several jobs at once.
type shared struct {
	mu sync.Mutex
	attempts
}

func (s *shared) Try(ctx context.Context, hashes []string) (map[string]int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.attempts.Try(ctx, hashes)
}

func (s *shared) Done(ctx context.Context, hashes []string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.attempts.Done(ctx, hashes)
}

func (s *shared) Undo(ctx context.Context, hashes []string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.attempts.Undo(ctx, hashes)
}

// kept writes files into a folder and returns what opens them.
func kept(t testing.TB, files map[string][]byte) layout.Open {
	t.Helper()
	dir := t.TempDir()
	for name, b := range files {
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return func(hash string) (io.ReadCloser, error) {
		f, err := os.Open(filepath.Join(dir, hash))
		if errors.Is(err, fs.ErrNotExist) {
			err = store.ErrNotFound
		}
		return f, err
	}
}

// A disk that fails is no missing proof: nothing is printed or packed of it, and the document is made again later.
func TestFailingDisk(t *testing.T) {
	failed := errors.New("input/output error")
	open := func(string) (io.ReadCloser, error) { return nil, failed }
	raw := []layout.Raw{{SHA256: "a", Wide: 600, Tall: 600}}
	for name, ready := range map[string]func(context.Context, layout.Open, []layout.Raw) ([]layout.Ready, error){
		"in a child": layout.In(box, attempts{}), "here": layout.Here,
	} {
		if got, err := ready(t.Context(), open, raw); !errors.Is(err, failed) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
	create := func(string) (io.Writer, error) { return io.Discard, nil }
	if got, err := (report.Proof{SHA256: "a"}).Pack(open, "proof", create); !errors.Is(err, failed) {
		t.Errorf("packed: %+v, %v", got, err)
	}
}

// Files of strangers are made ready in children: a bomb costs its own box on the page, and none of those beside it.
func TestReady(t *testing.T) {
	files := map[string][]byte{
		"a": photo(1), "progressive": bomb.Progressive(7071, 7071, 3), "b": photo(2),
		"scans": bomb.Progressive(640, 480, 1500), "deep": bomb.DeepPNG(7000, 7000),
		"large": bomb.Progressive(3000, 3000, 3), "die": []byte("die of this"), "c": photo(3),
		"word": []byte("no picture"), "zeros": bomb.DeflatedPNG(30),
		"text": bomb.TextPNG(30), "pdf": []byte("%PDF-1.7\nnonsense"), "d": photo(4),
	}
	list := []string{
		"a", "progressive", "b", "scans", "deep", "large", "die", "c", "word", "gone", "zeros", "text", "pdf", "d",
	}
	var raw []layout.Raw
	for _, name := range list {
		raw = append(raw, layout.Raw{SHA256: name, Wide: 600, Tall: 600})
	}
	counted := attempts{}
	ready, err := layout.In(box, counted)(t.Context(), kept(t, files), raw)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]layout.Failure{
		"progressive": layout.Unopened, "scans": layout.Unopened, "deep": layout.Unopened, "die": layout.Unopened,
		"zeros": layout.Unopened, "word": layout.NoTool,
		"pdf": layout.NoTool, "gone": layout.NotHere,
	}
	for i, name := range list {
		r := ready[i]
		if r.Failed != want[name] || (r.Failed == "") != (len(r.Pages) == 1 && len(r.Pages[0].JPG) > 0) {
			t.Errorf("%s: %q, %d pages; want %q", name, r.Failed, len(r.Pages), want[name])
		}
	}
	if len(counted) != 1 || counted["die"] < 3 {
		t.Errorf("attempts at %v; only that which died is remembered", counted)
	}
	// What was set aside stays so, and is not tried again.
	again, err := layout.In(box, counted)(t.Context(), kept(t, files),
		[]layout.Raw{{SHA256: "die", Wide: 600, Tall: 600}})
	if err != nil || again[0].Failed != layout.Unopened {
		t.Errorf("set aside: %+v, %v", again, err)
	}
	// What children make is what this process would make.
	for i, name := range list {
		here, err := layout.Here(t.Context(), kept(t, files), raw[i:i+1])
		if err != nil || name != "die" && (here[0].Failed != ready[i].Failed || len(here[0].Pages) > 0 &&
			!bytes.Equal(here[0].Pages[0].JPG, ready[i].Pages[0].JPG)) {
			t.Errorf("%s: here %q, in a child %q, %v", name, here[0].Failed, ready[i].Failed, err)
		}
	}
}

// A process that ended in the middle of eight files makes each of them alone the next time, so that only the one that
// did it is ever set aside.
func TestReadyAfterEnd(t *testing.T) {
	files, counted := map[string][]byte{}, attempts{}
	var raw []layout.Raw
	for i := range 8 {
		name := fmt.Sprint("p", i)
		files[name], counted[name] = photo(i), 1
		raw = append(raw, layout.Raw{SHA256: name, Wide: 300, Tall: 300})
	}
	files["p3"], counted["p3"] = []byte("die"), 2
	ready, err := layout.In(box, counted)(t.Context(), kept(t, files), raw)
	if err != nil {
		t.Fatal(err)
	}
	for i, r := range ready {
		if (r.Failed == layout.Unopened) != (i == 3) {
			t.Errorf("p%d: %q", i, r.Failed)
		}
	}
	if counted["p3"] != 3 {
		t.Errorf("%d attempts are counted, want 3: what failed twice is not tried again", counted["p3"])
	}
}

// An LPJ with bombs among its proofs is printed: a box names the file by its hash, and the same bytes come again.
func TestReportBombs(t *testing.T) {
	r, p := lpj("2023", 2), printing(t, "id")
	r.Tools, r.Activities, r.Deposits = nil, nil, nil
	r.Notas[0].Proofs = []report.Proof{
		{SHA256: "bom" + string(bytes.Repeat([]byte("0"), 61)), Name: "bukti.jpg"}, {SHA256: "good"},
	}
	r.Notas[1].Proofs = []report.Proof{{SHA256: "die" + string(bytes.Repeat([]byte("0"), 61))}}
	p.Open = kept(t, map[string][]byte{r.Notas[0].Proofs[0].SHA256: bomb.Progressive(7071, 7071, 3), "good": photo(1),
		r.Notas[1].Proofs[0].SHA256: []byte("die")})
	counted := attempts{}
	p.Ready = layout.In(box, counted)
	first, again := files(t, r, p), files(t, r, p)
	if !slices.EqualFunc(first, again, bytes.Equal) {
		t.Error("it differs when it is printed again")
	}
	if n := bytes.Count(first[0], []byte("/Filter /DCTDecode")); n != 1 {
		t.Errorf("%d pictures, want the good one", n)
	}
}

// A damaged PDF is told from one for which there is no tool.
func TestReadyBrokenPDF(t *testing.T) {
	tool(t, "pdftoppm", "-v")
	open := kept(t, map[string][]byte{"pdf": []byte("%PDF-1.7\nnothing more"), "bin": []byte("something else")})
	ready, err := layout.Here(t.Context(), open, []layout.Raw{
		{SHA256: "pdf", Wide: 60, Tall: 60}, {SHA256: "bin", Wide: 60, Tall: 60},
	})
	if err != nil || !ready[0].Broken || ready[0].Failed != layout.NoTool || ready[1].Broken {
		t.Errorf("%+v, %v", ready, err)
	}
}

// A PDF that takes a tool's memory or time ends the tool, and is a file in the ZIP.
func TestReadyPDF(t *testing.T) {
	if !testdb.Full() {
		t.Skip("it takes the tool's 20 seconds of work")
	}
	tool(t, "pdftoppm", "-v")
	jpg := bomb.Progressive(3000, 3000, 3)
	ready, err := layout.In(box, attempts{})(t.Context(), kept(t, map[string][]byte{
		"pdf": bomb.PDF(jpg, 3000, 3000), "good": photo(1),
	}),
		[]layout.Raw{{SHA256: "pdf", Wide: 600, Tall: 600}, {SHA256: "good", Wide: 600, Tall: 600}})
	if err != nil || ready[0].Failed != layout.NoTool || ready[0].Kind != "pdf" || ready[1].Failed != "" {
		t.Errorf("%q %q, %q, %v", ready[0].Kind, ready[0].Failed, ready[1].Failed, err)
	}
}

// FuzzPaperPicture makes whatever comes ready for print.
func FuzzPaperPicture(f *testing.F) {
	f.Add(bomb.Progressive(100, 80, 3))
	f.Add(bomb.Progressive(7071, 7071, 3))
	f.Add(bomb.DeepPNG(40, 40))
	f.Add(turned(30, 20, 6, binary.LittleEndian))
	f.Add([]byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00"))
	f.Fuzz(func(t *testing.T, file []byte) {
		if kind := file[:min(len(file), 5)]; string(kind) == "%PDF-" || len(file) > 8 && string(file[4:8]) == "ftyp" {
			return // these are for tools
		}
		open := func(string) (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(file)), nil }
		ready, err := layout.Here(t.Context(), open, []layout.Raw{{SHA256: "x", Wide: 100, Tall: 80}})
		if err != nil || len(ready) != 1 || (ready[0].Failed == "") != (len(ready[0].Pages) == 1) {
			t.Fatalf("%+v, %v", ready, err)
		}
		if ready[0].Failed == "" {
			if p := ready[0].Pages[0]; p.Wide < 1 || p.Tall < 1 || p.Wide > 125 || p.Tall > 125 || len(p.JPG) == 0 {
				t.Errorf("%d by %d, %d bytes", p.Wide, p.Tall, len(p.JPG))
			}
		}
	})
}
