package lpj

import (
	"context"
	"strconv"

	"pendamping/flows/approval"
	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/flows/parse"
	"pendamping/store"
)

// mine is the newest LPJ of the recipient that somebody speaks for, when it is the report that a button named and they
// may do that to it; else why not.
func mine(ctx context.Context, tx store.Tx, who dialog.Who, d dialog.Deed, id store.ID) (Report, error) {
	l, err := lookedAt(ctx, tx, who, id)
	if err != nil {
		return l, err
	}
	if !who.May(d, string(l.report.State)) {
		s, err := l.already(ctx, tx, who)
		if err != nil {
			return l, err
		}
		return l, form.Fixable{Why: s.Body[0]}
	}
	return l, nil
}

// keepFiles keeps files that belong to an LPJ, and returns their ids.
func keepFiles(ctx context.Context, tx store.Tx, who dialog.Who, of store.ID, files []store.File) ([]store.ID, error) {
	var ids []store.ID
	for _, f := range files {
		f.Recipient, f.By, f.At = of, who.ID, tx.Now()
		if err := tx.AddFile(ctx, "file.kept", &f); err != nil {
			return nil, err
		}
		ids = append(ids, f.ID)
	}
	return ids, nil
}

// reference reads a number of a letter or of bizhub's: a few words or signs.
func reference(text string) []string {
	if len([]rune(text)) > 60 {
		return nil
	}
	return form.Text(text)
}

// Upload asks for what bizhub said when the scan was uploaded.
func Upload(ctx context.Context, t *dialog.Turn, about dialog.Args) (form.Form, error) {
	tx, who := t.Tx, t.Who
	l, err := mine(ctx, tx, who, dialog.UploadReport, about.ID())
	if err != nil {
		return nil, err
	}
	type upload struct {
		store.Upload
		Proof []store.File
	}
	questions := func(u *upload) ([]form.Question, error) {
		return []form.Question{
			form.Ask("number", &u.Number, reference).Exclusive(),
			form.Ask("day", &u.Day,
				parse.Date(who.Today)).Offer(dialog.Recent(who.Today)...).Refuse(dialog.NotLater(who.Today)),
			form.Photo("proof", &u.Proof),
			form.Review(store.Say("lpjupload.head", "Group", dialog.Behalf(who, l.of))),
		}, nil
	}
	submit := func(ctx context.Context, u upload, _ form.State) (form.Screen, error) {
		files, err := keepFiles(ctx, tx, who, l.of.ID, u.Proof)
		if err != nil {
			return form.Screen{}, err
		}
		r := l.report
		r.State, r.Upload = store.ReportUploaded, store.Upload{
			Number: u.Number, Day: u.Day, File: files[0], By: who.ID, At: tx.Now(),
		}
		if err := tx.PutReport(ctx, "report.uploaded", &r); err != nil {
			return form.Screen{}, err
		}
		s := form.Screen{
			Body: []store.Text{store.Say("lpjupload.done", "Number", r.Upload.Number, "Day", string(r.Upload.Day)),
				store.Say("lpj.promise")},
			Buttons: [][]store.Button{toMeter()},
		}
		s.Tell, err = dialog.ToOfficers(ctx, tx, who, l.of.ID, store.Message{
			Key: approval.ReportKey(r), Body: []store.Text{store.Say("lpjupload.told", "Group", l.of.Name,
				"Number", r.Upload.Number, "Day", string(r.Upload.Day), "Name", who.Name)},
			Buttons: approval.ToMeterOf(l.of),
		}, l.of.Mentor)
		return s, err
	}
	return form.New("lpjupload", questions, submit), nil
}

// What the PPK may say.
const (
	accepted = "accepted"
	refused  = "refused"
)

// Result asks what the PPK decided. A refusal opens the next edition, and the book with it.
func Result(ctx context.Context, t *dialog.Turn, about dialog.Args) (form.Form, error) {
	tx, who := t.Tx, t.Who
	l, err := mine(ctx, tx, who, dialog.ResultReport, about.ID())
	if err != nil {
		return nil, err
	}
	type result struct {
		Said    string
		Reasons string
		Day     store.Day
	}
	choices := []form.Choice[string]{
		{
			Value: accepted, Text: store.Say("lpjresult.said.accepted"),
		}, {Value: refused, Text: store.Say("lpjresult.said.refused")},
	}
	questions := func(r *result) ([]form.Question, error) {
		qs := []form.Question{form.Pick("said", &r.Said, choices)}
		if r.Said == refused {
			qs = append(qs, form.Ask("reasons", &r.Reasons, form.Text).Exclusive())
		}
		return append(qs,
			form.Ask("day", &r.Day,
				parse.Date(who.Today)).Offer(dialog.Recent(who.Today)...).Refuse(dialog.NotLater(who.Today)),
			form.Review(store.Say("lpjresult.head", "Group", dialog.Behalf(who, l.of)))), nil
	}
	submit := func(ctx context.Context, said result, _ form.State) (form.Screen, error) {
		r := l.report
		r.Result = store.Result{
			Accepted: said.Said == accepted, Reasons: said.Reasons, Day: said.Day, By: who.ID, At: tx.Now(),
		}
		what, next := "report.accepted", ""
		r.State = store.ReportAccepted
		if !r.Result.Accepted {
			what, r.State, next = "report.refused", store.ReportRefused, strconv.Itoa(r.Edition+1)
		}
		if err := tx.PutReport(ctx, what, &r); err != nil {
			return form.Screen{}, err
		}
		if next != "" {
			if err := tx.AddReport(ctx, "report.opened", &store.Report{Recipient: l.of.ID}); err != nil {
				return form.Screen{}, err
			}
		}
		s := form.Screen{
			Body: []store.Text{
				store.Say("lpjresult.done", "State", string(r.State), "Edition", next, "Group", l.of.Name),
			},
			Buttons: [][]store.Button{toMeter()},
		}
		s.Tell, err = dialog.ToOfficers(ctx, tx, who, l.of.ID, store.Message{
			Key: approval.ReportKey(r), Body: []store.Text{store.Say("lpjresult.told", "Group", l.of.Name,
				"State", string(r.State), "Words", r.Result.Reasons, "Edition", next)},
			Buttons: approval.ToMeterOf(l.of),
		}, l.of.Mentor)
		return s, err
	}
	return form.New("lpjresult", questions, submit), nil
}
