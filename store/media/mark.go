package media

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// marker is the file that tells this folder from others: the database keeps what stands in it.
const marker = ".pendamping"

// Mark returns the folder's mark, or "" if it has none.
func (d *Dir) Mark() (string, error) {
	b, err := os.ReadFile(filepath.Join(d.root, marker))
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("media folder: %w", err)
	}
	return strings.TrimSpace(string(b)), nil
}

// SetMark gives the folder a mark, a new one where it is "", unless it has one, and returns the mark that it has then.
func (d *Dir) SetMark(mark string) (string, error) {
	if mark == "" {
		mark = rand.Text()
	}
	tmp, err := os.CreateTemp(filepath.Join(d.root, incoming), "mark-*")
	if err != nil {
		return "", fmt.Errorf("media folder: %w", err)
	}
	defer os.Remove(tmp.Name())
	_, err = tmp.WriteString(mark + "\n")
	if err == nil {
		err = tmp.Sync()
	}
	if e := tmp.Close(); err == nil {
		err = e
	}
	if err == nil { // unlike a rename, a link leaves the mark of a process that was quicker
		err = os.Link(tmp.Name(), filepath.Join(d.root, marker))
	}
	if errors.Is(err, fs.ErrExist) {
		err = nil
	}
	if err == nil {
		err = syncDir(d.root)
	}
	if err != nil {
		return "", fmt.Errorf("media folder: %w", err)
	}
	return d.Mark()
}
