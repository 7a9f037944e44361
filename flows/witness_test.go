package flows_test

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pendamping/flows"
	"pendamping/flows/dialog"
	"pendamping/store"
	"pendamping/store/embedded/testdb"
)

// scene is a group and its people as far as fraud is concerned. One human holds some of the accounts; everybody else is
// honest, agrees to whatever they are asked, and hands an invitation to whoever the human says a new name belongs to.
type scene struct {
	group   store.Recipient
	people  []store.Person // the id of a person is its place, from 1
	had     []holding      // who has or ever had which account
	mine    []int64        // accounts of the human
	records []cause
	changes []undone
	path    []string
	gained  bool // she has an office by her own objection
	both    bool // she was an officer of her own group from the start: an import before these rules let her
}

// holding is a person who had an account.
type holding struct {
	account int64
	person  store.ID
}

// undone is a change of the group's people that may be objected to, and what the human held before it and before an
// objection.
type undone struct {
	store.Handover
	invited bool       // the newcomer came by an invitation
	hers    bool       // who had the office or the phone before is the human
	offices []store.ID // of the human, when it was objected to
}

// cause is a record with what it takes to judge it.
type cause struct {
	kind  string // nota, plan, visit, paper, report; book: that something in it was verified
	hands []store.ID
	nota  store.Receipt
	plan  store.Plan
	paper store.Approval
	logs  store.ID // who logged a visit
	by    store.ID // who verified
	mine  bool     // the human entered or changed it, or verified
	done  bool     // it is verified, confirmed, decided or checked
}

// judging are the deeds by which a record becomes more than its author's word, with the state it has before.
var judging = map[string]struct{ deed, state string }{
	"nota": {"nota.verify", "submitted"}, "plan": {"plan.decide", "proposed"}, "visit": {"visit.confirm", "held"},
	"paper": {"book.check", "open"}, "report": {"report.decide", "sent"}, "book": {"book.approve", ""},
}

// entering are the deeds that make or change a record.
var entering = []struct{ deed, state, kind string }{
	{"nota.finish", "unfinished", "nota"}, {"nota.restore", "cancelled", "nota"},
	{"nota.change", "submitted", "nota"}, {"plan.propose", "", "plan"},
	{"plan.propose", "proposed", "plan"},
	{"visit.log", "", "visit"}, {"book.sign", "", "paper"}, {"report.write", "sent", "report"},
	{"report.send", "drafted", "report"},
	{"book.enter", "open", "report"}, {"report.take", "sent", "report"}, {"report.extend", "sent", "report"},
}

// changing are the deeds that change who may do what.
var changing = []string{"hand.ask", "hand.do", "hand.decide", "hand.agree", "hand.object", "hand.invite", "hand.settle",
	"data.decide", "person.admit"}

// harmless are the deeds by which no record comes nearer to being verified or confirmed; the golden table says why of
// each.
var harmless = []string{
	"nota.see", "nota.void", "nota.return", "nota.undo", "nota.object", "plan.withdraw", "report.see", "report.advise",
	"report.reopen", "report.upload", "report.result", "report.page", "report.print", "remark.answer", "visit.see",
	"visit.plan", "visit.change",
	"visit.solve", "visit.ask", "growth.record", "letter.send", "letter.see", "letter.answer", "letter.move",
	"cast.send", "cast.agree",
	"cast.see", "cast.pause", "cast.resume", "cast.stop", "cast.correct", "cast.follow",
}

// TestNobodyIsTheirOwnWitness tries every chain of up to four deeds by one human with several accounts, by the very
// rules that the conversations and the import ask (Who.may, weigh, proposing, ties.go). Between the deeds a roster
// gives her persons other accounts, and she has herself erased and comes back by it; an invitation is opened on a new
// phone or on one of hers; she says "bukan kami". None ends with a record verified, confirmed, decided or checked by an
// account of the human who entered or changed it with another, a book approved by who verified in it, somebody an
// officer of the group that they look after, or an office that she got by her own objection. Two humans who work
// together are out of its reach, and so are accounts that one human was given from the start with nothing in common, as
// a mentor and a coordinator under two names: see TestImportNamesOnePersonTwice.
func TestNobodyIsTheirOwnWitness(t *testing.T) {
	known := slices.Concat(changing, harmless)
	for _, j := range judging {
		known = append(known, j.deed)
	}
	for _, e := range entering {
		known = append(known, e.deed)
	}
	for _, d := range flows.Deeds() {
		if !slices.Contains(known, d) {
			t.Errorf("nobody said what %s does for somebody who wants to be their own witness", d)
		}
	}
	states := 0
	for _, s := range scenes() {
		n, fraud := s.search(4)
		states += n
		if fraud != nil {
			t.Errorf("one human, with %s: %s", s.path[0], strings.Join(fraud[1:], ", "))
		}
	}
	t.Logf("%d states", states)
	if states < 1000 {
		t.Error("too little was tried")
	}
}

// scenes are what one human may hold at the start, in groups of which all, some or nobody is bound. The short form
// leaves out what is like another one: of the groups those in between, and of the holdings those that see less than
// others.
func scenes() (list []scene) {
	holds := [][]string{
		{"mentor"}, {"coordinator"}, {"member"}, {"chair"}, {"treasurer"}, {"mentor", "member"},
		{"coordinator", "member"},
		{"mentor+treasurer"}, {"mentor+chair"}, {"mentor+coordinator"}, {"coordinator+treasurer"},
	}
	for _, bound := range []string{"chair treasurer member", "treasurer member", "member", "", "owner"} {
		for _, second := range []bool{true, false} {
			whole := strings.HasPrefix(bound, "chair")
			if !testdb.Full() && (!second || !whole && bound != "") {
				continue
			}
			for _, hold := range holds {
				wide := strings.HasPrefix(hold[0], "mentor") || len(hold) == 1 && strings.HasPrefix(hold[0],
					"coordinator")
				if !testdb.Full() && (!wide || !whole && strings.Contains(hold[0], "+")) {
					continue
				}
				if s, ok := newScene(bound, second, hold); ok {
					list = append(list, s)
				}
			}
		}
	}
	return list
}

// newScene is a group in which those are bound, with a second coordinator or not; the human holds one account for each
// word of hold, and one account is two persons where it says so.
func newScene(bound string, second bool, hold []string) (scene, bool) {
	s := scene{group: store.Recipient{
		ID: 1, Mentor: 1, Single: bound == "owner",
	}, path: []string{fmt.Sprintf("%v of %q, second coordinator %v", hold, bound, second)}}
	add := func(name string, role store.Role, is bool) {
		p := store.Person{ID: store.ID(len(s.people) + 1), Name: name, Key: name, Role: role, Code: name}
		if is {
			p.Account, p.Consent = 100+int64(p.ID), "x"
		}
		if role != store.Mentor && role != store.Coordinator {
			p.Recipient, p.Code = 1, "group"
		}
		s.people = append(s.people, p)
	}
	add("mentor", store.Mentor, true)
	add("coordinator", store.Coordinator, true)
	add("other mentor", store.Mentor, true)
	// of whom the roster has no number, and whose code came into the human's hands
	add("new mentor", store.Mentor, false)
	if second {
		add("second coordinator", store.Coordinator, true)
	}
	if s.group.Single {
		add("owner", store.Owner, true)
	} else {
		add("chair", store.Chair, strings.Contains(bound, "chair"))
		add("treasurer", store.Treasurer, strings.Contains(bound, "treasurer"))
		add("member", store.Member, strings.Contains(bound, "member"))
	}
	for _, h := range hold {
		first := int64(0)
		for name := range strings.SplitSeq(h, "+") {
			i := slices.IndexFunc(s.people, func(p store.Person) bool { return p.Name == name })
			if i < 0 || s.people[i].Account == 0 {
				return s, false
			}
			first = cmp.Or(first, s.people[i].Account)
			s.people[i].Account = first
		}
		s.mine = append(s.mine, first)
	}
	for _, p := range s.people {
		if p.Account != 0 {
			s.had = append(s.had, holding{p.Account, p.ID})
		}
	}
	s.both = s.officerOfOwn()
	s.records = []cause{{kind: "nota", hands: []store.ID{store.ID(len(s.people))}, nota: store.Receipt{
		By: store.ID(len(s.people)), Hands: []store.ID{store.ID(len(s.people))},
	}}}
	return s, true
}

func (s scene) clone() scene {
	s.people, s.mine, s.records, s.path = slices.Clone(s.people), slices.Clone(s.mine), slices.Clone(s.records),
		slices.Clone(s.path)
	s.changes, s.had = slices.Clone(s.changes), slices.Clone(s.had)
	return s
}

// human is who is known to be one human with a person who has an account.
func (s scene) human(id store.ID, account int64) []store.Person {
	var e dialog.Everybody
	for _, h := range s.had {
		e.Add(store.Person{ID: h.person, Account: h.account})
	}
	for _, p := range s.people {
		e.Add(p)
	}
	p := e.Person(id)
	p.Account = account
	list, _ := dialog.OneHuman(p, e.Sharers)
	return list
}

// rebinds gives a person an account, 0 for none, as every way of doing so does.
func (s *scene) rebinds(id store.ID, account int64) {
	p := &s.people[id-1]
	if p.Account == account {
		return
	}
	for _, o := range dialog.TieAll(p, s.human(id, account)) {
		s.people[o.ID-1] = o
	}
	p.Account, p.Consent = account, "x"
	if h := (holding{account, id}); account != 0 && !slices.Contains(s.had, h) {
		s.had = append(s.had, h)
	}
}

// does adds to what was done.
func (s *scene) does(format string, args ...any) {
	s.path = append(s.path, fmt.Sprintf(format, args...))
}

// officerOfOwn tells whether the human looks after the group of which the same account is an officer.
func (s scene) officerOfOwn() bool {
	account := s.people[s.group.Mentor-1].Account
	return account != 0 && slices.Contains(s.mine, account) && slices.ContainsFunc(s.people, func(p store.Person) bool {
		return p.Account == account && p.Recipient == s.group.ID && p.Role != store.Member
	})
}

// phones are the accounts by which the human is somebody now; any other of hers is like a new one.
func (s scene) phones() (list []int64) {
	for _, w := range s.hers() {
		if !slices.Contains(list, w.Person.Account) {
			list = append(list, w.Person.Account)
		}
	}
	return list
}

// offices are those of the human.
func (s scene) offices() (list []store.ID) {
	for _, w := range s.hers() {
		if w.Recipient != 0 && w.Role != store.Member {
			list = append(list, w.ID)
		}
	}
	return list
}

// key is what distinguishes a scene from another one.
func (s scene) key() string {
	var b []byte
	num := func(list ...store.ID) {
		for _, n := range list {
			b = append(strconv.AppendInt(b, int64(n), 36), ' ')
		}
		b = append(b, '|')
	}
	num(s.group.Mentor)
	for _, p := range s.people {
		// whatever its number
		phone := slices.IndexFunc(s.people, func(o store.Person) bool {
			return p.Account != 0 &&
				o.Account == p.Account
		})
		b = append(b, p.Role...)
		num(store.ID(phone), p.Recipient, store.ID(len(p.Name)),
			map[bool]store.ID{true: 1}[slices.Contains(s.mine, p.Account)])
		num(slices.Sorted(slices.Values(p.Sponsors))...)
		for _, h := range s.had {
			if h.person == p.ID {
				first := slices.IndexFunc(s.had, func(o holding) bool { return o.account == h.account })
				num(s.had[first].person)
			}
		}
	}
	for _, c := range s.changes {
		b = append(append(append(b, c.Kind...), c.Role...), c.State...)
		num(c.From, c.To, c.By, map[bool]store.ID{true: 1}[c.invited], map[bool]store.ID{true: 1}[c.hers])
		num(c.offices...)
	}
	var records []string
	for _, r := range s.records {
		records = append(records, fmt.Sprint(r.kind, slices.Sorted(slices.Values(r.hands)), r.by, r.mine, r.done))
	}
	slices.Sort(records)
	return string(b) + strings.Join(slices.Compact(records), ",")
}

// search tries all chains of so many deeds and returns how many scenes there were, and the first chain that is a fraud.
func (s scene) search(deeds int) (states int, fraud []string) {
	seen, level := map[string]bool{s.key(): true}, []scene{s}
	for n := 1; n <= deeds && len(level) > 0; n++ {
		var next []scene
		for _, at := range level {
			states++
			for _, to := range at.judged() {
				return states, to.path
			}
			if n == deeds {
				continue // a chain ends with a judgement
			}
			for _, to := range slices.Concat(at.entered(), at.verified(), at.asked(), at.imported(), at.erased(),
				at.objected(), at.settled(), at.admitted()) {
				if to.officerOfOwn() && !s.both {
					return states, append(to.path, "she is an officer of the group that she looks after")
				}
				if to.gained {
					return states, append(to.path, "she has the office by her own word")
				}
				if k := to.key(); !seen[k] {
					seen[k] = true
					next = append(next, to)
				}
			}
		}
		level = next
	}
	return states, nil
}

// hers are the persons of the human.
func (s scene) hers() (list []dialog.Who) {
	for i := range s.people {
		if p := &s.people[i]; p.Account != 0 && slices.Contains(s.mine, p.Account) {
			list = append(list, s.who(*p))
		}
	}
	return list
}

// who is a person with all persons of the account.
func (s scene) who(p store.Person) dialog.Who {
	acc := &store.Account{ID: p.Account, People: []store.Person{p}}
	for i := range s.people {
		if o := &s.people[i]; o.ID != p.ID && o.Account == p.Account && p.Account != 0 {
			acc.People = append(acc.People, *o)
		}
	}
	return dialog.Who{Person: p, Account: acc}
}

// reaches tells whether a person sees the group's records at all.
func (s scene) reaches(w dialog.Who) bool { return w.Role != store.Mentor || w.ID == s.group.Mentor }

// judged are the scenes in which the human judged what the human entered: frauds.
func (s scene) judged() (list []scene) {
	for _, w := range s.hers() {
		for i, r := range s.records {
			j := judging[r.kind]
			hands := r.hands
			if r.by != 0 {
				// who verified, and who is known to be the same human by now
				hands = flows.Marks(s.who(s.people[r.by-1]))
			}
			can := flows.Can(w, j.deed, j.state, hands...)
			if r.logs != 0 { // as the code asks: a visit keeps no more than who logged it
				can = flows.CanBy(w, j.deed, j.state, s.who(s.people[r.logs-1]))
			}
			if !r.mine || r.done || !s.reaches(w) || !can {
				continue
			}
			if r.by != 0 && slices.ContainsFunc(w.Sponsors,
				func(id store.ID) bool { return slices.Contains(hands, id) }) {
				// the approval carries on whose proposal its author has the office, and the LPJ names it to its
				// reviewer
				continue
			}
			to := s.clone()
			to.records[i].done = true
			to.path = append(to.path, w.Name+" does "+j.deed)
			list = append(list, to)
		}
	}
	return list
}

// entered are the scenes after the human has entered or changed one thing.
func (s scene) entered() (list []scene) {
	for _, w := range s.hers() {
		if !s.reaches(w) {
			continue
		}
		for _, e := range entering {
			if !flows.Can(w, e.deed, e.state) {
				continue
			}
			for i, r := range append(slices.Clone(s.records), cause{kind: e.kind}) {
				again := i < len(s.records)
				if r.kind != e.kind || r.done || (e.deed == "nota.change" || e.state == "sent" ||
					e.state == "proposed") != again {
					continue
				}
				to := s.clone()
				r.mine = true
				switch e.kind {
				case "nota":
					if !again {
						r.nota = store.Receipt{By: w.ID}
					}
					r.nota = flows.Signs(w, r.nota)
					r.hands = slices.Concat(r.nota.Hands, []store.ID{r.nota.By}, r.nota.Sponsors)
				case "plan":
					r.plan.By, r.plan.Hands = cmp.Or(r.plan.By, w.ID), append(slices.Clone(r.plan.Hands),
						flows.Marks(w)...)
					r.hands = flows.PlanHands(r.plan)
				case "paper":
					r.paper = store.Approval{By: w.ID, Sponsors: w.Sponsors}
					r.hands = flows.PaperHands(r.paper)
				case "visit":
					r.logs, r.hands = w.ID, []store.ID{w.ID}
				default:
					r.hands = append(slices.Clone(r.hands), flows.Marks(w)...)
				}
				if again {
					to.records[i] = r
				} else {
					to.records = append(to.records, r)
				}
				to.path = append(to.path, w.Name+" does "+e.deed)
				list = append(list, to)
			}
		}
	}
	return list
}

// verified are the scenes after the human has verified what an honest one entered.
func (s scene) verified() (list []scene) {
	for _, w := range s.hers() {
		for i, r := range s.records {
			if r.kind != "nota" || r.mine || r.done || !s.reaches(w) || !flows.Can(w, "nota.verify", "submitted",
				r.hands...) {
				continue
			}
			to := s.clone()
			to.records[i].done = true
			to.records = append(to.records, cause{kind: "book", by: w.ID, mine: true})
			to.does("%s verifies an honest nota", w.Name)
			list = append(list, to)
		}
	}
	return list
}

// imported are the scenes after a roster gave one of her persons another phone: a new one, or another of hers.
func (s scene) imported() (list []scene) {
	for _, w := range s.hers() {
		for _, account := range append(s.phones(), 300+int64(w.ID)) {
			if account == w.Person.Account {
				continue
			}
			if to, ok := s.moved(w.Person, account); ok {
				to.does("a roster gives %s the account %d", w.Name, account)
				list = append(list, to)
			}
		}
	}
	return list
}

// moved is the scene after an import has given a person an account, unless it refuses to. See comparePeople and twins
// of the import.
func (s scene) moved(p store.Person, account int64) (scene, bool) {
	to := s.clone()
	for _, o := range to.human(p.ID, account) {
		if dialog.OwnGroup(p, o, flows.Mentored(s.group)) {
			return s, false
		}
	}
	to.rebinds(p.ID, account)
	to.mine = append(to.mine, account)
	slices.Sort(to.mine)
	to.mine = slices.Compact(to.mine)
	return to, true
}

// erased are the scenes after one of her persons was erased, as she asked, and a roster brought her back as a new one,
// with the account of before or another.
func (s scene) erased() (list []scene) {
	for _, w := range s.hers() {
		gone := s.clone()
		p := &gone.people[w.ID-1]
		dialog.Remember(p, gone.human(w.ID, p.Account))
		gone.rebinds(w.ID, 0)
		gone.had = slices.DeleteFunc(gone.had, func(h holding) bool { return h.person == w.ID })
		p.Account, p.Consent, p.Name, p.Key = 0, "", "", ""
		again := store.Person{ID: store.ID(len(s.people) + 1), Name: w.Name + " again", Key: "again", Role: p.Role,
			Code: p.Code, Recipient: p.Recipient}
		dialog.InheritTies(&again, slices.DeleteFunc(slices.Clone(gone.people),
			func(o store.Person) bool { return o.Key != "" }))
		gone.people = append(gone.people, again)
		if gone.group.Mentor == p.ID {
			gone.group.Mentor = again.ID
		}
		for _, account := range []int64{w.Person.Account, 400 + int64(w.ID)} {
			if to, ok := gone.moved(again, account); ok {
				to.does("%s is erased, and a roster brings her back with the account %d", w.Name, account)
				list = append(list, to)
			}
		}
	}
	return list
}

// objected are the scenes after the human said "bukan kami" to a change.
func (s scene) objected() (list []scene) {
	for i, c := range s.changes {
		comes := flows.Comes(c.Handover)
		if c.State != store.HandoverDone {
			continue
		}
		for _, w := range append(s.hers(), dialog.Who{}) {
			released := w.ID == 0 && c.hers // by the phone that was let go, or whose office was taken
			if !released && (w.Recipient == 0 || w.ID == comes || !flows.Can(w, "hand.object", "done", comes, c.By)) {
				continue
			}
			to := s.clone()
			d := &to.changes[i]
			d.State, d.Objected, d.offices = store.HandoverObjected, w.ID, s.offices()
			if released {
				d.Objected = c.From
			}
			p := &to.people[comes-1]
			flows.Freeze(c.Handover, p)
			if c.invited {
				to.rebinds(comes, 0)
				p.Consent = ""
			}
			to.gained = to.gains(*d)
			to.does("%s says bukan kami", cmp.Or(w.Name, "the phone of before"))
			list = append(list, to)
		}
	}
	return list
}

// settled are the scenes after the human settled what she had objected to.
func (s scene) settled() (list []scene) {
	for i, c := range s.changes {
		if c.State != store.HandoverObjected {
			continue
		}
		by := s.who(s.people[c.By-1])
		for _, w := range s.hers() {
			fit := flows.Impartial([]store.Person{w.Person}, s.people, by, c.Handover)
			if len(fit) == 0 || !flows.Can(w, "hand.settle", "objected", flows.Parties(by.Person, c.Handover)...) {
				continue
			}
			for _, state := range []store.HandoverState{store.HandoverUpheld, store.HandoverRestored} {
				to := s.clone()
				to.changes[i].State = state
				id := c.From
				if state == store.HandoverUpheld && c.Kind == store.OfficerMoves {
					id = c.To
				}
				if id == 0 {
					continue
				}
				p := &to.people[id-1]
				if c.Kind == store.OfficerMoves {
					p.Role = c.Role
				}
				if p.Account == 0 { // the invitation is hers to pass on
					p.Sponsors = slices.Concat(p.Sponsors, flows.Inviting(s.who(w.Person)))
					to.rebinds(id, 500+int64(id))
					to.mine = append(to.mine, p.Account)
				}
				to.gained = to.gains(c)
				to.does("%s settles it as %s", w.Name, state)
				list = append(list, to)
			}
		}
	}
	return list
}

// gains tells whether the human has an office by a change that she did not have before she objected to it.
func (s scene) gains(c undone) bool {
	return slices.ContainsFunc(s.offices(), func(id store.ID) bool {
		return (id == c.From || id == c.To) &&
			!slices.Contains(c.offices, id)
	})
}

// asked are the scenes after the human asked for another officer, mentor or phone, and everybody asked agreed.
func (s scene) asked() (list []scene) {
	for _, w := range s.hers() {
		if s.reaches(w) && flows.InvitesAlone(w, s.group) {
			for _, p := range s.people {
				if p.Recipient != 0 && p.Account == 0 && p.Name != "" {
					list = append(list, s.changed(w, store.Handover{
						Kind: store.PhoneLost, From: p.ID, By: w.ID, Agreed: w.ID,
					}, w.Person, w.Person)...)
				}
			}
		}
		if !flows.Can(w, "hand.ask", "") || !s.reaches(w) {
			continue
		}
		for _, p := range s.people {
			switch {
			case p.Name == "": // erased
			case p.Role == store.Mentor && p.ID != s.group.Mentor && w.ID != p.ID:
				list = append(list, s.carried(w, store.Handover{
					Kind: store.MentorMoves, From: s.group.Mentor, To: p.ID,
				})...)
			case p.Role == store.Mentor && w.Role == store.Coordinator && p.Account != 0, p.Recipient != 0:
				list = append(list, s.carried(w, store.Handover{Kind: store.PhoneLost, From: p.ID})...)
			}
		}
		if s.group.Single {
			continue
		}
		for _, role := range []store.Role{store.Chair, store.Secretary, store.Treasurer} {
			from := store.ID(0)
			if i := slices.IndexFunc(s.people, func(p store.Person) bool {
				return p.Role == role && p.Recipient != 0 &&
					p.Name != ""
			}); i >= 0 {
				from = s.people[i].ID
			}
			list = append(list, s.carried(w, store.Handover{
				Kind: store.OfficerMoves, Role: role, From: from, To: store.ID(len(s.people) + 1),
			})...)
			for _, p := range s.people {
				if p.Name != "" && (p.Role == store.Member || p.Role == store.Secretary && role != store.Secretary) {
					list = append(list, s.carried(w, store.Handover{
						Kind: store.OfficerMoves, Role: role, From: from, To: p.ID,
					})...)
				}
			}
		}
	}
	return list
}

// carried are the scenes after a change was agreed to by each of those who may.
func (s scene) carried(by dialog.Who, h store.Handover) (list []scene) {
	h.By, h.State = by.ID, store.HandoverAsked
	if int(h.To) > len(s.people) {
		s = s.clone()
		s.people = append(s.people, store.Person{
			ID: h.To, Name: "newcomer", Key: "newcomer", Role: store.Member, Code: "group", Recipient: 1,
		})
	}
	var members, coordinators []store.Person
	if to := h.To; to != 0 && flows.BothAfter(s.group, h, s.people[to-1], s.human(to, s.people[to-1].Account)) {
		return nil
	}
	for _, p := range s.people {
		if p.Name == "" {
			continue
		}
		if p.Recipient != 0 {
			members = append(members, p)
		}
		if p.Role == store.Coordinator {
			coordinators = append(coordinators, p)
		}
	}
	from := store.Person{}
	if h.From != 0 {
		from = s.people[h.From-1]
	}
	group, field := flows.Weigh(by, s.group, h, from, members, coordinators)
	if len(group) == 0 {
		group = []store.Person{{}}
	}
	for _, g := range group {
		h.Agreed = g.ID
		if g.ID != 0 {
			if !flows.Can(s.who(g), "hand.agree", "asked", flows.Touched(by.Person, h)...) {
				continue
			}
			_, field = flows.Weigh(by, s.group, h, from, members, coordinators)
		}
		if !field {
			doer := by.Person
			if g.ID != 0 {
				doer = g
			}
			list = append(list, s.changed(by, h, g, doer)...)
			continue
		}
		for _, k := range coordinators {
			if flows.Can(s.who(k), "hand.decide", "asked", flows.Touched(by.Person, h)...) {
				list = append(list, s.changed(by, h, g, k)...)
			}
		}
	}
	return list
}

// changed are the scenes after a change. An invitation for a new name comes to the human; one for somebody who is there
// does where the human gets it to pass on. She opens it on a new phone, or on one that she has.
func (s scene) changed(by dialog.Who, h store.Handover, agreed, doer store.Person) (list []scene) {
	to := s.clone()
	h.State = store.HandoverDone
	to.path = append(to.path, fmt.Sprintf("%s asks for %s %s %v → %v, which %s agrees to and %s carries out", by.Name,
		h.Kind, h.Role, h.From, h.To,
		cmp.Or(agreed.Name, "nobody of the group"), doer.Name))
	if h.Kind == store.MentorMoves {
		to.group.Mentor = h.To
		return []scene{to}
	}
	held := h.From != 0 && slices.Contains(s.mine, s.people[h.From-1].Account)
	carrier := doer
	if agreed.ID != 0 {
		carrier = agreed
	}
	id := h.From
	if h.Kind == store.OfficerMoves {
		if h.From != 0 {
			to.people[h.From-1].Role = store.Member
		}
		id = h.To
		to.people[id-1].Role = h.Role
	}
	p := &to.people[id-1]
	invited := h.Kind == store.PhoneLost || p.Account == 0
	if !invited {
		carrier = store.Person{}
	}
	p.Sponsors = slices.Concat(p.Sponsors, flows.Proposing(h, by, agreed, s.who(carrier)))
	slices.Sort(p.Sponsors)
	p.Sponsors = slices.Compact(p.Sponsors)
	to.changes = append(to.changes, undone{Handover: h, invited: invited, hers: held})
	if !invited {
		return []scene{to}
	}
	real := p.Account
	to.rebinds(id, 0)
	opens := []int64{200 + int64(id)}
	if p.Name == "newcomer" || slices.Contains(s.mine, carrier.Account) || slices.Contains(s.mine, real) {
		opens = append(opens, s.phones()...)
		to.mine = append(to.mine, opens[0])
		slices.Sort(to.mine)
		to.mine = slices.Compact(to.mine)
	}
	for _, account := range opens {
		if at, ok := to.opened(id, account); ok {
			list = append(list, at)
		}
	}
	return list
}

// opened is the scene after an account has opened a person's invitation, unless that does not fit.
func (s scene) opened(id store.ID, account int64) (scene, bool) {
	at := s.clone()
	p := at.people[id-1]
	others := slices.DeleteFunc(slices.Clone(at.people), func(o store.Person) bool { return o.Account != account })
	if flows.Misfit(p, at.group, others, at.human(id, account)) != "" {
		return s, false
	}
	at.rebinds(id, account)
	return at, true
}

// admitted are the scenes after a coordinator said that an account of hers is the one of a mentor who has not joined.
func (s scene) admitted() (list []scene) {
	for _, w := range s.hers() {
		for _, p := range s.people {
			if p.Role != store.Mentor || p.Account != 0 || p.Name == "" || !flows.CanAdmit(w, p) {
				continue
			}
			for _, account := range append(s.phones(), 600+int64(p.ID)) {
				to := s.clone()
				to.people[p.ID-1].Sponsors = flows.WithHands(p.Sponsors, flows.Admitting(w)...)
				if to, ok := to.opened(p.ID, account); ok {
					to.mine = append(to.mine, account)
					slices.Sort(to.mine)
					to.mine = slices.Compact(to.mine)
					to.does("%s says that the account %d is %s", w.Name, account, p.Name)
					list = append(list, to)
				}
			}
		}
	}
	return list
}
