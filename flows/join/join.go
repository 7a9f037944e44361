// Package join lets in who is invited: what more is asked of mentors and coordinators, the notice and its consent, and
// as whom an account speaks.
package join

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"pendamping/flows/broadcast"
	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/flows/handover"
	"pendamping/flows/invite"
	"pendamping/flows/privacy"
	"pendamping/flows/receipt"
	"pendamping/store"
)

// Notice is the version of the privacy notice in locales (privacy.notice); consent is to a version (UU 27/2022).
const Notice = "2026-11"

// Objects tells whether the button was "bukan kami", and of what.
func Objects(t *dialog.Turn) (string, bool) {
	arg, ok := strings.CutPrefix(t.Event.Press, "notus:")
	return arg, ok && t.Event.Kind == form.Press
}

// Invitation is what a start link carries, or what looks like a code in a message. Whoever has joined already writes
// much else: they say that it is a code, or write nothing beside it, and in the middle of a conversation it has only
// letters that codes have.
func Invitation(t *dialog.Turn) (w invite.Written, ok bool) {
	joined := len(t.Account.People) > 0
	if t.Event.Kind != form.Words && (joined || len(t.Event.Files) == 0) {
		return w, false
	}
	command, payload, _ := strings.Cut(strings.TrimSpace(t.Event.Text), " ")
	if name, _, _ := strings.Cut(strings.ToLower(command), "@"); name == "/start" {
		if payload = strings.TrimSpace(payload); payload == "" {
			return w, false
		}
		return invite.FindStart(payload), true
	}
	if joined && strings.HasPrefix(command, "/") {
		return w, false
	}
	w = invite.FindCode(t.Event.Text)
	switch {
	case !joined:
	case t.Session.Form.Form != "":
		sure := len(w.Spellings) == 1 && (strings.ContainsAny(w.Spellings[0], "0123456789") ||
			invite.UnlikeWord(w.Spellings[0]))
		return w, w.Alone && sure && !w.Doubtful
	case !w.Alone && !w.Named:
		return w, false
	}
	return w, w.Any()
}

// Join binds the account to the person whom the invitation is for. Words of somebody who has joined that only look like
// a code are not known here.
func Join(ctx context.Context, t *dialog.Turn, w invite.Written) (known bool, err error) {
	looks := len(t.Account.People) > 0 && !w.Named
	left, until, err := triesLeft(ctx, t)
	if err != nil {
		return true, err
	}
	if left == 0 || w.Several {
		if !looks {
			t.Outside(dialog.Knocker)
			said := store.Say("join.several")
			if left == 0 {
				said = store.Say("join.wait", "At", until)
			}
			t.Show(form.Screen{Body: []store.Text{said}})
		}
		return !looks, nil
	}
	i, several, err := invited(ctx, t.Tx, w)
	if several && err == nil {
		t.Asker = dialog.Guesser
		if err := t.Tx.AddGuess(ctx, t.Event.Account); err != nil || looks {
			return false, err
		}
		t.Show(form.Screen{Body: []store.Text{store.Say("join.several")}})
		return true, nil
	}
	if errors.Is(err, store.ErrNotFound) {
		t.Asker = dialog.Guesser
		if err := t.Tx.AddGuess(ctx, t.Event.Account); err != nil || looks {
			return false, err
		}
		said := store.Say("join.unknown", "Strange", dialog.Mark(w.Doubtful), "Left", strconv.Itoa(left-1), "At", until)
		t.Show(form.Screen{Body: []store.Text{said}})
		return true, nil
	}
	if err != nil {
		return true, err
	}
	p, err := t.Tx.Person(ctx, i.Person)
	if err != nil {
		return true, err
	}
	t.Session.Proving = dialog.Proving{}
	why, err := unfitting(ctx, t.Tx, i, p, t.Account)
	if err != nil {
		return true, err
	}
	if why == "" || p.Account == t.Event.Account {
		t.LetIn = t.Event.Account
	}
	switch {
	case p.Account == t.Event.Account && p.Consent == "":
		askConsent(t, p)
	case p.Account == t.Event.Account:
		return true, welcome(ctx, t, p)
	case why != "":
		return true, unfit(ctx, t, why, i, p)
	case proves(p.Role):
		return true, askProof(ctx, t, i, p)
	default:
		return true, bind(ctx, t, i, p)
	}
	return true, nil
}

// invited finds the one invitation that a message has. several means that it has more than one: whoever sent them may
// have a right to none, so nobody is let in by the first that is found.
func invited(ctx context.Context, tx store.Tx, w invite.Written) (i store.Invite, several bool, err error) {
	for _, code := range w.Spellings {
		found, err := tx.InviteByCode(ctx, code)
		if errors.Is(err, store.ErrNotFound) {
			continue
		}
		if err != nil {
			return i, false, err
		}
		several = several || i.ID != 0 && i.ID != found.ID
		i = found
	}
	if i.ID == 0 {
		return i, false, store.ErrNotFound
	}
	if w.Beside != "" {
		beside, err := tx.InviteByCode(ctx, w.Beside)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return i, false, err
		}
		several = several || beside.ID != i.ID
	}
	return i, several, nil
}

// notBoth is why an account that looks after a group can't become its officer, nor the other way round.
const notBoth = "join.own"

// unfitting is the sentence that says why an account can't become a person by an invitation, "" when it can. Each is a
// normal case.
func unfitting(ctx context.Context, tx store.Tx, i store.Invite, p store.Person, acc store.Account) (string, error) {
	switch {
	case !i.Revoked.IsZero():
		return "join.revoked", nil
	case !i.Used.IsZero() || p.Account != 0:
		return "join.used", nil
	case tx.Now().After(i.Expires) && p.Role == store.Coordinator:
		return "join.expired.central", nil
	case tx.Now().After(i.Expires):
		return "join.expired", nil
	}
	comes := p
	comes.Account = acc.ID
	human, err := dialog.SameHuman(ctx, tx, comes)
	if err != nil {
		return "", err
	}
	var groups []store.Recipient
	for _, other := range append([]store.Person{p}, human...) {
		if other.Recipient == 0 {
			continue
		}
		of, err := dialog.Recipient(ctx, tx, &acc, other.Recipient)
		if err != nil {
			return "", err
		}
		groups = append(groups, of)
	}
	return Misfit(p, acc.People, human, func(id store.ID) store.Recipient {
		return groups[slices.IndexFunc(groups, func(of store.Recipient) bool { return of.ID == id })]
	}), nil
}

// unfittingSaid says why an account can't become a person.
func unfittingSaid(why string, p store.Person) store.Text {
	if why == notBoth {
		return store.Say("join.own", "Role", string(p.Role))
	}
	return store.Say(why)
}

// Misfit is unfitting of a good invitation: who the account is already, and who is the same human by whatever account.
func Misfit(p store.Person, list, human []store.Person, group func(store.ID) store.Recipient) string {
	for _, other := range list {
		if other.Role == p.Role && other.Code == p.Code || p.Recipient != 0 && other.Recipient == p.Recipient {
			return "join.twice" // this phone is somebody else of the same group already
		}
	}
	for _, other := range human {
		if id := cmp.Or(p.Recipient, other.Recipient); id != 0 &&
			dialog.OwnGroup(p, other, dialog.Mentored(group(id))) {
			return notBoth
		}
	}
	return ""
}

// unfit says why an invitation does not fit. One that came into the hands of who looks after the group is no longer
// good, and the coordinators of the place hear of it.
func unfit(ctx context.Context, t *dialog.Turn, why string, i store.Invite, p store.Person) error {
	t.Outside(dialog.Knocker)
	t.Show(form.Screen{Body: []store.Text{unfittingSaid(why, p)}})
	if why != notBoth {
		return nil
	}
	i.Revoked, i.Claim = t.Tx.Now(), ""
	if err := t.Tx.PutInvite(ctx, "invite.revoked", &i); err != nil {
		return err
	}
	place := store.Recipient{Province: p.Province, Regency: p.Regency}
	if p.Recipient != 0 {
		of, err := t.Tx.Recipient(ctx, p.Recipient)
		if err != nil {
			return err
		}
		place = of
	}
	list, err := t.Tx.Coordinators(ctx, place.Province, place.Regency)
	for _, c := range list {
		if dialog.Reachable(c) && c.Account != t.Event.Account {
			said := store.Say("join.own.told", "Name", p.Name, "Role", string(p.Role), "Code", p.Code)
			t.Tell([]store.Message{{Chat: c.Account, Body: []store.Text{said}}})
		}
	}
	return err
}

// bind lets the account speak as a person.
func bind(ctx context.Context, t *dialog.Turn, i store.Invite, p store.Person) error {
	if err := leaveForm(ctx, t); err != nil {
		return err
	}
	t.Tx.Act(dialog.ActorOf(p))
	if err := bindTo(ctx, t.Tx, i, &p, &t.Account, true); err != nil {
		return err
	}
	t.Asker = dialog.Known
	s, err := noticeScreen(ctx, t.Tx, p, t.Setting)
	if err != nil {
		return err
	}
	t.Show(s)
	if p.Consent == "" {
		return nil
	}
	if t.Account, err = t.Tx.Account(ctx, t.Event.Account); err != nil { // it has the person now
		return err
	}
	return Agree(ctx, t, p)
}

// bindTo uses an invitation up for an account, which speaks as the person at once if it is to.
func bindTo(ctx context.Context, tx store.Tx, i store.Invite, p *store.Person, acc *store.Account, active bool) error {
	i.Used, i.Claim = tx.Now(), ""
	if err := tx.PutInvite(ctx, "invite.used", &i); err != nil {
		return err
	}
	if err := dialog.Rebind(ctx, tx, p, acc.ID); err != nil {
		return err
	}
	if err := tx.PutPerson(ctx, "person.joined", p); err != nil || !active {
		return err
	}
	acc.Active = p.ID
	return tx.PutAccount(ctx, *acc)
}

// leaveForm puts the conversation in hand aside: what was said as somebody else stands.
func leaveForm(ctx context.Context, t *dialog.Turn) (err error) {
	if t.Session.Form.Form == "" {
		return nil
	}
	if t.Who, err = dialog.Know(ctx, t.Tx, &t.Account, t.Active(), t.Session.For, t.Setting); err != nil {
		return err
	}
	return t.PutAside(ctx)
}

// askConsent shows the notice; nothing else happens before it is answered.
func askConsent(t *dialog.Turn, p store.Person) { t.Show(ConsentScreen(p)) }

// ConsentScreen is the privacy notice and its question (UU 27/2022).
func ConsentScreen(p store.Person) form.Screen {
	return form.Screen{
		Body: []store.Text{store.Say("join.hello", "Name", p.Name, "Role", string(p.Role)),
			store.Say("privacy.notice"), store.Say("consent.ask")},
		Buttons: dialog.ConsentButtons(0),
	}
}

// noticeScreen shows somebody who has just joined the notice, and asks for the consent. Whoever gave it before, by
// another phone, is not asked again: a consent is the person's and holds until they withdraw it, so their answer
// would change nothing.
func noticeScreen(ctx context.Context, tx store.Tx, p store.Person, set dialog.Setting) (form.Screen, error) {
	s := ConsentScreen(p)
	if p.Consent == "" {
		return s, nil
	}
	c, err := tx.ConsentOf(ctx, p.ID)
	s.Body[len(s.Body)-1] = store.Say("consent.stands", "Day", string(store.DayOf(c.Given, set.Zone)))
	s.Buttons = [][]store.Button{{{Text: store.Say("privasi.withdraw"), Data: dialog.Data("privasi", "ask")}}}
	return s, err
}

// Dissent leaves a person out who does not agree to the notice; the account goes on as another of its persons who did.
// Pictures that wait are only given up by the button that says so, because "nggih, tidak" may be meant otherwise and
// nothing brings them back.
func Dissent(ctx context.Context, t *dialog.Turn, p store.Person) error {
	n := t.EarlyPictures()
	if n > 0 && t.Event.Press != dialog.Discards(n) && !t.Says("consent.discard", "Count", strconv.Itoa(n)) {
		t.AsNewMessage() // the notice stays where it is
		kept := store.Say("consent.keeps", "Count", strconv.Itoa(n))
		t.Show(form.Screen{Body: []store.Text{kept}, Buttons: dialog.ConsentButtons(n)})
		return nil
	}
	s := form.Screen{Body: []store.Text{store.Say("consent.refused", "Count", strconv.Itoa(n))}}
	t.Session.Early = nil
	other, err := privacy.StepBack(ctx, t.Tx, &t.Account, p.ID)
	if err == nil && other.ID != 0 {
		var way store.Button
		way, err = invite.RoleChoice(ctx, t.Tx, other)
		s.Body, s.Buttons = append(s.Body, store.Say("privasi.others")), [][]store.Button{{way}}
	}
	t.Show(s)
	return err
}

// Agree keeps a person's consent to the notice, unless it stands already, and greets them.
func Agree(ctx context.Context, t *dialog.Turn, p store.Person) error {
	back := false
	if p.Consent == "" {
		before, err := t.Tx.ConsentOf(ctx, p.ID)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		back = err == nil && !before.Withdrawn.IsZero()
		t.Tx.Act(dialog.ActorOf(p))
		c := store.Consent{Person: p.ID, Notice: Notice, Given: t.Tx.Now(), Source: "chat"}
		if err := t.Tx.AddConsent(ctx, "consent.given", &c); err != nil {
			return err
		}
		p.Consent = c.Notice
		for i := range t.Account.People {
			if t.Account.People[i].ID == p.ID {
				t.Account.People[i].Consent = p.Consent // for what this turn still does as them
			}
		}
	}
	if err := welcome(ctx, t, p); err != nil {
		return err
	}
	if back { // who heard that they take no part
		tell, err := privacy.TellPresence(ctx, t.Tx, t.Who, p, func(group, _, _ string) store.Text {
			return store.Say("absent.back", "Name", p.Name, "Role", string(p.Role), "Group", group)
		})
		if err != nil {
			return err
		}
		t.Tell(tell)
	}
	if err := broadcast.CatchUp(ctx, t.Tx, t.Who); err != nil {
		return err
	}
	if err := handover.ShowRequests(ctx, t); err != nil {
		return err
	}
	if len(t.Session.Early) > 0 {
		return receipt.GoOnEarly(ctx, t)
	}
	return t.Restate(ctx)
}

// welcome greets somebody who may use the bot and sets their menus.
func welcome(ctx context.Context, t *dialog.Turn, p store.Person) error {
	w, err := dialog.Know(ctx, t.Tx, &t.Account, p, t.Session.For, t.Setting)
	if err != nil {
		return err
	}
	t.Who = w
	t.Show(form.Screen{Body: []store.Text{hello(w)}})
	keys(t, p.Role)
	return nil
}

// hello greets somebody who may use the bot.
func hello(w dialog.Who) store.Text {
	return store.Say("start.hello", "Name", w.Name, "Role", string(w.Role), "Group", w.For.Name)
}

// keys lets the message just shown bring the role's menus; one that takes another's place can't.
func keys(t *dialog.Turn, r store.Role) {
	m := &t.Out[len(t.Out)-1]
	m.Menu, m.Home, m.Edit = r, t.Setting.Home(r), 0
}

// Start answers /start of somebody who has joined.
func Start(ctx context.Context, t *dialog.Turn) error {
	if err := welcome(ctx, t, t.Who.Person); err != nil {
		return err
	}
	if err := handover.ShowRequests(ctx, t); err != nil {
		return err
	}
	return t.Restate(ctx)
}

// AgreedBefore answers a button of a notice that was agreed to long ago. Who presses no means something by it, but not
// a withdrawal from before they were asked.
func AgreedBefore(ctx context.Context, t *dialog.Turn, arg dialog.Args) (form.Screen, error) {
	if arg == "no" {
		return privacy.Screen(ctx, t, "ask")
	}
	return form.Screen{}, Start(ctx, t)
}

// Speak changes the language, of the menus and the question in hand too.
func Speak(ctx context.Context, t *dialog.Turn, language string) error {
	t.Account.Language = language
	if err := t.Tx.PutAccount(ctx, t.Account); err != nil {
		return err
	}
	t.Show(form.Screen{Body: []store.Text{store.Say("bahasa.done")}})
	keys(t, t.Who.Role)
	return t.Restate(ctx)
}

// SpeakAs switches to another of the account's persons.
func SpeakAs(ctx context.Context, t *dialog.Turn, arg dialog.Args) (form.Screen, error) {
	id := arg.ID()
	for _, p := range t.Account.People {
		if p.ID != id {
			continue
		}
		parked, err := t.Park(ctx)
		if err != nil {
			return form.Screen{}, err
		}
		if t.Again && t.Account.Active != p.ID {
			return form.Screen{}, t.Restate(ctx) // another was chosen since
		}
		t.Account.Active, t.Session.For = p.ID, 0
		if err := t.Tx.PutAccount(ctx, t.Account); err != nil {
			return form.Screen{}, err
		}
		if p.Consent == "" {
			askConsent(t, p)
			return form.Screen{}, nil
		}
		t.Show(parked)
		if err := welcome(ctx, t, p); err != nil {
			return form.Screen{}, err
		}
		_, err = t.TakeUp(ctx)
		return form.Screen{}, err
	}
	return form.Screen{}, t.Stale(ctx)
}

// SpeakFor lets a mentor act for one of her groups, or for none again.
func SpeakFor(ctx context.Context, t *dialog.Turn, arg dialog.Args) (form.Screen, error) {
	var of store.Recipient
	said := store.Say("for.none")
	if arg != "0" {
		r, err := t.Tx.Recipient(ctx, arg.ID())
		if errors.Is(err, store.ErrNotFound) || (err == nil && !t.Who.Theirs(r)) {
			return form.Screen{}, t.Stale(ctx)
		}
		if err != nil {
			return form.Screen{}, err
		}
		of, said = r, store.Say("for.group", "Group", r.Name)
	}
	parked, err := t.Park(ctx)
	if err != nil {
		return form.Screen{}, err
	}
	t.Session.For = of.ID
	t.Show(parked)
	t.Show(form.Screen{Body: []store.Text{said}})
	_, err = t.TakeUp(ctx)
	return form.Screen{}, err
}

// RolesScreen lists what the account may speak as.
func RolesScreen(ctx context.Context, t *dialog.Turn, _ dialog.Args) (form.Screen, error) {
	s := form.Screen{Body: []store.Text{
		store.Say("peran.one", "Name", t.Who.Name, "Role", string(t.Who.Role), "Group", t.Who.For.Name),
	}}
	if len(t.Who.Account.People) < 2 {
		return s, nil
	}
	s.Body = append(s.Body, store.Say("peran.ask"))
	for _, p := range t.Who.Account.People {
		way, err := invite.RoleChoice(ctx, t.Tx, p)
		if err != nil {
			return s, err
		}
		s.Buttons = append(s.Buttons, []store.Button{way})
	}
	return s, nil
}
