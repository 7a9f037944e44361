package flows

import (
	"context"
	"encoding/json"
	"fmt"

	"pendamping/flows/paper"
)

// Reprint writes the papers of an LPJ from its data, as Audit wrote them: the same program writes the same bytes.
func Reprint(ctx context.Context, from Shelf, data []byte, name string, create Create) error {
	var r paper.Report
	if err := json.Unmarshal(data, &r); err != nil {
		return fmt.Errorf("data of an LPJ: %w", err)
	}
	d := &dossier{ctx: ctx, create: create, p: from.printingAt(papers, r.At)}
	return d.print(r, name)
}
