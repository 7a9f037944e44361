package handover

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"time"

	"pendamping/flows/approval"
	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/flows/invite"
	"pendamping/flows/when"
	"pendamping/store"
)

// notUsFor is how long "bukan kami" undoes a change by itself: as long as an invitation made in the chat holds. Later
// it is for the coordinators, through /lapor.
const notUsFor = invite.InviteDays * 24 * time.Hour

// disowned is the flag of a nota that somebody entered whom the group did not appoint.
const disowned = "disowned"

// groupsOwn tells whether a change is of the group itself: of its officers, or of the phone of somebody who belongs to
// it. Who its mentor is, and by which phone, is not the group's to stop or to read of.
func groupsOwn(ctx context.Context, tx store.Tx, h store.Handover) (bool, error) {
	if h.Kind != store.PhoneLost {
		return h.Kind == store.OfficerMoves, nil
	}
	p, err := dialog.Author(ctx, tx, h.From)
	return p.Recipient == h.Recipient, err
}

// NotUs undoes a change of a group's people that the group knows nothing of: "34" asks whether it is sure,
// "34:TICKET:VERSION:y" does it.
func NotUs(ctx context.Context, t *dialog.Turn, arg dialog.Args) (form.Screen, error) {
	id, ticket, version, answer := arg.ID(), arg.Word(), arg.Number(), arg.Rest()
	h, err := t.Tx.Handover(ctx, id)
	if err != nil {
		return form.Screen{}, err
	}
	of, err := t.Tx.Recipient(ctx, h.Recipient)
	if err != nil {
		return form.Screen{}, err
	}
	p, err := objector(ctx, t, h, ticket)
	if err != nil {
		return form.Screen{}, err
	}
	t.Bearer("handover", h.ID)
	who := when.At(dialog.Who{
		Person: p, Account: &t.Account, For: of, Zone: t.Setting.Zone, Bot: t.Setting.Bot, Home: t.Setting.Home,
	}, t.Tx.Now(), of)
	who.Words = func(text store.Text) string { return t.Setting.Words(dialog.Papers, text) }
	changes, err := t.Tx.HandoversOf(ctx, of.ID)
	if err != nil {
		return form.Screen{}, err
	}
	released := ticket != "" && ticket == h.Ticket && p.ID == h.From // who was replaced, or whose phone was let go
	switch {
	case h.State == store.HandoverAsked:
		return form.Screen{}, store.ErrNotFound // the button comes with what is done
	case h.State != store.HandoverDone:
		return handCard(ctx, t.Tx, who, h)
	case !released && !who.May(dialog.ObjectHandover, string(h.State), dialog.Comes(h), h.By):
		return form.Screen{}, store.ErrNotFound
	case h.Kind == store.OfficerMoves && dialog.Overtaken(changes, h):
		return form.Screen{Body: []store.Text{store.Say("notus.overtaken")}}, nil
	case t.Tx.Now().Sub(h.DecidedAt) > notUsFor:
		return form.Screen{Body: []store.Text{store.Say("notus.late", "Count", strconv.Itoa(invite.InviteDays))}}, nil
	case version == h.Version && answer == "n":
		return form.Screen{Body: []store.Text{store.Say("notus.kept")}}, nil
	case version != h.Version || answer != "y":
		own := dialog.Mark(h.Kind == store.PhoneLost && p.ID == h.From)
		newcomer, err := dialog.Author(ctx, t.Tx, dialog.Comes(h))
		answer := func(word string) string { return dialog.Data("notus", h.ID, ticket, h.Version, word) }
		t.Below() // what was told stays on the screen
		return form.Screen{
			Body: []store.Text{store.Say("notus.sure", "Own", own, "Kind", saidKind(h), "Name", newcomer.Name,
				"Role", string(newcomer.Role))},
			Buttons: [][]store.Button{
				{
					{Text: store.Say("notus.yes", "Own", own), Data: answer("y")},
				}, {{Text: store.Say("notus.no"), Data: answer("n")}},
			},
		}, err
	}
	t.Tx.Act(who.Actor())
	return stopHand(ctx, t.Tx, who, of, h)
}

// objector is the person as whom an account says "bukan kami" to a change of the group itself: one of the group's, but
// not the one who came with the change; or, by the ticket, the one whose phone was let go with it, a mentor's too.
func objector(ctx context.Context, t *dialog.Turn, h store.Handover, ticket string) (store.Person, error) {
	theirs, err := groupsOwn(ctx, t.Tx, h)
	if err != nil {
		return store.Person{}, err
	}
	for _, p := range t.Account.People {
		if theirs && p.Recipient == h.Recipient && p.Consent != "" && p.ID != dialog.Comes(h) {
			return p, nil
		}
	}
	if ticket == "" || ticket != h.Ticket || !theirs && h.Kind != store.PhoneLost {
		return store.Person{}, store.ErrNotFound
	}
	return dialog.Author(ctx, t.Tx, h.From)
}

// stopHand stops a change: the invitation and the phone that came by it are let go, the office is empty, what was
// entered meanwhile is marked, and the coordinators get it as a complaint. Who had the office before does not have it
// again: see settle.
func stopHand(
	ctx context.Context, tx store.Tx, who dialog.Who, of store.Recipient, h store.Handover,
) (form.Screen, error) {
	p, err := tx.Person(ctx, dialog.Comes(h))
	if err != nil {
		return form.Screen{}, err
	}
	marked, err := disown(ctx, tx, of, p, h.DecidedAt, who)
	if err != nil {
		return form.Screen{}, err
	}
	bound, err := sinceThen(ctx, tx, p, h.DecidedAt)
	if err != nil {
		return form.Screen{}, err
	}
	if err := invite.Revoke(ctx, tx, p.ID); err != nil {
		return form.Screen{}, err
	}
	account := int64(0)
	if bound {
		account = p.Account
		if err := dialog.Rebind(ctx, tx, &p, 0); err != nil {
			return form.Screen{}, err
		}
	}
	office := p.Role
	stopped := Freeze(h, &p)
	if stopped {
		if p.Key, err = Rekeyed(ctx, tx, p); err != nil {
			return form.Screen{}, err
		}
	}
	if err := tx.PutPerson(ctx, "person.frozen", &p); err != nil {
		return form.Screen{}, err
	}
	h.State, h.Objected, h.ObjectedAt = store.HandoverObjected, who.ID, tx.Now()
	if err := tx.PutHandover(ctx, "handover.objected", &h); err != nil {
		return form.Screen{}, err
	}
	own := dialog.Mark(objectsOwn(h))
	words := who.Words(store.Say("notus.complaint", "Own", own, "Kind", saidKind(h), "Name", p.Name,
		"Role", string(h.Role), "Group", of.Name, "By", who.Name))
	for _, line := range marked {
		words += "\n" + who.Words(line)
	}
	settling, err := settlers(ctx, tx, of, h)
	if err != nil {
		return form.Screen{}, err
	}
	c := store.Complaint{
		Person: who.ID, Recipient: of.ID, Province: of.Province, Regency: of.Regency, Topic: dialog.PeopleTopic,
		Words: words,
		State: store.ComplaintSent, At: tx.Now(),
	}
	if slices.ContainsFunc(settling, func(o store.Person) bool { return o.Role == store.Coordinator }) {
		c.State = store.ComplaintTaken // they have it as the question, and read it nowhere else first
	}
	if err := tx.AddComplaint(ctx, "complaint.sent", &c); err != nil {
		return form.Screen{}, err
	}
	done := store.Say("notus.done", "Kind", saidKind(h), "Name", p.Name, "Role", string(h.Role))
	s := form.Screen{Body: append(append([]store.Text{done}, marked...), decides(settling))}
	// the phone was let go, and stays so
	if !slices.ContainsFunc(who.Account.People, func(p store.Person) bool { return p.ID == who.ID }) {
		s.Body = append(s.Body, store.Say("notus.next"))
	}
	if account != 0 && account != who.Account.ID {
		said := store.Say("notus.gone", "Kind", saidKind(h), "Name", p.Name, "Group", of.Name)
		s.Tell = append(s.Tell, store.Message{Chat: account, Body: []store.Text{said, decides(settling)}})
	}
	if stopped && !bound && dialog.Reachable(p) { // they stay in the group, and have other commands now
		said := store.Say("notus.stopped", "Role", string(office), "Group", of.Name)
		s.Tell = append(s.Tell, store.Message{
			Chat: p.Account, Body: []store.Text{said, decides(settling)}, Menu: p.Role, Home: who.Home(p.Role),
		})
	}
	asked := map[int64]bool{account: true}
	for _, o := range settling {
		if asked[o.Account] {
			continue
		}
		asked[o.Account] = true
		card, err := settleCard(ctx, tx, when.At(who.Reader(o), tx.Now(), of), of, h)
		if err != nil {
			return s, err
		}
		s.Tell = append(s.Tell, store.Message{Chat: o.Account, Body: card.Body, Buttons: card.Buttons, Key: handKey(h)})
	}
	news, err := dialog.TellCoordinators(ctx, tx, who, c)
	if err != nil {
		return s, err
	}
	said := store.Say("notus.told", "Own", own, "Kind", saidKind(h), "Name", p.Name,
		"Role", string(h.Role), "Group", of.Name, "By", who.Name)
	// whoever keeps the group's papers mends what was marked
	told := store.Message{Body: slices.Concat([]store.Text{said}, marked, []store.Text{decides(settling)})}
	more, err := dialog.ToOfficers(ctx, tx, who, of.ID, told, h.By, of.Mentor)
	if err != nil {
		return s, err
	}
	for _, m := range more {
		if !asked[m.Chat] {
			s.Tell = append(s.Tell, m)
		}
	}
	for _, m := range news { // one message to each: who is asked to settle it has the complaint's words there
		i := slices.IndexFunc(s.Tell, func(o store.Message) bool { return o.Chat == m.Chat })
		switch {
		case i < 0 || len(s.Tell[i].Home) > 0: // a message has one keyboard
			s.Tell = append(s.Tell, m)
		case !asked[m.Chat]:
			s.Tell[i].Buttons = append(s.Tell[i].Buttons, m.Buttons...)
		}
	}
	return s, nil
}

// Freeze takes from the person whom a change brought what it gave them, an office. It tells whether that was one.
func Freeze(h store.Handover, p *store.Person) bool {
	if h.Kind != store.OfficerMoves || p.Role != h.Role {
		return false
	}
	p.Role = store.Member
	return true
}

// sinceThen tells whether a person is bound by an invitation that was used since then.
func sinceThen(ctx context.Context, tx store.Tx, p store.Person, then time.Time) (bool, error) {
	i, err := tx.InviteOf(ctx, p.ID)
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	return err == nil && p.Account != 0 && !i.Used.Before(then), err
}

// disown marks what a person entered since then, whom the group did not appoint: notas get a flag that their reviewer
// sees first, what they said of visits is unsaid, and their approval of the book is none. Other records are judged by
// the change: see dialog.EnteredByStopped. It returns what that is, a line for each kind.
func disown(
	ctx context.Context, tx store.Tx, of store.Recipient, p store.Person, then time.Time, who dialog.Who,
) (lines []store.Text, err error) {
	add := func(kind string, n int) {
		if n > 0 {
			lines = append(lines, store.Say("notus.marked", "Kind", kind, "Count", strconv.Itoa(n)))
		}
	}
	n, err := disownReceipts(ctx, tx, of, p, then)
	if err != nil {
		return nil, err
	}
	add("nota", n)
	entries, err := tx.Entries(ctx, of.ID)
	if err != nil {
		return nil, err
	}
	n = 0
	for _, e := range entries {
		if e.By == p.ID && !e.At.Before(then) {
			n++
		}
	}
	add("entry", n)
	plan, err := tx.ProposedPlan(ctx, of.ID)
	if err != nil {
		return nil, err
	}
	if plan.ID != 0 && plan.By == p.ID && !plan.At.Before(then) {
		add("plan", 1)
	}
	visits, err := tx.Visits(ctx, of.ID, dialog.Entire)
	if err != nil {
		return nil, err
	}
	n = 0
	for _, v := range visits {
		if v.Word.By != p.ID || v.Word.At.Before(then) {
			continue
		}
		v.Word = store.Word{}
		if err := tx.PutVisit(ctx, "visit.unsaid", &v); err != nil {
			return nil, err
		}
		n++
	}
	add("visit", n)
	unsigned, err := disownApproval(ctx, tx, of, p, then, who)
	if unsigned {
		add("book", 1)
	}
	return lines, err
}

// disownReceipts flags a person's notas since then, and returns how many these are.
func disownReceipts(
	ctx context.Context, tx store.Tx, of store.Recipient, p store.Person, then time.Time,
) (n int, err error) {
	list, err := tx.Receipts(ctx, of.ID, "", dialog.Entire, 0)
	if err != nil {
		return 0, err
	}
	for _, r := range list {
		theirs := r.By == p.ID || slices.Contains(r.Hands, p.ID)
		before := r.Begun.Before(then) && r.Submitted.Before(then)
		if !theirs || before || r.State == store.Cancelled || slices.Contains(r.Flags, disowned) {
			continue
		}
		r.Flags = append(slices.Clone(r.Flags), disowned)
		if err := tx.PutReceipt(ctx, "receipt.disowned", &r); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

// disownApproval unsays a person's approval of the book since then, and reports whether there was one.
func disownApproval(
	ctx context.Context, tx store.Tx, of store.Recipient, p store.Person, then time.Time, who dialog.Who,
) (bool, error) {
	a, err := tx.Approval(ctx, of.ID)
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	if err != nil || a.By != p.ID || a.At.Before(then) || a.Review.Reason == approval.NotTrue {
		return false, err
	}
	a.Review = store.Review{By: who.ID, At: tx.Now(), Version: a.Version, Reason: approval.NotTrue}
	if err := tx.PutApproval(ctx, "book.disowned", &a); err != nil {
		return false, err
	}
	r, err := dialog.Newest(ctx, tx, of.ID)
	if err == nil && r.State == store.ReportSigned && r.Approval == a.ID {
		r.State, r.Approval = store.ReportVerified, 0
		err = tx.PutReport(ctx, "report.unsigned", &r)
	}
	return true, err
}

// objected says who of the group objected to a change, and when.
func objected(ctx context.Context, tx store.Tx, who dialog.Who, h store.Handover) (form.Screen, error) {
	p, err := dialog.Author(ctx, tx, h.Objected)
	if err != nil {
		return form.Screen{}, err
	}
	of, err := tx.Recipient(ctx, h.Recipient)
	return form.Screen{Body: []store.Text{
		store.Say("notus.decided", "Own", dialog.Mark(objectsOwn(h)), "Group", of.Name, "Name", p.Name,
			"At", who.Moment(h.ObjectedAt)),
	}}, err
}

// objectsOwn tells whether a change was stopped by the one whose phone it let go.
func objectsOwn(h store.Handover) bool { return h.Kind == store.PhoneLost && h.Objected == h.From }
