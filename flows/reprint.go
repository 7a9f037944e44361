package flows

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"pendamping/flows/dialog"
	"pendamping/flows/documents"
	"pendamping/flows/report"
)

// Placed is the time zone of a recipient, by its name; the other one where it has none.
func Placed(name string, zone *time.Location) *time.Location { return dialog.Placed(name, zone) }

// Reprint writes the papers of an LPJ from its data, as Audit wrote them: the same program writes the same bytes.
func Reprint(ctx context.Context, from documents.Source, data []byte, name string, create Create) error {
	var r report.Report
	if err := json.Unmarshal(data, &r); err != nil {
		return fmt.Errorf("data of an LPJ: %w", err)
	}
	d := &dossier{create: create, p: from.PrintingAt(dialog.DocumentLanguage, r.At)}
	return d.print(ctx, r, name)
}
