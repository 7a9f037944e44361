package app

import (
	"context"
	"io"

	"pendamping/locales"
	"pendamping/store"
)

// ManifestOnly is the file of an export for which there is only the manifest.
const ManifestOnly = manifestOnly

// Manifest writes the manifest of files by name: the hash of each.
func Manifest(hashes map[string]string) string { return string(sums{of: hashes}.manifest()) }

// CheckExportQuickly is CheckExport without printing the papers anew: what it finds, CheckExport finds.
func CheckExportQuickly(ctx context.Context, s Settings, words *locales.Locales, folder, roots string, out io.Writer) (bool, error) {
	return checkExport(ctx, s, nil, words, folder, roots, out)
}

// KnownSharers are the sharers as the import knows them, of what the records say now.
func KnownSharers(ctx context.Context, tx Tx) (func(store.Person) ([]store.Person, error), error) {
	k, err := load(ctx, tx, files{}, false)
	if err != nil {
		return nil, err
	}
	return k.everybody().Sharers, nil
}
