package lpj

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"sync"

	"pendamping/flows/approval"
	"pendamping/flows/dialog"
	"pendamping/flows/documents"
	"pendamping/flows/form"
	"pendamping/flows/layout"
	"pendamping/flows/receipt"
	"pendamping/flows/report"
	"pendamping/store"
)

// reportForm is a form in which an LPJ can be had; its words are lpjprint.KIND. write writes one of its files, counted
// from 1, and tells how many there are.
type reportForm struct {
	kind  string // also the end of the file's name
	write func(r report.Report, ctx context.Context, w io.Writer, p layout.Printing, file int) (files int, err error)
}

// reportForms are the forms of an LPJ, in the order of their buttons.
var reportForms = []reportForm{
	{"pdf", report.Report.PDF},
	{"xlsx", func(r report.Report, _ context.Context, w io.Writer, p layout.Printing, _ int) (int, error) {
		return 1, r.XLSX(w, p)
	}},
	{"zip", report.Report.ZIP},
}

// Print asks in which form, and has the LPJ made as it is now; arg is the recipient, then RECIPIENT:KIND. What is
// printed is sealed first, so that the same bytes come again.
func Print(ctx context.Context, t *dialog.Turn, arg dialog.Args) (form.Screen, error) {
	id, kind := arg.ID(), arg.Rest()
	of, err := t.Tx.Recipient(ctx, id)
	if err != nil {
		return form.Screen{}, err
	}
	r, err := dialog.Newest(ctx, t.Tx, of.ID)
	if err != nil {
		return form.Screen{}, err
	}
	if !t.Who.Theirs(of) || !t.Who.May(dialog.PrintReport, string(r.State)) {
		return form.Screen{}, store.ErrNotFound
	}
	if !isForm(kind) {
		s := form.Screen{
			Body:    []store.Text{store.Say("lpjprint.ask", "Group", of.Name, "Code", "")},
			Buttons: formButtons("lpjprint", id),
		}
		if t.Who.Role != store.Coordinator {
			s.Buttons = append(s.Buttons, approval.ToMeterOf(of)...)
		}
		return s, nil
	}
	t.Tx.Act(t.Who.Actor())
	sealed, err := Seal(ctx, t.Tx, t.Setting, of, t.Who.ID)
	if err != nil {
		return form.Screen{}, err
	}
	printing(t, of, sealed.Code, kind)
	return form.Screen{}, nil
}

// PrintAgain has what was printed with a code made once more, the same to the byte; arg is the code, then CODE:KIND.
func PrintAgain(ctx context.Context, t *dialog.Turn, arg dialog.Args) (form.Screen, error) {
	code, kind := arg.Word(), arg.Rest()
	s, err := t.Tx.SealByCode(ctx, Plainly(code))
	if err != nil {
		return form.Screen{}, err
	}
	of, err := t.Tx.Recipient(ctx, s.Recipient)
	if err != nil {
		return form.Screen{}, err
	}
	if !mayPrint(t.Account, of) {
		return form.Screen{}, store.ErrNotFound
	}
	if !isForm(kind) {
		return form.Screen{
			Body:    []store.Text{store.Say("lpjprint.ask", "Group", of.Name, "Code", s.Code)},
			Buttons: formButtons("lpjagain", code),
		}, nil
	}
	printing(t, of, s.Code, kind)
	return form.Screen{}, nil
}

// mayPrint tells whether one of an account's persons may have a recipient's LPJ on paper.
func mayPrint(acc store.Account, of store.Recipient) bool {
	return slices.ContainsFunc(acc.People, func(p store.Person) bool {
		who := dialog.Who{Person: p}
		return p.Consent != "" && who.Theirs(of) && who.May(dialog.PrintReport, string(store.ReportDrafted))
	})
}

func isForm(kind string) bool {
	return slices.ContainsFunc(reportForms, func(f reportForm) bool { return f.kind == kind })
}

// formButtons ask for a form.
func formButtons(name string, of any) [][]store.Button {
	rows := [][]store.Button{nil}
	for _, f := range reportForms {
		rows[0] = append(rows[0], store.Button{
			Text: store.Say("lpjprint." + f.kind), Data: dialog.Data(name, of, f.kind),
		})
	}
	return rows
}

// printing has it made, and says so.
func printing(t *dialog.Turn, of store.Recipient, code, kind string) {
	t.Show(form.Screen{
		Body: []store.Text{store.Say("lpjprint.making", "Group", of.Name, "Code", code)},
		Tell: []store.Message{printed(t.Event.Chat, of, code, kind, 1, 1)},
	})
}

// printed is one file of an LPJ for a chat; of how many is known once the first is made.
func printed(chat int64, of store.Recipient, code, kind string, file, files int) store.Message {
	what := strings.Join([]string{"lpj", code, kind, strconv.Itoa(file)}, ":")
	words := store.Say("lpjprint.ready", "Group", of.Name, "Code", code)
	if files > 1 {
		words = store.Say("lpjprint.ready", "Group", of.Name, "Code", code, "File", strconv.Itoa(file),
			"Files", strconv.Itoa(files))
	}
	return store.Message{Chat: chat, Class: store.Paper, Key: what, Paper: what, Body: []store.Text{words}}
}

// MakeDocument writes a file of what was sealed, and has the next one made after it; args are the code, the form, and
// the file's number. It is for who may have it still.
func MakeDocument(
	ctx context.Context, w io.Writer, from documents.Source, m store.Message, args []string, _ string,
) (string, error) {
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
	if !mayPrint(acc, of) {
		return "", store.ErrNotFound
	}
	r, err := Sealed(s)
	if err != nil {
		return "", err
	}
	p := from.Printing(dialog.DocumentLanguage, r.At.Location())
	p.Made = r.At
	broken := brokenIn(&p)
	kind, file := args[1], dialog.NumberOf(args[2])
	files, err := reportForms[i].write(r, ctx, w, p, file)
	if err == nil {
		err = askForBroken(ctx, from, of.ID, broken())
	}
	if err != nil || files == 1 {
		return s.Code + "." + kind, err
	}
	if file < files {
		from.More(printed(m.Chat, of, s.Code, kind, file+1, files))
	}
	return fmt.Sprintf("%s-%d-%d.%s", s.Code, file, files, kind), nil
}

// brokenIn lets a printing remember the hashes of documents that could not be made pictures though what does it is
// here. They come with the first printing, because nobody opens a PDF or HEIC before.
func brokenIn(p *layout.Printing) func() []string {
	ready := p.Ready
	if ready == nil {
		return func() []string { return nil }
	}
	var mu sync.Mutex
	var broken []string
	p.Ready = func(ctx context.Context, open layout.Open, list []layout.Raw) ([]layout.Ready, error) {
		done, err := ready(ctx, open, list)
		mu.Lock()
		defer mu.Unlock()
		for i, r := range done {
			if r.Broken {
				broken = append(broken, list[i].SHA256)
			}
		}
		return done, err
	}
	return func() []string { return broken }
}

// askForBroken asks who sent documents that can't be printed for them again.
func askForBroken(ctx context.Context, s documents.Source, recipient store.ID, hashes []string) error {
	if len(hashes) == 0 {
		return nil
	}
	files, err := s.Tx.FilesOf(ctx, recipient)
	if err != nil {
		return err
	}
	for _, f := range files {
		if f.Receipt == 0 || !slices.Contains(hashes, f.SHA256) {
			continue
		}
		list, err := receipt.Hint(ctx, s.Tx, f, store.Say("coach.document", "Name", f.Name))
		if err != nil {
			return err
		}
		for _, m := range list {
			s.Ask(f, m)
		}
	}
	return nil
}
