package flows

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"pendamping/flows/form"
	"pendamping/flows/paper"
	"pendamping/store"
)

// reportForm is a form in which an LPJ can be had; its words are lpjprint.KIND. write writes one of its files, counted from 1, and
// tells how many there are.
type reportForm struct {
	kind  string // also the end of the file's name
	write func(r paper.Report, ctx context.Context, w io.Writer, p paper.Printing, file int) (files int, err error)
}

// reportForms are the forms of an LPJ, in the order of their buttons.
var reportForms = []reportForm{
	{"pdf", paper.Report.PDF},
	{"xlsx", func(r paper.Report, _ context.Context, w io.Writer, p paper.Printing, _ int) (int, error) {
		return 1, r.XLSX(w, p)
	}},
	{"zip", paper.Report.ZIP},
}

// printLPJ asks in which form, and has the LPJ made as it is now; arg is the recipient, then RECIPIENT:KIND. What is printed is
// sealed first, so that the same bytes come again.
func (t *turn) printLPJ(arg string) error {
	id, kind := cutArg(arg)
	of, err := t.tx.Recipient(t.ctx, store.ID(atoi(id)))
	if err != nil {
		return err
	}
	r, err := newest(t.ctx, t.tx, of.ID)
	if err != nil {
		return err
	}
	if !t.who.theirs(of) || !t.who.may(printReport, string(r.State)) {
		return store.ErrNotFound
	}
	if !slices.ContainsFunc(reportForms, func(f reportForm) bool { return f.kind == kind }) {
		s := form.Screen{Body: []store.Text{store.Say("lpjprint.ask", "Group", of.Name)}, Buttons: [][]store.Button{nil}}
		for _, f := range reportForms {
			s.Buttons[0] = append(s.Buttons[0], store.Button{Text: store.Say("lpjprint." + f.kind), Data: "lpjprint:" + id + ":" + f.kind})
		}
		if t.who.Role != store.Coordinator {
			s.Buttons = append(s.Buttons, toMeterOf(of)...)
		}
		t.show(s)
		return nil
	}
	t.tx.Act(store.Actor{Person: t.who.ID, Role: t.who.Role})
	sealed, err := seal(t.ctx, t.tx, t.set, of, t.who.ID)
	if err != nil {
		return err
	}
	t.show(form.Screen{
		Body: []store.Text{store.Say("lpjprint.making", "Group", of.Name, "Code", sealed.Code)},
		Tell: []store.Message{printed(t.e.Chat, of, sealed.Code, kind, 1, 1)},
	})
	return nil
}

// printed is one file of an LPJ for a chat; of how many is known once the first is made.
func printed(chat int64, of store.Recipient, code, kind string, file, files int) store.Message {
	what := strings.Join([]string{"lpj", code, kind, strconv.Itoa(file)}, ":")
	words := store.Say("lpjprint.ready", "Group", of.Name, "Code", code)
	if files > 1 {
		words = store.Say("lpjprint.ready", "Group", of.Name, "Code", code, "File", strconv.Itoa(file), "Files", strconv.Itoa(files))
	}
	return store.Message{Chat: chat, Class: store.Paper, Key: what, Paper: what, Body: []store.Text{words}}
}

// makeLPJ writes a file of what was sealed, and has the next one made after it; args are the code, the form, and the file's number.
// It is for who may have it still.
func makeLPJ(ctx context.Context, w io.Writer, from Shelf, m store.Message, args []string, _ string) (string, error) {
	if len(args) != 3 {
		return "", store.ErrNotFound
	}
	i := slices.IndexFunc(reportForms, func(f reportForm) bool { return f.kind == args[1] })
	if i < 0 {
		return "", store.ErrNotFound
	}
	s, err := from.Tx.SealByCode(ctx, args[0])
	if err != nil {
		return "", err
	}
	of, err := from.Tx.Recipient(ctx, s.Recipient)
	if err != nil {
		return "", err
	}
	acc, err := from.Tx.Account(ctx, m.Chat)
	if err != nil {
		return "", err
	}
	if !slices.ContainsFunc(acc.People, func(p store.Person) bool {
		who := Who{Person: p}
		return who.theirs(of) && who.may(printReport, string(store.ReportDrafted))
	}) {
		return "", store.ErrNotFound
	}
	zone := placed(of.Zone, from.Zone)
	r, err := sealed(s, from.Setting, zone)
	if err != nil {
		return "", err
	}
	p := from.printing(papers, zone)
	p.Made = r.At
	kind, file := args[1], int(atoi(args[2]))
	files, err := reportForms[i].write(r, ctx, w, p, file)
	if err != nil || files == 1 {
		return s.Code + "." + kind, err
	}
	if file < files {
		from.More(printed(m.Chat, of, s.Code, kind, file+1, files))
	}
	return fmt.Sprintf("%s-%d-%d.%s", s.Code, file, files, kind), nil
}
