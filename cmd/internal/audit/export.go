package audit

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"pendamping/cmd/internal/records"
	"pendamping/cmd/internal/settings"
	"pendamping/flows"
	"pendamping/flows/dialog"
	"pendamping/flows/documents"
	"pendamping/flows/layout"
	"pendamping/flows/sandbox"
	"pendamping/locales"
	"pendamping/store"
	"pendamping/store/media"
	"pendamping/store/postgres"
)

// Export writes all that an auditor takes away of the recipient with a code into a new folder, with a manifest that
// finds any change to it, and tells out the manifest's hash. The same records give the same bytes. It is an error when
// the folder has something in it, and when the trail is broken or originals that came are missing; of these two the
// folder is written all the same.
func Export(
	ctx context.Context, s settings.Settings, box *sandbox.Box, code, folder string, now time.Time, out io.Writer,
) error {
	return records.With(ctx, s, func(db *postgres.DB) error {
		zone, err := s.Location()
		if err != nil {
			return err
		}
		words, err := locales.Load()
		if err != nil {
			return err
		}
		pictures, err := media.At(s.Media)
		if err != nil {
			return fmt.Errorf("MEDIA_URL: %w", err)
		}
		tx, err := db.Snapshot(ctx, now)
		if err != nil {
			return err
		}
		defer tx.Rollback(ctx)
		from := documents.Source{Tx: tx, Media: pictures, Ready: layout.In(box, tally{}), Setting: setting(zone, words)}
		return export(ctx, tx, from, code, folder, out)
	})
}

// export does what Export says, from a snapshot of the records.
func export(
	ctx context.Context, tx *postgres.Tx, from documents.Source, code, folder string, out io.Writer,
) error {
	of, err := tx.RecipientByCode(ctx, code)
	if errors.Is(err, store.ErrNotFound) {
		return fmt.Errorf("there is no recipient with the code %q", code)
	}
	if err != nil {
		return err
	}
	trail, err := tx.Trail(ctx, of.ID)
	if err != nil {
		return err
	}
	if err := empty(folder); err != nil {
		return err
	}
	sums := sums{folder: folder, of: map[string]string{}}
	missing, err := flows.Audit(ctx, from, of, trail, sums.create)
	if err != nil {
		return err
	}
	list := sums.manifest()
	if err := os.WriteFile(filepath.Join(folder, manifest), list, 0o600); err != nil {
		return err
	}
	fmt.Fprintf(out, "%s: %d files, %d events\nmanifest %s\n", folder, len(sums.of), len(trail.Events), hashOf(list))
	if at := postgres.Broken(trail); at != "" {
		return fmt.Errorf("the trail in it is not whole: %s. Run `pendamping verify`, "+
			"or export again when an hour has passed and its root was made", at)
	}
	if missing > 0 {
		return fmt.Errorf("%d originals are missing: is MEDIA_URL right?", missing)
	}
	return nil
}

// setting returns how papers are worded and dated.
func setting(zone *time.Location, words *locales.Locales) dialog.Setting {
	return dialog.Setting{
		Zone:  zone,
		Words: func(language string, t store.Text) string { return words.Text(language, t.ID, t.Data) },
	}
}

// empty makes a folder, and refuses one that has something in it: what is exported stands alone.
func empty(folder string) error {
	if folder == "" {
		return errors.New("name a new folder: --out FOLDER")
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	list, err := os.ReadDir(folder)
	if err == nil && len(list) > 0 {
		err = fmt.Errorf("%s is not empty: name a new folder", folder)
	}
	return err
}
