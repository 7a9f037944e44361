package dialog

import (
	"context"
	"slices"
	"strconv"
	"time"

	"pendamping/store"
)

// What coordinators were told of on a day though earlier ones wait for them: see HeardToday.
const (
	promisedComplaint = "complaint"
	PromisedRequest   = "request"
)

// HeardToday tells whether somebody was told today that there is more of what waits for them already, and promises that
// they are told now if not. What they were told leads to all of it, so that nobody's chat fills, however many send
// something.
func HeardToday(ctx context.Context, tx store.Tx, p store.Person, what string, today store.Day) (bool, error) {
	said, err := tx.Told(ctx, []store.ID{p.ID}, today)
	if err != nil || slices.ContainsFunc(said, func(s store.ToldOnce) bool { return s.What == what }) {
		return true, err
	}
	return false, tx.KeepTold(ctx, store.ToldOnce{Person: p.ID, What: what, Day: today, At: tx.Now()})
}

// OtherTopic is the topic of a complaint that is neither about money nor about a change that was stopped.
const OtherTopic = "lain"

// MoneyTopics are the topics of complaints about money.
var MoneyTopics = []string{"pungli", "potongan"}

// AboutMoney tells whether a complaint is.
func AboutMoney(c store.Complaint) bool { return slices.Contains(MoneyTopics, c.Topic) }

// ToAll tells whether a complaint goes to the coordinators of every place: one that names none. A mentor's or a
// coordinator's does so where their place has too few others.
func ToAll(c store.Complaint) bool { return c.Recipient == 0 && c.Province == "" }

// unheardFor is how long a complaint that another coordinator closed waits for somebody to open it too.
const unheardFor = 14 * 24 * time.Hour

// Unread are the complaints of a coordinator's scope that they have not opened, those about money first, then the
// newest. What another one took up is among them, and for a while what another one closed, so that nobody hides it from
// the others. A change that was stopped is not: it is put to all of them as a question.
func Unread(ctx context.Context, tx store.Tx, p store.Person) ([]store.Complaint, error) {
	list, err := tx.UnreadComplaints(ctx, p, tx.Now().Add(-unheardFor))
	var money, rest []store.Complaint
	for _, c := range list {
		switch {
		case AboutMoney(c):
			money = append(money, c)
		case !AboutChange(c) || c.State == store.ComplaintSent:
			rest = append(rest, c)
		}
	}
	return append(money, rest...), err
}

// TellCoordinators lets those of the place know that there is a complaint, without its words. One about money or a
// change that was stopped is told at once, in a message that no later complaint takes the place of: nobody may bury it
// under others. The rest is told at once to who has read all others, else once a day; each morning they hear of what
// they have not read.
func TellCoordinators(ctx context.Context, tx store.Tx, who Who, c store.Complaint) ([]store.Message, error) {
	list, err := tx.Coordinators(ctx, c.Province, c.Regency)
	if ToAll(c) {
		list, err = tx.BoundCoordinators(ctx)
	}
	if err != nil {
		return nil, err
	}
	today := store.DayOf(tx.Now(), who.Zone)
	var tell []store.Message
	for _, p := range list {
		if !Reachable(p) || who.Is(p.ID) {
			continue
		}
		unread, err := Unread(ctx, tx, p)
		if err != nil {
			return nil, err
		}
		others := len(slices.DeleteFunc(slices.Clone(unread), func(o store.Complaint) bool { return o.ID == c.ID }))
		key := "complaint:" + IDText(c.ID)
		if c.Topic == OtherTopic {
			key = "laporan:" + IDText(p.ID)
		}
		if others > 0 && c.Topic == OtherTopic {
			if heard, err := HeardToday(ctx, tx, p, promisedComplaint, today); heard || err != nil {
				if err != nil {
					return nil, err
				}
				continue
			}
		}
		m := store.Message{
			Chat: p.Account, Key: key,
			Body: []store.Text{
				store.Say("laporan.new", "Topic", c.Topic, "Regency", c.Regency, "Count", Count(others)),
			},
			Buttons: [][]store.Button{{{Text: store.Say("laporan.read"), Data: Data("laporan", c.ID)}}},
		}
		if others > 0 {
			list := store.Say("laporan.unread", "Count", strconv.Itoa(len(unread)))
			m.Buttons = append(m.Buttons, []store.Button{{Text: list, Data: Data("laporan")}})
		}
		tell = append(tell, m)
	}
	return tell, nil
}

// Judge is who looks at what those hands did: the recipient's mentor, or a coordinator of the place where the mentor
// had a hand in it, can't be reached, or there is none. A judge without an id is nobody yet; the role says who it would
// be.
func Judge(ctx context.Context, tx store.Tx, of store.Recipient, hands ...store.ID) (store.Person, error) {
	own := map[int64]bool{}
	for _, id := range hands {
		if id == 0 {
			continue
		}
		p, err := tx.Person(ctx, id)
		if err != nil {
			return p, err
		}
		own[p.Account] = true
	}
	tied := func(id store.ID) bool { return slices.Contains(hands, id) }
	fit := func(p store.Person) bool {
		return Reachable(p) && !own[p.Account] && !slices.Contains(hands, p.ID) && !slices.ContainsFunc(p.Sponsors,
			tied)
	}
	if of.Mentor != 0 {
		p, err := tx.Person(ctx, of.Mentor)
		if err != nil || fit(p) {
			return p, err
		}
	}
	list, err := tx.Coordinators(ctx, of.Province, of.Regency)
	if err != nil {
		return store.Person{}, err
	}
	if i := slices.IndexFunc(list, fit); i >= 0 {
		return list[i], nil
	}
	return store.Person{Role: store.Coordinator}, nil
}

// Reachable tells whether somebody may use the bot.
func Reachable(p store.Person) bool { return p.Account != 0 && p.Consent != "" }

// Reader is somebody as they will read what is told to them.
func (w Who) Reader(p store.Person) Who {
	return Who{Person: p, Account: &store.Account{ID: p.Account, People: []store.Person{p}}, Zone: w.Zone,
		Today: w.Today, Home: w.Home}
}

// ToOfficers says something to a group's officers, and to who else is named; not to the one who does it.
func ToOfficers(
	ctx context.Context, tx store.Tx, who Who, of store.ID, m store.Message, also ...store.ID,
) ([]store.Message, error) {
	list, err := tx.Members(ctx, of)
	if err != nil {
		return nil, err
	}
	list = slices.DeleteFunc(list, func(p store.Person) bool { return !slices.Contains(Officers, p.Role) })
	for _, id := range also {
		if id == 0 {
			continue
		}
		p, err := tx.Person(ctx, id)
		if err != nil {
			return nil, err
		}
		list = append(list, p)
	}
	var tell []store.Message
	told := map[int64]bool{who.Person.Account: true}
	for _, p := range list {
		if Reachable(p) && !told[p.Account] {
			told[p.Account] = true
			m.Chat = p.Account
			tell = append(tell, m)
		}
	}
	return tell, nil
}

// Moment is a time as somebody's clock has it.
func (w Who) Moment(t time.Time) string { return t.In(w.Zone).Format(time.RFC3339) }
