package privacy

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"pendamping/flows/change"
	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/store"
)

// answerBy is until when a request waits for its answer; "" when it has one.
func answerBy(r store.DataRequest, who dialog.Who) string {
	if !r.Open() {
		return ""
	}
	return who.Moment(r.Due())
}

// Requests lists those of a coordinator's scope; arg is one to read.
func Requests(ctx context.Context, t *dialog.Turn, arg dialog.Args) (form.Screen, error) {
	tx, who := t.Tx, t.Who
	if arg != "" {
		return requestCard(ctx, tx, who, arg.ID())
	}
	list, err := tx.DataRequestsIn(ctx, who.Province, who.Regency, 20)
	if err != nil {
		return form.Screen{}, err
	}
	s := form.Screen{Body: []store.Text{store.Say("request.head")}}
	if len(list) == 0 {
		s.Body = append(s.Body, store.Say("request.empty"))
	}
	for _, r := range list {
		p, err := tx.Person(ctx, r.Person)
		if err != nil {
			return form.Screen{}, err
		}
		s.Buttons = append(s.Buttons, []store.Button{{
			Text: store.Say("request.choice", "Kind", string(r.Kind), "Name", p.Name, "Outcome", string(r.Outcome),
				"Due", answerBy(r, who),
				"Late", dialog.Mark(r.Open() && tx.Now().After(r.Due()))),
			Data: dialog.Data("request", r.ID),
		}})
	}
	return s, nil
}

// ownRequest reads a request of the coordinator's scope, with whose it is.
func ownRequest(
	ctx context.Context, tx store.Tx, who dialog.Who, id store.ID,
) (r store.DataRequest, p store.Person, of store.Recipient, err error) {
	if r, err = tx.DataRequest(ctx, id); err != nil {
		return r, p, of, err
	}
	of = store.Recipient{Province: r.Province, Regency: r.Regency}
	if r.Recipient != 0 {
		if of, err = tx.Recipient(ctx, r.Recipient); err != nil {
			return r, p, of, err
		}
	}
	if !who.Theirs(of) {
		return store.DataRequest{}, p, of, store.ErrNotFound
	}
	p, err = tx.Person(ctx, r.Person)
	return r, p, of, err
}

// requestCard is a request with what a coordinator can do about it.
func requestCard(ctx context.Context, tx store.Tx, who dialog.Who, id store.ID) (form.Screen, error) {
	r, p, of, err := ownRequest(ctx, tx, who, id)
	if err != nil {
		return form.Screen{}, err
	}
	back := []store.Button{{Text: store.Say("request.list"), Data: dialog.Data("request")}}
	s := form.Screen{Body: []store.Text{store.Say("request.card", "Kind", string(r.Kind), "Name", p.Name,
		"Role", string(p.Role), "Group", of.Name,
		"At", who.Moment(r.At), "Due", answerBy(r, who), "Late", dialog.Mark(r.Open() && tx.Now().After(r.Due())))}}
	if r.Words != "" {
		s.Body = append(s.Body, store.Say("request.words", "Part", r.Part, "Words", r.Words))
	}
	if !r.Open() {
		s.Body = append(s.Body, store.Say("request.answered", "Outcome", string(r.Outcome), "Reason", r.Reason,
			"At", who.Moment(r.Answered), "Words", r.Reply))
		s.Buttons = [][]store.Button{back}
		return s, nil
	}
	if !who.MayBy(dialog.DecideData, dialog.Open, dialog.Who{Person: p}) {
		s.Body = append(s.Body, store.Say("request.own"))
		s.Buttons = [][]store.Button{back}
		return s, nil
	}
	no := store.Button{Text: store.Say("request.refuse"), Data: dialog.Data("requestsay", dialog.Letter("n", id))}
	switch {
	case r.Kind == store.RequestErasure:
		s.Body = append(s.Body, store.Say("request.stays"))
		s.Buttons = [][]store.Button{
			{{Text: store.Say("request.handled"), Data: dialog.Data("requestsay", dialog.Letter("y", id))}},
			{{Text: store.Say("request.erase"), Data: dialog.Data("requestgone", dialog.Letter(eraseAll, id))}},
			{{Text: store.Say("request.restrict"), Data: dialog.Data("requestdo", id, "keep")}, no}, back,
		}
		if p.WA != "" {
			s.Buttons = slices.Insert(
				s.Buttons, 2,
				[]store.Button{{
					Text: store.Say("request.number"), Data: dialog.Data("requestgone", dialog.Letter(eraseNumber, id)),
				}},
			)
		}
	case r.Part == "other":
		s.Buttons = [][]store.Button{
			{{Text: store.Say("request.answer"), Data: dialog.Data("requestsay", dialog.Letter("y", id))}, no}, back,
		}
	case r.Part == "wa":
		others, both, err := takenFor(ctx, tx, p, r.Words)
		if err != nil {
			return s, err
		}
		yes := store.Button{Text: store.Say("request.correct"), Data: dialog.Data("requestdo", id, "correct")}
		if len(others) > 0 {
			s.Body = append(s.Body, store.Say("request.taken"))
			for _, o := range others {
				s.Body = append(s.Body, store.Say("request.holder", "Role", string(o.Role), "Name", o.Name,
					"Code", o.Code))
			}
			s.Body = append(s.Body, store.Say("request.same", "Name", p.Name, "Both", dialog.Mark(both)))
			yes.Data = dialog.Data("requestdo", id, "correct", knowingly)
		}
		s.Buttons = [][]store.Button{{yes, no}, back}
		if both {
			s.Buttons[0] = []store.Button{no}
		}
	default:
		s.Buttons = [][]store.Button{
			{{Text: store.Say("request.correct"), Data: dialog.Data("requestdo", id, "correct")}, no}, back,
		}
	}
	return s, nil
}

// knowingly ends the button that corrects a number below the names of those who have it too.
const knowingly = "same"

// takenFor returns those whom another number would make one human with a person. Both tells whether somebody would then
// look after a group of which they are an officer.
func takenFor(ctx context.Context, tx store.Tx, p store.Person, number string) (
	others []store.Person, both bool, err error,
) {
	human, err := dialog.SameHuman(ctx, tx, p)
	if err != nil {
		return nil, false, err
	}
	human = append(human, p)
	p.WA = number
	all, err := dialog.SameHuman(ctx, tx, p)
	if err != nil {
		return nil, false, err
	}
	looksAfter := func(mentor, officer store.Person) bool {
		of, failed := groupOf(ctx, tx, officer)
		err = errors.Join(err, failed)
		return dialog.Mentored(of)(mentor, officer)
	}
	for _, o := range all {
		if dialog.Erased(o) || slices.ContainsFunc(human, func(h store.Person) bool { return h.ID == o.ID }) {
			continue
		}
		others = append(others, o)
		both = both || slices.ContainsFunc(human, func(h store.Person) bool {
			return !dialog.Erased(h) && dialog.OwnGroup(h, o, looksAfter)
		})
	}
	return others, both, err
}

// DecideRequest does what a coordinator's button says; arg is REQUEST:WHAT, of a restriction REQUEST:keep:REASON, and
// of a number that somebody else has too REQUEST:correct:same. Who shares a number is one human for good, so the
// coordinator has to have read whose it is.
func DecideRequest(ctx context.Context, t *dialog.Turn, arg dialog.Args) (form.Screen, error) {
	tx, who := t.Tx, t.Who
	id, what, reason := arg.ID(), arg.Word(), arg.Word()
	r, p, _, err := ownRequest(ctx, tx, who, id)
	if err != nil {
		return form.Screen{}, err
	}
	if !r.Open() || !who.MayBy(dialog.DecideData, dialog.Open, dialog.Who{Person: p}) {
		return requestCard(ctx, tx, who, id)
	}
	switch {
	case what == "correct" && r.Kind == store.RequestCorrection:
		switch r.Part {
		case "name":
			p.Name = r.Words
			if p.Key, err = change.Rekeyed(ctx, tx, p); err != nil {
				return form.Screen{}, err
			}
		case "wa":
			others, both, err := takenFor(ctx, tx, p, r.Words)
			if err != nil {
				return form.Screen{}, err
			}
			if both || len(others) > 0 && reason != knowingly {
				return requestCard(ctx, tx, who, id)
			}
			p.WA = r.Words
			if err := dialog.TieHuman(ctx, tx, &p); err != nil {
				return form.Screen{}, err
			}
		default:
			return requestCard(ctx, tx, who, id)
		}
		if err := tx.PutPerson(ctx, "person.corrected", &p); err != nil {
			return form.Screen{}, err
		}
		return answerRequest(ctx, tx, who, r, p, store.OutcomeCorrected, "", "")
	case what == "keep" && r.Kind == store.RequestErasure && slices.Contains(store.KeepReasons(), reason):
		if err := restrict(ctx, tx, p); err != nil {
			return form.Screen{}, err
		}
		s, err := answerRequest(ctx, tx, who, r, p, store.OutcomeRestricted, reason, "")
		if err != nil {
			return s, err
		}
		tell, err := TellPresence(ctx, tx, who, p, absentTold(p))
		s.Tell = append(s.Tell, tell...)
		return s, err
	case what == "keep" && r.Kind == store.RequestErasure:
		s := form.Screen{Body: []store.Text{store.Say("request.keep.why")}}
		for _, reason := range store.KeepReasons() {
			s.Buttons = append(s.Buttons, []store.Button{{
				Text: store.Say("request.reason." + reason), Data: dialog.Data("requestdo", id, "keep", reason),
			}})
		}
		s.Buttons = append(s.Buttons, []store.Button{{Text: store.Say("form.back"), Data: dialog.Data("request", id)}})
		return s, nil
	}
	return requestCard(ctx, tx, who, id)
}

// What an erasure takes, as the letter before the request that its button is about.
const (
	eraseAll    = "a"
	eraseNumber = "n"
)

// EraseRequested asks a coordinator whether they are sure before anything is erased: only the button of that question
// does it, and once, since nothing brings back what is gone.
func EraseRequested(ctx context.Context, t *dialog.Turn, about dialog.Args) (form.Form, error) {
	tx, who := t.Tx, t.Who
	what, id := about.Lettered()
	everything := what == eraseAll
	r, p, of, err := ownRequest(ctx, tx, who, id)
	if err != nil {
		return nil, err
	}
	switch {
	case r.Kind != store.RequestErasure, !everything && p.WA == "":
		return nil, store.ErrNotFound
	case !r.Open() || !who.MayBy(dialog.DecideData, dialog.Open, dialog.Who{Person: p}):
		return nil, form.Fixable{Why: store.Say("request.done", "Kind", string(r.Kind))}
	}
	sure := []store.Text{store.Say("requestgone.number", "Name", p.Name)}
	if everything {
		waiting, err := openComplaints(ctx, tx, p)
		if err != nil {
			return nil, err
		}
		sure = []store.Text{
			store.Say("requestgone.head", "Name", p.Name, "Role", string(p.Role), "Group", of.Name,
				"Count", dialog.Count(waiting)),
			store.Say("request.stays"),
		}
	}
	questions := func(*struct{}) ([]form.Question, error) { return []form.Question{form.Review(sure...)}, nil }
	submit := func(ctx context.Context, _ struct{}, _ form.State) (form.Screen, error) {
		if !everything {
			s, err := answerRequest(ctx, tx, who, r, p, store.OutcomeErased, "",
				who.Words(store.Say("request.number.gone")))
			if err != nil {
				return s, err
			}
			return s, dialog.EraseWA(ctx, tx, p.ID)
		}
		s, err := answerRequest(ctx, tx, who, r, p, store.OutcomeErased, "", "")
		if err != nil {
			return s, err
		}
		// The sentence has no name, as what is sent is kept for a while.
		tell, err := TellPresence(ctx, tx, who, p, func(group, mentor, own string) store.Text {
			return store.Say("absent.erased", "Role", string(p.Role), "Group", group, "Mentor", mentor, "Own", own)
		})
		if err != nil {
			return s, err
		}
		s.Tell = append(s.Tell, tell...)
		return s, dialog.Erase(ctx, tx, p.ID)
	}
	return form.New("requestgone", questions, submit), nil
}

// openComplaints counts a person's complaints that wait for a coordinator: an erasure takes their words too.
func openComplaints(ctx context.Context, tx store.Tx, p store.Person) (n int, err error) {
	list, err := tx.ComplaintsOf(ctx, []store.ID{p.ID}, time.Time{})
	for _, c := range list {
		if c.State != store.ComplaintClosed {
			n++
		}
	}
	return n, err
}

// restrict lets a person's data be kept and used for nothing else: without a consent nothing is sent to them and
// nothing taken from them, until they agree anew.
func restrict(ctx context.Context, tx store.Tx, p store.Person) error {
	c, err := tx.ConsentOf(ctx, p.ID)
	if errors.Is(err, store.ErrNotFound) || err == nil && !c.Withdrawn.IsZero() {
		return nil
	}
	if err != nil {
		return err
	}
	c.Withdrawn = tx.Now()
	if err := tx.PutConsent(ctx, "consent.restricted", &c); err != nil || p.Account == 0 {
		return err
	}
	acc, err := tx.Account(ctx, p.Account)
	if err != nil {
		return err
	}
	_, err = StepBack(ctx, tx, &acc, p.ID)
	return err
}

// answerRequest closes a request and tells the person how.
func answerRequest(ctx context.Context, tx store.Tx, who dialog.Who, r store.DataRequest, p store.Person,
	outcome store.Outcome, reason, reply string) (form.Screen, error) {
	r.Outcome, r.Reason, r.Reply, r.By, r.Answered = outcome, reason, reply, who.ID, tx.Now()
	if err := tx.PutDataRequest(ctx, "data."+string(outcome), &r); err != nil {
		return form.Screen{}, err
	}
	said, err := requestTold(ctx, tx, r, p)
	if err != nil {
		return form.Screen{}, err
	}
	s := form.Screen{
		Body: []store.Text{store.Say("request.closed", "Kind", string(r.Kind), "Outcome", string(outcome),
			"Role", string(p.Role), "Part", r.Part)},
		Buttons: [][]store.Button{{{Text: store.Say("request.list"), Data: dialog.Data("request")}}},
	}
	if p.Account != 0 {
		s.Tell = []store.Message{{Chat: p.Account, Body: said}}
		if outcome == store.OutcomeErased && reply == "" {
			s.Tell[0].Body = append(s.Tell[0].Body, store.Say("request.stays"))
		}
	}
	return s, nil
}

// requestTold tells somebody what became of their request. A restriction stops one role: what their account does in
// others goes on.
func requestTold(ctx context.Context, tx store.Tx, r store.DataRequest, p store.Person) ([]store.Text, error) {
	of, err := groupOf(ctx, tx, p)
	if err != nil {
		return nil, err
	}
	said := []store.Text{store.Say("request.told", "Kind", string(r.Kind), "Outcome", string(r.Outcome),
		"Reason", r.Reason, "Words", r.Reply,
		"Role", string(p.Role), "Group", of.Name)}
	if r.Outcome != store.OutcomeRestricted || p.Account == 0 {
		return said, nil
	}
	acc, err := tx.Account(ctx, p.Account)
	if err != nil {
		return nil, err
	}
	for _, o := range acc.People {
		if o.ID == p.ID || o.Consent == "" {
			continue
		}
		if of, err = groupOf(ctx, tx, o); err != nil {
			return nil, err
		}
		said = append(said, store.Say("request.goes", "Role", string(o.Role), "Group", of.Name))
	}
	return said, nil
}

// groupOf is a person's group; the zero Recipient for who has none.
func groupOf(ctx context.Context, tx store.Tx, p store.Person) (store.Recipient, error) {
	if p.Recipient == 0 {
		return store.Recipient{}, nil
	}
	return tx.Recipient(ctx, p.Recipient)
}

// RequestAnswer asks a coordinator for the words of an answer; about is yREQUEST where it is done, or nREQUEST for a
// refusal.
func RequestAnswer(ctx context.Context, t *dialog.Turn, about dialog.Args) (form.Form, error) {
	tx, who := t.Tx, t.Who
	saying, id := about.Lettered()
	done := saying == "y"
	r, p, _, err := ownRequest(ctx, tx, who, id)
	if err != nil {
		return nil, err
	}
	if !r.Open() || !who.MayBy(dialog.DecideData, dialog.Open, dialog.Who{Person: p}) {
		return nil, form.Fixable{Why: store.Say("request.done", "Kind", string(r.Kind))}
	}
	outcome := store.OutcomeRefused
	switch {
	case done && r.Kind == store.RequestCorrection:
		outcome = store.OutcomeCorrected
	case done && r.Kind == store.RequestErasure:
		outcome = store.OutcomeHandled
	}
	type answer struct{ Words string }
	questions := func(a *answer) ([]form.Question, error) {
		return []form.Question{form.Ask("words", &a.Words, form.Text).Exclusive(),
			form.Review(store.Say("requestsay.head", "Kind", string(r.Kind), "Outcome", string(outcome)))}, nil
	}
	submit := func(ctx context.Context, a answer, _ form.State) (form.Screen, error) {
		return answerRequest(ctx, tx, who, r, p, outcome, "", strings.TrimSpace(a.Words))
	}
	return form.New("requestsay", questions, submit), nil
}

// RemindRequests promises the coordinators of some zones with open requests a message that names the clock.
func RemindRequests(ctx context.Context, tx store.Tx, r dialog.Round) ([]store.Message, error) {
	list, err := tx.CoordinatorsIn(ctx, r.Zones)
	if err != nil {
		return nil, err
	}
	var waiting []store.Person
	for _, p := range list {
		open, err := OpenRequests(ctx, tx, p)
		if err != nil {
			return nil, err
		}
		if len(open) > 0 {
			waiting = append(waiting, p)
		}
	}
	return r.TellOnce(ctx, tx, waiting,
		func(p store.Person) string { return dialog.RoundData + ":" + dialog.IDText(p.ID) })
}

// OpenRequests are those that wait for a coordinator, the first due first. A coordinator's own wait for somebody else.
func OpenRequests(ctx context.Context, tx store.Tx, p store.Person) ([]store.DataRequest, error) {
	list, err := tx.DataRequestsIn(ctx, p.Province, p.Regency, 100)
	return slices.DeleteFunc(list, func(r store.DataRequest) bool { return !r.Open() || r.Person == p.ID }), err
}

// RequestsDue is what a coordinator reads in the morning while requests wait.
func RequestsDue(ctx context.Context, tx store.Tx, p store.Person, zone *time.Location) (form.Screen, error) {
	list, err := OpenRequests(ctx, tx, p)
	if err != nil {
		return form.Screen{}, err
	}
	if len(list) == 0 {
		return form.Screen{}, store.ErrNotFound
	}
	late := 0
	for _, r := range list {
		if tx.Now().After(r.Due()) {
			late++
		}
	}
	return form.Screen{
		Body: []store.Text{store.Say("request.due", "Count", strconv.Itoa(len(list)), "Late", dialog.Count(late),
			"Due", list[0].Due().In(zone).Format(time.RFC3339), "First", dialog.Mark(tx.Now().After(list[0].Due())))},
		Buttons: [][]store.Button{{{Text: store.Say("request.list"), Data: dialog.Data("request")}}},
	}, nil
}
