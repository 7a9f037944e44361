package flows

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"pendamping/flows/form"
	"pendamping/store"
)

// privacy shows the notice, the consent and the person's requests, and the rights that they can use here (UU 27/2022). arg is "", "ask"
// and "yes:CONSENT" for a withdrawal, or "data" for a copy.
func privacy(ctx context.Context, tx store.Tx, who Who, arg string) (form.Screen, error) {
	if arg == "data" {
		return ownData(ctx, tx, who)
	}
	c, err := tx.ConsentOf(ctx, who.ID)
	if err != nil {
		return form.Screen{}, err
	}
	yes := "yes:" + idText(c.ID) // a button of before she agreed anew shows what holds now
	switch {
	case arg == yes:
		return withdrawConsent(ctx, tx, who)
	case arg == "ask":
		return form.Screen{Body: []store.Text{store.Say("privasi.sure")}, Buttons: [][]store.Button{{
			{Text: store.Say("privasi.withdraw.yes"), Data: "privasi:" + yes}, {Text: store.Say("privasi.withdraw.no"), Data: "privasi:"},
		}}}, nil
	}
	list, err := tx.DataRequestsOf(ctx, who.ID)
	if err != nil {
		return form.Screen{}, err
	}
	s := form.Screen{
		Body: []store.Text{
			store.Say("privacy.notice"),
			store.Say("privasi.given", "Day", string(store.DayOf(c.Given, who.Zone)), "Notice", c.Notice),
		},
		Buttons: [][]store.Button{
			{{Text: store.Say("privasi.data"), Data: "privasi:data"}, {Text: store.Say("privasi.correct"), Data: "correct:"}},
			{{Text: store.Say("privasi.erase"), Data: "erase:"}, {Text: store.Say("privasi.withdraw"), Data: "privasi:ask"}},
		},
	}
	for _, r := range list[:min(len(list), 5)] {
		if r.Open() {
			s.Body = append(s.Body, store.Say("privasi.open", "Kind", string(r.Kind), "Due", who.moment(r.Due())))
		} else {
			s.Body = append(s.Body, store.Say("privasi.answered", "Kind", string(r.Kind), "Outcome", string(r.Outcome),
				"Day", string(store.DayOf(r.Answered, who.Zone)), "Words", r.Reply))
		}
	}
	return s, nil
}

// dataRequest is a request of the person who speaks, for the coordinators of their place.
func (w Who) dataRequest(kind store.RequestKind, at time.Time) store.DataRequest {
	r := store.DataRequest{Person: w.ID, Kind: kind, At: at, Recipient: w.Recipient, Province: w.Province, Regency: w.Regency}
	if w.Recipient != 0 && w.For.ID == w.Recipient {
		r.Province, r.Regency = w.For.Province, w.For.Regency
	}
	return r
}

// withdrawConsent ends the consent at once. The coordinators hear of it, because the group may need somebody else.
func withdrawConsent(ctx context.Context, tx store.Tx, who Who) (form.Screen, error) {
	c, err := tx.ConsentOf(ctx, who.ID)
	if err != nil {
		return form.Screen{}, err
	}
	if c.Withdrawn.IsZero() {
		c.Withdrawn = tx.Now()
		if err := tx.PutConsent(ctx, "consent.withdrawn", &c); err != nil {
			return form.Screen{}, err
		}
	}
	s := form.Screen{Body: []store.Text{store.Say("privasi.withdrawn")}}
	other, err := stepBack(ctx, tx, who.Account, who.ID)
	if err != nil {
		return s, err
	}
	if other.ID != 0 {
		way, err := roleChoice(ctx, tx, other)
		if err != nil {
			return s, err
		}
		s.Body, s.Buttons = append(s.Body, store.Say("privasi.others")), [][]store.Button{{way}}
	}
	r := who.dataRequest(store.RequestWithdrawal, tx.Now())
	lately, err := askedLately(ctx, tx, who, store.RequestWithdrawal)
	if err != nil {
		return s, err
	}
	r.Outcome, r.Answered = store.OutcomeWithdrawn, r.At
	if err := tx.AddDataRequest(ctx, "data.withdrawn", &r); err != nil || lately >= mostRequests {
		return s, err // who withdraws again and again is heard of no more today
	}
	if s.Tell, err = tellRequest(ctx, tx, who, r); err != nil {
		return s, err
	}
	absent, err := tellAbsent(ctx, tx, who, who.Person)
	s.Tell = append(s.Tell, absent...)
	return s, err
}

// stepBack lets an account that speaks as a person who consents no more speak as another of its persons who does; the zero Person where
// there is none.
func stepBack(ctx context.Context, tx store.Tx, acc *store.Account, not store.ID) (store.Person, error) {
	if len(acc.People) == 0 || speaker(*acc).ID != not {
		return store.Person{}, nil
	}
	i := slices.IndexFunc(acc.People, func(p store.Person) bool { return p.ID != not && p.Consent != "" })
	if i < 0 {
		return store.Person{}, nil
	}
	acc.Active = acc.People[i].ID
	return acc.People[i], tx.PutAccount(ctx, *acc)
}

// mostRequests is how many requests about their own data a person makes in a day.
const mostRequests = 3

// askedLately is how many requests of some kinds a person made within a day.
func askedLately(ctx context.Context, tx store.Tx, who Who, kinds ...store.RequestKind) (n int, err error) {
	list, err := tx.DataRequestsOf(ctx, who.ID)
	for _, r := range list {
		if slices.Contains(kinds, r.Kind) && tx.Now().Sub(r.At) < 24*time.Hour {
			n++
		}
	}
	return n, err
}

// askedEnough is why a person can't ask for something about their own data now: the same waits for its answer, or they asked for much today.
func askedEnough(ctx context.Context, tx store.Tx, who Who, kind store.RequestKind) error {
	list, err := tx.DataRequestsOf(ctx, who.ID)
	if err != nil {
		return err
	}
	if i := slices.IndexFunc(list, func(r store.DataRequest) bool { return r.Kind == kind && r.Open() }); i >= 0 {
		return form.Mend{Why: store.Say("request.waits", "Kind", string(kind), "Due", who.moment(list[i].Due()))}
	}
	n, err := askedLately(ctx, tx, who, store.RequestCorrection, store.RequestErasure)
	if err == nil && n >= mostRequests {
		err = form.Mend{Why: store.Say("request.many")}
	}
	return err
}

// tellAbsent tells a person's ketua and mentor that the person takes no part for now, so that nobody waits for them. Why is the
// person's own affair. Of a ketua the other officers hear.
func tellAbsent(ctx context.Context, tx store.Tx, who Who, p store.Person) ([]store.Message, error) {
	if p.Recipient == 0 {
		return nil, nil
	}
	of, err := tx.Recipient(ctx, p.Recipient)
	if err != nil {
		return nil, err
	}
	list, err := tx.Members(ctx, of.ID)
	if err != nil {
		return nil, err
	}
	hears := func(o store.Person) bool {
		return o.Role == store.Chair || p.Role == store.Chair && slices.Contains(officers, o.Role)
	}
	list = slices.DeleteFunc(list, func(o store.Person) bool { return !hears(o) })
	mentor, err := author(ctx, tx, of.Mentor)
	if err != nil {
		return nil, err
	}
	told := map[int64]bool{p.Account: true, who.Person.Account: true}
	var tell []store.Message
	for _, o := range append(list, mentor) {
		if !reachable(o) || told[o.Account] {
			continue
		}
		told[o.Account] = true
		tell = append(tell, store.Message{Chat: o.Account, Body: []store.Text{store.Say("absent.told", "Name", p.Name, "Role", string(p.Role), "Group", of.Name)}})
	}
	return tell, nil
}

// ownData has a copy of the person's data made, once a day.
func ownData(ctx context.Context, tx store.Tx, who Who) (form.Screen, error) {
	list, err := tx.DataRequestsOf(ctx, who.ID)
	if err != nil {
		return form.Screen{}, err
	}
	recent := slices.ContainsFunc(list, func(r store.DataRequest) bool {
		return r.Kind == store.RequestAccess && tx.Now().Sub(r.At) < 24*time.Hour
	})
	if recent {
		return form.Screen{Body: []store.Text{store.Say("privasi.data.recent")}}, nil
	}
	r := who.dataRequest(store.RequestAccess, tx.Now())
	r.Outcome, r.Answered = store.OutcomeGiven, r.At
	if err := tx.AddDataRequest(ctx, "data.given", &r); err != nil {
		return form.Screen{}, err
	}
	return form.Screen{
		Body: []store.Text{store.Say("privasi.data.making")},
		Tell: []store.Message{{
			Chat: who.Person.Account, Class: store.Paper, Key: "mydata", Paper: "mydata:" + idText(who.ID),
			Body: []store.Text{store.Say("privasi.data.ready")},
		}},
	}, nil
}

// correct takes the request to have something about oneself put right.
func correct(ctx context.Context, tx store.Tx, who Who, _ string) (form.Form, error) {
	if err := askedEnough(ctx, tx, who, store.RequestCorrection); err != nil {
		return nil, err
	}
	var parts []form.Choice[string]
	for _, p := range []string{"name", "wa", "other"} {
		parts = append(parts, form.Choice[string]{Value: p, Text: store.Say("correct.part." + p)})
	}
	questions := func(r *store.DataRequest) ([]form.Question, error) {
		qs := []form.Question{form.Pick("part", &r.Part, parts)}
		switch r.Part {
		case "":
			return qs, nil
		case "name":
			qs = append(qs, form.Ask("name", &r.Words, personName).Whole())
		case "wa":
			qs = append(qs, form.Ask("wa", &r.Words, waNumber).Whole())
		default:
			qs = append(qs, form.Ask("words", &r.Words, form.Text).Whole())
		}
		return append(qs, form.Review(store.Say("correct.promise"))), nil
	}
	submit := func(ctx context.Context, asked store.DataRequest, _ form.State) (form.Screen, error) {
		r := who.dataRequest(store.RequestCorrection, tx.Now())
		r.Part, r.Words = asked.Part, asked.Words
		return sendRequest(ctx, tx, who, r)
	}
	return form.New("correct", questions, submit), nil
}

// waNumbers are Indonesian mobile numbers as people type them.
var waNumbers = regexp.MustCompile(`^(?:\+?62|0)8[0-9]{8,11}$`)

// waNumber reads a WhatsApp number and gives it as 62812…, the form that the roster keeps.
func waNumber(text string) []string {
	digits := strings.NewReplacer(" ", "", "-", "", ".", "", "(", "", ")", "").Replace(text)
	if !waNumbers.MatchString(digits) {
		return nil
	}
	digits = strings.TrimPrefix(digits, "+")
	digits = strings.TrimPrefix(strings.TrimPrefix(digits, "62"), "0")
	return []string{"62" + digits}
}

// erase takes the request to have one's data erased. What the law wants kept is answered with the reason and a restriction.
func erase(ctx context.Context, tx store.Tx, who Who, _ string) (form.Form, error) {
	if err := askedEnough(ctx, tx, who, store.RequestErasure); err != nil {
		return nil, err
	}
	everything := form.Choice[string]{Value: who.Words(store.Say("erase.all")), Text: store.Say("erase.all.choice")}
	questions := func(r *store.DataRequest) ([]form.Question, error) {
		return []form.Question{
			form.Ask("words", &r.Words, form.Text).Whole().Offer(everything),
			form.Review(store.Say("erase.promise")),
		}, nil
	}
	submit := func(ctx context.Context, asked store.DataRequest, _ form.State) (form.Screen, error) {
		r := who.dataRequest(store.RequestErasure, tx.Now())
		r.Words = asked.Words
		return sendRequest(ctx, tx, who, r)
	}
	return form.New("erase", questions, submit), nil
}

func sendRequest(ctx context.Context, tx store.Tx, who Who, r store.DataRequest) (form.Screen, error) {
	if err := tx.AddDataRequest(ctx, "data.asked", &r); err != nil {
		return form.Screen{}, err
	}
	tell, err := tellRequest(ctx, tx, who, r)
	said := store.Say("request.sent", "Due", who.moment(r.Due()))
	if len(tell) == 0 {
		said = store.Say("request.nobody", "Due", who.moment(r.Due()))
	}
	return form.Screen{Body: []store.Text{said}, Tell: tell}, err
}

// tellRequest lets the coordinators of the place know of a request, without its words.
func tellRequest(ctx context.Context, tx store.Tx, who Who, r store.DataRequest) ([]store.Message, error) {
	list, err := tx.Coordinators(ctx, r.Province, r.Regency)
	var tell []store.Message
	for _, p := range list {
		if !reachable(p) || who.is(p.ID) {
			continue
		}
		m := store.Message{Chat: p.Account, Body: []store.Text{store.Say("request.new", "Kind", string(r.Kind), "Regency", r.Regency, "Due", answerBy(r, who))}}
		m.Buttons = [][]store.Button{{{Text: store.Say("request.read"), Data: "request:" + idText(r.ID)}}}
		tell = append(tell, m)
	}
	return tell, err
}

// answerBy is until when a request waits for its answer; "" when it has one.
func answerBy(r store.DataRequest, who Who) string {
	if !r.Open() {
		return ""
	}
	return who.moment(r.Due())
}

// dataRequests lists those of a coordinator's scope; arg is one to read.
func dataRequests(ctx context.Context, tx store.Tx, who Who, arg string) (form.Screen, error) {
	if arg != "" {
		return requestCard(ctx, tx, who, arg)
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
			Text: store.Say("request.choice", "Kind", string(r.Kind), "Name", p.Name, "Outcome", string(r.Outcome), "Due", answerBy(r, who),
				"Late", mark(r.Open() && tx.Now().After(r.Due()))),
			Data: "request:" + idText(r.ID),
		}})
	}
	return s, nil
}

// ownRequest reads a request of the coordinator's scope, with whose it is.
func ownRequest(ctx context.Context, tx store.Tx, who Who, arg string) (r store.DataRequest, p store.Person, of store.Recipient, err error) {
	if r, err = tx.DataRequest(ctx, idOf(arg)); err != nil {
		return r, p, of, err
	}
	of = store.Recipient{Province: r.Province, Regency: r.Regency}
	if r.Recipient != 0 {
		if of, err = tx.Recipient(ctx, r.Recipient); err != nil {
			return r, p, of, err
		}
	}
	if !who.theirs(of) {
		return store.DataRequest{}, p, of, store.ErrNotFound
	}
	p, err = tx.Person(ctx, r.Person)
	return r, p, of, err
}

// requestCard is a request with what a coordinator can do about it.
func requestCard(ctx context.Context, tx store.Tx, who Who, arg string) (form.Screen, error) {
	r, p, of, err := ownRequest(ctx, tx, who, arg)
	if err != nil {
		return form.Screen{}, err
	}
	back := []store.Button{{Text: store.Say("request.list"), Data: "request:"}}
	s := form.Screen{Body: []store.Text{store.Say("request.card", "Kind", string(r.Kind), "Name", p.Name, "Role", string(p.Role), "Group", of.Name,
		"At", who.moment(r.At), "Due", answerBy(r, who), "Late", mark(r.Open() && tx.Now().After(r.Due())))}}
	if r.Words != "" {
		s.Body = append(s.Body, store.Say("request.words", "Part", r.Part, "Words", r.Words))
	}
	if !r.Open() {
		s.Body = append(s.Body, store.Say("request.answered", "Outcome", string(r.Outcome), "Reason", r.Reason, "At", who.moment(r.Answered), "Words", r.Reply))
		s.Buttons = [][]store.Button{back}
		return s, nil
	}
	if !who.mayBy(decideData, open, p) {
		s.Body = append(s.Body, store.Say("request.own"))
		s.Buttons = [][]store.Button{back}
		return s, nil
	}
	id := idText(r.ID)
	no := store.Button{Text: store.Say("request.refuse"), Data: "requestsay:n" + id}
	switch {
	case r.Kind == store.RequestErasure:
		s.Body = append(s.Body, store.Say("request.stays"))
		s.Buttons = [][]store.Button{
			{{Text: store.Say("request.erase"), Data: "requestgone:" + eraseAll + id}, {Text: store.Say("request.restrict"), Data: "requestdo:" + id + ":keep"}},
			{no}, back,
		}
		if p.WA != "" {
			s.Buttons = slices.Insert(s.Buttons, 1, []store.Button{{Text: store.Say("request.number"), Data: "requestgone:" + eraseNumber + id}})
		}
	case r.Part == "other":
		s.Buttons = [][]store.Button{{{Text: store.Say("request.answer"), Data: "requestsay:y" + id}, no}, back}
	default:
		s.Buttons = [][]store.Button{{{Text: store.Say("request.correct"), Data: "requestdo:" + id + ":correct"}, no}, back}
	}
	return s, nil
}

// decideRequest does what a coordinator's button says; arg is REQUEST:WHAT, and of a restriction REQUEST:keep:REASON.
func decideRequest(ctx context.Context, tx store.Tx, who Who, arg string) (form.Screen, error) {
	words := args(arg)
	id, what, reason := words.word(), words.word(), words.word()
	r, p, _, err := ownRequest(ctx, tx, who, id)
	if err != nil {
		return form.Screen{}, err
	}
	if !r.Open() || !who.mayBy(decideData, open, p) {
		return requestCard(ctx, tx, who, id)
	}
	switch {
	case what == "correct" && r.Kind == store.RequestCorrection:
		switch r.Part {
		case "name":
			p.Name = r.Words
			if p.Key, err = rekeyed(ctx, tx, p); err != nil {
				return form.Screen{}, err
			}
		case "wa":
			p.WA = r.Words
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
		tell, err := tellAbsent(ctx, tx, who, p)
		s.Tell = append(s.Tell, tell...)
		return s, err
	case what == "keep" && r.Kind == store.RequestErasure:
		s := form.Screen{Body: []store.Text{store.Say("request.keep.why")}}
		for _, reason := range store.KeepReasons() {
			s.Buttons = append(s.Buttons, []store.Button{{Text: store.Say("request.reason." + reason), Data: "requestdo:" + id + ":keep:" + reason}})
		}
		s.Buttons = append(s.Buttons, []store.Button{{Text: store.Say("form.back"), Data: "request:" + id}})
		return s, nil
	}
	return requestCard(ctx, tx, who, id)
}

// What an erasure takes, as the letter before the request that its button is about.
const (
	eraseAll    = "a"
	eraseNumber = "n"
)

// eraseRequested asks a coordinator whether they are sure before anything is erased: only the button of that question does it, and
// once, since nothing brings back what is gone.
func eraseRequested(ctx context.Context, tx store.Tx, who Who, about string) (form.Form, error) {
	id, everything := strings.CutPrefix(about, eraseAll)
	r, p, _, err := ownRequest(ctx, tx, who, strings.TrimPrefix(id, eraseNumber))
	if err != nil {
		return nil, err
	}
	switch {
	case r.Kind != store.RequestErasure, !everything && p.WA == "":
		return nil, store.ErrNotFound
	case !r.Open() || !who.mayBy(decideData, open, p):
		return nil, form.Mend{Why: store.Say("request.done", "Kind", string(r.Kind))}
	}
	sure := []store.Text{store.Say("requestgone.number", "Name", p.Name)}
	if everything {
		sure = []store.Text{store.Say("requestgone.head", "Name", p.Name), store.Say("request.stays")}
	}
	questions := func(*struct{}) ([]form.Question, error) { return []form.Question{form.Review(sure...)}, nil }
	submit := func(ctx context.Context, _ struct{}, _ form.State) (form.Screen, error) {
		if !everything {
			s, err := answerRequest(ctx, tx, who, r, p, store.OutcomeErased, "", who.Words(store.Say("request.number.gone")))
			if err != nil {
				return s, err
			}
			return s, tx.EraseNumber(ctx, p)
		}
		s, err := answerRequest(ctx, tx, who, r, p, store.OutcomeErased, "", "")
		if err != nil {
			return s, err
		}
		if p, err = tx.Person(ctx, p.ID); err != nil {
			return s, err
		}
		return s, Erase(ctx, tx, p)
	}
	return form.New("requestgone", questions, submit), nil
}

// restrict lets a person's data be kept and used for nothing else: without a consent nothing is sent to them and nothing taken from
// them, until they agree anew.
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
	_, err = stepBack(ctx, tx, &acc, p.ID)
	return err
}

// answerRequest closes a request and tells the person how.
func answerRequest(ctx context.Context, tx store.Tx, who Who, r store.DataRequest, p store.Person, outcome store.Outcome, reason, reply string) (form.Screen, error) {
	r.Outcome, r.Reason, r.Reply, r.By, r.Answered = outcome, reason, reply, who.ID, tx.Now()
	if err := tx.PutDataRequest(ctx, "data."+string(outcome), &r); err != nil {
		return form.Screen{}, err
	}
	said := store.Say("request.told", "Kind", string(r.Kind), "Outcome", string(outcome), "Reason", reason, "Words", reply)
	s := form.Screen{
		Body:    []store.Text{store.Say("request.closed", "Kind", string(r.Kind), "Outcome", string(outcome), "Role", string(p.Role))},
		Buttons: [][]store.Button{{{Text: store.Say("request.list"), Data: "request:"}}},
	}
	if p.Account != 0 {
		s.Tell = []store.Message{{Chat: p.Account, Body: []store.Text{said}}}
		if outcome == store.OutcomeErased && reply == "" {
			s.Tell[0].Body = append(s.Tell[0].Body, store.Say("request.stays"))
		}
	}
	return s, nil
}

// requestAnswer asks a coordinator for the words of an answer; about is yREQUEST, or nREQUEST for a refusal.
func requestAnswer(ctx context.Context, tx store.Tx, who Who, about string) (form.Form, error) {
	id, done := strings.CutPrefix(about, "y")
	r, p, _, err := ownRequest(ctx, tx, who, strings.TrimPrefix(id, "n"))
	if err != nil {
		return nil, err
	}
	if !r.Open() || !who.mayBy(decideData, open, p) {
		return nil, form.Mend{Why: store.Say("request.done", "Kind", string(r.Kind))}
	}
	outcome := store.OutcomeRefused
	if done && r.Kind == store.RequestCorrection {
		outcome = store.OutcomeCorrected
	}
	type answer struct{ Words string }
	questions := func(a *answer) ([]form.Question, error) {
		return []form.Question{form.Ask("words", &a.Words, form.Text).Whole(),
			form.Review(store.Say("requestsay.head", "Kind", string(r.Kind), "Outcome", string(outcome)))}, nil
	}
	submit := func(ctx context.Context, a answer, _ form.State) (form.Screen, error) {
		return answerRequest(ctx, tx, who, r, p, outcome, "", strings.TrimSpace(a.Words))
	}
	return form.New("requestsay", questions, submit), nil
}

// remindRequests promises the coordinators of some zones with open requests a message that names the clock.
func remindRequests(ctx context.Context, tx store.Tx, r Round) ([]store.Message, error) {
	list, err := tx.CoordinatorsIn(ctx, r.Zones)
	if err != nil {
		return nil, err
	}
	var waiting []store.Person
	for _, p := range list {
		open, err := openRequests(ctx, tx, p)
		if err != nil {
			return nil, err
		}
		if len(open) > 0 {
			waiting = append(waiting, p)
		}
	}
	return r.promise(ctx, tx, waiting, func(p store.Person) string { return roundData + ":" + idText(p.ID) })
}

// openRequests are those that wait for a coordinator, the first due first. A coordinator's own wait for somebody else.
func openRequests(ctx context.Context, tx store.Tx, p store.Person) ([]store.DataRequest, error) {
	list, err := tx.DataRequestsIn(ctx, p.Province, p.Regency, 100)
	return slices.DeleteFunc(list, func(r store.DataRequest) bool { return !r.Open() || r.Person == p.ID }), err
}

// requestsDue is what a coordinator reads in the morning while requests wait.
func requestsDue(ctx context.Context, tx store.Tx, p store.Person, zone *time.Location) (form.Screen, error) {
	list, err := openRequests(ctx, tx, p)
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
		Body: []store.Text{store.Say("request.due", "Count", strconv.Itoa(len(list)), "Late", nonzero(late),
			"Due", list[0].Due().In(zone).Format(time.RFC3339))},
		Buttons: [][]store.Button{{{Text: store.Say("request.list"), Data: "request:"}}},
	}, nil
}
