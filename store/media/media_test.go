package media_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"pendamping/store"
	"pendamping/store/media"
)

func open(t *testing.T) (*media.Dir, string) {
	t.Helper()
	root := filepath.Join(t.TempDir(), "media")
	d, err := media.Open(root)
	if err != nil {
		t.Fatal(err)
	}
	return d, root
}

// files are the paths of all files below a folder, relative to it.
func files(t *testing.T, root string) []string {
	t.Helper()
	var names []string
	err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			name, _ := filepath.Rel(root, path)
			names = append(names, name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func TestOpenReadsAddresses(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	for _, c := range []struct{ address, folder, problem string }{
		{address: "file://" + dir + "/a", folder: dir + "/a"},
		{address: "file://localhost" + dir + "/b%20c", folder: dir + "/b c"},
		{address: dir + "/d", folder: dir + "/d"},
		{address: "e", folder: dir + "/e"},
		{address: "", problem: "empty"},
		{address: "file://server/share", problem: "three slashes"},
		{address: "file://", problem: "three slashes"},
		{address: "s3://user:hunter2@bucket/x", problem: `"s3" is not supported`},
		{address: dir + "/file/below", problem: "not a directory"},
	} {
		if err := os.WriteFile(dir+"/file", nil, 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := media.Open(c.address)
		if c.problem != "" {
			if err == nil || !strings.Contains(err.Error(), c.problem) || strings.Contains(err.Error(), "hunter2") {
				t.Errorf("Open(%q) = %v, want %q in the error and no password", c.address, err, c.problem)
			}
			continue
		}
		if err != nil {
			t.Errorf("Open(%q): %v", c.address, err)
			continue
		}
		info, err := os.Stat(c.folder)
		if err != nil || info.Mode().Perm() != 0o700 {
			t.Errorf("Open(%q): folder %v, %v; want mode 0700", c.address, info, err)
		}
	}
}

func TestPutNamesByHash(t *testing.T) {
	d, root := open(t)
	body := bytes.Repeat([]byte("nota "), 50_000)
	sum := sha256.Sum256(body)
	want := hex.EncodeToString(sum[:])
	for range 2 { // the second time nothing changes
		hash, size, err := d.Put(t.Context(), bytes.NewReader(body))
		if err != nil || hash != want || size != int64(len(body)) {
			t.Fatalf("Put = %s, %d, %v; want %s, %d", hash, size, err, want, len(body))
		}
	}
	name := filepath.Join(want[:2], want[2:4], want)
	if got := files(t, root); !slices.Equal(got, []string{name}) {
		t.Fatalf("files %q, want %q only", got, name)
	}
	if info, err := os.Stat(filepath.Join(root, name)); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("file mode %v, %v; want 0600", info.Mode(), err)
	}
	if info, err := os.Stat(filepath.Join(root, want[:2])); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("folder mode %v, %v; want 0700", info.Mode(), err)
	}
	f, err := d.Open(want)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if got, err := io.ReadAll(f); err != nil || !bytes.Equal(got, body) {
		t.Errorf("read %d bytes back, %v; want the same %d", len(got), err, len(body))
	}
	if has, err := d.Has(want); !has || err != nil {
		t.Errorf("Has = %v, %v", has, err)
	}
}

func TestPutRepairsShortFile(t *testing.T) {
	d, root := open(t)
	hash, _, err := d.Put(t.Context(), strings.NewReader("whole"))
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(root, hash[:2], hash[2:4], hash)
	if err := os.WriteFile(name, []byte("wh"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, err := d.Put(t.Context(), strings.NewReader("whole")); err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(name); string(got) != "whole" || err != nil {
		t.Errorf("file holds %q, %v", got, err)
	}
}

func TestFailedPutLeavesNothing(t *testing.T) {
	broken := errors.New("connection lost")
	stopped, stop := context.WithCancel(t.Context())
	for name, c := range map[string]struct {
		ctx  context.Context
		r    io.Reader
		want error
	}{
		"reader fails": {t.Context(), io.MultiReader(strings.NewReader("half"), iotest.ErrReader(broken)), broken},
		"cancelled": {
			stopped, io.MultiReader(strings.NewReader("half"), call(stop), strings.NewReader("rest")), context.Canceled,
		},
	} {
		d, root := open(t)
		if hash, _, err := d.Put(c.ctx, c.r); !errors.Is(err, c.want) || hash != "" {
			t.Errorf("%s: Put = %q, %v; want %v", name, hash, err, c.want)
		}
		if got := files(t, root); len(got) != 0 {
			t.Errorf("%s: left %q", name, got)
		}
	}
}

// call is an empty reader that calls itself when it is read.
type call func()

func (c call) Read([]byte) (int, error) { c(); return 0, io.EOF }

func TestPutAtOnce(t *testing.T) {
	d, root := open(t)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if _, _, err := d.Put(t.Context(), strings.NewReader("the same")); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if got := files(t, root); len(got) != 1 {
		t.Errorf("files %q, want one", got)
	}
}

func TestMissing(t *testing.T) {
	d, root := open(t)
	if err := os.WriteFile(filepath.Join(filepath.Dir(root), "secret"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, hash := range []string{
		"", "ab", "../secret", strings.Repeat("a", 64), strings.Repeat("A", 64), strings.Repeat("../", 21) + "x",
	} {
		if _, err := d.Open(hash); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("Open(%q) = %v, want ErrNotFound", hash, err)
		}
		if has, err := d.Has(hash); has || err != nil {
			t.Errorf("Has(%q) = %v, %v", hash, has, err)
		}
	}
}

func TestCheck(t *testing.T) {
	d, root := open(t)
	if err := d.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := files(t, root); len(got) != 0 {
		t.Errorf("the probe stayed: %q", got)
	}
	if err := os.RemoveAll(root); err != nil {
		t.Fatal(err)
	}
	if err := d.Check(t.Context()); err == nil {
		t.Error("no error from a folder that is gone")
	}
}

func TestSweep(t *testing.T) {
	d, root := open(t)
	old, young := filepath.Join(root, "incoming", "put-old"), filepath.Join(root, "incoming", "put-young")
	limit := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	for name, at := range map[string]time.Time{old: limit.Add(-time.Hour), young: limit} {
		if err := os.WriteFile(name, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(name, at, at); err != nil {
			t.Fatal(err)
		}
	}
	if n, err := d.Sweep(t.Context(), limit); n != 1 || err != nil {
		t.Errorf("Sweep = %d, %v; want 1", n, err)
	}
	if got := files(t, root); !slices.Equal(got, []string{"incoming/put-young"}) {
		t.Errorf("left %q", got)
	}
}
