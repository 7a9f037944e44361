package form_test

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pendamping/flows/form"
	"pendamping/store"
)

// order is a draft with one question of each kind.
type order struct {
	Amount rupiah
	Seller string
	Kind   string
	Reason string
	Place  string
	Photos []store.File
	Extra  []store.File
}

// amounts reads "7", "Rp7", "about 7"; a bare number above 100 may mean two things.
func amounts(text string) (found []rupiah) {
	for part := range strings.SplitSeq(strings.TrimPrefix(text, "about "), "/") {
		n, err := strconv.Atoi(strings.TrimPrefix(part, "Rp"))
		if err != nil {
			return nil
		}
		found = append(found, rupiah(n))
		if n > 100 && !strings.HasPrefix(part, "Rp") {
			found = append(found, rupiah(n*1000))
		}
	}
	return found
}

// sellers reads any words but an amount.
func sellers(text string) []string {
	if len(amounts(text)) > 0 {
		return nil
	}
	return form.Text(text)
}

// dig finds "name:value" in a message.
func dig(name, text string) (found []string) {
	for word := range strings.FieldsSeq(text) {
		if v, ok := strings.CutPrefix(word, name+":"); ok {
			found = append(found, v)
		}
	}
	return found
}

func say(id string) *store.Text { t := store.Say(id); return &t }

func orderQuestions(d *order) ([]form.Question, error) {
	kinds := []form.Choice[string]{{Value: "nota"}, {Value: "none", Show: "tanpa nota"}}
	qs := []form.Question{
		form.Ask("amount", &d.Amount, amounts).
			Extract(func(s string) (found []rupiah) {
				for _, v := range dig("amount", s) {
					found = append(found, amounts(v)...)
				}
				return found
			}).
			Unsure(func(s string) bool { return strings.HasPrefix(s, "about") }).
			Refuse(func(v rupiah) *store.Text {
				if v == 0 {
					return say("x.amount.zero")
				}
				return nil
			}).Offer(form.Choice[rupiah]{Value: 50}),
		form.Ask("seller", &d.Seller, sellers).Extract(func(s string) []string { return dig("seller", s) }).Exclusive(),
		form.Pick("kind", &d.Kind, kinds).Extract(func(s string) []string { return dig("kind", s) }).Default("nota"),
	}
	if d.Kind == "none" {
		qs = append(qs, form.Ask("reason", &d.Reason, form.Text))
	}
	return append(qs,
		form.Pick("place", &d.Place, []form.Choice[string]{{Value: "shop"}, {Value: "market"}}),
		form.Photo("photo", &d.Photos),
		form.Photo("extra", &d.Extra).Optional(),
		form.Review(store.Say("x.head"))), nil
}

// talk is a conversation that goes through JSON between any two lines.
type talk struct {
	t       *testing.T
	form    form.Form
	state   form.State
	outcome form.Outcome
	sent    *order
	fail    error // of the next submit
}

func newTalk(t *testing.T) *talk {
	k := &talk{t: t}
	k.form = form.New("x", orderQuestions, k.submit).OnPark(func(context.Context, form.State) (form.Screen, error) {
		return form.Screen{Body: []store.Text{store.Say("x.parked")}}, nil
	})
	k.state = k.form.Begin("x", "")
	return k
}

func (k *talk) submit(_ context.Context, d order, _ form.State) (form.Screen, error) {
	if err := k.fail; err != nil {
		k.fail = nil
		return form.Screen{}, err
	}
	k.sent = &d
	return form.Screen{Body: []store.Text{store.Say("x.done")}}, nil
}

// says takes a line ("words", "(button)", "[photo]" with a caption behind it, "[sticker]") and returns what is said
// then.
func (k *talk) says(line string) string {
	k.t.Helper()
	e := form.Event{Kind: form.Words, Text: line, Message: 3}
	switch {
	case strings.HasPrefix(line, "("):
		e = form.Event{Kind: form.Press, Press: strings.Trim(line, "()"), Message: 4}
	case strings.HasPrefix(line, "[photo]"):
		e = form.Event{
			Kind: form.Picture, Text: strings.TrimSpace(line[7:]), Files: []store.File{{FileID: "a"}}, Message: 5,
		}
	case line == "[sticker]":
		e = form.Event{Kind: form.Sticker, Message: 6}
	}
	step, err := k.form.Take(k.t.Context(), k.state, e)
	if err != nil {
		return err.Error()
	}
	k.outcome = step.Outcome
	b, err := json.Marshal(step.State)
	if err != nil {
		k.t.Fatal(err)
	}
	k.state = form.State{}
	if err := json.Unmarshal(b, &k.state); err != nil {
		k.t.Fatal(err)
	}
	switch step.Outcome {
	case form.Ignored:
		return "ignored"
	case form.Going:
		return read(slices.Concat(step.Say, ask(k.t, k.form, k.state).Body))
	}
	return read(step.Screen.Body)
}

// ask is the question to show now, of a form whose questions can't fail.
func ask(t *testing.T, f form.Form, s form.State) form.Screen {
	t.Helper()
	screen, err := f.Ask(s)
	if err != nil {
		t.Fatal(err)
	}
	return screen
}

// read are the ids of sentences, and the values of the review's lines.
func read(body []store.Text) string {
	var words []string
	for _, t := range body {
		id := strings.TrimPrefix(t.ID, "x.")
		if v, ok := t.Data["Value"]; ok {
			id = strings.TrimSuffix(id, ".label") + "=" + v
		}
		if v, ok := t.Data["Old"]; ok {
			id += "(was " + v + ")"
		}
		words = append(words, id)
	}
	return strings.Join(words, " ")
}

func buttons(s form.Screen) string {
	var rows []string
	for _, row := range s.Buttons {
		var data []string
		for _, b := range row {
			data = append(data, b.Data)
		}
		rows = append(rows, strings.Join(data, " "))
	}
	return strings.Join(rows, " | ")
}

const review = "head amount=50 seller=Jaya kind=nota place=shop photo=1 extra=0 review"

func TestConversations(t *testing.T) {
	type line struct{ says, want string }
	whole := []line{
		{"50", "seller"}, {"Jaya", "place"}, {"(=shop)", "photo"}, {"[photo]", "extra"}, {"(=without)", review},
	}
	for _, c := range []struct {
		name  string
		whole bool // after everything was answered
		lines []line
	}{
		{"sent", true, []line{{"(ok)", "done"}}},
		{"not understood", false, []line{{"many", "amount.again amount"}, {"50", "seller"}}},
		{"refused", false, []line{{"0", "amount.zero amount"}, {"(=Rp0)", "amount.zero amount"}, {"50", "seller"}}},
		{"several meanings", false, []line{{"150", "amount.which"}, {"(=Rp150000)", "seller"}}},
		{"several meanings, other words", false, []line{{"150", "amount.which"}, {"50", "seller"}}},
		{"unsure", false, []line{{"about 50", "amount.which"}, {"(=Rp50)", "seller"}}},
		{"an offered answer", false, []line{{"(=Rp50)", "seller"}}},
		{"a button of another question", false, []line{{"(=shop)", "amount"}}},
		{"what is no button of ours", false, []line{{"(shop)", "ignored"}}},
		{"a sticker", false, []line{{"[sticker]", "ignored"}}},
		{"a picture for no question", false, []line{{"[photo]", "ignored"}}},
		{"words for a button", false, []line{{"50", "seller"}, {"Jaya", "place"}, {"shop", "place.again place"}}},
		{"words for a photo", false, []line{
			{"50", "seller"}, {"Jaya", "place"}, {"(=market)", "photo"}, {"later", "photo.again photo"},
		}},
		{"a photo can't be left out", false, []line{
			{"50", "seller"}, {"Jaya", "place"}, {"(=shop)", "photo"}, {"(=without)", "photo"},
		}},
		{"back", false, []line{{"50", "seller"}, {"(back)", "amount"}, {"(back)", "amount"}, {"60", "seller"}}},
		{"back from the review", true, []line{
			{"(back)", "extra"}, {"[photo]", strings.Replace(review, "extra=0", "extra=1", 1)},
		}},
		{"change", true, []line{
			{"(change)", review}, {"(change:amount)", "amount"}, {"60", strings.Replace(review, "50", "60", 1)},
		}},
		{"change and back", true, []line{{"(change:amount)", "amount"}, {"(back)", review}, {"(ok)", "done"}}},
		{"change and a double tap on the button to send", true, []line{
			{"(change:amount)", "amount"}, {"(ok)", "amount"},
		}},
		{"change of what is not asked", true, []line{{"(change:nothing)", review}, {"(ok)", "done"}}},
		{"change to several meanings", true, []line{
			{"(change:amount)", "amount"}, {"150", "amount.which"}, {"(ok)", "amount.which"}, {
				"(=Rp150)", strings.Replace(review, "50", "150", 1),
			}}},
		{"a change that is refused", true, []line{
			{"(change:amount)", "amount"}, {"0", "amount.zero amount"}, {"(back)", review},
		}},
		{"words that change it", true,
			[]line{{"amount:60 seller:Abadi", "amount=60(was 50) seller=Abadi(was Jaya) " + strings.NewReplacer("50",
				"60", "Jaya", "Abadi").Replace(review)}}},
		{"words that may change it", false, []line{
			{"50", "seller"}, {"Jaya", "place"}, {
				"amount:60", "head amount=60(was 50) form.instead",
			}, {"well", "ignored"},
			{
				"(=shop)", "head amount=60(was 50) form.instead",
			}, {"(keep)", "place"}, {"amount:60 kind:none", "kind=tanpa nota head amount=60(was 50) form.instead"},
			{
				"amount:70", "head amount=70(was 50) form.instead",
			}, {"seller:Abadi", "head amount=70(was 50) seller=Abadi(was Jaya) form.instead"},
			{"(replace)", "reason"}}},
		{"what was said before is said again", false, []line{
			{"50", "seller"}, {"Jaya", "place"}, {"amount:50", "place"}, {
				"amount:60", "head amount=60(was 50) form.instead",
			}, {"amount:50", "place"}}},
		{"several meanings that may change it", false, []line{
			{"50", "seller"}, {"Jaya", "place"}, {
				"amount:150", "head amount=50 form.instead",
			}, {"(replace)", "amount.which"}}},
		{"words that correct it", false, []line{
			{"50", "seller"}, {"Jaya", "place"}, {
				"eh, amount:60", "head amount=60(was 50) place",
			}, {"amount:70 wrong", "head amount=70(was 60) place"}}},
		{"words that change nothing", true, []line{{"hm", "ignored"}}},
		{"sent too early", false, []line{{"(ok)", "amount"}, {"50", "seller"}, {"(ok)", "seller"}}},
		{"cancelled", false, []line{{"50", "seller"}, {"(cancel)", "cancelled"}}},
		{"put aside", false, []line{{"50", "seller"}, {"(later)", "parked"}}},
		{"an answer to another question", false, []line{{"seller:Jaya", "amount"}, {"50", "place"}}},
		// the seller takes it whole
		{"an answer and more", false, []line{{"50", "seller"}, {"amount:60", "place"}, {"(back)", "seller"}}},
		{"several meanings for another question", false, []line{
			{"kind:nota", "amount"}, {"amount:7/8 seller:Jaya", "amount.which"}, {"(=Rp8)", "place"}}},
		{"refused in passing", false, []line{{"amount:0 seller:Jaya", "amount"}, {"50", "place"}}},
		{"a caption", false, []line{
			// what was answered stays
			{"50", "seller"}, {"Jaya", "place"}, {"(=shop)", "photo"}, {"[photo] amount:70", "extra"},
			{"(=without)", review}}},
		{"a branch appears and goes", true, []line{
			{"(change:kind)", "kind"}, {"(=none)", "reason"}, {
				"lost", strings.NewReplacer("kind=nota", "kind=tanpa nota reason=lost").Replace(review),
			},
			{"kind:nota", "kind=nota(was tanpa nota) " + review}, {"(ok)", "done"}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			k := newTalk(t)
			if c.whole {
				c.lines = slices.Concat(whole, c.lines)
			}
			for i, l := range c.lines {
				if got := k.says(l.says); got != l.want {
					t.Fatalf("line %d, %q: says %q, want %q", i, l.says, got, l.want)
				}
			}
		})
	}
}
