package review

import (
	"context"
	"strconv"
	"strings"

	"pendamping/flows/approval"
	"pendamping/flows/budget"
	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/flows/handover"
	"pendamping/flows/lpj"
	"pendamping/flows/visit"
	"pendamping/store"
)

// waiting is what waits for a reviewer beside notas: proposed plans, LPJ, signatures on paper, and remarks to answer;
// for a coordinator also what waits for their decision (see wait), visits that a group denied or about which one may
// wonder, and one phone behind several groups. The buttons are all there is.
func waiting(ctx context.Context, tx store.Tx, who dialog.Who) (form.Screen, error) {
	var s form.Screen
	add := func(of store.ID, text func(group string) store.Text, what string, id store.ID) error {
		r, err := dialog.Recipient(ctx, tx, who.Account, of)
		s.Buttons = append(s.Buttons, []store.Button{{Text: text(r.Name), Data: dialog.Data("desk", what, id)}})
		return err
	}
	plans, err := tx.PlansToReview(ctx, who.Person, who.Hands())
	if err != nil {
		return s, err
	}
	for _, p := range plans {
		if err := add(p.Recipient, func(g string) store.Text {
			return store.Say("desk.plan", "Group", g)
		}, "plan", p.ID); err != nil {
			return s, err
		}
	}
	sent, err := tx.ReportsToReview(ctx, who.Person, who.Hands())
	if err != nil {
		return s, err
	}
	for _, r := range sent {
		if err := add(r.Recipient, func(g string) store.Text {
			return store.Say("desk.report", "Group", g)
		}, "report", r.ID); err != nil {
			return s, err
		}
	}
	papers, err := tx.ApprovalsToReview(ctx, who.Person, who.Hands())
	if err != nil {
		return s, err
	}
	for _, a := range papers {
		if err := add(a.Recipient, func(g string) store.Text {
			return store.Say("desk.paper", "Group", g)
		}, "paper", a.ID); err != nil {
			return s, err
		}
	}
	remarks, err := tx.RemarksTo(ctx, who.ID)
	if err != nil {
		return s, err
	}
	for _, m := range remarks {
		r, err := tx.Receipt(ctx, m.Receipt)
		if err != nil {
			return s, err
		}
		about := func(g string) store.Text {
			return store.Say("desk.remark", "Kind", string(m.Kind), "Number", dialog.Number(r), "Group", g)
		}
		if err := add(m.Recipient, about, "remark", m.ID); err != nil {
			return s, err
		}
	}
	visits, err := visit.Disputes(ctx, tx, who)
	if err != nil {
		return s, err
	}
	for _, v := range visits {
		if err := add(v.Recipient, func(g string) store.Text {
			return store.Say("desk.visit", "Group", g)
		}, "visit", v.ID); err != nil {
			return s, err
		}
	}
	odd, err := visit.Wondered(ctx, tx, who)
	if err != nil {
		return s, err
	}
	if len(odd) > 0 {
		s.Buttons = append(s.Buttons, []store.Button{{
			Text: store.Say("desk.visits", "Count", strconv.Itoa(len(odd))),
			Data: dialog.Data("desk", "visits", ""),
		}})
	}
	waits, err := handover.FieldWaits(ctx, tx, who)
	if err != nil {
		return s, err
	}
	s.Buttons = append(s.Buttons, handover.WaitButtons(waits)...)
	if who.Role == store.Coordinator {
		shared, err := tx.Shared(ctx, who.Province, who.Regency)
		if err != nil {
			return s, err
		}
		if len(shared) > 0 {
			s.Buttons = append(s.Buttons, []store.Button{{
				Text: store.Say("desk.shared", "Count", strconv.Itoa(len(shared))),
				Data: dialog.Data("desk", "shared", ""),
			}})
		}
	}
	return s, nil
}

// Desk shows one of what waits for a reviewer: KIND:ID.
func Desk(ctx context.Context, t *dialog.Turn, arg dialog.Args) (form.Screen, error) {
	tx, who := t.Tx, t.Who
	switch arg.Word() {
	case "plan":
		return budget.Agree(ctx, t, arg)
	case "report":
		return lpj.ReportCard(ctx, t, arg)
	case "paper":
		return approval.CheckSignature(ctx, t, arg)
	case "remark":
		m, err := tx.Remark(ctx, arg.ID())
		if err == nil && !who.Is(m.To) {
			err = store.ErrNotFound
		}
		if err != nil {
			return form.Screen{}, err
		}
		return approval.RemarkCard(ctx, tx, who, m)
	case "visit":
		return visit.TwoWords(ctx, tx, who, arg.ID())
	case "visits":
		return visit.Wonders(ctx, tx, who)
	case "shared":
		return shared(ctx, tx, who)
	}
	return form.Screen{}, store.ErrNotFound
}

// shared lists the phones that stand behind several groups of a coordinator's place. It accuses nobody: in a small
// village one phone may serve two groups.
func shared(ctx context.Context, tx store.Tx, who dialog.Who) (form.Screen, error) {
	if who.Role != store.Coordinator {
		return form.Screen{}, store.ErrNotFound
	}
	list, err := tx.Shared(ctx, who.Province, who.Regency)
	if err != nil {
		return form.Screen{}, err
	}
	s := form.Screen{Body: []store.Text{store.Say("shared.head")}}
	for i, one := range list {
		if i == 20 {
			break
		}
		var names []string
		for _, r := range one.Recipients {
			names = append(names, r.Name)
		}
		s.Body = append(s.Body, store.Say("shared.line", "Kind", one.Kind, "Count", strconv.Itoa(len(names)),
			"Groups", dialog.Clip(strings.Join(names, ", "), 200)))
	}
	return s, nil
}
