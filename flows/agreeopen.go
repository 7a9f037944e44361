package flows

import (
	"strconv"

	"pendamping/flows/form"
	"pendamping/store"
)

// openChanges are the changes of people in a state that wait for one of the account's persons as somebody of the group.
func (t *turn) openChanges(state store.HandoverState) (open []store.Handover, err error) {
	for _, p := range t.acc.People {
		if p.Recipient == 0 || p.Consent == "" {
			continue
		}
		list, err := t.tx.HandoversOf(t.ctx, p.Recipient)
		if err != nil {
			return nil, err
		}
		for _, h := range list {
			if h.State != state {
				continue
			}
			w, err := changeWait(t.ctx, t.tx, h)
			if err != nil {
				return nil, err
			}
			if w.waitsFor(p) {
				open = append(open, h)
			}
		}
	}
	return open, nil
}

// showWords shows what waits for the person's word: the message that asked for it may be far above.
func (t *turn) showWords() error {
	if t.again {
		return nil
	}
	open, err := t.openChanges(store.HandoverAsked)
	if err != nil {
		return err
	}
	stopped, err := t.openChanges(store.HandoverObjected)
	if err != nil {
		return err
	}
	for _, h := range append(open, stopped...) {
		who, is := t.who.memberOf(h.Recipient)
		if !is {
			continue
		}
		of, err := recipient(t.ctx, t.tx, &t.acc, h.Recipient)
		if err != nil {
			return err
		}
		card, err := wordCard(t.ctx, t.tx, who.at(t.tx.Now(), of), h)
		if err != nil {
			return err
		}
		t.show(card)
	}
	return nil
}

// word takes "setuju" or "bukan kami" for the button of the one request that waits for it; of several it shows each.
func (t *turn) word() (taken bool, err error) {
	yes, _ := answered(t.e.Text)
	yes, no := yes || t.says("agree.yes"), t.says("agree.no")
	if t.s.Form.Form != "" || !yes && !no {
		return false, nil
	}
	open, err := t.openChanges(store.HandoverAsked)
	if err != nil || len(open) == 0 {
		return false, err
	}
	if len(open) > 1 {
		return true, t.showWords()
	}
	answer := ":y"
	if no {
		answer = ":n"
	}
	t.e.Kind, t.e.Press = form.Press, "agree:"+idText(open[0].ID)+":"+strconv.Itoa(open[0].Version)+answer
	return true, t.press()
}
