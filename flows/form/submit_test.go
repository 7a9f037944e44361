package form_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"pendamping/flows/form"
	"pendamping/store"
)

func TestSubmit(t *testing.T) {
	k := newTalk(t)
	for _, l := range []string{"Rp150", "Toko | Jaya", "kind:none", "no paper", "(=market)", "[photo]", "[photo]"} {
		k.says(l)
	}
	if got := k.says("(ok)"); got != "done" || k.outcome != form.Finished {
		t.Fatalf("says %q", got)
	}
	if s := *k.sent; s.Amount != 150 || s.Seller != "Toko | Jaya" || s.Kind != "none" || s.Reason != "no paper" ||
		s.Place != "market" ||
		len(s.Photos) != 1 || len(s.Extra) != 1 {
		t.Errorf("sent %+v", s)
	}
	if k.state.Form != "" || len(k.state.Answers) > 0 {
		t.Errorf("after the end %+v is left", k.state)
	}
}

func TestSubmitThatFails(t *testing.T) {
	for _, c := range []struct {
		name string
		fail error
		want []string // then, in order
	}{
		{"to be mended", form.Fixable{Why: store.Say("x.full")}, []string{"full " + review, "done"}},
		{"one answer to be mended", form.Fixable{
			Question: "amount", Why: store.Say("x.toomuch"),
		}, []string{"toomuch amount"}},
		{"a question that is not there", form.Fixable{
			Question: "gone", Why: store.Say("x.full"),
		}, []string{"full " + review, "done"}},
		{"not to be mended", errors.New("disk"), []string{"disk", "done"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			k := newTalk(t)
			for _, l := range []string{"50", "Jaya", "(=shop)", "[photo]", "(=without)"} {
				k.says(l)
			}
			k.fail = c.fail
			for _, want := range c.want {
				if got := k.says("(ok)"); got != want {
					t.Fatalf("says %q, want %q", got, want)
				}
			}
			if k.sent == nil {
				k.says("60")
				if got := k.says("(ok)"); got != "done" || k.sent.Amount != 60 {
					t.Errorf("mended, it says %q and has sent %+v", got, k.sent)
				}
			}
		})
	}
}

// Whatever a button's data says, nothing is submitted before each question has its answer.
func TestNoButtonSkipsAQuestion(t *testing.T) {
	for _, data := range []string{"(change:review)", "(change)", "(change:)", "(change:place)", "(=review)"} {
		k := newTalk(t)
		k.says("50")
		k.says(data)
		k.says("(ok)")
		if k.sent != nil {
			t.Errorf("after %s an order without a seller is sent: %+v", data, *k.sent)
		}
	}
}

func TestAnswersThatNoLongerParse(t *testing.T) {
	k := newTalk(t)
	k.state.Answers = []form.Answer{
		{Name: "amount", Text: "seven"}, {Name: "seller", Text: "7"}, {Name: "kind", Text: "receipt"},
		{Name: "place", Text: "moon"},
		{Name: "photo", Text: "without"}, {Name: "extra", Text: "none"}, {Name: "removed", Text: "x"},
	}
	for _, l := range []struct{ says, want string }{
		{"50", "seller"}, {"Jaya", "kind"}, {"(=nota)", "place"}, {"(=shop)", "photo"}, {"[photo]", "extra"},
		{"(=without)", review}, {"(ok)", "done"},
	} {
		if got := k.says(l.says); got != l.want {
			t.Fatalf("%q: says %q, want %q", l.says, got, l.want)
		}
	}
}

func TestBegin(t *testing.T) {
	k := newTalk(t)
	known := []form.Answer{{Name: "amount", Text: "50"}, {Name: "seller", Text: "Jaya"}}
	submit := func(context.Context, order, form.State) (form.Screen, error) { return form.Screen{}, nil }
	first := form.New("x", orderQuestions, submit).Knowing(known, "")
	asked := form.New("x", orderQuestions, submit).Knowing(known, "amount")
	for _, c := range []struct {
		name string
		form form.Form
		want string
	}{
		{"nothing known", k.form, "amount"}, {"some answers", first, "place"}, {"a question first", asked, "amount"},
	} {
		s := c.form.Begin("x", "9")
		if got := read(ask(t, c.form, s).Body); got != c.want || s.Form != "x" || s.About != "9" {
			t.Errorf("%s: asks %q in %+v, want %q", c.name, got, s, c.want)
		}
	}
	s := first.Begin("x", "9")
	s.Answers[0].Text = "70"
	if known[0].Text != "50" {
		t.Error("a conversation changes what is known")
	}
}

func TestOffer(t *testing.T) {
	k := newTalk(t)
	s, err := k.form.Offer(k.state, form.Event{
		Kind: form.Picture, Text: "amount:50 kind:none seller:Jaya place:shop", Message: 9,
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := read(ask(t, k.form, s).Body); got != "reason" {
		t.Errorf("asks %q, want the reason", got)
	}
	if a, _ := s.Answer("amount"); a.Text != "Rp50" || a.Message != 9 {
		t.Errorf("the amount is %+v", a)
	}
}

func TestButtons(t *testing.T) {
	k := newTalk(t)
	for _, l := range []struct{ says, want string }{
		{"", "=Rp50 | later cancel"},
		{"150", "=Rp150 | =Rp150000 | back later cancel"},
		{"50", "back later cancel"},
		{"Jaya", "=shop | =market | back later cancel"},
		{"(=shop)", "back later cancel"},
		{"[photo]", "=without | back later cancel"},
		{"(=without)", "ok change | later cancel"},
		{"(change)",
			"change:amount change:seller | change:kind change:place | change:photo change:extra | back later cancel"},
		{"(change:kind)", "=nota | =none | back later cancel"},
	} {
		if l.says != "" {
			k.says(l.says)
		}
		if got := buttons(ask(t, k.form, k.state)); got != l.want {
			t.Errorf("after %q: %q, want %q", l.says, got, l.want)
		}
	}
}

func TestParkAndCancel(t *testing.T) {
	ctx := t.Context()
	submit := func(context.Context, order, form.State) (form.Screen, error) { return form.Screen{}, nil }
	plain := form.New("x", orderQuestions, submit)
	if s, err := plain.Park(ctx, form.State{}); err != nil || len(s.Body) > 0 {
		t.Errorf("put aside it says %v, %v", s, err)
	}
	if s, err := plain.Cancel(ctx, form.State{}); err != nil || read(s.Body) != "cancelled" {
		t.Errorf("given up it says %v, %v", s, err)
	}
	later := form.Event{Kind: form.Press, Press: form.Later}
	if step, err := plain.Take(ctx, plain.Begin("x", ""), later); err != nil || step.Outcome != form.Ignored {
		t.Errorf("a form that is kept nowhere is put aside: %+v, %v", step, err)
	}
	kept := plain.OnCancel(func(_ context.Context, s form.State) (form.Screen, error) {
		return form.Screen{Body: []store.Text{store.Say("x.dropped", "Value", s.About)}}, nil
	})
	if s, err := kept.Cancel(ctx, form.State{About: "9"}); err != nil || read(s.Body) != "dropped=9" {
		t.Errorf("given up it says %v, %v", s, err)
	}
}

// Questions read records. Whatever a form is asked while they can't be read, it fails with that error and says nothing.
func TestQuestionsFail(t *testing.T) {
	broken := errors.New("the records can't be read")
	for n := range 12 { // the n-th reading of the records fails
		reads := 0
		f := form.New("x", func(d *order) ([]form.Question, error) {
			if reads++; reads > n {
				return nil, broken
			}
			return orderQuestions(d)
		}, func(context.Context, order, form.State) (form.Screen, error) { return form.Screen{}, nil })
		s := f.Begin("x", "")
		if n > 5 {
			s.Answers = []form.Answer{{Name: "amount", Text: "50"}}
		}
		for name, do := range map[string]func() error{
			"Ask": func() error { _, err := f.Ask(s); return err },
			"Offer": func() error {
				_, err := f.Offer(s, form.Event{Kind: form.Picture, Text: "amount:50 kind:none"})
				return err
			},
			"Take": func() error {
				_, err := f.Take(t.Context(), s, form.Event{Kind: form.Words, Text: "50"})
				return err
			},
			"a press": func() error {
				_, err := f.Take(t.Context(), s, form.Event{Kind: form.Press, Press: "=Rp50"})
				return err
			},
		} {
			reads = 0
			if err := do(); (reads > n) != errors.Is(err, broken) {
				t.Errorf("%s, reading %d of %d fails: %v", name, n+1, reads, err)
			}
		}
	}
}

func TestReviewOfAChange(t *testing.T) {
	var seller, note, kind, hidden string
	kinds := []form.Choice[string]{{Value: "nota"}, {Value: "none", Show: "tanpa nota"}}
	f := form.New("x", func(*order) ([]form.Question, error) {
		return []form.Question{
			form.Ask("seller", &seller, form.Text).Previous("Jaya"),
			form.Ask("note", &note, form.Text).Default("").Quiet(),
			form.Pick("kind", &kind, kinds).Previous("nota"),
			form.Pick("hidden", &hidden, kinds).Default("nota").Hidden().As("other"),
			form.Review(),
		}, nil
	}, nil)
	s := f.Begin("x", "")
	s.Answers = []form.Answer{{Name: "seller", Text: "Abadi"}, {Name: "kind", Text: "none"}}
	if got, want := read(ask(t, f, s).Body), "seller=Abadi(was Jaya) kind=tanpa nota(was nota) review"; got != want {
		t.Errorf("the review says %q, want %q", got, want)
	}
}

func TestText(t *testing.T) {
	for text, want := range map[string]string{
		"": "", " \n ": "", " Toko \n Jaya ": "Toko Jaya", strings.Repeat("é", 500): strings.Repeat("é", 500),
		strings.Repeat("a", 501): "",
	} {
		if got := strings.Join(form.Text(text), "?"); got != want {
			t.Errorf("%.20q is read as %.20q", text, got)
		}
	}
}
