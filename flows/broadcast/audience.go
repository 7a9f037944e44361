package broadcast

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/flows/parse"
	"pendamping/store"
)

// Answers to whom an announcement is for; a saved audience is named after its prefix.
const (
	forAll      = "all"
	handPicked  = "pick"
	savedPrefix = "s:"
	everywhere  = "*" // of a province's regencies
)

// audienceAnswers are the answers that make an audience.
type audienceAnswers struct {
	Who               string
	Filters           []string
	Province, Regency string
	Wave              string
	Role              []string
	LPJ               string
	Mentor            string
	Idle              string
}

func (d audienceAnswers) filtered(by string) bool { return slices.Contains(d.Filters, by) }

// place is the audience of the chosen place.
func (d audienceAnswers) place() store.Audience {
	a := store.Audience{Province: d.Province}
	if d.Regency != everywhere {
		a.Regency = d.Regency
	}
	return a
}

func (d audienceAnswers) audience(saved []store.SavedAudience) store.Audience {
	if d.Who != handPicked {
		i := slices.IndexFunc(saved, func(a store.SavedAudience) bool { return savedPrefix+a.Name == d.Who })
		if i < 0 {
			return store.Audience{}
		}
		return saved[i].Audience
	}
	a := d.place()
	a.Wave, a.LPJ, a.Mentor, a.Idle = d.Wave, d.LPJ, dialog.IDOf(d.Mentor), dialog.NumberOf(d.Idle)
	for _, r := range d.Role {
		a.Roles = append(a.Roles, store.Role(r))
	}
	return a
}

// Audiences is what is known of possible audiences while one is built.
type Audiences struct {
	tx    store.Tx
	who   dialog.Who
	saved []store.SavedAudience
	rules store.Rules
	sizes map[string]store.Size
	lists map[string][]store.Part
}

func (a *Audiences) read(ctx context.Context) (err error) {
	a.sizes, a.lists = map[string]store.Size{}, map[string][]store.Part{}
	if a.saved, err = a.tx.Audiences(ctx, a.who.ID); err != nil {
		return err
	}
	p, err := a.tx.NewestProgram(ctx)
	a.rules = p.Rules
	return err
}

// size counts an audience once.
func (a *Audiences) size(ctx context.Context, of store.Audience) (store.Size, error) {
	key, err := json.Marshal(of)
	if err != nil {
		return store.Size{}, err
	}
	s, known := a.sizes[string(key)]
	if known {
		return s, nil
	}
	if s, err = a.tx.SizeOf(ctx, a.who.Province, a.who.Regency, of); err != nil {
		return s, err
	}
	a.sizes[string(key)] = s
	return s, nil
}

func (a *Audiences) whom(ctx context.Context) ([]form.Choice[string], error) {
	all, err := a.size(ctx, store.Audience{})
	if err != nil {
		return nil, err
	}
	list := []form.Choice[string]{{Value: forAll, Text: store.Say("umumkan.who.all", "Count", strconv.Itoa(all.Chats))}}
	for _, s := range a.saved {
		size, err := a.size(ctx, s.Audience)
		if err != nil {
			return nil, err
		}
		list = append(list, form.Choice[string]{
			Value: savedPrefix + s.Name, Text: store.Say("umumkan.who.saved", "Name", s.Name,
				"Count", strconv.Itoa(size.Chats)),
		})
	}
	return append(list, form.Choice[string]{Value: handPicked, Text: store.Say("umumkan.who.pick")}), nil
}

func (a *Audiences) filters() (list []form.Choice[string]) {
	for _, f := range []string{"place", "wave", "role", "lpj", "mentor", "idle"} {
		if f != "place" || a.who.Regency == "" {
			list = append(list, form.Choice[string]{Value: f, Text: store.Say("umumkan.filter." + f)})
		}
	}
	return list
}

// parts are the values of an audience, each with how many chats have it.
func (a *Audiences) parts(ctx context.Context, by string, of store.Audience) (list []form.Choice[string], err error) {
	key, err := json.Marshal(of)
	if err != nil {
		return nil, err
	}
	found, known := a.lists[by+string(key)]
	if !known {
		if found, err = a.tx.PartsOf(ctx, a.who.Province, a.who.Regency, of, by); err != nil {
			return nil, err
		}
		a.lists[by+string(key)] = found
	}
	for _, p := range found {
		list = append(list, form.Choice[string]{
			Value: p.Value, Text: store.Say("umumkan.part", "By", by, "Value", p.Value, "Count", strconv.Itoa(p.Chats)),
		})
	}
	return list, nil
}

func (a *Audiences) regencies(ctx context.Context, d *announcing) ([]form.Choice[string], error) {
	of := store.Audience{Province: d.Province}
	size, err := a.size(ctx, of)
	if err != nil {
		return nil, err
	}
	list, err := a.parts(ctx, "regency", of)
	all := form.Choice[string]{
		Value: everywhere, Text: store.Say("umumkan.everywhere", "Count", strconv.Itoa(size.Chats)),
	}
	return append([]form.Choice[string]{all}, list...), err
}

// sized are choices that are no values of records, each with how many chats it fits: states of the LPJ, or days without
// a nota.
func (a *Audiences) sized(
	ctx context.Context, d *announcing, values ...string,
) (list []form.Choice[string], err error) {
	for _, v := range values {
		of := d.place()
		by := "lpj"
		if n := dialog.NumberOf(v); n > 0 {
			by, of.Idle = "idle", n
		} else {
			of.LPJ = v
		}
		size, err := a.size(ctx, of)
		if err != nil {
			return nil, err
		}
		list = append(list, form.Choice[string]{
			Value: v, Text: store.Say("umumkan.part", "By", by, "Value", v, "Count", strconv.Itoa(size.Chats)),
		})
	}
	return list, nil
}

// mentors are those of the chosen place by name, and what finds one by words.
func (a *Audiences) mentors(
	ctx context.Context, d *announcing,
) (list []form.Choice[string], named func(string) []string, err error) {
	parts, err := a.parts(ctx, "mentor", d.place())
	if err != nil {
		return nil, nil, err
	}
	names := map[string]string{}
	for _, c := range parts {
		p, err := dialog.Author(ctx, a.tx, dialog.IDOf(c.Value))
		if err != nil {
			return nil, nil, err
		}
		if p.ID == 0 {
			continue
		}
		names[c.Value] = p.Name
		c.Text.Data["Value"] = p.Name
		list = append(list, c)
	}
	slices.SortFunc(list, func(x, y form.Choice[string]) int { return strings.Compare(names[x.Value], names[y.Value]) })
	return list, func(text string) (found []string) {
		for id, name := range names {
			if words := dialog.BareWords(text); words != "" && strings.Contains(dialog.BareWords(name), words) {
				found = append(found, id)
			}
		}
		return found
	}, nil
}

// unitsOfChats are words that stand around the number of an announcement's chats.
var unitsOfChats = dialog.WordSet(
	"orang org penerima people chats untuk ke semua semuanya jumlah jumlahnya penerimanya ada bu ibu pak bapak")

// Counted refuses a number that is not how many they are, in figures or in words.
func (a *Audiences) Counted(chats int) func(string) *store.Text {
	return func(typed string) *store.Text {
		words := slices.DeleteFunc(strings.Fields(strings.ToLower(typed)),
			func(w string) bool { return unitsOfChats[dialog.BareWords(w)] })
		if strings.ReplaceAll(strings.Join(words, ""), ".", "") == strconv.Itoa(chats) {
			return nil
		}
		// a number with its unit says nothing else: no thousands are left out
		said := parse.Rupiah(strings.Join(words, " ") + " rupiah")
		if len(said) == 1 && int(said[0]) == chats {
			return nil
		}
		no := store.Say("umumkan.count.other", "Count", strconv.Itoa(chats))
		return &no
	}
}

// summary says who gets an announcement, when, and how long it takes.
func (a *Audiences) summary(ctx context.Context, d announcing, size store.Size) ([]store.Text, error) {
	b := d.cast(a.who, a.tx.Now(), a.saved)
	limits, err := a.limitsSaid(ctx, b.Audience)
	if err != nil {
		return nil, err
	}
	body := append([]store.Text{store.Say("umumkan.head")}, limits...)
	rate := cmp.Or(a.who.Rate, unlimited)
	count, unit := lasting(float64(size.Chats) / rate)
	body = append(body, store.Say("umumkan.size", "Chats", strconv.Itoa(size.Chats), "Count", count, "Unit", unit,
		"Rate", strconv.Itoa(int(rate))))
	if off := size.Blocked + size.Absent; off > 0 {
		share := off * 100 / (off + size.Chats)
		body = append(body, store.Say("umumkan.off", "Share", strconv.Itoa(share),
			"Blocked", strconv.Itoa(size.Blocked),
			"Absent", strconv.Itoa(size.Absent), "Many", dialog.Mark(share > 20)))
	}
	at := ""
	if b.Due.After(a.tx.Now()) {
		at = a.who.Moment(b.Due)
	}
	body = append(body, store.Say("umumkan.at", "At", at, "Urgent", b.Urgent))
	if b.Until != "" {
		body = append(body, store.Say("umumkan.holds", "Day", string(b.Until)))
	}
	if d.Save != "" {
		body = append(body, store.Say("umumkan.saves", "Name", d.Save))
	}
	before, second, err := a.second(ctx, b, size.Chats)
	if err != nil {
		return nil, err
	}
	if second {
		body = append(body, store.Say("umumkan.second", "Count", strconv.Itoa(a.rules.SecondOver()), "Before", before))
	}
	return body, nil
}

// limitsSaid names the limits of an audience.
func (a *Audiences) limitsSaid(ctx context.Context, of store.Audience) (list []store.Text, err error) {
	place := strings.Trim(of.Province+", "+of.Regency, ", ")
	var roles []string
	for _, r := range of.Roles {
		roles = append(roles, string(r))
	}
	mentor, err := dialog.Author(ctx, a.tx, of.Mentor)
	if err != nil {
		return nil, err
	}
	for _, l := range []struct{ by, value string }{
		{"place", cmp.Or(place, a.who.Regency, a.who.Province)}, {"wave", of.Wave}, {"role", strings.Join(roles, ", ")},
		{"lpj", of.LPJ},
		{"mentor", mentor.Name}, {"idle", dialog.Count(of.Idle)},
	} {
		if l.value != "" || l.by == "place" {
			list = append(list, store.Say("umumkan.limit", "By", l.by, "Value", l.value))
		}
	}
	return list, nil
}
