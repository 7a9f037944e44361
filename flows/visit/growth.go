package visit

import (
	"context"
	"regexp"
	"strings"

	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/flows/parse"
	"pendamping/flows/when"
	"pendamping/store"
)

// licences are the permits that a business may have, as codes; their words are licence.CODE.
var licences = []string{"nib", "pirt", "halal", "lain", "belum"}

func monthOf(who dialog.Who) string { return string(who.Today)[:len("2006-01")] }

// Snapshot asks how a business stands this month: of a group ("g12"), or on a visit to it ("v34"). What was told this
// month is corrected.
func Snapshot(ctx context.Context, t *dialog.Turn, about dialog.Args) (form.Form, error) {
	tx, who := t.Tx, t.Who
	v, of, err := aboutVisit(ctx, tx, who, about)
	if err != nil {
		return nil, err
	}
	if !who.May(dialog.RecordGrowth, dialog.None) {
		return nil, store.ErrNotFound
	}
	who = when.At(who, tx.Now(), of)
	list, err := tx.Snapshots(ctx, of.ID)
	if err != nil {
		return nil, err
	}
	var was store.Snapshot
	var known []form.Answer
	asked := ""
	if len(list) > 0 && list[0].Month == monthOf(who) {
		was, asked = list[0], form.Change
		known = []form.Answer{
			{
				Name: "revenue", Text: was.Revenue.Typed(),
			}, {Name: "profit", Text: was.Profit.Typed()}, {Name: "workers", Text: people(was.Workers).String()},
			{Name: "capital", Text: was.Capital.Typed()}, {Name: "permits", Text: was.Permits},
		}
	}
	type business struct {
		Revenue, Profit, Capital store.Rupiah
		Workers                  people
		Permits                  []string
	}
	var choices []form.Choice[string]
	for _, l := range licences {
		choices = append(choices, form.Choice[string]{Value: l, Text: store.Say("licence." + l)})
	}
	money := func(text string) []store.Rupiah { return parse.Rupiah(text) }
	questions := func(b *business) ([]form.Question, error) {
		return []form.Question{
			form.Ask("revenue", &b.Revenue, money).Unsure(parse.Approximate),
			form.Ask("profit", &b.Profit, Gains).Unsure(parse.Approximate),
			form.Ask("workers", &b.Workers, Heads),
			form.Ask("capital", &b.Capital, money).Unsure(parse.Approximate),
			form.Several("permits", &b.Permits, choices),
			form.Review(store.Say("snapshot.head", "Group", of.Name, "Day", monthOf(who)+"-01")),
		}, nil
	}
	submit := func(ctx context.Context, b business, _ form.State) (form.Screen, error) {
		tx.Act(who.Actor())
		s := was
		s.Recipient, s.Visit, s.Month, s.By, s.At = of.ID, v.ID, monthOf(who), who.ID, tx.Now()
		s.Revenue, s.Profit, s.Capital, s.Workers, s.Permits = b.Revenue, b.Profit, b.Capital, int(b.Workers),
			form.Join(b.Permits)
		if was.ID == 0 {
			err = tx.AddSnapshot(ctx, "snapshot.added", &s)
		} else {
			s.Visit = was.Visit
			err = tx.PutSnapshot(ctx, "snapshot.corrected", &s)
		}
		return form.Screen{
			Body: []store.Text{store.Say("snapshot.done", "Group", of.Name)},
			Buttons: [][]store.Button{{{
				Text: store.Say("kunjungan.group", "Group", of.Name),
				Data: dialog.Data("kunjungan", dialog.Letter("g", of.ID)),
			}}},
		}, err
	}
	return form.New("snapshot", questions, submit).Knowing(known, asked), nil
}

// people is a number of heads.
type people int

// String is the number in digits.
func (p people) String() string { return store.Rupiah(p).String() }

var crowd = regexp.MustCompile(`^(\d{1,4})\s*(?:orang|org|pekerja|karyawan|people)?$`)

// Heads reads how many people work there.
func Heads(text string) []people {
	m := crowd.FindStringSubmatch(strings.ToLower(strings.TrimSpace(text)))
	if m == nil {
		return nil
	}
	return []people{people(dialog.NumberOf(m[1]))}
}

var losses = regexp.MustCompile(`(?i)^(?:rugi|minus|loss|rp-|-)\s*(.+)$`)

// Gains reads a profit; "rugi 200 ribu" is a loss.
func Gains(text string) []store.Rupiah {
	m := losses.FindStringSubmatch(strings.TrimSpace(text))
	if m == nil {
		return parse.Rupiah(text)
	}
	words := m[1]
	if strings.HasPrefix(strings.ToLower(text), "rp-") {
		words = "Rp" + words
	}
	found := parse.Rupiah(words)
	for i := range found {
		found[i] = -found[i]
	}
	return found
}
