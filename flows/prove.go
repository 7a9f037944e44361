package flows

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"pendamping/flows/form"
	"pendamping/store"
)

// A code alone lets in whoever holds it. So few of them can be tried, and for those who judge others it is not enough: a
// mentor or a coordinator also shows that they are the person, by the number that the roster has, or by a coordinator's word.
const (
	mostGuesses = 5         // wrong codes of one account within guessSpan
	guessSpan   = time.Hour // then also a right one is refused
	mostWrong   = 3         // failed proofs for one invitation, by whomever; then it is revoked
)

// proving is an invitation whose code was right, and whose last four digits are asked for.
type proving struct {
	Invite store.ID `json:"invite"`
	Person store.ID `json:"person"`
	Waits  bool     `json:"waits,omitempty"` // for a coordinator's word instead
}

// numbers are what a message has in digits; a telephone number may be written in groups.
var numbers = regexp.MustCompile(`\+?\d(?:[ .-]?\d)*`)

// lastFour are the four digits in an answer to the question for them: alone, in a sentence, or as the end of the whole number. alone
// wants nothing beside them.
func lastFour(text string, alone bool) (string, bool) {
	text = strings.TrimSpace(unaccented(text))
	var found []string
	for _, n := range numbers.FindAllString(text, -1) {
		digits := onlyDigits(n)
		if alone && n != text || len(digits) != 4 && len(digits) < 10 {
			continue
		}
		found = append(found, digits[len(digits)-4:])
	}
	if len(found) != 1 {
		return "", false
	}
	return found[0], true
}

// proves reports whether somebody with this role must show more than a code.
func proves(r store.Role) bool { return r == store.Mentor || r == store.Coordinator }

// onlyDigits are the digits 0 to 9 of a text.
func onlyDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}

// lastDigits are the last four digits of a person's number in the roster, "" where it has none.
func lastDigits(p store.Person) string {
	n := onlyDigits(p.WA)
	if len(n) < 8 {
		return "" // no telephone number
	}
	return n[len(n)-4:]
}

// triesLeft is how many codes an account may still try now, and when it may try again once there is none left, to the next full minute.
func (t *turn) triesLeft() (left int, until string, err error) {
	now := t.tx.Now()
	list, err := t.tx.Guesses(t.ctx, t.e.Account, now.Add(-guessSpan))
	if err != nil {
		return 0, "", err
	}
	free := now // when the oldest of the tries that fill the hour is an hour ago
	if n := len(list); n >= mostGuesses {
		free = list[n-mostGuesses]
	} else if n == mostGuesses-1 {
		free = list[0]
	}
	zone := t.set.Zone
	if len(t.acc.People) > 0 {
		of, err := recipient(t.ctx, t.tx, &t.acc, t.active().Recipient)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return 0, "", err
		}
		zone = placed(of.Zone, zone)
	}
	free = free.Add(guessSpan + time.Minute - time.Nanosecond).Truncate(time.Minute)
	return max(0, mostGuesses-len(list)), free.In(zone).Format(time.RFC3339), nil
}

// askProof asks whoever gave a right code for the second thing, or has a coordinator asked about them.
func (t *turn) askProof(i store.Invite, p store.Person) error {
	if lastDigits(p) != "" {
		if err := t.leaveForm(); err != nil {
			return err
		}
		t.s.Proving = proving{Invite: i.ID, Person: p.ID}
		t.show(form.Screen{Body: []store.Text{store.Say("join.digits")}})
		return nil
	}
	asked, err := approversOf(t.ctx, t.tx, p, i)
	switch {
	case err != nil:
		return err
	case !asked.bound && p.Role == store.Coordinator:
		return t.bind(i, p) // the first of all: nobody is there to ask
	case len(asked.list) == 0 && len(asked.barred) > 0:
		return t.nobodyElse(i, p, asked.barred)
	case len(asked.list) == 0:
		t.show(form.Screen{Body: []store.Text{store.Say("join.nobody")}})
		return nil
	}
	claim := t.tx.ClaimOf(i, t.e.Account)
	waits := form.Screen{Body: []store.Text{store.Say("join.waits", "Number", spoken4(claim))}}
	before, first := i.Claim, i.Claimant
	i.Claim, i.Claimant = claim, t.e.Account
	if before == claim {
		t.s.Proving = proving{Invite: i.ID, Person: p.ID, Waits: true}
		t.show(waits)
		return t.claimAgain(i, p, asked.list)
	}
	if before != "" { // two accounts have the code: one of them is not the person's
		said := "join.other"
		i.Wrong++
		if i.Wrong >= mostWrong {
			said = "join.ended"
		}
		t.tell([]store.Message{{Chat: first, Body: []store.Text{store.Say(said)}}}) // who came first may be the person
		if i.Wrong >= mostWrong {
			return t.endInvite(i, p, asked.list)
		}
	}
	if err := t.tx.PutInvite(t.ctx, "invite.claimed", &i); err != nil {
		return err
	}
	t.s.Proving = proving{Invite: i.ID, Person: p.ID, Waits: true}
	t.show(waits)
	t.askAbout(i, asked.list, admitCard(i, p, before != "", false))
	return nil
}

// claimAgain asks the coordinators once more about whoever waits and sends the code again, once a day.
func (t *turn) claimAgain(i store.Invite, p store.Person, list []store.Person) error {
	day := store.DayOf(t.tx.Now(), t.set.Zone)
	said, err := t.tx.Promised(t.ctx, []store.ID{p.ID}, day)
	if err != nil || slices.ContainsFunc(said, func(s store.Promise) bool { return s.What == promisedClaim }) {
		return err
	}
	if err := t.tx.Promise(t.ctx, store.Promise{Person: p.ID, What: promisedClaim, Day: day, At: t.tx.Now()}); err != nil {
		return err
	}
	t.askAbout(i, list, admitCard(i, p, false, true))
	return nil
}

// promisedClaim is the promise that a code was sent once more.
const promisedClaim = "claim"

// askAbout puts the question about a claim to coordinators.
func (t *turn) askAbout(i store.Invite, list []store.Person, card form.Screen) {
	for _, c := range list {
		t.tell([]store.Message{{Chat: c.Account, Key: claimKey(i), Body: card.Body, Buttons: card.Buttons}})
	}
}

// admitCard asks a coordinator whether the account that claims an invitation is the person's; another one claimed it before, or it still
// waits.
func admitCard(i store.Invite, p store.Person, again, still bool) form.Screen {
	about := idText(p.ID) + ":" + strconv.FormatInt(i.Claimant, 10)
	return form.Screen{
		Body: []store.Text{store.Say("admit.ask", "Name", p.Name, "Role", string(p.Role), "Code", p.Code, "Number", spoken4(i.Claim),
			"Again", mark(again), "Still", mark(still))},
		Buttons: [][]store.Button{{
			{Text: store.Say("admit.yes"), Data: "admit:" + about}, {Text: store.Say("admit.no"), Data: "refuse:" + about},
		}},
	}
}

// seeClaim shows a coordinator who waits for their word; arg is PERSON.
func (t *turn) seeClaim(arg string) error {
	i, err := t.tx.InviteOf(t.ctx, idOf(arg))
	if err != nil {
		return err
	}
	p, i, _, current, err := t.claimed(arg + ":" + strconv.FormatInt(i.Claimant, 10))
	if err != nil {
		return err
	}
	if !current || !i.Used.IsZero() || !i.Revoked.IsZero() {
		t.show(form.Screen{Body: []store.Text{t.late(i, p, "")}})
		return nil
	}
	t.show(admitCard(i, p, false, true))
	return nil
}

// nobodyElse says that the code is right, but that the only coordinators who have joined may not say whose it is, and tells them once.
func (t *turn) nobodyElse(i store.Invite, p store.Person, barred []store.Person) error {
	t.show(form.Screen{Body: []store.Text{store.Say("join.barred")}})
	key := "barred:" + idText(i.ID)
	for _, c := range barred {
		sent, err := t.tx.LastSent(t.ctx, c.Account, key)
		if err != nil {
			return err
		}
		if sent == 0 {
			said := store.Say("admit.barred", "Name", p.Name, "Role", string(p.Role), "Code", p.Code)
			t.tell([]store.Message{{Chat: c.Account, Key: key, Body: []store.Text{said}}})
		}
	}
	return nil
}

// claimKey lets a later question about an invitation take the place of one that waits.
func claimKey(i store.Invite) string { return "claim:" + idText(i.ID) }

// spoken4 are four digits by which a coordinator and whoever waits find out that they speak of the same account.
func spoken4(claim string) string {
	n, err := strconv.ParseUint(claim[:min(8, len(claim))], 16, 32)
	if err != nil {
		return ""
	}
	return fmt.Sprintf("%04d", n%10_000)
}

// approvers are the coordinators who may say that the account with an invitation's code is the person's.
type approvers struct {
	list   []store.Person
	barred []store.Person // where the list is empty: who can be reached and may not say it
	bound  bool           // whether any coordinator has joined
}

// approversOf finds the approvers of an invitation, none of whom passed its code on: those of the person's place, else all who can be
// reached.
func approversOf(ctx context.Context, tx store.Tx, p store.Person, i store.Invite) (a approvers, err error) {
	all, err := tx.BoundCoordinators(ctx)
	if err != nil {
		return a, err
	}
	a.bound = len(all) > 0
	place := store.Recipient{Province: p.Province, Regency: p.Regency}
	if p.Role == store.Mentor && p.Province == "" {
		of, err := tx.RecipientsOf(ctx, p.ID)
		if err != nil {
			return a, err
		}
		if len(of) > 0 {
			place = of[0]
		}
	}
	near := slices.DeleteFunc(slices.Clone(all), func(c store.Person) bool { return !Who{Person: c}.theirs(place) })
	for _, few := range [][]store.Person{near, all} {
		a.barred = nil
		for _, c := range few {
			if !reachable(c) || c.ID == p.ID {
				continue
			}
			who, err := everyRole(ctx, tx, c)
			if err != nil {
				return a, err
			}
			if who.mayAdmit(p, i) {
				a.list = append(a.list, c)
			} else {
				a.barred = append(a.barred, c)
			}
		}
		if len(a.list) > 0 {
			break
		}
	}
	return a, nil
}

// mayAdmit tells whether a coordinator may say that the account with an invitation's code is the person's. It may well be the account of
// who says so: they become a sponsor, and verify nothing that the person enters.
func (w Who) mayAdmit(p store.Person, i store.Invite) bool {
	return w.may(admitPerson, open, withHands([]store.ID{p.ID}, i.Held...)...)
}

// prove takes the four digits. Whoever has not joined yet can do nothing else meanwhile but give another code, or stop.
func (t *turn) prove() (done bool, err error) {
	in := t.s.Proving
	joined := len(t.acc.People) > 0
	if in.Waits {
		return t.waiting()
	}
	text := strings.TrimSpace(t.e.Text)
	digits, is := lastFour(text, joined)
	is = is && t.e.Kind == form.Words
	if in.Invite == 0 || joined && (!is || t.s.Form.Form != "") {
		return false, nil
	}
	if text == "/batal" || text == "/cancel" {
		t.s.Proving = proving{}
		t.show(form.Screen{Body: []store.Text{store.Say("join.stopped")}})
		return true, nil
	}
	p, err := t.tx.Person(t.ctx, in.Person)
	if err != nil {
		return true, err
	}
	i, err := t.tx.InviteOf(t.ctx, p.ID)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return true, err
	}
	if err != nil || i.ID != in.Invite { // there is a newer one
		t.outside(Knocker)
		t.s.Proving = proving{}
		t.show(form.Screen{Body: []store.Text{store.Say("join.revoked")}})
		return true, nil
	}
	why, err := unfitting(t.ctx, t.tx, i, p, t.acc)
	if err != nil {
		return true, err
	}
	if why != "" {
		t.s.Proving = proving{}
		return true, t.unfit(why, i, p)
	}
	t.letIn = t.e.Account
	switch right := lastDigits(p); {
	case right == "": // the number was taken out of the roster meanwhile
		t.s.Proving = proving{}
		return true, t.askProof(i, p)
	case !is:
		t.show(form.Screen{Body: []store.Text{store.Say("join.digits")}})
		return true, nil
	case subtle.ConstantTimeCompare([]byte(right), []byte(digits)) == 1:
		t.s.Proving = proving{}
		return true, t.bind(i, p)
	}
	t.asker = Guesser
	if i.Wrong++; i.Wrong >= mostWrong {
		t.s.Proving = proving{}
		told, err := approversOf(t.ctx, t.tx, p, i)
		if err != nil {
			return true, err
		}
		return true, t.endInvite(i, p, told.list)
	}
	if err := t.tx.PutInvite(t.ctx, "invite.unproven", &i); err != nil {
		return true, err
	}
	t.show(form.Screen{Body: []store.Text{store.Say("join.digits.wrong", "Left", strconv.Itoa(mostWrong-i.Wrong))}})
	return true, nil
}

// waiting answers whoever waits for a coordinator's word and is nobody else here: that it is still awaited, that it is
// awaited for another phone now, or once what became of the invitation. done is false for somebody who has joined.
func (t *turn) waiting() (done bool, err error) {
	in := t.s.Proving
	if len(t.acc.People) > 0 {
		t.s.Proving = proving{}
		return false, nil
	}
	p, err := t.tx.Person(t.ctx, in.Person)
	if err != nil {
		return true, err
	}
	i, err := t.tx.InviteOf(t.ctx, p.ID)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return true, err
	}
	why := "join.revoked" // there is a newer one
	if err == nil && i.ID == in.Invite {
		if why, err = unfitting(t.ctx, t.tx, i, p, t.acc); err != nil {
			return true, err
		}
	}
	claim := t.tx.ClaimOf(i, t.e.Account)
	said := store.Say("join.waiting", "Number", spoken4(claim))
	switch {
	case why != "":
		t.s.Proving = proving{}
		said = unfittingSaid(why, p)
	case i.Claim != claim:
		said = store.Say("join.other")
	}
	t.outside(Knocker)
	t.show(form.Screen{Body: []store.Text{said}})
	return true, nil
}

// endInvite revokes an invitation whose code somebody holds who is not shown to be the person, and tells the coordinators.
func (t *turn) endInvite(i store.Invite, p store.Person, list []store.Person) error {
	i.Revoked, i.Claim = t.tx.Now(), ""
	if err := t.tx.PutInvite(t.ctx, "invite.revoked", &i); err != nil {
		return err
	}
	t.show(form.Screen{Body: []store.Text{store.Say("join.ended")}})
	for _, c := range list {
		t.tell([]store.Message{{
			Chat: c.Account, Key: claimKey(i), Body: []store.Text{store.Say("admit.ended", "Name", p.Name, "Role", string(p.Role), "Code", p.Code)},
		}})
	}
	return nil
}

// claimed reads who waits for a coordinator's word, and whether the button is still about that; arg is PERSON:ACCOUNT.
func (t *turn) claimed(arg string) (p store.Person, i store.Invite, account int64, current bool, err error) {
	a := args(arg)
	id, account := a.id(), int64(a.id())
	if p, err = t.tx.Person(t.ctx, id); err != nil {
		return p, i, 0, false, err
	}
	if i, err = t.tx.InviteOf(t.ctx, p.ID); err != nil {
		return p, i, 0, false, err
	}
	may, err := approversOf(t.ctx, t.tx, p, i)
	if err != nil {
		return p, i, 0, false, err
	}
	if !proves(p.Role) || !t.who.mayAdmit(p, i) || !slices.ContainsFunc(may.list, func(c store.Person) bool { return c.ID == t.who.ID }) {
		return p, i, 0, false, store.ErrNotFound
	}
	return p, i, account, i.Claim != "" && i.Claim == t.tx.ClaimOf(i, account), nil
}

// admit binds the account that waits to its person, on a coordinator's word.
func (t *turn) admit(arg string) error {
	if t.pressed != "" && t.pressed == t.s.Tapped {
		return nil // the second of two quick taps
	}
	p, i, account, current, err := t.claimed(arg)
	if err != nil {
		return err
	}
	acc, err := t.tx.Account(t.ctx, account)
	if err != nil {
		return err
	}
	why, err := unfitting(t.ctx, t.tx, i, p, acc)
	if err != nil {
		return err
	}
	done := store.Say("admit.done", "Name", p.Name, "Role", string(p.Role))
	if p.Account != 0 && p.Account == account {
		t.show(form.Screen{Body: []store.Text{done}})
		return nil
	}
	if why != "" || !current {
		t.show(form.Screen{Body: []store.Text{t.late(i, p, why)}})
		return nil
	}
	t.tx.Act(store.Actor{Person: t.who.ID, Role: t.who.Role})
	p.Sponsors = withHands(p.Sponsors, t.who.hands()...)
	if err := bindTo(t.ctx, t.tx, i, &p, &acc, len(acc.People) == 0); err != nil {
		return err
	}
	t.letIn = account
	told := []store.Message{{Chat: account, Body: []store.Text{store.Say("join.admitted", "Role", string(p.Role))}}}
	if len(acc.People) == 0 {
		s, err := noticeScreen(t.ctx, t.tx, p, t.set)
		if err != nil {
			return err
		}
		told[0].Body, told[0].Buttons = append(told[0].Body, s.Body...), s.Buttons
		if p.Consent != "" {
			w := Who{Person: p, Account: &acc, Zone: t.set.Zone, Today: store.DayOf(t.tx.Now(), t.set.Zone)}
			told = append(told, store.Message{
				Chat: account, Body: []store.Text{hello(w)}, Menu: p.Role, Home: t.set.Home(p.Role),
			})
			t.tx.Act(w.actor())
			if err := catchUp(t.ctx, t.tx, w); err != nil {
				return err
			}
		}
	} else { // their conversation as somebody else goes on until they choose
		choice := store.Say("peran.choice", "Role", string(p.Role), "Group", p.Code, "Name", p.Name)
		told[0].Buttons = [][]store.Button{{{Text: choice, Data: "role:" + idText(p.ID)}}}
	}
	t.tell(told)
	t.s.Tapped = t.pressed
	t.show(form.Screen{Body: []store.Text{done}})
	return nil
}

// late says to a coordinator what became of an invitation whose claim can't be decided any more; why is unfitting's reason.
func (t *turn) late(i store.Invite, p store.Person, why string) store.Text {
	state, at := why, time.Time{}
	switch {
	case !i.Used.IsZero():
		state, at = "used", i.Used
	case !i.Revoked.IsZero():
		state, at = "revoked", i.Revoked
	case p.Account != 0:
		state = "used"
	case t.tx.Now().After(i.Expires):
		state, at = "expired", i.Expires
	case why == "" && i.Claim != "":
		state = "claimed"
	case why == "":
		state = "renewed"
	}
	said := ""
	if !at.IsZero() {
		said = t.who.moment(at)
	}
	return store.Say("admit.late", "Name", p.Name, "Role", string(p.Role), "State", state, "At", said)
}

// refuse revokes the invitation of somebody whom a coordinator does not know.
func (t *turn) refuse(arg string) error {
	if t.pressed != "" && t.pressed == t.s.Tapped {
		return nil // the second of two quick taps
	}
	p, i, account, current, err := t.claimed(arg)
	if err != nil {
		return err
	}
	if p.Account != 0 && p.Account == account {
		t.show(form.Screen{Body: []store.Text{store.Say("admit.done", "Name", p.Name, "Role", string(p.Role))}})
		return nil
	}
	if !current || !i.Used.IsZero() || !i.Revoked.IsZero() {
		t.show(form.Screen{Body: []store.Text{t.late(i, p, "")}})
		return nil
	}
	t.tx.Act(store.Actor{Person: t.who.ID, Role: t.who.Role})
	i.Revoked, i.Claim = t.tx.Now(), ""
	if err := t.tx.PutInvite(t.ctx, "invite.refused", &i); err != nil {
		return err
	}
	t.tell([]store.Message{{Chat: account, Body: []store.Text{store.Say("join.refused")}}})
	t.s.Tapped = t.pressed
	t.show(form.Screen{Body: []store.Text{store.Say("admit.refused", "Name", p.Name, "Role", string(p.Role))}})
	return nil
}
