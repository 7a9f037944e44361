package paper

import (
	"io"
	"strconv"
	"time"

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
func (c Personal) PDF(w io.Writer, p Printing) error {
	d := newDoc(p, p.Say.say("mydata.title"), c.Person.Name)
	say := d.say.say
	d.cover(say("mydata.title"), say("mydata.under"))
	who := c.Person
	d.facts(
		fact{say("mydata.name"), orDash(who.Name)},
		fact{say("mydata.role"), say("role." + string(who.Role))},
		fact{say("mydata.code"), orDash(who.Code)},
		fact{say("mydata.group"), orDash(c.Group)},
		fact{say("mydata.place"), orDash(commas(who.Organisation, c.Place, who.Regency, who.Province))},
		fact{say("mydata.wa"), orDash(who.WA)},
		fact{say("mydata.account"), strconv.FormatInt(who.Account, 10)},
		fact{say("mydata.made"), say("recap.made.value", "At", p.Made.Format(time.RFC3339))},
	)
	at := func(t time.Time) string {
		return say("recap.made.value", "At", t.In(p.Made.Location()).Format(time.RFC3339))
	}
	section(d, "mydata.consents", c.Consents, []column{
		{head: say("mydata.when"), share: 50}, {head: say("mydata.what"), share: 100},
	},
		func(v store.Consent) []string {
			withdrawn := ""
			if !v.Withdrawn.IsZero() {
				withdrawn = at(v.Withdrawn)
			}
			return []string{at(v.Given), say("mydata.consent", "Notice", v.Notice, "Withdrawn", withdrawn)}
		})
	section(d, "mydata.requests", c.Requests, []column{
		{head: say("mydata.when"), share: 50}, {head: say("mydata.what"), share: 100},
	},
		func(v store.DataRequest) []string {
			return []string{at(v.At), say("mydata.request", "Kind", string(v.Kind), "Outcome", string(v.Outcome),
				"Words", v.Words, "Reply", v.Reply)}
		})
	section(d, "mydata.receipts", c.Receipts, []column{{head: say("mydata.nota"), share: 20},
		{head: say("mydata.when"), share: 50},
		{head: say("mydata.what"), share: 50}, {head: say("mydata.amount"), share: 30, right: true}},
		func(v store.Receipt) []string {
			return []string{say("mydata.number", "Number", d.say.number(v.Number)), at(v.Begun), orDash(v.Seller),
				d.say.rupiah(v.Total)}
		})
	section(d, "mydata.files", c.Files, []column{
		{head: say("mydata.when"), share: 50}, {head: say("mydata.what"), share: 100},
	},
		func(v store.File) []string {
			return []string{at(v.At), say("mydata.file", "Kind", v.Kind, "Name", v.Name, "Words", v.Words)}
		})
	section(d, "mydata.letters", c.Letters, []column{
		{head: say("mydata.when"), share: 50}, {head: say("mydata.what"), share: 100},
	},
		func(v store.Letter) []string { return []string{at(v.At), orDash(v.Words)} })
	section(d, "mydata.complaints", c.Complaints, []column{
		{head: say("mydata.when"), share: 50}, {head: say("mydata.what"), share: 100},
	},
		func(v store.Complaint) []string { return []string{at(v.At), v.Words} })
	if c.Earlier > 0 {
		d.note(say("mydata.earlier", "Count", d.say.number(c.Earlier)))
	}
	section(d, "mydata.visits", c.Visits, []column{
		{head: say("mydata.when"), share: 50}, {head: say("mydata.what"), share: 100},
	},
		func(v store.Visit) []string { return []string{at(v.Start), orDash(v.Place)} })
	d.heading(say("mydata.seen"))
	d.paragraph(say("mydata.seen.by"))
	d.paragraph(say("mydata.kept"))
	return d.finish(w)
}

// section is a heading and a table of a kind of things; nothing when there is none of them.
func section[T any](d *doc, head string, list []T, columns []column, row func(T) []string) {
	if len(list) == 0 {
		return
	}
	d.heading(d.say.say(head))
	t := table{columns: columns}
	for _, v := range list[:min(len(list), mostRows)] {
		t.rows = append(t.rows, row(v))
	}
	d.table(t)
	if n := len(list) - mostRows; n > 0 {
		d.note(d.say.say("mydata.more", "Count", d.say.number(n)))
	}
}

// commas joins those of the words that are there.
func commas(words ...string) string {
	joined := ""
	for _, w := range words {
		if w != "" && joined != "" {
			joined += ", "
		}
		joined += w
	}
	return joined
}
