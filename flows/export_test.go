package flows

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"pendamping/flows/approval"
	"pendamping/flows/broadcast"
	"pendamping/flows/budget"
	"pendamping/flows/change"
	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/flows/handover"
	"pendamping/flows/invite"
	"pendamping/flows/join"
	"pendamping/flows/lpj"
	"pendamping/flows/objection"
	"pendamping/flows/parse"
	"pendamping/flows/progress"
	"pendamping/flows/receipt"
	"pendamping/flows/remind"
	"pendamping/flows/report"
	"pendamping/flows/visit"
	"pendamping/flows/when"
	"pendamping/store"
)

// Deeds are all deeds of the table of permissions.
func Deeds() []string {
	var list []string
	for _, d := range slices.Sorted(maps.Keys(dialog.Permits())) {
		list = append(list, string(d))
	}
	return list
}

// Why is why one person can't complete a fraud with a deed.
func Why(d string) string { return dialog.Permits()[dialog.Deed(d)].Why }

// MayTied is May for somebody who has their office on the proposal of the one who had the hand in the record.
func MayTied(role store.Role, d, state string) bool {
	return dialog.Who{Person: store.Person{ID: 2, Role: role, Sponsors: []store.ID{1}}}.May(dialog.Deed(d), state, 1)
}

// May tells whether the table of permissions lets a role do something, in that state, to a record in which they had a
// hand or not.
func May(role store.Role, d, state string, own bool) bool {
	hand := store.ID(1)
	if own {
		hand = 2
	}
	return dialog.Who{Person: store.Person{ID: 2, Role: role}}.May(dialog.Deed(d), state, hand)
}

// MayAs is May for a person of an account that is another person too, who had a hand in the record.
func MayAs(role, other store.Role, d, state string) bool {
	me, too := store.Person{ID: 2, Role: role}, store.Person{ID: 3, Role: other}
	return dialog.Who{
		Person: me, Account: &store.Account{People: []store.Person{me, too}},
	}.May(dialog.Deed(d), state, too.ID)
}

// BookHash is bookHash.
func BookHash(receipts []store.Receipt, entries []store.Entry) string {
	return approval.BookHash(receipts, entries)
}

// Measures are what a quantity of a plan may mean, each as it is shown and as it is kept.
func Measures(unit, text string) (shown, kept []string) {
	for _, m := range budget.Measures(unit)(text) {
		shown, kept = append(shown, m.String()), append(kept, m.Typed())
	}
	return shown, kept
}

// CountTasks works out the tasks of everybody in some zones, as /tugas does for one mentor.
func CountTasks(ctx context.Context, tx store.Tx, zones []string, zone *time.Location) (n int, err error) {
	book := remind.Rulebook{Tx: tx, Zone: zone}
	for after := store.ID(0); ; {
		facts, err := tx.EveryStanding(ctx, zones, after, 500)
		if err != nil || len(facts) == 0 {
			return n, err
		}
		after = facts[len(facts)-1].ID
		list, err := book.Stand(ctx, facts, tx.Now())
		if err != nil {
			return n, err
		}
		n += len(remind.Tasks(list))
	}
}

// Due are the reminders that are due at a recipient for the first time, and Tasks what its mentor is to do, with the
// days.
func Due(s store.Standing, rules store.Rules, today store.Day) (names []string) {
	for _, r := range remind.Due(remind.Situation{Standing: s, Rules: rules, Location: time.UTC, Today: today}, nil,
		nil, "") {
		names = append(names, r.Name)
	}
	return names
}

// Tasks see Due.
func Tasks(s store.Standing, rules store.Rules, today store.Day) (list []string) {
	for _, t := range remind.Tasks([]remind.Situation{{Standing: s, Rules: rules, Location: time.UTC, Today: today}}) {
		list = append(list, t.Rule+" "+string(t.Since)+" "+string(t.LastDay()))
	}
	return list
}

// TaskList is what /tugas shows a mentor.
func TaskList(ctx context.Context, tx store.Tx, mentor store.ID, zone *time.Location) error {
	who := dialog.Who{Person: store.Person{ID: mentor, Role: store.Mentor}, Zone: zone}
	_, err := remind.TaskList(ctx, &dialog.Turn{Tx: tx, Who: who}, "")
	return err
}

// ReadVisit is what a typed visit to one of those groups says, in short.
func ReadVisit(today store.Day, groups []store.Recipient, text string) string {
	v := visit.ReadVisit(dialog.Who{Today: today}, groups, text)
	var words []string
	for _, g := range v.Of {
		words = append(words, g.Code)
	}
	for _, d := range v.Days {
		words = append(words, string(d))
	}
	for _, h := range v.Hours {
		words = append(words, string(h))
	}
	for _, n := range v.Span {
		words = append(words, strconv.Itoa(n)+"m")
	}
	for _, m := range v.Mode {
		words = append(words, string(m))
	}
	if v.Contact {
		words = append(words, "contact")
	}
	words = append(words, v.Acts...)
	if v.Only {
		words = append(words, "only")
	}
	return strings.Join(words, " ")
}

// Hours, Minutes, Coming, Gains and Heads are the parsers of what is typed about a visit.
var (
	Hours   = when.Hours
	Minutes = parse.Minutes
	Coming  = when.Coming
	Gains   = visit.Gains
	Heads   = visit.Heads
)

// QuietUntil is quietUntil.
func QuietUntil(at time.Time, zone *time.Location) time.Time { return dialog.QuietUntil(at, zone) }

// SendTimes are what the words for a time to send something may mean.
func SendTimes(now time.Time, zone *time.Location, text string) (list []string) {
	for _, s := range when.SendTimes(now, zone)(text) {
		list = append(list, string(s))
	}
	return list
}

// BookkeepingPercent is progressOf.
func ProgressOf(s store.Standing) int { return remind.BookkeepingPercent(s) }

// FieldScreen is what /progres shows a coordinator of a province, "" everywhere.
func FieldScreen(ctx context.Context, tx store.Tx, province, view string, zone *time.Location) error {
	who := dialog.Who{Person: store.Person{ID: 1, Role: store.Coordinator, Province: province}, Zone: zone}
	_, any, err := progress.FieldScreen(ctx, tx, who, progress.ViewOf(view))
	if err == nil && !any && !strings.HasPrefix(view, "g") {
		err = errors.New("there are no figures")
	}
	return err
}

// ReadReport is readReport.
func ReadReport(ctx context.Context, tx store.Tx, set dialog.Setting, of store.Recipient) (report.Report, error) {
	return lpj.ReadReport(ctx, tx, set, of)
}

// Seal is seal.
func Seal(ctx context.Context, tx store.Tx, set dialog.Setting, of store.Recipient, by store.ID) (store.Seal, error) {
	return lpj.Seal(ctx, tx, set, of, by)
}

// Sealed is sealed.
func Sealed(s store.Seal) (report.Report, error) { return lpj.Sealed(s) }

// Plainly is plainly.
func Plainly(code string) string { return lpj.Plainly(code) }

// Checks are the codes of all items that an LPJ can be looked at for.
func Checks() []string { return slices.Sorted(maps.Keys(lpj.Checks())) }

// Quoted are the parts for which the records suggest something.
func Quoted() []string { return slices.Sorted(maps.Keys(lpj.Suggested)) }

// What the arguments of buttons and commands are read with.
var (
	IDOf     = dialog.IDOf
	NumberOf = dialog.NumberOf
	PageOf   = dialog.PageOf
	Lettered = dialog.Lettered
)

// Args reads two ids, a number and the rest.
func Args(s string) (first, second store.ID, n int, rest string) {
	a := dialog.Args(s)
	return a.ID(), a.ID(), a.Number(), a.Rest()
}

// Can tells whether a person of an account may do something to a record in that state, which those had a hand in.
func Can(w dialog.Who, d, state string, hands ...store.ID) bool {
	return w.May(dialog.Deed(d), state, hands...)
}

// CanBy is Who.mayBy.
func CanBy(w dialog.Who, d, state string, by dialog.Who) bool {
	return w.MayBy(dialog.Deed(d), state, by)
}

// PlanInvolved is planHands.
func PlanHands(p store.Plan) []store.ID { return budget.PlanInvolved(p) }

// SignatureInvolved is paperHands.
func PaperHands(a store.Approval) []store.ID { return approval.SignatureInvolved(a) }

// InvitesAlone is Who.invitesAlone.
func InvitesAlone(w dialog.Who, of store.Recipient) bool { return handover.InvitesAlone(w, of) }

// Signs is Who.signs.
func Signs(w dialog.Who, r store.Receipt) store.Receipt {
	receipt.Signs(w, &r)
	return r
}

// SelfAndProposers is Who.marks.
func Marks(w dialog.Who) []store.ID { return w.SelfAndProposers() }

// Touched is involved.
func Touched(by store.Person, h store.Handover) []store.ID { return change.Involved(by, h) }

// Weigh is weigh.
func Weigh(
	by dialog.Who, of store.Recipient, h store.Handover, from store.Person, members, coordinators []store.Person,
) (group []store.Person, coordinator bool) {
	w := change.Weigh(by, of, h, from, members, coordinators, h.At)
	return w.Group, w.Coordinator
}

// Proposing is proposing.
func Proposing(h store.Handover, by dialog.Who, agreed store.Person, carrier dialog.Who) []store.ID {
	return change.Proposing(h, by, agreed, carrier)
}

// FindCode is what a message has of an invitation.
func FindCode(text string) (spellings []string, several bool) {
	w := invite.FindCode(text)
	return w.Spellings, w.Several
}

// Invited is what a message of words has of an invitation, for somebody who has not joined.
func Invited(text string) (spellings []string, several, doubtful bool) {
	t := dialog.Turn{Event: form.Event{Kind: form.Words, Text: text}}
	w, _ := join.Invitation(&t)
	return w.Spellings, w.Several, w.Doubtful
}

// LastFour is the answer to the question for a number's end.
func LastFour(text string) string {
	four, _ := join.LastFour(text, false)
	return four
}

// BothAfter is bothAfter.
func BothAfter(of store.Recipient, h store.Handover, to store.Person, human []store.Person) bool {
	return dialog.BothAfter(of, h, to, human)
}

// Mentored is mentored.
func Mentored(of store.Recipient) func(mentor, of store.Person) bool { return dialog.Mentored(of) }

// Misfit is why an account of those persons, and of that human, can't become a person of a recipient by an invitation
// that is good, "" when it can.
func Misfit(p store.Person, of store.Recipient, list, human []store.Person) string {
	return join.Misfit(p, list, human, func(store.ID) store.Recipient { return of })
}

// CanAdmit tells whether somebody may admit a person by an invitation of the roster.
func CanAdmit(w dialog.Who, p store.Person) bool { return invite.MayAdmit(w, p, store.Invite{}) }

// Admitting are whom it makes sponsors of a person that somebody admits them.
func Admitting(w dialog.Who) []store.ID { return w.Hands() }

// WithHands is withHands.
func WithHands(list []store.ID, more ...store.ID) []store.ID { return dialog.WithHands(list, more...) }

// Freeze is freeze.
func Freeze(h store.Handover, p *store.Person) { objection.Freeze(h, p) }

// Comes is comes.
func Comes(h store.Handover) store.ID { return dialog.Comes(h) }

// Parties is involvedWithObjector.
func Parties(by store.Person, h store.Handover) []store.ID {
	return change.InvolvedWithObjector(by, h)
}

// Impartial is impartial.
func Impartial(list, known []store.Person, by dialog.Who, h store.Handover) []store.Person {
	return change.Impartial(list, known, by, h)
}

// Inviting is inviting.
func Inviting(carrier dialog.Who) []store.ID { return change.Inviting(carrier) }

// Welcomed is welcomed.
func Welcomed(
	ctx context.Context, tx store.Tx, of store.Recipient, role store.Role, name string,
) (store.Person, error) {
	return handover.Welcomed(ctx, tx, of, role, name)
}

// Facts is facts.
func Facts(v store.Visit) string { return visit.Facts(v) }

// Approvers is approversOf.
func Approvers(ctx context.Context, tx store.Tx, p store.Person, i store.Invite) ([]store.Person, error) {
	a, err := invite.ApproversOf(ctx, tx, p, i)
	return a.List, err
}

// Strangers is how much of a recipient's LPJ somebody entered whom the group stopped.
func Strangers(ctx context.Context, tx store.Tx, of store.Recipient) (int, error) {
	l, err := lpj.Read(ctx, tx, of)
	return l.Strangers(), err
}

// PlanCard is what planCard says.
func PlanCard(ctx context.Context, tx store.Tx, p store.Plan) (ids []string, err error) {
	s, err := budget.PlanCard(ctx, tx, dialog.Who{Zone: time.UTC}, p)
	for _, t := range s.Body {
		ids = append(ids, t.ID)
	}
	return ids, err
}

// Renewed is renewed.
func Renewed(data string) string { return renewed(data) }

// Decides is decides.
func Decides(data string) bool { return decides(All(), store.Button{Data: data}) }

// Answered is a yes or no in somebody's own words.
func Answered(text string) (yes, no bool) { return dialog.Answered(text) }

// FindPrinted is the code of an LPJ in a message.
func FindPrinted(text string) (string, bool) { return lpj.FindPrinted(text) }

// Counted tells whether a text says exactly so many chats.
func Counted(text string, chats int) bool {
	return (&broadcast.Audiences{}).Counted(chats)(text) == nil
}
