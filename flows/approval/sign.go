package approval

import (
	"context"

	"pendamping/flows/dialog"
	"pendamping/store"
)

// signLPJ notes that who answers for the book has put their name to it, once that stands and the LPJ waits for it; it
// returns what the others are told.
func signLPJ(ctx context.Context, tx store.Tx, who dialog.Who, of store.Recipient) ([]store.Message, error) {
	r, err := dialog.Newest(ctx, tx, of.ID)
	if err != nil || r.State != store.ReportVerified {
		return nil, err
	}
	state, a, err := Approved(ctx, tx, of)
	if err != nil || state != BookStands {
		return nil, err
	}
	r.State, r.Approval = store.ReportSigned, a.ID
	if err := tx.PutReport(ctx, "report.signed", &r); err != nil {
		return nil, err
	}
	return dialog.ToOfficers(ctx, tx, who, of.ID, store.Message{
		Key: ReportKey(r), Body: []store.Text{
			store.Say("lpjsign.told", "Group", of.Name, "Single", dialog.Mark(of.Single)),
		},
		Buttons: ToMeterOf(of),
	}, of.Mentor)
}

// ToMeterOf is toMeter for somebody who may speak for several recipients.
func ToMeterOf(of store.Recipient) [][]store.Button {
	return [][]store.Button{{{
		Text: store.Say("lpj.open", "Group", dialog.Clip(of.Name, 24)),
		Data: dialog.Data("lpj", dialog.Letter("g", of.ID)),
	}}}
}

// ReportKey is the key of what is said about a report: a newer message takes the place of one that waits.
func ReportKey(r store.Report) string { return "lpj:" + dialog.IDText(r.Recipient) }
