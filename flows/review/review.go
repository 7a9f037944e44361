// Package review is the desk at which a mentor or coordinator verifies a nota or returns it.
package review

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"pendamping/flows/approval"
	"pendamping/flows/budget"
	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/flows/receipt"
	"pendamping/store"
)

// Start shows a reviewer the next thing to look at, or the nota that arg names; "again" begins with what was skipped,
// "g12" with the notas of group 12.
func Start(ctx context.Context, t *dialog.Turn, arg dialog.Args) (form.Screen, error) {
	if arg == "again" {
		t.Session.Passed = nil
	}
	which := arg
	letter, id := which.Lettered()
	if letter == "g" || arg == "" {
		t.Session.First = id
	}
	list, err := queue(ctx, t)
	if err != nil {
		return form.Screen{}, err
	}
	if letter == "" && id != 0 {
		for _, w := range list {
			if w.Receipt == id {
				return form.Screen{}, showNota(ctx, t, w, len(list))
			}
		}
		r, of, err := reviewable(ctx, t, id)
		if err != nil {
			return form.Screen{}, err
		}
		if done, err := overtaken(ctx, t, r, of, r.Version, store.Verified, list); done || err != nil {
			return form.Screen{}, err
		}
	}
	if of := t.Session.First; letter == "g" { // what was skipped of this group is meant now
		for _, w := range list {
			if w.Recipient == of {
				t.Session.Passed = slices.DeleteFunc(t.Session.Passed,
					func(p string) bool { return p == passed(w.Receipt, w.Version) })
			}
		}
	}
	if arg == "" {
		others, err := waiting(ctx, t.Tx, t.Who)
		if err != nil {
			return form.Screen{}, err
		}
		if len(others.Buttons) > 0 {
			others.Body = []store.Text{store.Say("desk.head", "Beside", dialog.Mark(len(list) > 0))}
			t.Show(others)
			if len(list) == 0 {
				s, waits, err := done(ctx, t, 0)
				if waits {
					t.Show(s)
				}
				return form.Screen{}, err
			}
		}
	}
	return form.Screen{}, next(ctx, t, list)
}

func showNota(ctx context.Context, t *dialog.Turn, w store.Waiting, left int) error {
	r, of, err := reviewable(ctx, t, w.Receipt)
	if err != nil {
		return err
	}
	s, err := reviewCard(ctx, t.Tx, t.Who, r, of, w.Flags, left)
	t.Show(s)
	return err
}

// queue are the notas that the person is to look at, the riskiest first; before them those of the group with which they
// began.
func queue(ctx context.Context, t *dialog.Turn) ([]store.Waiting, error) {
	list, err := t.Tx.ToReview(ctx, t.Who.Person, t.Who.Hands())
	other := func(w store.Waiting) int {
		if w.Recipient == t.Session.First {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(list, func(a, b store.Waiting) int {
		return cmp.Or(cmp.Compare(other(a), other(b)), cmp.Compare(receipt.Risk(b), receipt.Risk(a)))
	})
	return list, err
}

// done says that no nota is left but those that were skipped. waits tells that some are left which nobody can look at
// now, because their mentor can't be reached.
func done(ctx context.Context, t *dialog.Turn, skipped int) (s form.Screen, waits bool, err error) {
	elsewhere, unreached, err := t.Tx.ReviewedElsewhere(ctx, t.Who.Person, t.Who.Hands())
	s.Body = []store.Text{store.Say("review.done", "Skipped", dialog.Count(skipped),
		"Elsewhere", dialog.Count(elsewhere), "Unreached", dialog.Count(unreached), "Role", string(t.Who.Role))}
	return s, unreached > 0, err
}

// next shows the first nota of the queue that was not skipped, and says at the end that it is one.
func next(ctx context.Context, t *dialog.Turn, list []store.Waiting) error {
	left := slices.DeleteFunc(slices.Clone(list), func(w store.Waiting) bool {
		return slices.Contains(t.Session.Passed,
			passed(w.Receipt, w.Version))
	})
	if len(left) == 0 {
		s, _, err := done(ctx, t, len(list))
		if err != nil {
			return err
		}
		if len(list) > 0 {
			s.Buttons = [][]store.Button{{{Text: store.Say("review.again"), Data: dialog.Data("tinjau", "again")}}}
		}
		t.Show(s)
		return nil
	}
	return showNota(ctx, t, left[0], len(left))
}

func passed(id store.ID, version int) string { return fmt.Sprintf("%d:%d", id, version) }

// reviewable reads a nota that the person may look at as a reviewer: of their own recipients, or one in which another
// reviewer of their organisation had a hand.
func reviewable(ctx context.Context, t *dialog.Turn, id store.ID) (store.Receipt, store.Recipient, error) {
	r, err := t.Tx.Receipt(ctx, id)
	if err != nil {
		return r, store.Recipient{}, err
	}
	of, err := dialog.Recipient(ctx, t.Tx, t.Who.Account, r.Recipient)
	if err != nil || t.Who.Theirs(of) {
		return r, of, err
	}
	if t.Who.Organisation != "" && of.Mentor != 0 && (slices.Contains(r.Hands, of.Mentor) || r.By == of.Mentor) {
		mentor, err := t.Tx.Person(ctx, of.Mentor)
		if err != nil || mentor.Organisation == t.Who.Organisation {
			return r, of, err
		}
	}
	return store.Receipt{}, store.Recipient{}, store.ErrNotFound
}

// reviewCard is a nota as its reviewer sees it: its pictures, what they should say, what to look out for.
func reviewCard(
	ctx context.Context, tx store.Tx, who dialog.Who, r store.Receipt, of store.Recipient, flags []string, left int,
) (form.Screen, error) {
	rules, plan, err := budget.RulesAndPlan(ctx, tx, of)
	if err != nil {
		return form.Screen{}, err
	}
	files, err := tx.Files(ctx, r.ID)
	if err != nil {
		return form.Screen{}, err
	}
	ls := receipt.Lines(rules, plan)
	s := form.Screen{Body: []store.Text{
		store.Say("review.head", "Number", dialog.Number(r), "Group", of.Name, "Left", strconv.Itoa(left)),
	}}
	for _, album := range dialog.Albums(receipt.Pictures(files), store.Text{}) {
		s.Above = append(s.Above, album.Files)
	}
	for _, f := range files {
		if f.Kind == "voice" {
			s.Above = append(s.Above, []store.Shown{dialog.ShownAs(f)})
		}
	}
	s.Body = append(s.Body, store.Say("receipt.amount.label", "Value", r.Total.String()),
		store.Say("receipt.seller.label", "Value", r.Seller),
		store.Say("receipt.day.label", "Value", string(r.Day)))
	if s.Body, err = booked(ctx, tx, s.Body, r, plan, ls); err != nil {
		return s, err
	}
	s.Body = append(s.Body, store.Say("review.proof", "Kind", string(r.Kind), "Payment", r.Payment))
	if r.Reason != "" {
		s.Body = append(s.Body, store.Say("receipt.reason.label", "Value", r.Reason))
	}
	if r.Kind == store.KindKuitansi {
		s.Body = append(s.Body, receipt.Checklist(rules, r))
	}
	for _, f := range byWeight(flags) {
		if f != "objected" && f != "asked" { // told with their words
			s.Body = append(s.Body, store.Say("flag."+f))
		}
	}
	said, err := approval.RemarksOn(ctx, tx, who, r)
	if err != nil {
		return s, err
	}
	s.Body = append(s.Body, said.Body...)
	if s.Body, err = since(ctx, tx, s.Body, r, ls); err != nil {
		return s, err
	}
	if s.Body, err = lastThree(ctx, tx, s.Body, r); err != nil {
		return s, err
	}
	approves, err := approval.Approves(ctx, tx, who, of.ID)
	if err != nil {
		return s, err
	}
	decide := []store.Button{
		{Text: store.Say("review.verify"), Data: dialog.Data("verify", r.ID, r.Version)},
		{Text: store.Say("review.return"), Data: dialog.Data("reasons", r.ID, r.Version)},
	}
	if approves {
		s.Body, decide = append(s.Body, store.Say("review.approved", "Number", dialog.Number(r), "Group", of.Name)),
			decide[1:]
	}
	s.Buttons = [][]store.Button{
		decide,
		{
			{Text: store.Say("review.skip"), Data: dialog.Data("skip", r.ID, r.Version)},
			{Text: store.Say("review.ask"), Data: dialog.Data("ask", r.ID)},
		},
	}
	if slices.ContainsFunc(flags, func(f string) bool { return f == "file" || f == "near" || f == "twin" }) {
		s.Buttons = append(s.Buttons, []store.Button{{
			Text: store.Say("review.alike"), Data: dialog.Data("alike", r.ID),
		}})
	}
	s.Buttons = append(s.Buttons, said.Ways...)
	return s, nil
}

// booked adds a line for each thing bought, with what its line of the plan has taken so far.
func booked(
	ctx context.Context, tx store.Tx, body []store.Text, r store.Receipt, plan store.Plan, ls []receipt.Line,
) ([]store.Text, error) {
	var spent map[store.ID]store.Rupiah
	if len(plan.Lines) > 0 {
		b, err := tx.Balance(ctx, r.Recipient)
		if err != nil {
			return body, err
		}
		spent = b.ByLine
	}
	for _, it := range r.Items {
		text := store.Say("review.item", "Item", it.Item, "Volume", dialog.Quantity(it.Volume, it.Unit),
			"Amount", it.Amount.String(),
			"Line", receipt.LineOf(ls, receipt.Chosen(it)).Name, "Spent", "", "Meant", "")
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
	slices.SortStableFunc(flags, func(a, b string) int { return cmp.Compare(receipt.Weights[b], receipt.Weights[a]) })
	return flags
}

// since adds what was decided before and what has changed since then.
func since(
	ctx context.Context, tx store.Tx, body []store.Text, r store.Receipt, ls []receipt.Line,
) ([]store.Text, error) {
	if r.Review.By == 0 {
		return body, nil
	}
	before, _, err := tx.ReceiptAt(ctx, r.ID, r.Review.Version)
	if err != nil {
		return body, err
	}
	body = append(body, store.Say("review.before", "Verdict", r.Review.Verdict, "Reason", r.Review.Reason,
		"Words", r.Review.Words))
	files, err := tx.Files(ctx, r.ID)
	if err != nil {
		return body, err
	}
	if r.Review.Verdict == string(store.Returned) && receipt.Unmended(before, r, files) {
		return append(body, store.Say("review.same")), nil
	}
	new, err := pagesSince(ctx, tx, r, r.Review.At)
	return slices.Concat(body, differences(before, r, ls), new), err
}

// pagesSince says how many pictures of a nota came after that moment.
func pagesSince(ctx context.Context, tx store.Tx, r store.Receipt, then time.Time) ([]store.Text, error) {
	files, err := tx.Files(ctx, r.ID)
	files = slices.DeleteFunc(receipt.Pictures(files), func(f store.File) bool { return !f.At.After(then) })
	if err != nil || len(files) == 0 {
		return nil, err
	}
	return []store.Text{store.Say("review.pages", "Count", strconv.Itoa(len(files)))}, nil
}

// differences are the lines of a nota that are not as they were, old beside new.
func differences(before, now store.Receipt, ls []receipt.Line) []store.Text {
	var list []store.Text
	for _, name := range []string{"amount", "seller", "day", "line", "item", "volume", "kind", "payment", "reason"} {
		was, is := receipt.Shown(before, ls, name), receipt.Shown(now, ls, name)
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
		body = append(body, receipt.InList(o))
	}
	return body, nil
}

// ReasonsOf asks why a nota is returned.
func ReasonsOf(_ context.Context, _ *dialog.Turn, arg dialog.Args) (form.Screen, error) {
	id, version := arg.Record()
	s := form.Screen{Body: []store.Text{store.Say("review.why")}}
	for i, r := range receipt.Reasons {
		if i%2 == 0 {
			s.Buttons = append(s.Buttons, nil)
		}
		row := &s.Buttons[len(s.Buttons)-1]
		*row = append(*row, store.Button{
			Text: store.Say("reason." + r.Code), Data: dialog.Data("give", id, version, r.Code),
		})
	}
	s.Buttons = append(s.Buttons, []store.Button{
		{Text: store.Say("review.own"), Data: dialog.Data("return", dialog.Dashed(id, version))},
		{Text: store.Say("form.back"), Data: dialog.Data("tinjau", id)},
	})
	return s, nil
}

// Alike shows the notas that one resembles, both pictures side by side, and then the nota again.
func Alike(ctx context.Context, t *dialog.Turn, arg dialog.Args) (form.Screen, error) {
	r, of, err := reviewable(ctx, t, arg.ID())
	if err != nil {
		return form.Screen{}, err
	}
	likes, err := t.Tx.Matches(ctx, r.ID)
	if err != nil {
		return form.Screen{}, err
	}
	t.AsNewMessage()
	for _, l := range likes[:min(5, len(likes))] {
		other, err := t.Tx.Receipt(ctx, l.Other)
		if err != nil {
			return form.Screen{}, err
		}
		theirs, err := t.Tx.Recipient(ctx, other.Recipient)
		if err != nil {
			return form.Screen{}, err
		}
		s := form.Screen{Body: []store.Text{store.Say("review.like", "Kind", string(l.Kind), "Number", dialog.Number(r),
			"Group", of.Name,
			"Other", dialog.Number(other), "Theirs", theirs.Name, "Regency", theirs.Regency,
			"Amount", dialog.Amount(other), "Seller", other.Seller,
			"Day", string(other.Day), "State", string(other.State))}}
		for _, id := range []store.ID{l.File, l.Picture} {
			f, err := t.Tx.File(ctx, id)
			if errors.Is(err, store.ErrNotFound) {
				continue
			}
			if err != nil {
				return form.Screen{}, err
			}
			if f.Width > 0 {
				s.Files = append(s.Files, dialog.ShownAs(f))
			}
		}
		t.Show(s)
	}
	return Start(ctx, t, "")
}
