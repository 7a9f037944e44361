package audit

import (
	"context"
	"io"

	"pendamping/cmd/internal/settings"
	"pendamping/locales"
)

// ManifestOnly is the file of an export for which there is only the manifest.
const ManifestOnly = manifestOnly

// Manifest writes the manifest of files by name: the hash of each.
func Manifest(hashes map[string]string) string { return string(sums{of: hashes}.manifest()) }

// CheckExportQuickly is CheckExport without printing the papers anew: what it finds, CheckExport finds.
func CheckExportQuickly(
	ctx context.Context, s settings.Settings, words *locales.Locales, folder, roots string, out io.Writer) (bool, error,
) {
	return checkExport(ctx, s, nil, words, folder, roots, out)
}
