package flows

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"pendamping/flows/broadcast"
	"pendamping/flows/dialog"
	"pendamping/flows/documents"
	"pendamping/flows/lpj"
	"pendamping/flows/privacy"
	"pendamping/flows/progress"
	"pendamping/flows/recap"
	"pendamping/store"
)

// MakeDocument writes the paper that a message asks for, in a language, and tells the name that its file has.
// store.ErrNotFound says that it is not there, or not that chat's to have.
func MakeDocument(
	ctx context.Context, w io.Writer, from documents.Source, m store.Message, language string,
) (name string, err error) {
	kind, args, _ := strings.Cut(m.Paper, ":")
	makers := map[string]func(context.Context, io.Writer, documents.Source, store.Message, []string, string) (string,
		error){
		"recap": makeRecap, "progress": makeField, "cast": makeBroadcast, "lpj": lpj.MakeDocument,
		"mydata": makePersonal,
	}
	do := makers[kind]
	if do == nil {
		return "", fmt.Errorf("paper %q: %w", kind, store.ErrNotFound)
	}
	return do(ctx, w, from, m, strings.Split(args, ":"), language)
}

// makeRecap writes a mentor's recap; args are the month, the form and the mentor.
func makeRecap(
	ctx context.Context, w io.Writer, from documents.Source, m store.Message, args []string, language string,
) (string, error) {
	if len(args) != 3 {
		return "", store.ErrNotFound
	}
	month, kind := args[0], args[1]
	mentor, err := from.Tx.Person(ctx, dialog.IDOf(args[2]))
	if err != nil {
		return "", err
	}
	if mentor.Role != store.Mentor || mentor.Account != m.Chat { // another has the account now, or she another phone
		return "", store.ErrNotFound
	}
	r, zone, err := recap.Read(ctx, from.Tx, mentor, month, from.Zone)
	if err != nil {
		return "", err
	}
	name := "rekap-" + month + "." + kind
	p := from.Printing(language, zone)
	if kind == "xlsx" {
		return name, r.XLSX(w, p)
	}
	return name, r.PDF(ctx, w, p)
}

// makeField writes how far a coordinator's part of the field has come; args are the view and the coordinator.
func makeField(
	ctx context.Context, w io.Writer, from documents.Source, m store.Message, args []string, language string,
) (string, error) {
	if len(args) != 2 {
		return "", store.ErrNotFound
	}
	p, err := from.Tx.Person(ctx, dialog.IDOf(args[1]))
	if err != nil {
		return "", err
	}
	if p.Role != store.Coordinator || p.Account != m.Chat {
		return "", store.ErrNotFound
	}
	who, v := dialog.Who{Person: p, Zone: from.Zone}, progress.ViewOf(args[0])
	part, err := progress.Part(ctx, from.Tx, who, &v)
	if err != nil {
		return "", err
	}
	sheets := progress.Sheets{By: p.Name}
	for d := v.Depth; d < progress.OfGroup; d++ {
		f, err := from.Tx.Field(ctx, part, progress.Parting[d])
		if err != nil {
			return "", err
		}
		progress.WorstFirst(f.Parts)
		sheets.Place, sheets.At = progress.PlaceName(v.Depth, f.All), f.At.In(dialog.Placed(f.All.Zone, from.Zone))
		sheets.Tables = append(sheets.Tables, progress.FieldTable{By: progress.Parting[d], Rows: f.Parts})
	}
	return "progres-" + string(store.DayOf(sheets.At, sheets.At.Location())) + ".xlsx",
		sheets.XLSX(w, from.Printing(language, sheets.At.Location()))
}

// makeBroadcast writes what became of a coordinator's announcement; the arg is the announcement.
func makeBroadcast(
	ctx context.Context, w io.Writer, from documents.Source, m store.Message, args []string, language string,
) (string, error) {
	b, err := from.Tx.Broadcast(ctx, dialog.IDOf(args[0]))
	if err != nil {
		return "", err
	}
	by, err := from.Tx.Person(ctx, b.By)
	if err != nil {
		return "", err
	}
	if by.Role != store.Coordinator || by.Account != m.Chat {
		return "", store.ErrNotFound
	}
	list, err := from.Tx.DeliveredOf(ctx, b.ID)
	if err != nil {
		return "", err
	}
	votes, err := from.Tx.VotesOf(ctx, b.ID)
	if err != nil {
		return "", err
	}
	cast := broadcast.Outcome{Title: broadcast.Title(b), By: by.Name, Delivered: list}
	for i, o := range b.Options {
		cast.Votes = append(cast.Votes, broadcast.Vote{Answer: o, Count: votes[i]})
	}
	return "pengumuman-" + string(store.DayOf(b.At, from.Zone)) + ".xlsx",
		cast.XLSX(w, from.Printing(language, from.Zone))
}

// makePersonal writes a person's copy of their own data; the arg is the person.
func makePersonal(
	ctx context.Context, w io.Writer, from documents.Source, m store.Message, args []string, language string,
) (string, error) {
	d, err := from.Tx.PersonalData(ctx, dialog.IDOf(args[0]))
	if err != nil {
		return "", err
	}
	if d.Person.Account == 0 || d.Person.Account != m.Chat { // erased meanwhile, or another phone
		return "", store.ErrNotFound
	}
	p, zone := privacy.Personal{PersonalData: d}, from.Zone
	if d.Person.Recipient != 0 {
		of, err := from.Tx.Recipient(ctx, d.Person.Recipient)
		if err != nil {
			return "", err
		}
		p.Group, zone = of.Name, dialog.Placed(of.Zone, zone)
		p.Place = strings.Join(slices.DeleteFunc([]string{of.Village, of.Regency, of.Province},
			func(s string) bool { return s == "" }), ", ")
	}
	return "data-saya-" + string(store.DayOf(from.Tx.Now(), zone)) + ".pdf", p.PDF(w, from.Printing(language, zone))
}
