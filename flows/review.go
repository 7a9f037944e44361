package flows

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"pendamping/flows/form"
	"pendamping/store"
)

// review shows a reviewer the next thing to look at, or the nota that arg names; "again" begins with what was skipped, "g12" with
// the notas of group 12.
func (t *turn) review(arg string) error {
	if arg == "again" {
		t.s.Passed = nil
	}
	if id, ok := strings.CutPrefix(arg, "g"); ok || arg == "" {
		t.s.First = idOf(id)
	}
	list, err := t.queue()
	if err != nil {
		return err
	}
	if id := idOf(arg); id != 0 {
		for _, w := range list {
			if w.Receipt == id {
				return t.showNota(w, len(list))
			}
		}
		r, of, err := t.reviewable(id)
		if err != nil {
			return err
		}
		if done, err := t.overtaken(r, of, r.Version, store.Verified, list); done || err != nil {
			return err
		}
	}
	if of := t.s.First; strings.HasPrefix(arg, "g") { // what was skipped of this group is meant now
		for _, w := range list {
			if w.Recipient == of {
				t.s.Passed = slices.DeleteFunc(t.s.Passed, func(p string) bool { return p == passed(w.Receipt, w.Version) })
			}
		}
	}
	if arg == "" {
		others, err := matters(t.ctx, t.tx, t.who)
		if err != nil {
			return err
		}
		if len(others.Buttons) > 0 {
			others.Body = []store.Text{store.Say("desk.head", "Beside", mark(len(list) > 0))}
			t.show(others)
			if len(list) == 0 {
				return nil
			}
		}
	}
	return t.next(list)
}

func (t *turn) showNota(w store.Waiting, left int) error {
	r, of, err := t.reviewable(w.Receipt)
	if err != nil {
		return err
	}
	s, err := reviewCard(t.ctx, t.tx, t.who, r, of, w.Flags, left)
	t.show(s)
	return err
}

// queue are the notas that the person is to look at, the riskiest first; before them those of the group with which they began.
func (t *turn) queue() ([]store.Waiting, error) {
	list, err := t.tx.ToReview(t.ctx, t.who.Person, t.who.hands())
	other := func(w store.Waiting) int {
		if w.Recipient == t.s.First {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(list, func(a, b store.Waiting) int {
		return cmp.Or(cmp.Compare(other(a), other(b)), cmp.Compare(risk(b), risk(a)))
	})
	return list, err
}

// hands are the person, in all roles of the account, and their sponsors: none of these may have had a hand in what they judge.
func (w Who) hands() []store.ID {
	ids := []store.ID{w.ID}
	for _, p := range w.Account.People {
		ids = append(ids, p.ID)
	}
	return withHands(ids, w.sponsors()...)
}

// next shows the first nota of the queue that was not skipped, and says at the end that it is one.
func (t *turn) next(list []store.Waiting) error {
	left := slices.DeleteFunc(slices.Clone(list), func(w store.Waiting) bool { return slices.Contains(t.s.Passed, passed(w.Receipt, w.Version)) })
	if len(left) == 0 {
		s := form.Screen{Body: []store.Text{store.Say("review.done", "Skipped", count(len(list)))}}
		if len(list) > 0 {
			s.Buttons = [][]store.Button{{{Text: store.Say("review.again"), Data: "tinjau:again"}}}
		}
		t.show(s)
		return nil
	}
	return t.showNota(left[0], len(left))
}

func passed(id store.ID, version int) string { return fmt.Sprintf("%d:%d", id, version) }

// reviewable reads a nota that the person may look at as a reviewer: of their own recipients, or one in which another
// reviewer of their organisation had a hand.
func (t *turn) reviewable(id store.ID) (store.Receipt, store.Recipient, error) {
	r, err := t.tx.Receipt(t.ctx, id)
	if err != nil {
		return r, store.Recipient{}, err
	}
	of, err := recipient(t.ctx, t.tx, t.who.Account, r.Recipient)
	if err != nil || t.who.theirs(of) {
		return r, of, err
	}
	if t.who.Organisation != "" && of.Mentor != 0 && (slices.Contains(r.Hands, of.Mentor) || r.By == of.Mentor) {
		mentor, err := t.tx.Person(t.ctx, of.Mentor)
		if err != nil || mentor.Organisation == t.who.Organisation {
			return r, of, err
		}
	}
	return store.Receipt{}, store.Recipient{}, store.ErrNotFound
}

// reviewCard is a nota as its reviewer sees it: its pictures, what they should say, what to look out for.
func reviewCard(ctx context.Context, tx store.Tx, who Who, r store.Receipt, of store.Recipient, flags []string, left int) (form.Screen, error) {
	rules, plan, err := rulesAndPlan(ctx, tx, of)
	if err != nil {
		return form.Screen{}, err
	}
	files, err := tx.Files(ctx, r.ID)
	if err != nil {
		return form.Screen{}, err
	}
	ls := lines(rules, plan)
	s := form.Screen{Body: []store.Text{store.Say("review.head", "Number", number(r), "Group", of.Name, "Left", strconv.Itoa(left))}}
	for _, album := range albums(pictures(files), store.Text{}) {
		s.Above = append(s.Above, album.Files)
	}
	for _, f := range files {
		if f.Kind == "voice" {
			s.Above = append(s.Above, []store.Shown{shownAs(f)})
		}
	}
	s.Body = append(s.Body, store.Say("receipt.amount.label", "Value", r.Total.String()), store.Say("receipt.seller.label", "Value", r.Seller),
		store.Say("receipt.day.label", "Value", string(r.Day)))
	if s.Body, err = booked(ctx, tx, s.Body, r, plan, ls); err != nil {
		return s, err
	}
	s.Body = append(s.Body, store.Say("review.proof", "Kind", string(r.Kind), "Payment", r.Payment))
	if r.Reason != "" {
		s.Body = append(s.Body, store.Say("receipt.reason.label", "Value", r.Reason))
	}
	if r.Kind == store.KindKuitansi {
		s.Body = append(s.Body, checklist(rules, r))
	}
	for _, f := range byWeight(flags) {
		if f != "objected" && f != "asked" { // told with their words
			s.Body = append(s.Body, store.Say("flag."+f))
		}
	}
	said, err := remarksOn(ctx, tx, who, r)
	if err != nil {
		return s, err
	}
	s.Body = append(s.Body, said.body...)
	if s.Body, err = since(ctx, tx, s.Body, r, ls); err != nil {
		return s, err
	}
	if s.Body, err = lastThree(ctx, tx, s.Body, r); err != nil {
		return s, err
	}
	of1 := fmt.Sprintf("%d:%d", r.ID, r.Version)
	approves, err := who.approves(ctx, tx, of.ID)
	if err != nil {
		return s, err
	}
	decide := []store.Button{{Text: store.Say("review.verify"), Data: "verify:" + of1}, {Text: store.Say("review.return"), Data: "reasons:" + of1}}
	if approves {
		s.Body, decide = append(s.Body, store.Say("review.approved", "Number", number(r), "Group", of.Name)), decide[1:]
	}
	s.Buttons = [][]store.Button{
		decide,
		{{Text: store.Say("review.skip"), Data: "skip:" + of1}, {Text: store.Say("review.ask"), Data: "ask:" + idText(r.ID)}},
	}
	if slices.ContainsFunc(flags, func(f string) bool { return f == "file" || f == "near" || f == "twin" }) {
		s.Buttons = append(s.Buttons, []store.Button{{Text: store.Say("review.alike"), Data: "alike:" + idText(r.ID)}})
	}
	s.Buttons = append(s.Buttons, said.ways...)
	return s, nil
}

// booked adds a line for each thing bought, with what its line of the plan has taken so far.
func booked(ctx context.Context, tx store.Tx, body []store.Text, r store.Receipt, plan store.Plan, ls []line) ([]store.Text, error) {
	var spent map[store.ID]store.Rupiah
	if len(plan.Lines) > 0 {
		b, err := tx.Balance(ctx, r.Recipient)
		if err != nil {
			return body, err
		}
		spent = b.ByLine
	}
	for _, it := range r.Items {
		text := store.Say("review.item", "Item", it.Item, "Volume", quantity(it.Volume, it.Unit), "Amount", it.Amount.String(),
			"Line", lineOf(ls, chosen(it)).name, "Spent", "", "Meant", "")
		for _, l := range plan.Lines {
			if l.ID == it.Line {
				text.Data["Spent"], text.Data["Meant"] = spent[l.ID].String(), l.Amount().String()
			}
		}
		body = append(body, text)
	}
	return body, nil
}

func byWeight(flags []string) []string {
	flags = slices.Compact(slices.Sorted(slices.Values(flags)))
	slices.SortStableFunc(flags, func(a, b string) int { return cmp.Compare(weights[b], weights[a]) })
	return flags
}

// since adds what was decided before and what has changed since then.
func since(ctx context.Context, tx store.Tx, body []store.Text, r store.Receipt, ls []line) ([]store.Text, error) {
	if r.Review.By == 0 {
		return body, nil
	}
	before, _, err := tx.ReceiptAt(ctx, r.ID, r.Review.Version)
	if err != nil {
		return body, err
	}
	body = append(body, store.Say("review.before", "Verdict", r.Review.Verdict, "Reason", r.Review.Reason, "Words", r.Review.Words))
	new, err := pagesSince(ctx, tx, r, r.Review.At)
	return slices.Concat(body, differences(before, r, ls), new), err
}

// pagesSince says how many pictures of a nota came after that moment.
func pagesSince(ctx context.Context, tx store.Tx, r store.Receipt, then time.Time) ([]store.Text, error) {
	files, err := tx.Files(ctx, r.ID)
	files = slices.DeleteFunc(pictures(files), func(f store.File) bool { return !f.At.After(then) })
	if err != nil || len(files) == 0 {
		return nil, err
	}
	return []store.Text{store.Say("review.pages", "Count", strconv.Itoa(len(files)))}, nil
}

// differences are the lines of a nota that are not as they were, old beside new.
func differences(before, now store.Receipt, ls []line) []store.Text {
	var list []store.Text
	for _, name := range []string{"amount", "seller", "day", "line", "item", "volume", "kind", "payment", "reason"} {
		was, is := shown(before, ls, name), shown(now, ls, name)
		if was != is {
			list = append(list, store.Say("review.change", "What", "receipt."+name+".label", "Value", is, "Old", was))
		}
	}
	return list
}

// lastThree adds the recipient's last notas before this one.
func lastThree(ctx context.Context, tx store.Tx, body []store.Text, r store.Receipt) ([]store.Text, error) {
	list, err := tx.Receipts(ctx, r.Recipient, "", 8, 0)
	if err != nil {
		return body, err
	}
	list = slices.DeleteFunc(list, func(o store.Receipt) bool { return o.ID == r.ID || !o.State.Counts() })
	if len(list) == 0 {
		return body, nil
	}
	body = append(body, store.Say("review.others"))
	for _, o := range list[:min(3, len(list))] {
		body = append(body, inList(o))
	}
	return body, nil
}

// reasonsOf asks why a nota is returned.
func reasonsOf(_ context.Context, _ store.Tx, _ Who, of string) (form.Screen, error) {
	s := form.Screen{Body: []store.Text{store.Say("review.why")}}
	for i, r := range reasons {
		if i%2 == 0 {
			s.Buttons = append(s.Buttons, nil)
		}
		row := &s.Buttons[len(s.Buttons)-1]
		*row = append(*row, store.Button{Text: store.Say("reason." + r.code), Data: "give:" + of + ":" + r.code})
	}
	id, _, _ := strings.Cut(of, ":")
	s.Buttons = append(s.Buttons, []store.Button{
		{Text: store.Say("review.own"), Data: "return:" + strings.Replace(of, ":", "-", 1)},
		{Text: store.Say("form.back"), Data: "tinjau:" + id},
	})
	return s, nil
}

// alike shows the notas that one resembles, both pictures side by side, and then the nota again.
func (t *turn) alike(arg string) error {
	r, of, err := t.reviewable(idOf(arg))
	if err != nil {
		return err
	}
	likes, err := t.tx.Likes(t.ctx, r.ID)
	if err != nil {
		return err
	}
	t.e.Message = 0
	for _, l := range likes[:min(5, len(likes))] {
		other, err := t.tx.Receipt(t.ctx, l.Other)
		if err != nil {
			return err
		}
		theirs, err := t.tx.Recipient(t.ctx, other.Recipient)
		if err != nil {
			return err
		}
		s := form.Screen{Body: []store.Text{store.Say("review.like", "Kind", string(l.Kind), "Number", number(r), "Group", of.Name,
			"Other", number(other), "Theirs", theirs.Name, "Regency", theirs.Regency, "Amount", amount(other), "Seller", other.Seller,
			"Day", string(other.Day), "State", string(other.State))}}
		for _, id := range []store.ID{l.File, l.Picture} {
			f, err := t.tx.File(t.ctx, id)
			if errors.Is(err, store.ErrNotFound) {
				continue
			}
			if err != nil {
				return err
			}
			if f.Width > 0 {
				s.Files = append(s.Files, shownAs(f))
			}
		}
		t.show(s)
	}
	return t.review("")
}
