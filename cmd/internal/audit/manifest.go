package audit

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// manifest is the file that has the hash of every other one, as sha256sum reads it.
const manifest = "MANIFES.sha256"

// sums makes files and knows their hashes.
type sums struct {
	folder string
	of     map[string]string // by name
}

// summed is a file whose hash is taken on the way.
type summed struct {
	io.Writer
	hash hash.Hash
	file io.Closer // nil where the bytes are not kept
	done func(sum string)
}

// unkept takes the hash of what is written, and keeps nothing of it.
func unkept(done func(sum string)) *summed {
	h := sha256.New()
	return &summed{Writer: h, hash: h, done: done}
}

func (s sums) create(name string) (io.WriteCloser, error) {
	path := filepath.Join(s.folder, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, err
	}
	h := sha256.New()
	return &summed{io.MultiWriter(f, h), h, f, func(sum string) { s.of[name] = sum }}, nil
}

func (f *summed) Close() error {
	f.done(hex.EncodeToString(f.hash.Sum(nil)))
	if f.file == nil {
		return nil
	}
	return f.file.Close()
}

// hashOf returns the SHA-256 of bytes, in hex.
func hashOf(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// manifest lists the files by name.
func (s sums) manifest() []byte {
	var b bytes.Buffer
	for _, name := range slices.Sorted(maps.Keys(s.of)) {
		fmt.Fprintf(&b, "%s  %s\n", s.of[name], name)
	}
	return b.Bytes()
}

// readManifest reads it back: a hash by each name.
func readManifest(folder string) (map[string]string, error) {
	f, err := os.Open(filepath.Join(folder, manifest))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxManifest+1))
	if err != nil {
		return nil, err
	}
	if len(b) > maxManifest {
		return nil, fmt.Errorf("%s is larger than any that an export writes", manifest)
	}
	list := map[string]string{}
	for line := range strings.Lines(string(b)) {
		sum, name, ok := strings.Cut(strings.TrimRight(line, "\n"), "  ")
		if !ok || len(sum) != 64 {
			return nil, fmt.Errorf("%s: line %d is no hash and name", manifest, len(list)+1)
		}
		list[name] = sum
	}
	return list, nil
}

// maxManifest is the size in bytes up to which a manifest is read: some 500,000 files.
const maxManifest = 64 << 20

// hashes returns the hashes of all files below a folder, by name; the manifest's own is that of "".
func hashes(folder string) (map[string]string, error) {
	list := map[string]string{}
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		if !d.Type().IsRegular() {
			return fmt.Errorf("%s is no file", path)
		}
		name, err := filepath.Rel(folder, path)
		if err != nil {
			return err
		}
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		defer f.Close()
		sum := sha256.New()
		if _, err := io.Copy(sum, f); err != nil {
			return err
		}
		if name = filepath.ToSlash(name); name == manifest {
			name = ""
		}
		list[name] = hex.EncodeToString(sum.Sum(nil))
		return nil
	})
	return list, err
}
