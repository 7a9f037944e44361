// Package media keeps photographs and documents as files named by the SHA-256 of their bytes. A file once kept never
// changes; the folder may be a mount that several processes share.
package media

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"pendamping/store"
)

// incoming is the subfolder for files that are still being written. It is on the same mount, so that a rename is
// atomic.
const incoming = "incoming"

// Dir is a folder of kept files. It is safe for concurrent use.
type Dir struct{ root string }

// Open opens the folder at an address such as file:///var/lib/pendamping/media, or at a plain path, and makes it where
// it is missing. Only this process's user can enter it.
func Open(address string) (*Dir, error) {
	root, err := folder(address)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(filepath.Join(root, incoming), 0o700); err != nil {
		return nil, fmt.Errorf("media folder: %w", err)
	}
	return &Dir{root: root}, nil
}

// At returns the folder at an address as Open takes it, for reading: nothing is made. One that is not there has no
// files.
func At(address string) (*Dir, error) {
	root, err := folder(address)
	if err != nil {
		return nil, err
	}
	return &Dir{root: root}, nil
}

// There reports whether the folder is there, and which it is.
func (d *Dir) There() (folder string, ok bool) {
	info, err := os.Stat(d.root)
	return d.root, err == nil && info.IsDir()
}

// folder reads an address. Its errors carry the scheme only: addresses of other kinds tend to hold passwords.
func folder(address string) (string, error) {
	scheme, _, isURL := strings.Cut(address, "://")
	switch {
	case address == "":
		return "", errors.New("media address: it is empty; give a path or file:///path")
	case !isURL:
		return filepath.Abs(address)
	case scheme != "file":
		return "", fmt.Errorf("media address: scheme %q is not supported; give a path or file:///path", scheme)
	}
	u, err := url.Parse(address)
	if err != nil || (u.Host != "" && u.Host != "localhost") || !filepath.IsAbs(u.Path) {
		return "", errors.New("media address: give file:///path with three slashes and an absolute path")
	}
	return filepath.Clean(u.Path), nil
}

// Put keeps what r holds and returns the SHA-256 of its bytes in hex and its size in bytes. When Put returns without an
// error the file is on the disk; when it fails nothing is left. The same bytes may be put any number of times.
func (d *Dir) Put(ctx context.Context, r io.Reader) (hash string, size int64, err error) {
	tmp, err := os.CreateTemp(filepath.Join(d.root, incoming), "put-*")
	if err != nil {
		return "", 0, fmt.Errorf("media file: %w", err)
	}
	defer os.Remove(tmp.Name()) // gone already when it was renamed
	sum := sha256.New()
	size, err = io.Copy(io.MultiWriter(tmp, sum), reader{ctx, r})
	if err == nil {
		err = tmp.Sync()
	}
	if e := tmp.Close(); err == nil {
		err = e
	}
	if err != nil {
		return "", 0, fmt.Errorf("media file: %w", err)
	}
	hash = hex.EncodeToString(sum.Sum(nil))
	if err := d.place(tmp.Name(), hash, size); err != nil {
		return "", 0, fmt.Errorf("media file %s: %w", hash, err)
	}
	return hash, size, nil
}

// place moves a finished file to its name. The folders on its way are synced also when the file was there already: the
// process that put it there may not have come that far.
func (d *Dir) place(tmp, hash string, size int64) error {
	name := d.path(hash)
	dir := filepath.Dir(name)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	// A whole copy stays as it is: on a network mount, replacing it would break those who are reading it.
	if old, err := os.Stat(name); err != nil || old.Size() != size {
		if err := os.Rename(tmp, name); err != nil {
			return err
		}
	}
	for _, dir := range []string{dir, filepath.Dir(dir), d.root} {
		if err := syncDir(dir); err != nil {
			return err
		}
	}
	return nil
}

// Open opens a kept file for reading; store.ErrNotFound when there is none with that hash.
func (d *Dir) Open(hash string) (*os.File, error) {
	if !valid(hash) {
		return nil, fmt.Errorf("media file: %w", store.ErrNotFound)
	}
	f, err := os.Open(d.path(hash))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("media file %s: %w", hash, store.ErrNotFound)
	}
	if err != nil {
		return nil, fmt.Errorf("media file: %w", err)
	}
	return f, nil
}

// Verify reads a kept file and compares it with its hash.
func (d *Dir) Verify(ctx context.Context, hash string) error {
	f, err := d.Open(hash)
	if err != nil {
		return err
	}
	defer f.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, reader{ctx, f}); err != nil {
		return fmt.Errorf("media file %s: %w", hash, err)
	}
	if got := hex.EncodeToString(sum.Sum(nil)); got != hash {
		return fmt.Errorf("media file %s: its bytes have another hash", hash)
	}
	return nil
}

// Has reports whether a file with that hash is kept.
func (d *Dir) Has(hash string) (bool, error) {
	if !valid(hash) {
		return false, nil
	}
	_, err := os.Stat(d.path(hash))
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("media file: %w", err)
	}
	return true, nil
}

// path spreads the files over two levels of 256 folders each.
func (d *Dir) path(hash string) string { return filepath.Join(d.root, hash[:2], hash[2:4], hash) }

// valid reports whether this is a hash as Put returns it. Nothing else becomes part of a path.
func valid(hash string) bool {
	return len(hash) == 2*sha256.Size && strings.Trim(hash, "0123456789abcdef") == ""
}

func syncDir(name string) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	return f.Sync()
}

// reader stops reading once its context is done.
type reader struct {
	ctx context.Context
	r   io.Reader
}

func (r reader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.r.Read(p)
}
