package flows_test

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pendamping/flows"
	"pendamping/store"
	"pendamping/store/embedded/testdb"
)

// scene is a group and its people as far as fraud is concerned. One human holds some of the accounts; everybody else is honest, agrees to
// whatever they are asked, and hands an invitation to whoever the human says a new name belongs to.
type scene struct {
	group   store.Recipient
	people  []store.Person // the id of a person is its place, from 1
	mine    []int64        // accounts of the human
	records []cause
	path    []string
}

// cause is a record with what it takes to judge it.
type cause struct {
	kind  string // nota, plan, visit, paper, report
	hands []store.ID
	nota  store.Receipt
	mine  bool // the human entered or changed it
	done  bool // it is verified, confirmed, decided or checked
}

// judging are the deeds by which a record becomes more than its author's word, with the state it has before.
var judging = map[string]struct{ deed, state string }{
	"nota": {"nota.verify", "submitted"}, "plan": {"plan.decide", "proposed"}, "visit": {"visit.confirm", "held"},
	"paper": {"book.check", "open"}, "report": {"report.decide", "sent"},
}

// entering are the deeds that make or change a record.
var entering = []struct{ deed, state, kind string }{
	{"nota.finish", "unfinished", "nota"}, {"nota.change", "submitted", "nota"}, {"plan.propose", "", "plan"}, {"plan.propose", "proposed", "plan"},
	{"visit.log", "", "visit"}, {"book.sign", "", "paper"}, {"report.write", "sent", "report"}, {"report.send", "drafted", "report"},
	{"book.enter", "open", "report"}, {"report.take", "sent", "report"}, {"report.extend", "sent", "report"},
}

// changing are the deeds that change who may do what.
var changing = []string{"hand.ask", "hand.do", "hand.decide", "hand.agree"}

// harmless are the deeds by which no record comes nearer to being verified or confirmed; the golden table says why of each.
var harmless = []string{
	"nota.see", "nota.void", "nota.return", "nota.undo", "nota.object", "plan.withdraw", "book.approve", "report.see", "report.advise",
	"report.reopen", "report.upload", "report.result", "report.page", "report.print", "remark.answer", "visit.see", "visit.plan", "visit.change",
	"visit.solve", "visit.ask", "growth.record", "letter.send", "letter.see", "letter.answer", "letter.move", "hand.object", "cast.send", "cast.agree",
	"cast.see", "cast.pause", "cast.resume", "cast.stop", "cast.correct", "cast.follow", "data.decide",
	"person.admit", // it only asks more of an invitation than is assumed here
}

// TestNobodyIsTheirOwnWitness tries every chain of up to four deeds by one human with several accounts, by the very rules that the
// conversations ask (Who.may, weigh, proposing): none ends with a record verified, confirmed, decided or checked by an account of the human
// who entered or changed it with another. Two humans who work together are out of its reach, and so are accounts that one human
// was given from the start with nothing in common, as a mentor and a coordinator under two names: see TestImportNamesOnePersonTwice.
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

// scenes are what one human may hold at the start, in groups of which all, some or nobody is bound. The short form leaves out what is
// like another one.
func scenes() (list []scene) {
	holds := [][]string{
		{"mentor"}, {"coordinator"}, {"member"}, {"chair"}, {"treasurer"}, {"mentor", "member"}, {"coordinator", "member"},
		{"mentor+treasurer"}, {"mentor+chair"}, {"mentor+coordinator"}, {"coordinator+treasurer"},
	}
	for _, bound := range []string{"chair treasurer member", "treasurer member", "member", "", "owner"} {
		for _, second := range []bool{true, false} {
			if !testdb.Full() && !second && bound != "" {
				continue
			}
			for _, hold := range holds {
				if s, ok := newScene(bound, second, hold); ok {
					list = append(list, s)
				}
			}
		}
	}
	return list
}

// newScene is a group in which those are bound, with a second coordinator or not; the human holds one account for each word of hold, and
// one account is two persons where it says so.
func newScene(bound string, second bool, hold []string) (scene, bool) {
	s := scene{group: store.Recipient{ID: 1, Mentor: 1, Single: bound == "owner"}, path: []string{fmt.Sprintf("%v of %q, second coordinator %v", hold, bound, second)}}
	add := func(name string, role store.Role, is bool) {
		p := store.Person{ID: store.ID(len(s.people) + 1), Name: name, Role: role}
		if is {
			p.Account, p.Consent = 100+int64(p.ID), "x"
		}
		if role != store.Mentor && role != store.Coordinator {
			p.Recipient = 1
		}
		s.people = append(s.people, p)
	}
	add("mentor", store.Mentor, true)
	add("coordinator", store.Coordinator, true)
	add("other mentor", store.Mentor, true)
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
	s.records = []cause{{kind: "nota", hands: []store.ID{store.ID(len(s.people))}, nota: store.Receipt{By: store.ID(len(s.people)), Hands: []store.ID{store.ID(len(s.people))}}}}
	return s, true
}

func (s scene) clone() scene {
	s.people, s.mine, s.records, s.path = slices.Clone(s.people), slices.Clone(s.mine), slices.Clone(s.records), slices.Clone(s.path)
	return s
}

// key is what distinguishes a scene from another one.
func (s scene) key() string {
	var b strings.Builder
	fmt.Fprint(&b, s.group.Mentor, s.mine)
	for _, p := range s.people {
		fmt.Fprint(&b, "|", p.Role, p.Account, slices.Sorted(slices.Values(p.Sponsors)))
	}
	var records []string
	for _, r := range s.records {
		records = append(records, fmt.Sprint(r.kind, slices.Sorted(slices.Values(r.hands)), r.mine, r.done))
	}
	slices.Sort(records)
	fmt.Fprint(&b, slices.Compact(records))
	return b.String()
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
			for _, to := range append(at.entered(), at.asked()...) {
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
func (s scene) hers() (list []flows.Who) {
	for _, p := range s.people {
		if p.Account != 0 && slices.Contains(s.mine, p.Account) {
			list = append(list, s.who(p))
		}
	}
	return list
}

// who is a person with all persons of the account.
func (s scene) who(p store.Person) flows.Who {
	acc := &store.Account{ID: p.Account, People: []store.Person{p}}
	for _, o := range s.people {
		if o.ID != p.ID && o.Account == p.Account && p.Account != 0 {
			acc.People = append(acc.People, o)
		}
	}
	return flows.Who{Person: p, Account: acc}
}

// reaches tells whether a person sees the group's records at all.
func (s scene) reaches(w flows.Who) bool { return w.Role != store.Mentor || w.ID == s.group.Mentor }

// judged are the scenes in which the human judged what the human entered: frauds.
func (s scene) judged() (list []scene) {
	for _, w := range s.hers() {
		for i, r := range s.records {
			j := judging[r.kind]
			if !r.mine || r.done || !s.reaches(w) || !flows.Can(w, j.deed, j.state, r.hands...) {
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
				if r.kind != e.kind || r.done || (e.deed == "nota.change" || e.state == "sent" || e.state == "proposed") != again {
					continue
				}
				to := s.clone()
				r.mine = true
				if e.kind == "nota" {
					if !again {
						r.nota = store.Receipt{By: w.ID}
					}
					r.nota = flows.Signs(w, r.nota)
					r.hands = slices.Concat(r.nota.Hands, []store.ID{r.nota.By}, r.nota.Sponsors)
				} else {
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

// asked are the scenes after the human asked for another officer, mentor or phone, and everybody asked agreed.
func (s scene) asked() (list []scene) {
	for _, w := range s.hers() {
		if !flows.Can(w, "hand.ask", "") || !s.reaches(w) {
			continue
		}
		for _, p := range s.people {
			switch {
			case p.Role == store.Mentor && p.ID != s.group.Mentor && w.ID != p.ID:
				list = append(list, s.carried(w, store.Handover{Kind: store.MentorMoves, From: s.group.Mentor, To: p.ID})...)
			case p.Role == store.Mentor && w.Role == store.Coordinator && p.Account != 0, p.Recipient != 0:
				list = append(list, s.carried(w, store.Handover{Kind: store.PhoneLost, From: p.ID})...)
			}
		}
		if s.group.Single {
			continue
		}
		for _, role := range []store.Role{store.Chair, store.Secretary, store.Treasurer} {
			from := store.ID(0)
			if i := slices.IndexFunc(s.people, func(p store.Person) bool { return p.Role == role && p.Recipient != 0 }); i >= 0 {
				from = s.people[i].ID
			}
			list = append(list, s.carried(w, store.Handover{Kind: store.OfficerMoves, Role: role, From: from, To: store.ID(len(s.people) + 1)})...)
			for _, p := range s.people {
				if p.Role == store.Member || p.Role == store.Secretary && role != store.Secretary {
					list = append(list, s.carried(w, store.Handover{Kind: store.OfficerMoves, Role: role, From: from, To: p.ID})...)
				}
			}
		}
	}
	return list
}

// carried are the scenes after a change was agreed to by each of those who may.
func (s scene) carried(by flows.Who, h store.Handover) (list []scene) {
	h.By, h.State = by.ID, store.HandoverAsked
	if int(h.To) > len(s.people) {
		s = s.clone()
		s.people = append(s.people, store.Person{ID: h.To, Name: "newcomer", Role: store.Member, Recipient: 1})
	}
	var members, coordinators []store.Person
	for _, p := range s.people {
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
			list = append(list, s.changed(by, h, g, doer))
			continue
		}
		for _, k := range coordinators {
			if flows.Can(s.who(k), "hand.decide", "asked", flows.Touched(by.Person, h)...) {
				list = append(list, s.changed(by, h, g, k))
			}
		}
	}
	return list
}

// changed is the scene after a change. An invitation for a new name comes to the human; one for somebody who is there does where the human
// gets it to pass on.
func (s scene) changed(by flows.Who, h store.Handover, agreed, doer store.Person) scene {
	to := s.clone()
	to.path = append(to.path, fmt.Sprintf("%s asks for %s %s %v → %v, which %s agrees to and %s carries out", by.Name, h.Kind, h.Role, h.From, h.To,
		cmp.Or(agreed.Name, "nobody of the group"), doer.Name))
	if h.Kind == store.MentorMoves {
		to.group.Mentor = h.To
		return to
	}
	gets := doer
	if agreed.ID != 0 {
		gets = agreed
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
		gets = store.Person{}
	}
	p.Sponsors = slices.Concat(p.Sponsors, flows.Proposing(h, by, agreed, s.who(gets)))
	slices.Sort(p.Sponsors)
	p.Sponsors = slices.Compact(p.Sponsors)
	if invited {
		real := p.Account
		for i := range to.people {
			if o := &to.people[i]; real != 0 && o.ID != id && o.Account == real {
				flows.Tie(p, o)
			}
		}
		p.Account, p.Consent = 200+int64(id), "x"
		if p.Name == "newcomer" || slices.Contains(s.mine, gets.Account) || slices.Contains(s.mine, real) {
			to.mine = append(to.mine, p.Account)
			slices.Sort(to.mine)
			to.mine = slices.Compact(to.mine)
		}
	}
	return to
}
