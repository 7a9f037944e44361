package flows

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"pendamping/flows/form"
	"pendamping/store"
)

// Notice is the version of the privacy notice in locales (privacy.notice); consent is to a version (UU 27/2022).
const Notice = "2026-11"

// door lets in who is invited and has agreed to the notice. done means that the event went no further.
func (t *turn) door() (done bool, err error) {
	if code, ok := t.sealCode(); ok {
		return true, t.checkSeal(code)
	}
	if w, ok := t.invitation(); ok {
		if known, err := t.join(w); known || err != nil {
			return true, err
		}
	}
	if arg, ok := t.objects(); ok && len(t.acc.People) == 0 {
		if err := t.notUs(arg); !errors.Is(err, store.ErrNotFound) { // a phone that was let go may say that it is not lost
			return true, err
		}
	}
	if done, err := t.prove(); done || err != nil {
		return true, err
	}
	if len(t.acc.People) == 0 {
		t.asker = Stranger
		t.show(form.Screen{Body: []store.Text{store.Say("join.stranger", "Code", mark(t.speaksOfCode()))}})
		return true, nil
	}
	p := t.active()
	yes, no := t.consents()
	if p.Consent != "" {
		if t.e.Kind == form.Press && yes {
			return true, t.agree(p)
		}
		return false, nil
	}
	switch {
	case yes:
		return true, t.agree(p)
	case no:
		return true, t.dissent(p)
	}
	waits := t.tooEarly(p)
	ask := consentScreen(p)
	noticed, err := t.noticed()
	if err != nil {
		return true, err
	}
	if noticed && !strings.HasPrefix(t.e.Text, "/") {
		again, err := t.consentAgain(p)
		if err != nil {
			return true, err
		}
		ask.Body = []store.Text{again}
	}
	ask.Body, ask.Buttons = append(waits, ask.Body...), consentButtons(t.earlyPictures())
	t.show(ask)
	if t.e.Album != "" && len(waits) > 0 {
		t.postpone(waits[0]) // ten pictures get one answer
	}
	return true, nil
}

// Knocks tells whether an event may let a stranger in, or asks or says what anybody may.
func Knocks(e form.Event) bool {
	t := turn{e: e}
	_, seal := t.sealCode()
	_, invited := t.invitation()
	_, objects := t.objects()
	return seal || invited || objects
}

// outside says what the answer is of, where nobody in the roster gets it.
func (t *turn) outside(a Asker) {
	if len(t.acc.People) == 0 {
		t.asker = a
	}
}

// objects tells whether the button was "bukan kami", and of what.
func (t *turn) objects() (string, bool) {
	arg, ok := strings.CutPrefix(t.e.Press, "notus:")
	return arg, ok && t.e.Kind == form.Press
}

// invitation is what a start link carries, or what looks like a code in a message. Whoever has joined already writes much else: they
// say that it is a code, or write nothing beside it, and in the middle of a conversation it has only letters that codes have.
func (t *turn) invitation() (w written, ok bool) {
	joined := len(t.acc.People) > 0
	if t.e.Kind != form.Words && (joined || len(t.e.Files) == 0) {
		return w, false
	}
	command, payload, _ := strings.Cut(strings.TrimSpace(t.e.Text), " ")
	if name, _, _ := strings.Cut(strings.ToLower(command), "@"); name == "/start" {
		if payload = strings.TrimSpace(payload); payload == "" {
			return w, false
		}
		return findStart(payload), true
	}
	if joined && strings.HasPrefix(command, "/") {
		return w, false
	}
	w = findCode(t.e.Text)
	switch {
	case !joined:
	case t.s.Form.Form != "":
		sure := len(w.spellings) == 1 && (strings.ContainsAny(w.spellings[0], "0123456789") || unlikeWord(w.spellings[0]))
		return w, w.alone && sure && !w.doubtful
	case !w.alone && !w.named:
		return w, false
	}
	return w, w.any()
}

// join binds the account to the person whom the invitation is for. Words of somebody who has joined that only look like a
// code are not known here.
func (t *turn) join(w written) (known bool, err error) {
	looks := len(t.acc.People) > 0 && !w.named
	left, until, err := t.triesLeft()
	if err != nil {
		return true, err
	}
	if left == 0 || w.several {
		if !looks {
			t.outside(Knocker)
			said := store.Say("join.several")
			if left == 0 {
				said = store.Say("join.wait", "At", until)
			}
			t.show(form.Screen{Body: []store.Text{said}})
		}
		return !looks, nil
	}
	var i store.Invite
	err = store.ErrNotFound
	for _, code := range w.spellings {
		if i, err = t.tx.InviteByCode(t.ctx, code); !errors.Is(err, store.ErrNotFound) {
			break
		}
	}
	if errors.Is(err, store.ErrNotFound) {
		t.asker = Guesser
		if err := t.tx.AddGuess(t.ctx, t.e.Account); err != nil || looks {
			return false, err
		}
		said := store.Say("join.unknown", "Strange", mark(w.doubtful), "Left", strconv.Itoa(left-1), "At", until)
		t.show(form.Screen{Body: []store.Text{said}})
		return true, nil
	}
	if err != nil {
		return true, err
	}
	p, err := t.tx.Person(t.ctx, i.Person)
	if err != nil {
		return true, err
	}
	t.s.Proving = proving{}
	why, err := unfitting(t.ctx, t.tx, i, p, t.acc)
	if err != nil {
		return true, err
	}
	if why == "" || p.Account == t.e.Account {
		t.letIn = t.e.Account
	}
	switch {
	case p.Account == t.e.Account && p.Consent == "":
		t.askConsent(p)
	case p.Account == t.e.Account:
		return true, t.welcome(p)
	case why != "":
		return true, t.unfit(why, i, p)
	case proves(p.Role):
		return true, t.askProof(i, p)
	default:
		return true, t.bind(i, p)
	}
	return true, nil
}

// notBoth is why an account that looks after a group can't become its officer, nor the other way round.
const notBoth = "join.own"

// unfitting is the sentence that says why an account can't become a person by an invitation, "" when it can. Each is a normal case.
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
	human, err := sameHuman(ctx, tx, comes)
	if err != nil {
		return "", err
	}
	var groups []store.Recipient
	for _, other := range append([]store.Person{p}, human...) {
		if other.Recipient == 0 {
			continue
		}
		of, err := recipient(ctx, tx, &acc, other.Recipient)
		if err != nil {
			return "", err
		}
		groups = append(groups, of)
	}
	return misfit(p, acc.People, human, func(id store.ID) store.Recipient {
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

// misfit is unfitting of a good invitation: who the account is already, and who is the same human by whatever account.
func misfit(p store.Person, list, human []store.Person, group func(store.ID) store.Recipient) string {
	for _, other := range list {
		if other.Role == p.Role && other.Code == p.Code || p.Recipient != 0 && other.Recipient == p.Recipient {
			return "join.twice" // this phone is somebody else of the same group already
		}
	}
	for _, other := range human {
		if id := cmp.Or(p.Recipient, other.Recipient); id != 0 && OwnGroup(p, other, mentored(group(id))) {
			return notBoth
		}
	}
	return ""
}

// unfit says why an invitation does not fit. One that came into the hands of who looks after the group is no longer good, and the
// coordinators of the place hear of it.
func (t *turn) unfit(why string, i store.Invite, p store.Person) error {
	t.outside(Knocker)
	t.show(form.Screen{Body: []store.Text{unfittingSaid(why, p)}})
	if why != notBoth {
		return nil
	}
	i.Revoked, i.Claim = t.tx.Now(), ""
	if err := t.tx.PutInvite(t.ctx, "invite.revoked", &i); err != nil {
		return err
	}
	place := store.Recipient{Province: p.Province, Regency: p.Regency}
	if p.Recipient != 0 {
		of, err := t.tx.Recipient(t.ctx, p.Recipient)
		if err != nil {
			return err
		}
		place = of
	}
	list, err := t.tx.Coordinators(t.ctx, place.Province, place.Regency)
	for _, c := range list {
		if reachable(c) && c.Account != t.e.Account {
			said := store.Say("join.own.told", "Name", p.Name, "Role", string(p.Role), "Code", p.Code)
			t.tell([]store.Message{{Chat: c.Account, Body: []store.Text{said}}})
		}
	}
	return err
}

// bind lets the account speak as a person.
func (t *turn) bind(i store.Invite, p store.Person) error {
	if err := t.leaveForm(); err != nil {
		return err
	}
	t.tx.Act(actorOf(p))
	if err := bindTo(t.ctx, t.tx, i, &p, &t.acc, true); err != nil {
		return err
	}
	s, err := noticeScreen(t.ctx, t.tx, p, t.set)
	if err != nil {
		return err
	}
	t.show(s)
	if p.Consent == "" {
		return nil
	}
	if t.acc, err = t.tx.Account(t.ctx, t.e.Account); err != nil { // it has the person now
		return err
	}
	return t.agree(p)
}

// bindTo uses an invitation up for an account, which speaks as the person at once if it is to.
func bindTo(ctx context.Context, tx store.Tx, i store.Invite, p *store.Person, acc *store.Account, active bool) error {
	i.Used, i.Claim = tx.Now(), ""
	if err := tx.PutInvite(ctx, "invite.used", &i); err != nil {
		return err
	}
	if err := rebind(ctx, tx, p, acc.ID); err != nil {
		return err
	}
	if err := tx.PutPerson(ctx, "person.joined", p); err != nil || !active {
		return err
	}
	acc.Active = p.ID
	return tx.PutAccount(ctx, *acc)
}

// leaveForm puts the conversation in hand aside: what was said as somebody else stands.
func (t *turn) leaveForm() (err error) {
	if t.s.Form.Form == "" {
		return nil
	}
	if t.who, err = know(t.ctx, t.tx, &t.acc, t.active(), t.s.For, t.set); err != nil {
		return err
	}
	return t.putAside()
}

// askConsent shows the notice; nothing else happens before it is answered.
func (t *turn) askConsent(p store.Person) { t.show(consentScreen(p)) }

func consentScreen(p store.Person) form.Screen {
	return form.Screen{
		Body:    []store.Text{store.Say("join.hello", "Name", p.Name, "Role", string(p.Role)), store.Say("privacy.notice"), store.Say("consent.ask")},
		Buttons: consentButtons(0),
	}
}

// noticeScreen shows somebody who has just joined the notice, and asks for the consent. Whoever gave it before, by
// another phone, is not asked again: a consent is the person's and holds until they withdraw it, so their answer
// would change nothing.
func noticeScreen(ctx context.Context, tx store.Tx, p store.Person, set Setting) (form.Screen, error) {
	s := consentScreen(p)
	if p.Consent == "" {
		return s, nil
	}
	c, err := tx.ConsentOf(ctx, p.ID)
	s.Body[len(s.Body)-1] = store.Say("consent.stands", "Day", string(store.DayOf(c.Given, set.Zone)))
	s.Buttons = [][]store.Button{{{Text: store.Say("privasi.withdraw"), Data: "privasi:ask"}}}
	return s, err
}

// dissent leaves a person out who does not agree to the notice; the account goes on as another of its persons who did.
// Pictures that wait are only given up by the button that says so, because "nggih, tidak" may be meant otherwise and
// nothing brings them back.
func (t *turn) dissent(p store.Person) error {
	n := t.earlyPictures()
	if n > 0 && t.e.Press != discards(n) && !t.says("consent.discard", "Count", strconv.Itoa(n)) {
		t.e.Message = 0 // the notice stays where it is
		kept := store.Say("consent.keeps", "Count", strconv.Itoa(n))
		t.show(form.Screen{Body: []store.Text{kept}, Buttons: consentButtons(n)})
		return nil
	}
	s := form.Screen{Body: []store.Text{store.Say("consent.refused", "Count", strconv.Itoa(n))}}
	t.s.Early = nil
	other, err := stepBack(t.ctx, t.tx, &t.acc, p.ID)
	if err == nil && other.ID != 0 {
		var way store.Button
		way, err = roleChoice(t.ctx, t.tx, other)
		s.Body, s.Buttons = append(s.Body, store.Say("privasi.others")), [][]store.Button{{way}}
	}
	t.show(s)
	return err
}

func (t *turn) agree(p store.Person) error {
	back := false
	if p.Consent == "" {
		before, err := t.tx.ConsentOf(t.ctx, p.ID)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		back = err == nil && !before.Withdrawn.IsZero()
		t.tx.Act(actorOf(p))
		c := store.Consent{Person: p.ID, Notice: Notice, Given: t.tx.Now(), Source: "chat"}
		if err := t.tx.AddConsent(t.ctx, "consent.given", &c); err != nil {
			return err
		}
		p.Consent = c.Notice
		for i := range t.acc.People {
			if t.acc.People[i].ID == p.ID {
				t.acc.People[i].Consent = p.Consent // for what this turn still does as them
			}
		}
	}
	if err := t.welcome(p); err != nil {
		return err
	}
	if back { // who heard that they take no part
		tell, err := tellPresence(t.ctx, t.tx, t.who, p, func(group, _, _ string) store.Text {
			return store.Say("absent.back", "Name", p.Name, "Role", string(p.Role), "Group", group)
		})
		if err != nil {
			return err
		}
		t.tell(tell)
	}
	if err := catchUp(t.ctx, t.tx, t.who); err != nil {
		return err
	}
	if err := t.showWords(); err != nil {
		return err
	}
	if len(t.s.Early) > 0 {
		return t.goOnEarly()
	}
	return t.restate()
}

// welcome greets somebody who may use the bot and sets their menus.
func (t *turn) welcome(p store.Person) error {
	w, err := know(t.ctx, t.tx, &t.acc, p, t.s.For, t.set)
	if err != nil {
		return err
	}
	t.who = w
	t.show(form.Screen{Body: []store.Text{hello(w)}})
	t.keys(p.Role)
	return nil
}

// hello greets somebody who may use the bot.
func hello(w Who) store.Text {
	return store.Say("start.hello", "Name", w.Name, "Role", string(w.Role), "Group", w.For.Name)
}

// keys lets the message just shown bring the role's menus; one that takes another's place can't.
func (t *turn) keys(r store.Role) {
	m := &t.out[len(t.out)-1]
	m.Menu, m.Home, m.Edit = r, t.set.Home(r), 0
}

// home are the words on the home keyboard.
func home(r store.Role) []store.Text {
	var list []store.Text
	for _, f := range Menu(r) {
		if f.Home {
			list = append(list, store.Say("menu."+f.Name))
		}
	}
	return list
}

func (t *turn) start() error {
	if err := t.welcome(t.who.Person); err != nil {
		return err
	}
	if err := t.showWords(); err != nil {
		return err
	}
	return t.restate()
}

// special handles the buttons that touch the session itself.
func (t *turn) special(name, arg string) (done bool, err error) {
	if t.again && slices.Contains([]string{"place", "one", "each", "apart", "blank", "bahasa", "meant"}, name) {
		return true, nil // what it wrote then was committed with its answer, and there may be other pictures now
	}
	switch name {
	case "consent": // agreed long ago
		if arg == "no" { // they mean something by it, but not a withdrawal before they were asked
			s, err := privacy(t.ctx, t.tx, t.who, "ask")
			t.show(s)
			return true, err
		}
		return true, t.start()
	case "role":
		return true, t.speakAs(arg)
	case "for":
		return true, t.speakFor(arg)
	case "place":
		return true, t.place(arg)
	case "one":
		return true, t.placeOne(arg)
	case "each":
		return true, t.each()
	case "apart":
		return true, t.apart(arg)
	case "meant":
		return true, t.means(arg)
	case "blank":
		return true, t.blank()
	case "photo":
		return true, t.picture(arg)
	case "bahasa":
		if arg = strings.ToLower(arg); slices.Contains(spoken, arg) {
			return true, t.speak(arg)
		}
	}
	return false, nil
}

// speak changes the language, of the menus and the question in hand too.
func (t *turn) speak(language string) error {
	t.acc.Language = language
	if err := t.tx.PutAccount(t.ctx, t.acc); err != nil {
		return err
	}
	t.show(form.Screen{Body: []store.Text{store.Say("bahasa.done")}})
	t.keys(t.who.Role)
	return t.restate()
}

// speakAs switches to another of the account's persons.
func (t *turn) speakAs(arg string) error {
	id := idOf(arg)
	for _, p := range t.acc.People {
		if p.ID != id {
			continue
		}
		parked, err := t.park()
		if err != nil {
			return err
		}
		if t.again && t.acc.Active != p.ID {
			return t.restate() // another was chosen since
		}
		t.acc.Active, t.s.For = p.ID, 0
		if err := t.tx.PutAccount(t.ctx, t.acc); err != nil {
			return err
		}
		if p.Consent == "" {
			t.askConsent(p)
			return nil
		}
		t.show(parked)
		if err := t.welcome(p); err != nil {
			return err
		}
		_, err = t.takeUp()
		return err
	}
	return t.stale()
}

// speakFor lets a mentor act for one of her groups, or for none again.
func (t *turn) speakFor(arg string) error {
	var of store.Recipient
	said := store.Say("for.none")
	if arg != idText(0) {
		r, err := t.tx.Recipient(t.ctx, idOf(arg))
		if errors.Is(err, store.ErrNotFound) || (err == nil && !t.who.theirs(r)) {
			return t.stale()
		}
		if err != nil {
			return err
		}
		of, said = r, store.Say("for.group", "Group", r.Name)
	}
	parked, err := t.park()
	if err != nil {
		return err
	}
	t.s.For = of.ID
	t.show(parked)
	t.show(form.Screen{Body: []store.Text{said}})
	_, err = t.takeUp()
	return err
}

// rolesScreen lists what the account may speak as.
func rolesScreen(ctx context.Context, tx store.Tx, who Who, _ string) (form.Screen, error) {
	s := form.Screen{Body: []store.Text{store.Say("peran.one", "Name", who.Name, "Role", string(who.Role), "Group", who.For.Name)}}
	if len(who.Account.People) < 2 {
		return s, nil
	}
	s.Body = append(s.Body, store.Say("peran.ask"))
	for _, p := range who.Account.People {
		way, err := roleChoice(ctx, tx, p)
		if err != nil {
			return s, err
		}
		s.Buttons = append(s.Buttons, []store.Button{way})
	}
	return s, nil
}

// roleChoice is the button with which an account speaks as one of its persons.
func roleChoice(ctx context.Context, tx store.Tx, p store.Person) (store.Button, error) {
	group := p.Code
	if p.Recipient != 0 {
		r, err := tx.Recipient(ctx, p.Recipient)
		if err != nil {
			return store.Button{}, err
		}
		group = r.Name
	}
	return store.Button{Text: store.Say("peran.choice", "Role", string(p.Role), "Group", group, "Name", p.Name), Data: "role:" + idText(p.ID)}, nil
}

func idText(id store.ID) string { return strconv.FormatInt(int64(id), 10) }
