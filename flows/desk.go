package flows

import (
	"context"
	"strconv"
	"strings"

	"pendamping/flows/form"
	"pendamping/store"
)

// matters is what waits for a reviewer beside notas: proposed plans, LPJ, signatures on paper, and remarks to answer; for a
// coordinator also what waits for their decision (see wait), visits that a group denied or about which one may wonder, and one phone
// behind several groups. The buttons are all there is.
func matters(ctx context.Context, tx store.Tx, who Who) (form.Screen, error) {
	var s form.Screen
	add := func(of store.ID, text func(group string) store.Text, data string, id store.ID) error {
		r, err := recipient(ctx, tx, who.Account, of)
		s.Buttons = append(s.Buttons, []store.Button{{Text: text(r.Name), Data: data + idText(id)}})
		return err
	}
	plans, err := tx.PlansToReview(ctx, who.Person, who.hands())
	if err != nil {
		return s, err
	}
	for _, p := range plans {
		if err := add(p.Recipient, func(g string) store.Text { return store.Say("desk.plan", "Group", g) }, "desk:plan:", p.ID); err != nil {
			return s, err
		}
	}
	sent, err := tx.ReportsToReview(ctx, who.Person, who.hands())
	if err != nil {
		return s, err
	}
	for _, r := range sent {
		if err := add(r.Recipient, func(g string) store.Text { return store.Say("desk.report", "Group", g) }, "desk:report:", r.ID); err != nil {
			return s, err
		}
	}
	papers, err := tx.ApprovalsToReview(ctx, who.Person, who.hands())
	if err != nil {
		return s, err
	}
	for _, a := range papers {
		if err := add(a.Recipient, func(g string) store.Text { return store.Say("desk.paper", "Group", g) }, "desk:paper:", a.ID); err != nil {
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
			return store.Say("desk.remark", "Kind", string(m.Kind), "Number", number(r), "Group", g)
		}
		if err := add(m.Recipient, about, "desk:remark:", m.ID); err != nil {
			return s, err
		}
	}
	visits, err := disputes(ctx, tx, who)
	if err != nil {
		return s, err
	}
	for _, v := range visits {
		if err := add(v.Recipient, func(g string) store.Text { return store.Say("desk.visit", "Group", g) }, "desk:visit:", v.ID); err != nil {
			return s, err
		}
	}
	odd, err := wondered(ctx, tx, who)
	if err != nil {
		return s, err
	}
	if len(odd) > 0 {
		s.Buttons = append(s.Buttons, []store.Button{{Text: store.Say("desk.visits", "Count", strconv.Itoa(len(odd))), Data: "desk:visits:"}})
	}
	waits, err := fieldWaits(ctx, tx, who)
	if err != nil {
		return s, err
	}
	s.Buttons = append(s.Buttons, waitButtons(waits)...)
	if who.Role == store.Coordinator {
		shared, err := tx.Shared(ctx, who.Province, who.Regency)
		if err != nil {
			return s, err
		}
		if len(shared) > 0 {
			s.Buttons = append(s.Buttons, []store.Button{{Text: store.Say("desk.shared", "Count", strconv.Itoa(len(shared))), Data: "desk:shared:"}})
		}
	}
	return s, nil
}

// desk shows one of a reviewer's matters: KIND:ID.
func desk(ctx context.Context, tx store.Tx, who Who, arg string) (form.Screen, error) {
	kind, id, _ := strings.Cut(arg, ":")
	switch kind {
	case "plan":
		return planAgree(ctx, tx, who, id)
	case "report":
		return reportCard(ctx, tx, who, id)
	case "paper":
		return paperCheck(ctx, tx, who, id)
	case "remark":
		m, err := tx.Remark(ctx, idOf(id))
		if err == nil && !who.is(m.To) {
			err = store.ErrNotFound
		}
		if err != nil {
			return form.Screen{}, err
		}
		return remarkCard(ctx, tx, who, m)
	case "visit":
		return twoWords(ctx, tx, who, id)
	case "visits":
		return wonders(ctx, tx, who)
	case "handover":
		if who.Role != store.Coordinator {
			break
		}
		return handover(ctx, tx, who, id)
	case "shared":
		return shared(ctx, tx, who)
	}
	return form.Screen{}, store.ErrNotFound
}

// shared lists the phones that stand behind several groups of a coordinator's place. It accuses nobody: in a small village one
// phone may serve two groups.
func shared(ctx context.Context, tx store.Tx, who Who) (form.Screen, error) {
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
		s.Body = append(s.Body, store.Say("shared.line", "Kind", one.Kind, "Count", strconv.Itoa(len(names)), "Groups", clip(strings.Join(names, ", "), 200)))
	}
	return s, nil
}
