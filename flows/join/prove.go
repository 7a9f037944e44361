package join

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

	"pendamping/flows/broadcast"
	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/flows/invite"
	"pendamping/store"
)

// A code alone lets in whoever holds it. So few of them can be tried, and for those who judge others it is not enough:
// a mentor or a coordinator also shows that they are the person, by the number that the roster has, or by a
// coordinator's word.
const (
	mostGuesses = 5         // wrong codes of one account within guessSpan
	guessSpan   = time.Hour // then also a right one is refused
	mostWrong   = 3         // failed proofs for one invitation, by whomever; then it is revoked
)

// numbers are what a message has in digits; a telephone number may be written in groups.
var numbers = regexp.MustCompile(`\+?\d(?:[ .-]?\d)*`)

// LastFour are the four digits in an answer to the question for them: alone, in a sentence, or as the end of the whole
// number. alone wants nothing beside them.
func LastFour(text string, alone bool) (string, bool) {
	text = strings.TrimSpace(dialog.Unaccented(text))
	var found []string
	for _, n := range numbers.FindAllString(text, -1) {
		digits := invite.OnlyDigits(n)
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

// triesLeft is how many codes an account may still try now, and when it may try again once there is none left, to the
// next full minute.
func triesLeft(ctx context.Context, t *dialog.Turn) (left int, until string, err error) {
	now := t.Tx.Now()
	list, err := t.Tx.Guesses(ctx, t.Event.Account, now.Add(-guessSpan))
	if err != nil {
		return 0, "", err
	}
	free := now // when the oldest of the tries that fill the hour is an hour ago
	if n := len(list); n >= mostGuesses {
		free = list[n-mostGuesses]
	} else if n == mostGuesses-1 {
		free = list[0]
	}
	zone := t.Setting.Zone
	if len(t.Account.People) > 0 {
		of, err := dialog.Recipient(ctx, t.Tx, &t.Account, t.Active().Recipient)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return 0, "", err
		}
		zone = dialog.Placed(of.Zone, zone)
	}
	free = free.Add(guessSpan + time.Minute - time.Nanosecond).Truncate(time.Minute)
	return max(0, mostGuesses-len(list)), free.In(zone).Format(time.RFC3339), nil
}

// askProof asks whoever gave a right code for the second thing, or has a coordinator asked about them.
func askProof(ctx context.Context, t *dialog.Turn, i store.Invite, p store.Person) error {
	t.Bearer("invite", i.ID)
	if invite.LastDigits(p) != "" {
		if err := leaveForm(ctx, t); err != nil {
			return err
		}
		t.Session.Proving = dialog.Proving{Invite: i.ID, Person: p.ID}
		t.Show(form.Screen{Body: []store.Text{store.Say("join.digits")}})
		return nil
	}
	asked, err := invite.ApproversOf(ctx, t.Tx, p, i)
	switch {
	case err != nil:
		return err
	case !asked.Bound && p.Role == store.Coordinator:
		return bind(ctx, t, i, p) // the first of all: nobody is there to ask
	case len(asked.List) == 0 && len(asked.Barred) > 0:
		return nobodyElse(ctx, t, i, p, asked.Barred)
	case len(asked.List) == 0:
		t.Show(form.Screen{Body: []store.Text{store.Say("join.nobody")}})
		return nil
	}
	claim := t.Tx.ClaimOf(i, t.Event.Account)
	waits := form.Screen{Body: []store.Text{store.Say("join.waits", "Number", spoken4(claim))}}
	before, first := i.Claim, i.Claimant
	i.Claim, i.Claimant = claim, t.Event.Account
	if before == claim {
		t.Session.Proving = dialog.Proving{Invite: i.ID, Person: p.ID, Waits: true}
		t.Show(waits)
		return claimAgain(ctx, t, i, p, asked.List)
	}
	if before != "" { // two accounts have the code: one of them is not the person's
		said := "join.other"
		t.Asker = dialog.Guesser
		i.Wrong++
		if i.Wrong >= mostWrong {
			said = "join.ended"
		}
		t.Tell([]store.Message{{Chat: first, Body: []store.Text{store.Say(said)}}}) // who came first may be the person
		if i.Wrong >= mostWrong {
			return endInvite(ctx, t, i, p, asked.List)
		}
	}
	if err := t.Tx.PutInvite(ctx, "invite.claimed", &i); err != nil {
		return err
	}
	t.Session.Proving = dialog.Proving{Invite: i.ID, Person: p.ID, Waits: true}
	t.Show(waits)
	askAbout(t, i, asked.List, admitCard(i, p, before != "", false))
	return nil
}

// claimAgain asks the coordinators once more about whoever waits and sends the code again, once a day.
func claimAgain(ctx context.Context, t *dialog.Turn, i store.Invite, p store.Person, list []store.Person) error {
	day := store.DayOf(t.Tx.Now(), t.Setting.Zone)
	said, err := t.Tx.Told(ctx, []store.ID{p.ID}, day)
	if err != nil || slices.ContainsFunc(said, func(s store.ToldOnce) bool { return s.What == promisedClaim }) {
		return err
	}
	if err := t.Tx.KeepTold(
		ctx, store.ToldOnce{Person: p.ID, What: promisedClaim, Day: day, At: t.Tx.Now()},
	); err != nil {
		return err
	}
	askAbout(t, i, list, admitCard(i, p, false, true))
	return nil
}

// promisedClaim is the promise that a code was sent once more.
const promisedClaim = "claim"

// askAbout puts the question about a claim to coordinators.
func askAbout(t *dialog.Turn, i store.Invite, list []store.Person, card form.Screen) {
	for _, c := range list {
		t.Tell([]store.Message{{Chat: c.Account, Key: claimKey(i), Body: card.Body, Buttons: card.Buttons}})
	}
}

// admitCard asks a coordinator whether the account that claims an invitation is the person's; another one claimed it
// before, or it still waits.
func admitCard(i store.Invite, p store.Person, again, still bool) form.Screen {
	about := dialog.IDText(p.ID) + ":" + strconv.FormatInt(i.Claimant, 10)
	return form.Screen{
		Body: []store.Text{store.Say("admit.ask", "Name", p.Name, "Role", string(p.Role), "Code", p.Code,
			"Number", spoken4(i.Claim),
			"Again", dialog.Mark(again), "Still", dialog.Mark(still))},
		Buttons: [][]store.Button{{
			{
				Text: store.Say("admit.yes"), Data: dialog.Data("admit", about),
			}, {Text: store.Say("admit.no"), Data: dialog.Data("refuse", about)},
		}},
	}
}

// SeeClaim shows a coordinator who waits for their word; arg is PERSON.
func SeeClaim(ctx context.Context, t *dialog.Turn, arg dialog.Args) (form.Screen, error) {
	person := arg.ID()
	i, err := t.Tx.InviteOf(ctx, person)
	if err != nil {
		return form.Screen{}, err
	}
	p, i, current, err := claimed(ctx, t, person, i.Claimant)
	if err != nil {
		return form.Screen{}, err
	}
	if !current || !i.Used.IsZero() || !i.Revoked.IsZero() {
		return form.Screen{Body: []store.Text{late(t, i, p, "")}}, nil
	}
	return admitCard(i, p, false, true), nil
}

// nobodyElse says that the code is right, but that the only coordinators who have joined may not say whose it is, and
// tells them once.
func nobodyElse(ctx context.Context, t *dialog.Turn, i store.Invite, p store.Person, barred []store.Person) error {
	t.Show(form.Screen{Body: []store.Text{store.Say("join.barred")}})
	key := "barred:" + dialog.IDText(i.ID)
	for _, c := range barred {
		sent, err := t.Tx.LastSent(ctx, c.Account, key)
		if err != nil {
			return err
		}
		if sent == 0 {
			said := store.Say("admit.barred", "Name", p.Name, "Role", string(p.Role), "Code", p.Code)
			t.Tell([]store.Message{{Chat: c.Account, Key: key, Body: []store.Text{said}}})
		}
	}
	return nil
}

// claimKey lets a later question about an invitation take the place of one that waits.
func claimKey(i store.Invite) string { return "claim:" + dialog.IDText(i.ID) }

// spoken4 are four digits by which a coordinator and whoever waits find out that they speak of the same account.
func spoken4(claim string) string {
	n, err := strconv.ParseUint(claim[:min(8, len(claim))], 16, 32)
	if err != nil {
		return ""
	}
	return fmt.Sprintf("%04d", n%10_000)
}

// Prove takes the four digits. Whoever has not joined yet can do nothing else meanwhile but give another code, or stop.
func Prove(ctx context.Context, t *dialog.Turn) (done bool, err error) {
	in := t.Session.Proving
	joined := len(t.Account.People) > 0
	if in.Waits {
		return waiting(ctx, t)
	}
	text := strings.TrimSpace(t.Event.Text)
	digits, is := LastFour(text, joined)
	is = is && t.Event.Kind == form.Words
	if in.Invite == 0 || joined && (!is || t.Session.Form.Form != "") {
		return false, nil
	}
	if text == "/batal" || text == "/cancel" {
		t.Bearer("invite", in.Invite)
		t.Session.Proving = dialog.Proving{}
		t.Show(form.Screen{Body: []store.Text{store.Say("join.stopped")}})
		return true, nil
	}
	p, err := t.Tx.Person(ctx, in.Person)
	if err != nil {
		return true, err
	}
	i, err := t.Tx.InviteOf(ctx, p.ID)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return true, err
	}
	if err != nil || i.ID != in.Invite { // there is a newer one
		t.Outside(dialog.Knocker)
		t.Session.Proving = dialog.Proving{}
		t.Show(form.Screen{Body: []store.Text{store.Say("join.revoked")}})
		return true, nil
	}
	why, err := unfitting(ctx, t.Tx, i, p, t.Account)
	if err != nil {
		return true, err
	}
	if why != "" {
		t.Session.Proving = dialog.Proving{}
		return true, unfit(ctx, t, why, i, p)
	}
	t.LetIn = t.Event.Account
	switch right := invite.LastDigits(p); {
	case right == "": // the number was taken out of the roster meanwhile
		t.Session.Proving = dialog.Proving{}
		return true, askProof(ctx, t, i, p)
	case !is:
		t.Bearer("invite", i.ID)
		t.Show(form.Screen{Body: []store.Text{store.Say("join.digits")}})
		return true, nil
	case subtle.ConstantTimeCompare([]byte(right), []byte(digits)) == 1:
		t.Session.Proving = dialog.Proving{}
		return true, bind(ctx, t, i, p)
	}
	t.Asker = dialog.Guesser
	if i.Wrong++; i.Wrong >= mostWrong {
		t.Session.Proving = dialog.Proving{}
		told, err := invite.ApproversOf(ctx, t.Tx, p, i)
		if err != nil {
			return true, err
		}
		return true, endInvite(ctx, t, i, p, told.List)
	}
	if err := t.Tx.PutInvite(ctx, "invite.unproven", &i); err != nil {
		return true, err
	}
	t.Show(form.Screen{Body: []store.Text{store.Say("join.digits.wrong", "Left", strconv.Itoa(mostWrong-i.Wrong))}})
	return true, nil
}

// waiting answers whoever waits for a coordinator's word and is nobody else here: that it is still awaited, that it is
// awaited for another phone now, or once what became of the invitation. done is false for somebody who has joined.
func waiting(ctx context.Context, t *dialog.Turn) (done bool, err error) {
	in := t.Session.Proving
	if len(t.Account.People) > 0 {
		t.Session.Proving = dialog.Proving{}
		return false, nil
	}
	p, err := t.Tx.Person(ctx, in.Person)
	if err != nil {
		return true, err
	}
	i, err := t.Tx.InviteOf(ctx, p.ID)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return true, err
	}
	why := "join.revoked" // there is a newer one
	if err == nil && i.ID == in.Invite {
		if why, err = unfitting(ctx, t.Tx, i, p, t.Account); err != nil {
			return true, err
		}
	}
	claim := t.Tx.ClaimOf(i, t.Event.Account)
	said := store.Say("join.waiting", "Number", spoken4(claim))
	t.Bearer("invite", i.ID)
	switch {
	case why != "":
		t.Outside(dialog.Knocker)
		t.Session.Proving = dialog.Proving{}
		said = unfittingSaid(why, p)
	case i.Claim != claim:
		said = store.Say("join.other")
	}
	t.Show(form.Screen{Body: []store.Text{said}})
	return true, nil
}

// endInvite revokes an invitation whose code somebody holds who is not shown to be the person, and tells the
// coordinators.
func endInvite(ctx context.Context, t *dialog.Turn, i store.Invite, p store.Person, list []store.Person) error {
	t.LetIn = 0
	i.Revoked, i.Claim = t.Tx.Now(), ""
	if err := t.Tx.PutInvite(ctx, "invite.revoked", &i); err != nil {
		return err
	}
	t.Show(form.Screen{Body: []store.Text{store.Say("join.ended")}})
	for _, c := range list {
		t.Tell([]store.Message{{
			Chat: c.Account, Key: claimKey(i), Body: []store.Text{
				store.Say("admit.ended", "Name", p.Name, "Role", string(p.Role), "Code", p.Code),
			},
		}})
	}
	return nil
}

// claimed reads who waits for a coordinator's word, and whether the button is still about that account.
func claimed(
	ctx context.Context, t *dialog.Turn, person store.ID, account int64,
) (p store.Person, i store.Invite, current bool, err error) {
	if p, err = t.Tx.Person(ctx, person); err != nil {
		return p, i, false, err
	}
	if i, err = t.Tx.InviteOf(ctx, p.ID); err != nil {
		return p, i, false, err
	}
	may, err := invite.ApproversOf(ctx, t.Tx, p, i)
	if err != nil {
		return p, i, false, err
	}
	if !proves(p.Role) || !invite.MayAdmit(t.Who, p, i) ||
		!slices.ContainsFunc(may.List, func(c store.Person) bool { return c.ID == t.Who.ID }) {
		return p, i, false, store.ErrNotFound
	}
	return p, i, i.Claim != "" && i.Claim == t.Tx.ClaimOf(i, account), nil
}

// Admit binds the account that waits to its person, on a coordinator's word.
func Admit(ctx context.Context, t *dialog.Turn, arg dialog.Args) (form.Screen, error) {
	if t.TappedTwice() {
		return form.Screen{}, nil // the second of two quick taps
	}
	person, account := arg.ID(), int64(arg.ID())
	p, i, current, err := claimed(ctx, t, person, account)
	if err != nil {
		return form.Screen{}, err
	}
	acc, err := t.Tx.Account(ctx, account)
	if err != nil {
		return form.Screen{}, err
	}
	why, err := unfitting(ctx, t.Tx, i, p, acc)
	if err != nil {
		return form.Screen{}, err
	}
	done := store.Say("admit.done", "Name", p.Name, "Role", string(p.Role))
	if p.Account != 0 && p.Account == account {
		return form.Screen{Body: []store.Text{done}}, nil
	}
	if why != "" || !current {
		return form.Screen{Body: []store.Text{late(t, i, p, why)}}, nil
	}
	t.Tx.Act(store.Actor{Person: t.Who.ID, Role: t.Who.Role})
	p.Sponsors = dialog.WithHands(p.Sponsors, t.Who.Hands()...)
	if err := bindTo(ctx, t.Tx, i, &p, &acc, len(acc.People) == 0); err != nil {
		return form.Screen{}, err
	}
	t.LetIn = account
	told := []store.Message{{Chat: account, Body: []store.Text{store.Say("join.admitted", "Role", string(p.Role))}}}
	if len(acc.People) == 0 {
		s, err := noticeScreen(ctx, t.Tx, p, t.Setting)
		if err != nil {
			return form.Screen{}, err
		}
		told[0].Body, told[0].Buttons = append(told[0].Body, s.Body...), s.Buttons
		if p.Consent != "" {
			w := dialog.Who{
				Person: p, Account: &acc, Zone: t.Setting.Zone, Today: store.DayOf(t.Tx.Now(), t.Setting.Zone),
			}
			told = append(told, store.Message{
				Chat: account, Body: []store.Text{hello(w)}, Menu: p.Role, Home: t.Setting.Home(p.Role),
			})
			t.Tx.Act(w.Actor())
			if err := broadcast.CatchUp(ctx, t.Tx, w); err != nil {
				return form.Screen{}, err
			}
		}
	} else { // their conversation as somebody else goes on until they choose
		choice := store.Say("peran.choice", "Role", string(p.Role), "Group", p.Code, "Name", p.Name)
		told[0].Buttons = [][]store.Button{{{Text: choice, Data: dialog.Data("role", p.ID)}}}
	}
	t.Tell(told)
	t.Tap()
	return form.Screen{Body: []store.Text{done}}, nil
}

// late says to a coordinator what became of an invitation whose claim can't be decided any more; why is unfitting's
// reason.
func late(t *dialog.Turn, i store.Invite, p store.Person, why string) store.Text {
	state, at := why, time.Time{}
	switch {
	case !i.Used.IsZero():
		state, at = "used", i.Used
	case !i.Revoked.IsZero():
		state, at = "revoked", i.Revoked
	case p.Account != 0:
		state = "used"
	case t.Tx.Now().After(i.Expires):
		state, at = "expired", i.Expires
	case why == "" && i.Claim != "":
		state = "claimed"
	case why == "":
		state = "renewed"
	}
	said := ""
	if !at.IsZero() {
		said = t.Who.Moment(at)
	}
	return store.Say("admit.late", "Name", p.Name, "Role", string(p.Role), "State", state, "At", said)
}

// Refuse revokes the invitation of somebody whom a coordinator does not know.
func Refuse(ctx context.Context, t *dialog.Turn, arg dialog.Args) (form.Screen, error) {
	if t.TappedTwice() {
		return form.Screen{}, nil // the second of two quick taps
	}
	person, account := arg.ID(), int64(arg.ID())
	p, i, current, err := claimed(ctx, t, person, account)
	if err != nil {
		return form.Screen{}, err
	}
	if p.Account != 0 && p.Account == account {
		return form.Screen{Body: []store.Text{store.Say("admit.done", "Name", p.Name, "Role", string(p.Role))}}, nil
	}
	if !current || !i.Used.IsZero() || !i.Revoked.IsZero() {
		return form.Screen{Body: []store.Text{late(t, i, p, "")}}, nil
	}
	t.Tx.Act(store.Actor{Person: t.Who.ID, Role: t.Who.Role})
	i.Revoked, i.Claim = t.Tx.Now(), ""
	if err := t.Tx.PutInvite(ctx, "invite.refused", &i); err != nil {
		return form.Screen{}, err
	}
	t.Tell([]store.Message{{Chat: account, Body: []store.Text{store.Say("join.refused")}}})
	t.Tap()
	return form.Screen{Body: []store.Text{store.Say("admit.refused", "Name", p.Name, "Role", string(p.Role))}}, nil
}
