package media

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// Check writes a probe into the folder, reads it back and removes it.
func (d *Dir) Check(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := d.probe(); err != nil {
		return fmt.Errorf("media folder: %w", err)
	}
	return nil
}

func (d *Dir) probe() error {
	f, err := os.CreateTemp(filepath.Join(d.root, incoming), "probe-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	defer f.Close()
	want := []byte(filepath.Base(f.Name()))
	if _, err := f.Write(want); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	got, err := os.ReadFile(f.Name())
	if err != nil {
		return err
	}
	if !bytes.Equal(got, want) {
		return errors.New("what was written is not what is read")
	}
	return os.Remove(f.Name())
}

// Sweep removes unfinished files that were last written before that time, left by processes that were killed, and
// returns how many.
func (d *Dir) Sweep(ctx context.Context, before time.Time) (n int, err error) {
	dir := filepath.Join(d.root, incoming)
	entries, err := os.ReadDir(dir)
	if err != nil {
		return 0, fmt.Errorf("media folder: %w", err)
	}
	for _, e := range entries {
		if err := ctx.Err(); err != nil {
			return n, err
		}
		info, err := e.Info()
		if err != nil || !info.ModTime().Before(before) {
			continue // finished meanwhile, or still young
		}
		if err := os.Remove(filepath.Join(dir, e.Name())); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return n, fmt.Errorf("media folder: %w", err)
		}
		n++
	}
	return n, nil
}

// Remove takes a file away for good; one that is not there is no error.
func (d *Dir) Remove(hash string) error {
	if !valid(hash) {
		return errors.New("media folder: malformed hash")
	}
	if err := os.Remove(d.path(hash)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("media folder: %w", err)
	}
	return nil
}
