package privacy

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"time"

	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/store"
)

// dataRequest is a request of the person who speaks, for the coordinators of their place.
func dataRequest(w dialog.Who, kind store.RequestKind, at time.Time) store.DataRequest {
	r := store.DataRequest{
		Person: w.ID, Kind: kind, At: at, Recipient: w.Recipient, Province: w.Province, Regency: w.Regency,
	}
	if w.Recipient != 0 && w.For.ID == w.Recipient {
		r.Province, r.Regency = w.For.Province, w.For.Regency
	}
	return r
}

// mostRequests is how many requests about their own data a person makes in a day.
const mostRequests = 3

// askedLately is how many requests of some kinds a person made within a day.
func askedLately(ctx context.Context, tx store.Tx, who dialog.Who, kinds ...store.RequestKind) (n int, err error) {
	list, err := tx.DataRequestsOf(ctx, who.ID)
	for _, r := range list {
		if slices.Contains(kinds, r.Kind) && tx.Now().Sub(r.At) < 24*time.Hour {
			n++
		}
	}
	return n, err
}

// askedEnough is why a person can't ask for anything more about their own data now: the same waits for its answer, of a
// correction each of those parts, or they asked for much today.
func askedEnough(
	ctx context.Context, tx store.Tx, who dialog.Who, kind store.RequestKind, parts ...string,
) (waits map[string]store.Text, err error) {
	list, err := tx.DataRequestsOf(ctx, who.ID)
	if err != nil {
		return nil, err
	}
	var why store.Text
	waits = map[string]store.Text{}
	for _, r := range list {
		if r.Kind == kind && r.Open() {
			why = store.Say("request.waits", "Kind", string(kind), "Due", who.Moment(r.Due()),
				"Late", dialog.Mark(tx.Now().After(r.Due())))
			waits[r.Part] = why
		}
	}
	free := func(part string) bool { _, is := waits[part]; return !is }
	if len(waits) > 0 && !slices.ContainsFunc(parts, free) {
		return nil, form.Fixable{Why: why}
	}
	n, err := askedLately(ctx, tx, who, store.RequestCorrection, store.RequestErasure)
	if err == nil && n >= mostRequests {
		err = form.Fixable{Why: store.Say("request.many")}
	}
	return waits, err
}

// ownData has a copy of the person's data made, once a day.
func ownData(ctx context.Context, tx store.Tx, who dialog.Who) (form.Screen, error) {
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
	r := dataRequest(who, store.RequestAccess, tx.Now())
	r.Outcome, r.Answered = store.OutcomeGiven, r.At
	if err := tx.AddDataRequest(ctx, "data.given", &r); err != nil {
		return form.Screen{}, err
	}
	return form.Screen{
		Body: []store.Text{store.Say("privasi.data.making")},
		Tell: []store.Message{{
			Chat: who.Person.Account, Class: store.Paper, Key: "mydata", Paper: "mydata:" + dialog.IDText(who.ID),
			Body: []store.Text{store.Say("privasi.data.ready")},
		}},
	}, nil
}

// Correct takes the request to have something about oneself put right.
func Correct(ctx context.Context, t *dialog.Turn, _ dialog.Args) (form.Form, error) {
	tx, who := t.Tx, t.Who
	names := []string{"name", "wa", "other"}
	waits, err := askedEnough(ctx, tx, who, store.RequestCorrection, names...)
	if err != nil {
		return nil, err
	}
	waiting := func(part string) *store.Text {
		if why, is := waits[part]; is {
			return &why
		}
		return nil
	}
	var parts []form.Choice[string]
	for _, p := range names {
		parts = append(parts, form.Choice[string]{Value: p, Text: store.Say("correct.part." + p)})
	}
	questions := func(r *store.DataRequest) ([]form.Question, error) {
		qs := []form.Question{form.Pick("part", &r.Part, parts).Refuse(waiting)}
		switch r.Part {
		case "":
			return qs, nil
		case "name":
			qs = append(qs, form.Ask("name", &r.Words, dialog.PersonName).Exclusive())
		case "wa":
			qs = append(qs, form.Ask("wa", &r.Words, waNumber).Exclusive())
		default:
			qs = append(qs, form.Ask("words", &r.Words, form.Text).Exclusive())
		}
		return append(qs, form.Review(store.Say("correct.promise"))), nil
	}
	submit := func(ctx context.Context, asked store.DataRequest, _ form.State) (form.Screen, error) {
		r := dataRequest(who, store.RequestCorrection, tx.Now())
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

// Erase takes the request to have one's data erased. What the law wants kept is answered with the reason and a
// restriction.
func Erase(ctx context.Context, t *dialog.Turn, _ dialog.Args) (form.Form, error) {
	tx, who := t.Tx, t.Who
	if _, err := askedEnough(ctx, tx, who, store.RequestErasure); err != nil {
		return nil, err
	}
	everything := form.Choice[string]{Value: who.Words(store.Say("erase.all")), Text: store.Say("erase.all.choice")}
	questions := func(r *store.DataRequest) ([]form.Question, error) {
		return []form.Question{
			form.Ask("words", &r.Words, form.Text).Exclusive().Offer(everything),
			form.Review(store.Say("erase.promise")),
		}, nil
	}
	submit := func(ctx context.Context, asked store.DataRequest, _ form.State) (form.Screen, error) {
		r := dataRequest(who, store.RequestErasure, tx.Now())
		r.Words = asked.Words
		return sendRequest(ctx, tx, who, r)
	}
	return form.New("erase", questions, submit), nil
}

func sendRequest(ctx context.Context, tx store.Tx, who dialog.Who, r store.DataRequest) (form.Screen, error) {
	if err := tx.AddDataRequest(ctx, "data.asked", &r); err != nil {
		return form.Screen{}, err
	}
	tell, err := tellRequest(ctx, tx, who, r)
	said := store.Say("request.sent", "Due", who.Moment(r.Due()))
	if len(tell) == 0 {
		said = store.Say("request.nobody", "Due", who.Moment(r.Due()))
	}
	return form.Screen{Body: []store.Text{said}, Tell: tell}, err
}

// tellRequest lets the coordinators of the place know of a request, without its words: at once where no other waits for
// them, else once a day. Each morning they read how many wait.
func tellRequest(ctx context.Context, tx store.Tx, who dialog.Who, r store.DataRequest) ([]store.Message, error) {
	list, err := tx.Coordinators(ctx, r.Province, r.Regency)
	today := store.DayOf(tx.Now(), who.Zone)
	var tell []store.Message
	for _, p := range list {
		if !dialog.Reachable(p) || who.Is(p.ID) {
			continue
		}
		waiting, err := OpenRequests(ctx, tx, p)
		if err != nil {
			return nil, err
		}
		if r.Open() && len(waiting) > 1 {
			if heard, err := dialog.HeardToday(ctx, tx, p, dialog.PromisedRequest, today); heard || err != nil {
				if err != nil {
					return nil, err
				}
				continue
			}
		}
		m := store.Message{Chat: p.Account, Body: []store.Text{
			store.Say("request.new", "Kind", string(r.Kind), "Regency", r.Regency, "Due", answerBy(r, who)),
		}}
		m.Buttons = [][]store.Button{{{Text: store.Say("request.read"), Data: dialog.Data("request", r.ID)}}}
		tell = append(tell, m)
	}
	return tell, err
}
