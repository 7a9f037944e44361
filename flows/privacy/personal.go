package privacy

import (
	"io"
	"strconv"
	"time"

	"pendamping/flows/layout"
	"pendamping/store"
)

// Personal is a person's copy of what is kept about them (UU 27/2022, article 7).
type Personal struct {
	store.PersonalData
	Group string // the recipient's name; "" for mentors and coordinators
	Place string // where the recipient is
}

// most is how many rows of a kind are printed; the rest is counted.
const mostRows = 500

// PDF writes the copy: who the person is, what they agreed to, asked and wrote, and what they entered.
func (c Personal) PDF(w io.Writer, p layout.Printing) error {
	d := layout.NewDoc(p, p.Words.Say("mydata.title"), c.Person.Name)
	say := d.Words.Say
	d.Cover(say("mydata.title"), say("mydata.under"))
	who := c.Person
	d.Facts(
		layout.Fact{Name: say("mydata.name"), Value: layout.OrDash(who.Name)},
		layout.Fact{Name: say("mydata.role"), Value: say("role." + string(who.Role))},
		layout.Fact{Name: say("mydata.code"), Value: layout.OrDash(who.Code)},
		layout.Fact{Name: say("mydata.group"), Value: layout.OrDash(c.Group)},
		layout.Fact{Name: say("mydata.place"),
			Value: layout.OrDash(layout.Commas(who.Organisation, c.Place, who.Regency, who.Province))},
		layout.Fact{Name: say("mydata.wa"), Value: layout.OrDash(who.WA)},
		layout.Fact{Name: say("mydata.account"), Value: strconv.FormatInt(who.Account, 10)},
		layout.Fact{Name: say("mydata.made"), Value: say("recap.made.value", "At", p.Made.Format(time.RFC3339))},
	)
	at := func(t time.Time) string {
		return say("recap.made.value", "At", t.In(p.Made.Location()).Format(time.RFC3339))
	}
	section(d, "mydata.consents", c.Consents, []layout.Column{
		{Head: say("mydata.when"), Share: 50}, {Head: say("mydata.what"), Share: 100},
	},
		func(v store.Consent) []string {
			withdrawn := ""
			if !v.Withdrawn.IsZero() {
				withdrawn = at(v.Withdrawn)
			}
			return []string{at(v.Given), say("mydata.consent", "Notice", v.Notice, "Withdrawn", withdrawn)}
		})
	section(d, "mydata.requests", c.Requests, []layout.Column{
		{Head: say("mydata.when"), Share: 50}, {Head: say("mydata.what"), Share: 100},
	},
		func(v store.DataRequest) []string {
			return []string{at(v.At), say("mydata.request", "Kind", string(v.Kind), "Outcome", string(v.Outcome),
				"Words", v.Words, "Reply", v.Reply)}
		})
	section(d, "mydata.receipts", c.Receipts, []layout.Column{{Head: say("mydata.nota"), Share: 20},
		{Head: say("mydata.when"), Share: 50},
		{Head: say("mydata.what"), Share: 50}, {Head: say("mydata.amount"), Share: 30, Right: true}},
		func(v store.Receipt) []string {
			return []string{say("mydata.number", "Number", d.Words.Number(v.Number)), at(v.Begun),
				layout.OrDash(v.Seller),
				d.Words.Rupiah(v.Total)}
		})
	section(d, "mydata.files", c.Files, []layout.Column{
		{Head: say("mydata.when"), Share: 50}, {Head: say("mydata.what"), Share: 100},
	},
		func(v store.File) []string {
			return []string{at(v.At), say("mydata.file", "Kind", v.Kind, "Name", v.Name, "Words", v.Words)}
		})
	section(d, "mydata.letters", c.Letters, []layout.Column{
		{Head: say("mydata.when"), Share: 50}, {Head: say("mydata.what"), Share: 100},
	},
		func(v store.Letter) []string { return []string{at(v.At), layout.OrDash(v.Words)} })
	section(d, "mydata.complaints", c.Complaints, []layout.Column{
		{Head: say("mydata.when"), Share: 50}, {Head: say("mydata.what"), Share: 100},
	},
		func(v store.Complaint) []string { return []string{at(v.At), v.Words} })
	if c.Earlier > 0 {
		d.Note(say("mydata.earlier", "Count", d.Words.Number(c.Earlier)))
	}
	section(d, "mydata.visits", c.Visits, []layout.Column{
		{Head: say("mydata.when"), Share: 50}, {Head: say("mydata.what"), Share: 100},
	},
		func(v store.Visit) []string { return []string{at(v.Start), layout.OrDash(v.Place)} })
	d.Heading(say("mydata.seen"))
	d.Paragraph(say("mydata.seen.by"))
	d.Paragraph(say("mydata.kept"))
	return d.Finish(w)
}

// section is a heading and a table of a kind of things; nothing when there is none of them.
func section[T any](d *layout.Doc, head string, list []T, columns []layout.Column, row func(T) []string) {
	if len(list) == 0 {
		return
	}
	d.Heading(d.Words.Say(head))
	t := layout.Table{Columns: columns}
	for _, v := range list[:min(len(list), mostRows)] {
		t.Rows = append(t.Rows, row(v))
	}
	d.Table(t)
	if n := len(list) - mostRows; n > 0 {
		d.Note(d.Words.Say("mydata.more", "Count", d.Words.Number(n)))
	}
}
