package roster

import (
	"context"
	"errors"
	"strings"

	"pendamping/flows/text"
	"pendamping/store"
)

// known is what the records say.
type known struct {
	people     map[string]store.Person // by key
	names      map[string]store.ID     // people with an id by role, code and name; 0 where several share them
	byID       map[store.ID]store.Person
	former     map[store.ID]store.Former
	formerly   map[string]store.ID        // people by a key that they had before; 0 where several had it
	holders    map[seat][]store.Person    // who has an office, by role and folded code
	groups     map[string][]store.Person  // people of a group by folded code and name
	mentored   map[store.ID][]store.ID    // the mentors from whom the chat took a recipient
	erased     map[string][]store.Person  // by folded code
	gone       map[store.ID]store.Person  // who was erased
	mentors    map[string]store.ID        // by folded code
	recipients map[string]store.Recipient // by folded code
	editions   map[string]map[int]store.Program
	newest     *store.Program // the one added last
	programs   map[store.ID]store.Program
	entries    map[store.ID][]store.Entry // of recipients whose grant changes
	consents   map[store.ID]store.Consent // of people who have none that stands
	plans      map[store.ID]store.Plan
	invites    map[store.ID][]store.Invite // open ones by person
}

func newKnown() *known {
	return &known{
		people: map[string]store.Person{}, names: map[string]store.ID{}, byID: map[store.ID]store.Person{},
		former: map[store.ID]store.Former{}, formerly: map[string]store.ID{}, holders: map[seat][]store.Person{},
		groups: map[string][]store.Person{}, erased: map[string][]store.Person{},
		gone: map[store.ID]store.Person{}, mentors: map[string]store.ID{}, recipients: map[string]store.Recipient{},
		editions: map[string]map[int]store.Program{}, programs: map[store.ID]store.Program{},
		entries: map[store.ID][]store.Entry{}, consents: map[store.ID]store.Consent{}, plans: map[store.ID]store.Plan{},
		invites: map[store.ID][]store.Invite{},
	}
}

// load reads all that the comparison needs, before anything is written.
func load(ctx context.Context, tx Tx, f files, invites bool) (*known, error) {
	k := newKnown()
	people, err := tx.AllPeople(ctx)
	if err != nil {
		return nil, err
	}
	for _, p := range people {
		k.person(p)
	}
	former, err := tx.FormerPeople(ctx)
	if err != nil {
		return nil, err
	}
	for _, f := range former {
		k.formerPerson(f)
	}
	if k.mentored, err = tx.FormerMentors(ctx); err != nil {
		return nil, err
	}
	recipients, err := tx.AllRecipients(ctx)
	if err != nil {
		return nil, err
	}
	for _, r := range recipients {
		k.recipients[text.Fold(r.Code)] = r
	}
	programs, err := tx.AllPrograms(ctx)
	if err != nil {
		return nil, err
	}
	for _, p := range programs {
		k.programme(p)
	}
	if invites {
		open, err := tx.OpenInvites(ctx)
		if err != nil {
			return nil, err
		}
		for _, i := range open {
			k.invites[i.Person] = append(k.invites[i.Person], i)
		}
	}
	return k, k.loadDetails(ctx, tx, f)
}

func (k *known) person(p store.Person) {
	if p.Key == "" {
		k.erased[text.Fold(p.Code)], k.gone[p.ID] = append(k.erased[text.Fold(p.Code)], p), p
		return
	}
	key := p.Key
	if !strings.HasPrefix(key, "id:") {
		key = text.Fold(key) // it may be of a version that folded less
	}
	k.people[key], k.byID[p.ID] = p, p
	if name := store.PersonKey("", p.Role, p.Code, p.Name); name != key {
		if _, shared := k.names[name]; shared {
			k.names[name] = 0
		} else {
			k.names[name] = p.ID
		}
	}
	if offices[p.Role] && (p.Recipient != 0 || p.Role == store.Mentor || p.Role == store.Coordinator) {
		office := seat{role: p.Role, code: text.Fold(p.Code)}
		k.holders[office] = append(k.holders[office], p)
	}
	if p.Recipient != 0 {
		name := text.Fold(p.Code) + "|" + text.Fold(p.Name)
		k.groups[name] = append(k.groups[name], p)
	}
	if first := k.mentors[text.Fold(p.Code)]; p.Role == store.Mentor && (first == 0 || p.ID < first) {
		k.mentors[text.Fold(p.Code)] = p.ID
	}
}

func (k *known) programme(p store.Program) {
	if k.editions[p.Code] == nil {
		k.editions[p.Code] = map[int]store.Program{}
	}
	k.editions[p.Code][p.Edition], k.programs[p.ID] = p, p
	if k.newest == nil || p.ID > k.newest.ID {
		k.newest = &p
	}
}

// latest is the newest edition of a code; the zero Program when there is none.
func (k *known) latest(code string) store.Program {
	var last store.Program
	for _, p := range k.editions[code] {
		if p.Edition > last.Edition {
			last = p
		}
	}
	return last
}

// match finds the person that a row means: by the id, else by role, code and name. Whoever has an id and is named
// without it is meant too, when nobody else has that name; and so is who had that role and name before the chat
// changed them.
func (k *known) match(p Person) (store.Person, bool) {
	if found, ok := k.people[p.Person.Key]; ok {
		return found, true
	}
	if found, ok := k.people[p.Name]; ok {
		return found, true
	}
	if p.Person.Key == p.Name {
		if found, ok := k.byID[k.names[p.Name]]; ok {
			return found, true
		}
	}
	found, ok := k.byID[k.formerly[p.Name]]
	if strings.HasPrefix(found.Key, "id:") && p.Person.Key != p.Name {
		return store.Person{}, false // another id, so somebody else
	}
	return found, ok
}

// loadDetails reads what depends on the records found: the book where a grant changes, consents, plans.
func (k *known) loadDetails(ctx context.Context, tx store.Tx, f files) error {
	var err error
	for _, g := range f.roster.Groups {
		r, ok := k.recipients[text.Fold(g.Recipient.Code)]
		if ok && grantChanges(r, g.merged(r)) {
			if k.entries[r.ID], err = tx.Entries(ctx, r.ID); err != nil {
				return err
			}
		}
	}
	for _, row := range f.roster.People {
		p, ok := k.match(row)
		if !ok || p.Consent != "" || row.Consent == "" || row.Person.Account == 0 {
			continue
		}
		c, err := tx.ConsentOf(ctx, p.ID)
		if err == nil {
			k.consents[p.ID] = c
		} else if !errors.Is(err, store.ErrNotFound) {
			return err
		}
	}
	for _, plan := range f.plans {
		r, ok := k.recipients[text.Fold(plan.Code)]
		if !ok {
			continue
		}
		if k.plans[r.ID], err = tx.Plan(ctx, r.ID); err != nil {
			return err
		}
		if _, ok := k.programs[r.Program]; !ok {
			if k.programs[r.Program], err = tx.Program(ctx, r.Program); err != nil {
				return err
			}
		}
	}
	return nil
}
