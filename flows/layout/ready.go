package layout

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"pendamping/flows/picture"
	"pendamping/flows/sandbox"
	"pendamping/store"
)

// Raw is a file to make ready for print: the hash of its bytes, and the pixels that each of its pictures gets at most.
type Raw struct {
	SHA256     string `json:"-"`
	Wide, Tall int
}

// Ready is what a file became: pictures, or why there are none.
type Ready struct {
	Kind   string // what the file is: see picture.Format
	Pages  []Page
	More   bool // the file has further pages
	Failed Failure
	Broken bool // the tool for such files is here and made nothing of this one
}

// Page is a JPEG to print.
type Page struct {
	Wide, Tall int
	JPG        []byte `json:"-"`
	Bytes      int    // of JPG
}

// Failure is why a file can't be shown.
type Failure string

// Failures.
const (
	NotHere  Failure = "missing" // its bytes are not here
	NoTool   Failure = "tool"    // nothing here makes pictures of such a file, or what does it failed
	Unopened Failure = "closed"  // it is damaged, or decoding takes more than one file may have
	TooMuch  Failure = "large"   // it takes a large run; only between a child and its parent
)

// Attempts counts how often files were decoded without ending well, so that what ends the process is known to the next.
type Attempts interface {
	// Try counts an attempt at each file before it is made, and returns how many there were with it.
	Try(ctx context.Context, hashes []string) (map[string]int, error)
	// Done forgets the attempts at files.
	Done(ctx context.Context, hashes []string) error
	// Undo takes the last attempt at each file back.
	Undo(ctx context.Context, hashes []string) error
}

const (
	maxMemory  = 192 << 20 // bytes that making one file ready may take
	maxTries   = 2         // attempts that end badly, after which a file is set aside
	mostBytes  = 32 << 20  // of one file that is printed; Telegram gives bots no more than 20 MB
	printJob   = "print"
	InOneChild = 8 // files that a child makes ready, one after the other
)

// limits of a child that makes files ready.
var limits = sandbox.Limits{
	Memory: 64 << 20, Most: maxMemory, CPU: 20 * time.Second, Wall: 3 * time.Minute, Output: 24 << 20,
}

// Jobs are what children of this process do: one makes files ready for print.
func Jobs() sandbox.Jobs {
	return sandbox.Jobs{printJob: func(c sandbox.Call) error {
		out := bufio.NewWriter(c.Out)
		for i, f := range c.In {
			var raw Raw
			if err := json.Unmarshal([]byte(c.Args[i]), &raw); err != nil {
				return err
			}
			if err := write(out, makeReady(context.Background(), f, raw, c.Memory, c.Most)); err != nil {
				return err
			}
		}
		return nil
	}}
}

// write writes a Ready: a line of JSON, then the pages' bytes. Each is flushed, so that a crash loses only the file
// that is in hand.
func write(w *bufio.Writer, r Ready) error {
	if err := json.NewEncoder(w).Encode(r); err != nil {
		return err
	}
	for _, p := range r.Pages {
		if _, err := w.Write(p.JPG); err != nil {
			return err
		}
	}
	return w.Flush()
}

// read reads what write wrote: as many as are whole.
func read(b []byte) (list []Ready) {
	for {
		line, rest, found := bytes.Cut(b, []byte("\n"))
		var r Ready
		if !found || json.Unmarshal(line, &r) != nil {
			return list
		}
		for i := range r.Pages {
			n := r.Pages[i].Bytes
			if n < 0 || n > len(rest) {
				return list
			}
			r.Pages[i].JPG, rest = rest[:n:n], rest[n:]
		}
		list, b = append(list, r), rest
	}
}

// makeReady makes pictures of a file, in this process.
func makeReady(ctx context.Context, f io.ReadSeeker, raw Raw, memory, most int64) (r Ready) {
	all, err := io.ReadAll(io.LimitReader(f, mostBytes))
	if err != nil {
		return Ready{Failed: NotHere}
	}
	r.Kind = picture.Format(all)
	pages := [][]byte{all}
	if r.Kind != "jpg" && r.Kind != "png" {
		if pages, r.More, err = sheets(ctx, all, r.Kind); err != nil {
			r.Failed, r.Broken = NoTool, errors.Is(err, errBroken)
			return r
		}
	}
	for _, page := range pages {
		jpg, wide, tall, err := fitted(page, raw.Wide, raw.Tall, memory, most)
		switch {
		case errors.Is(err, sandbox.ErrLarge):
			return Ready{Kind: r.Kind, Failed: TooMuch}
		case err != nil && len(pages) == 1:
			return Ready{Kind: r.Kind, Failed: Unopened}
		}
		r.Pages = append(r.Pages, Page{wide, tall, jpg, len(jpg)}) // one of several that can't be shown has no bytes
	}
	return r
}

// Here makes files ready in this process. It is for tests, and for bytes that one trusts.
func Here(ctx context.Context, open Open, list []Raw) ([]Ready, error) {
	var done []Ready
	for _, raw := range list {
		all, err := bytesOf(open, raw.SHA256)
		if errors.Is(err, store.ErrNotFound) {
			done = append(done, Ready{Failed: NotHere})
			continue
		}
		if err != nil {
			return nil, err
		}
		done = append(done, makeReady(ctx, bytes.NewReader(all), raw, maxMemory, maxMemory))
	}
	return done, nil
}

func bytesOf(open Open, hash string) ([]byte, error) {
	r, err := openFile(open, hash)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(io.LimitReader(r, mostBytes))
}

// In returns what makes files ready in children of this process. Several fresh files share a child; one whose last
// attempt ended badly has a child of its own, so that it takes no other along; after two such attempts it is set aside.
func In(box *sandbox.Box, attempts Attempts) func(ctx context.Context, open Open, list []Raw) ([]Ready, error) {
	return func(ctx context.Context, open Open, list []Raw) ([]Ready, error) {
		j := &readying{
			box: box, attempts: attempts, list: list, done: make([]Ready, len(list)),
			files: make([]*os.File, len(list)),
		}
		var fresh []int
		for i, raw := range list {
			r, err := openFile(open, raw.SHA256)
			if errors.Is(err, store.ErrNotFound) {
				j.done[i].Failed = NotHere
				continue
			}
			if err != nil {
				return nil, err
			}
			defer r.Close()
			f, close, err := sandbox.File(r, mostBytes)
			if err != nil {
				return nil, err
			}
			defer close()
			j.files[i] = f
			fresh = append(fresh, i)
		}
		for len(fresh) > 0 {
			n := min(len(fresh), InOneChild)
			if err := j.try(ctx, fresh[:n]); err != nil {
				return nil, err
			}
			fresh = fresh[n:]
		}
		return j.done, nil
	}
}

func openFile(open Open, hash string) (io.ReadCloser, error) {
	if open == nil || hash == "" {
		return nil, fmt.Errorf("layout: the bytes of a picture: %w", store.ErrNotFound)
	}
	return open(hash)
}

// readying is a list of files on their way.
type readying struct {
	box      *sandbox.Box
	attempts Attempts
	list     []Raw
	files    []*os.File
	done     []Ready
}

// try counts an attempt at files, by their places in the list, and makes it: fresh ones together, others alone.
func (j *readying) try(ctx context.Context, which []int) error {
	var hashes []string
	for _, i := range which {
		hashes = append(hashes, j.list[i].SHA256)
	}
	tries, err := j.attempts.Try(ctx, hashes)
	if err != nil {
		return err
	}
	var together []int
	for _, i := range which {
		switch n := tries[j.list[i].SHA256]; {
		case n > maxTries:
			j.done[i] = Ready{Failed: Unopened}
		case n > 1:
			if err := j.run(ctx, []int{i}, false); err != nil {
				return err
			}
		default:
			together = append(together, i)
		}
	}
	if len(together) == 0 {
		return nil
	}
	return j.run(ctx, together, false)
}

// run makes files ready in one child. Those after one that ended badly are tried anew.
func (j *readying) run(ctx context.Context, which []int, large bool) error {
	l := limits
	l.Large = large
	var args, hashes []string
	var files []*os.File
	for _, i := range which {
		words, err := json.Marshal(j.list[i])
		if err != nil {
			return err
		}
		args, files, hashes = append(args, string(words)), append(files, j.files[i]), append(hashes, j.list[i].SHA256)
	}
	out, err := j.box.Run(ctx, printJob, l, args, files...)
	if err != nil && !errors.Is(err, sandbox.ErrLimit) { // it says nothing about the files
		return errors.Join(err, j.attempts.Undo(context.WithoutCancel(ctx), hashes))
	}
	broke, got := err, read(out)
	if len(got) > len(which) || err == nil && len(got) < len(which) {
		return fmt.Errorf("layout: a child made %d of %d files ready", len(got), len(which))
	}
	if err := j.attempts.Done(ctx, hashes[:len(got)]); err != nil {
		return err
	}
	for n, r := range got {
		if j.done[which[n]] = r; r.Failed == TooMuch {
			if large {
				return errors.New("layout: a large run asks for another")
			}
			if err := j.again(ctx, which[n], true); err != nil {
				return err
			}
		}
	}
	if broke == nil {
		return nil
	}
	bad, rest := which[len(got)], which[len(got)+1:]
	if err := j.attempts.Undo(ctx, hashes[len(got)+1:]); err != nil {
		return err
	}
	if err := j.again(ctx, bad, large); err != nil {
		return err
	}
	if len(rest) == 0 {
		return nil
	}
	return j.try(ctx, rest)
}

// again makes another attempt at one file, until it is ready or set aside.
func (j *readying) again(ctx context.Context, i int, large bool) error {
	hash := []string{j.list[i].SHA256}
	tries, err := j.attempts.Try(ctx, hash)
	if err != nil {
		return err
	}
	if tries[hash[0]] > maxTries {
		j.done[i] = Ready{Failed: Unopened}
		return nil
	}
	return j.run(ctx, []int{i}, large)
}
