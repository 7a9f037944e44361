package flows

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"pendamping/flows/form"
	"pendamping/flows/paper"
	"pendamping/store"
)

// Deeds are all deeds of the table of permissions.
func Deeds() []string {
	var list []string
	for _, d := range slices.Sorted(maps.Keys(permits())) {
		list = append(list, string(d))
	}
	return list
}

// Why is why one person can't complete a fraud with a deed.
func Why(d string) string { return permits()[deed(d)].why }

// MayTied is May for somebody who has their office on the proposal of the one who had the hand in the record.
func MayTied(role store.Role, d, state string) bool {
	return Who{Person: store.Person{ID: 2, Role: role, Sponsors: []store.ID{1}}}.may(deed(d), state, 1)
}

// May tells whether the table of permissions lets a role do something, in that state, to a record in which they had a hand or
// not.
func May(role store.Role, d, state string, own bool) bool {
	hand := store.ID(1)
	if own {
		hand = 2
	}
	return Who{Person: store.Person{ID: 2, Role: role}}.may(deed(d), state, hand)
}

// MayAs is May for a person of an account that is another person too, who had a hand in the record.
func MayAs(role, other store.Role, d, state string) bool {
	me, too := store.Person{ID: 2, Role: role}, store.Person{ID: 3, Role: other}
	return Who{Person: me, Account: &store.Account{People: []store.Person{me, too}}}.may(deed(d), state, too.ID)
}

// BookHash is bookHash.
func BookHash(receipts []store.Receipt, entries []store.Entry) string {
	return bookHash(receipts, entries)
}

// Measures are what a quantity of a plan may mean, each as it is shown and as it is kept.
func Measures(unit, text string) (shown, kept []string) {
	for _, m := range measures(unit)(text) {
		shown, kept = append(shown, m.String()), append(kept, m.Typed())
	}
	return shown, kept
}

// CountTasks works out the tasks of everybody in some zones, as /tugas does for one mentor.
func CountTasks(ctx context.Context, tx store.Tx, zones []string, zone *time.Location) (n int, err error) {
	book := rulebook{tx: tx, zone: zone}
	for after := store.ID(0); ; {
		facts, err := tx.EveryStanding(ctx, zones, after, 500)
		if err != nil || len(facts) == 0 {
			return n, err
		}
		after = facts[len(facts)-1].ID
		list, err := book.stand(ctx, facts, tx.Now())
		if err != nil {
			return n, err
		}
		n += len(tasks(list))
	}
}

// Due are the reminders that are due at a recipient for the first time, and Tasks what its mentor is to do, with the days.
func Due(s store.Standing, rules store.Rules, today store.Day) (names []string) {
	for _, r := range due(standing{Standing: s, rules: rules, zone: time.UTC, today: today}, nil, nil, "") {
		names = append(names, r.name)
	}
	return names
}

// Tasks see Due.
func Tasks(s store.Standing, rules store.Rules, today store.Day) (list []string) {
	for _, t := range tasks([]standing{{Standing: s, rules: rules, zone: time.UTC, today: today}}) {
		list = append(list, t.name+" "+string(t.since)+" "+string(t.until()))
	}
	return list
}

// TaskList is what /tugas shows a mentor.
func TaskList(ctx context.Context, tx store.Tx, mentor store.ID, zone *time.Location) error {
	_, err := taskList(ctx, tx, Who{Person: store.Person{ID: mentor, Role: store.Mentor}, Zone: zone}, "")
	return err
}

// ReadVisit is what a typed visit to one of those groups says, in short.
func ReadVisit(today store.Day, groups []store.Recipient, text string) string {
	v := readVisit(Who{Today: today}, groups, text)
	var words []string
	for _, g := range v.of {
		words = append(words, g.Code)
	}
	for _, d := range v.days {
		words = append(words, string(d))
	}
	for _, h := range v.hours {
		words = append(words, string(h))
	}
	for _, n := range v.span {
		words = append(words, strconv.Itoa(n)+"m")
	}
	for _, m := range v.mode {
		words = append(words, string(m))
	}
	if v.contact {
		words = append(words, "contact")
	}
	words = append(words, v.acts...)
	if v.only {
		words = append(words, "only")
	}
	return strings.Join(words, " ")
}

// Hours, Minutes, Coming, Gains and Heads are the parsers of what is typed about a visit.
var (
	Hours   = hours
	Minutes = minutes
	Coming  = coming
	Gains   = gains
	Heads   = heads
)

// QuietUntil is quietUntil.
func QuietUntil(at time.Time, zone *time.Location) time.Time { return quietUntil(at, zone) }

// SendTimes are what the words for a time to send something may mean.
func SendTimes(now time.Time, zone *time.Location, text string) (list []string) {
	for _, s := range sendTimes(now, zone)(text) {
		list = append(list, string(s))
	}
	return list
}

// ProgressOf is progressOf.
func ProgressOf(s store.Standing) int { return progressOf(s) }

// FieldScreen is what /progres shows a coordinator of a province, "" everywhere.
func FieldScreen(ctx context.Context, tx store.Tx, province, view string, zone *time.Location) error {
	who := Who{Person: store.Person{ID: 1, Role: store.Coordinator, Province: province}, Zone: zone}
	_, any, err := fieldScreen(ctx, tx, who, viewOf(view))
	if err == nil && !any && !strings.HasPrefix(view, "g") {
		err = errors.New("there are no figures")
	}
	return err
}

// ReadReport is readReport.
func ReadReport(ctx context.Context, tx store.Tx, set Setting, of store.Recipient) (paper.Report, error) {
	return readReport(ctx, tx, set, of)
}

// Seal is seal.
func Seal(ctx context.Context, tx store.Tx, set Setting, of store.Recipient, by store.ID) (store.Seal, error) {
	return seal(ctx, tx, set, of, by)
}

// Sealed is sealed.
func Sealed(s store.Seal) (paper.Report, error) { return sealed(s) }

// Plainly is plainly.
func Plainly(code string) string { return plainly(code) }

// Checks are the codes of all items that an LPJ can be looked at for.
func Checks() []string { return slices.Sorted(maps.Keys(checks())) }

// Quoted are the parts for which the records suggest something.
func Quoted() []string { return slices.Sorted(maps.Keys(suggested)) }

// What the arguments of buttons and commands are read with.
var (
	IDOf     = idOf
	NumberOf = numberOf
	PageOf   = pageOf
	Lettered = lettered
)

// Args reads two ids, a number and the rest.
func Args(s string) (first, second store.ID, n int, rest string) {
	a := args(s)
	return a.id(), a.id(), a.number(), a.rest()
}

// Can tells whether a person of an account may do something to a record in that state, which those had a hand in.
func Can(w Who, d, state string, hands ...store.ID) bool { return w.may(deed(d), state, hands...) }

// CanBy is Who.mayBy.
func CanBy(w Who, d, state string, by Who) bool { return w.mayBy(deed(d), state, by) }

// PlanHands is planHands.
func PlanHands(p store.Plan) []store.ID { return planHands(p) }

// PaperHands is paperHands.
func PaperHands(a store.Approval) []store.ID { return paperHands(a) }

// InvitesAlone is Who.invitesAlone.
func InvitesAlone(w Who, of store.Recipient) bool { return w.invitesAlone(of) }

// Signs is Who.signs.
func Signs(w Who, r store.Receipt) store.Receipt {
	w.signs(&r)
	return r
}

// Marks is Who.marks.
func Marks(w Who) []store.ID { return w.marks() }

// Touched is involved.
func Touched(by store.Person, h store.Handover) []store.ID { return involved(by, h) }

// Weigh is weigh.
func Weigh(
	by Who, of store.Recipient, h store.Handover, from store.Person, members, coordinators []store.Person,
) (group []store.Person, coordinator bool) {
	w := weigh(by, of, h, from, members, coordinators, h.At)
	return w.group, w.coordinator
}

// Proposing is proposing.
func Proposing(h store.Handover, by Who, agreed store.Person, carrier Who) []store.ID {
	return proposing(h, by, agreed, carrier)
}

// FindCode is what a message has of an invitation.
func FindCode(text string) (spellings []string, several bool) {
	w := findCode(text)
	return w.spellings, w.several
}

// Invited is what a message of words has of an invitation, for somebody who has not joined.
func Invited(text string) (spellings []string, several, doubtful bool) {
	t := turn{e: form.Event{Kind: form.Words, Text: text}}
	w, _ := t.invitation()
	return w.spellings, w.several, w.doubtful
}

// LastFour is the answer to the question for a number's end.
func LastFour(text string) string {
	four, _ := lastFour(text, false)
	return four
}

// BothAfter is bothAfter.
func BothAfter(of store.Recipient, h store.Handover, to store.Person, human []store.Person) bool {
	return bothAfter(of, h, to, human)
}

// Mentored is mentored.
func Mentored(of store.Recipient) func(mentor, of store.Person) bool { return mentored(of) }

// Misfit is why an account of those persons, and of that human, can't become a person of a recipient by an invitation that is good, "" when
// it can.
func Misfit(p store.Person, of store.Recipient, list, human []store.Person) string {
	return misfit(p, list, human, func(store.ID) store.Recipient { return of })
}

// CanAdmit tells whether somebody may admit a person by an invitation of the roster.
func CanAdmit(w Who, p store.Person) bool { return w.mayAdmit(p, store.Invite{}) }

// Admitting are whom it makes sponsors of a person that somebody admits them.
func Admitting(w Who) []store.ID { return w.hands() }

// WithHands is withHands.
func WithHands(list []store.ID, more ...store.ID) []store.ID { return withHands(list, more...) }

// Freeze is freeze.
func Freeze(h store.Handover, p *store.Person) { freeze(h, p) }

// Comes is comes.
func Comes(h store.Handover) store.ID { return comes(h) }

// Parties is involvedWithObjector.
func Parties(by store.Person, h store.Handover) []store.ID { return involvedWithObjector(by, h) }

// Impartial is impartial.
func Impartial(list, known []store.Person, by Who, h store.Handover) []store.Person {
	return impartial(list, known, by, h)
}

// Inviting is inviting.
func Inviting(carrier Who) []store.ID { return inviting(carrier) }

// Welcomed is welcomed.
func Welcomed(ctx context.Context, tx store.Tx, of store.Recipient, role store.Role, name string) (store.Person, error) {
	return welcomed(ctx, tx, of, role, name)
}

// Facts is facts.
func Facts(v store.Visit) string { return facts(v) }

// Approvers is approversOf.
func Approvers(ctx context.Context, tx store.Tx, p store.Person, i store.Invite) ([]store.Person, error) {
	a, err := approversOf(ctx, tx, p, i)
	return a.list, err
}

// Strangers is how much of a recipient's LPJ somebody entered whom the group stopped.
func Strangers(ctx context.Context, tx store.Tx, of store.Recipient) (int, error) {
	l, err := readLPJ(ctx, tx, of)
	return l.strangers(), err
}

// PlanCard is what planCard says.
func PlanCard(ctx context.Context, tx store.Tx, p store.Plan) (ids []string, err error) {
	s, err := planCard(ctx, tx, Who{Zone: time.UTC}, p)
	for _, t := range s.Body {
		ids = append(ids, t.ID)
	}
	return ids, err
}

// Decides is decides.
func Decides(data string) bool { return decides(All(), store.Button{Data: data}) }

// Answered is a yes or no in somebody's own words.
func Answered(text string) (yes, no bool) { return answered(text) }

// FindPrinted is the code of an LPJ in a message.
func FindPrinted(text string) (string, bool) { return findPrinted(text) }

// Counted tells whether a text says exactly so many chats.
func Counted(text string, chats int) bool { return (&aim{}).counted(chats)(text) == nil }
