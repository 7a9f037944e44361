package app

import (
	"context"
	"errors"

	"pendamping/store"
)

// whole is what a store may offer beside store.Tx: everything at once. Without it an import asks for one record after the
// other, which is slow for a national roster, and can't invite people who are not in its file.
type whole interface {
	AllPeople(ctx context.Context) ([]store.Person, error)
	AllRecipients(ctx context.Context) ([]store.Recipient, error)
	AllPrograms(ctx context.Context) ([]store.Program, error)
	// OpenInvites are the invitations neither used nor revoked.
	OpenInvites(ctx context.Context) ([]store.Invite, error)
}

// known is what the records say about those whom the files name, or about everybody.
type known struct {
	everybody  bool
	people     map[string]store.Person // by key
	names      map[string]store.ID     // people with an id by role, code and name; 0 where several share them
	byID       map[store.ID]store.Person
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
		people: map[string]store.Person{}, names: map[string]store.ID{}, byID: map[store.ID]store.Person{}, mentors: map[string]store.ID{},
		recipients: map[string]store.Recipient{}, editions: map[string]map[int]store.Program{}, programs: map[store.ID]store.Program{},
		entries: map[store.ID][]store.Entry{}, consents: map[store.ID]store.Consent{}, plans: map[store.ID]store.Plan{}, invites: map[store.ID][]store.Invite{},
	}
}

// load reads all that the comparison needs, before anything is written.
func load(ctx context.Context, tx store.Tx, f files, invites bool) (*known, error) {
	k := newKnown()
	w, ok := tx.(whole)
	if !ok {
		if invites && len(f.roster.People) == 0 {
			return nil, errors.New("this store can't list everybody: give the roster with --invites")
		}
		return k, errors.Join(k.loadNamed(ctx, tx, f, invites), k.loadDetails(ctx, tx, f))
	}
	k.everybody = true
	people, err := w.AllPeople(ctx)
	if err != nil {
		return nil, err
	}
	for _, p := range people {
		k.person(p)
	}
	recipients, err := w.AllRecipients(ctx)
	if err != nil {
		return nil, err
	}
	for _, r := range recipients {
		k.recipients[fold(r.Code)] = r
	}
	programs, err := w.AllPrograms(ctx)
	if err != nil {
		return nil, err
	}
	for _, p := range programs {
		k.programme(p)
	}
	if invites {
		open, err := w.OpenInvites(ctx)
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
		return // erased
	}
	k.people[p.Key], k.byID[p.ID] = p, p
	if name := store.PersonKey("", p.Role, p.Code, p.Name); name != p.Key {
		if _, shared := k.names[name]; shared {
			k.names[name] = 0
		} else {
			k.names[name] = p.ID
		}
	}
	if first := k.mentors[fold(p.Code)]; p.Role == store.Mentor && (first == 0 || p.ID < first) {
		k.mentors[fold(p.Code)] = p.ID
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

// match finds the person that a row means: by the id, else by role, code and name. Whoever has an id and is named without it
// is meant too, when nobody else has that name.
func (k *known) match(p RosterPerson) (store.Person, bool) {
	if found, ok := k.people[p.Person.Key]; ok {
		return found, true
	}
	if found, ok := k.people[p.Name]; ok {
		return found, true
	}
	if p.Person.Key != p.Name {
		return store.Person{}, false
	}
	found, ok := k.byID[k.names[p.Name]]
	return found, ok
}

// loadDetails reads what depends on the records found: the book where a grant changes, consents, plans.
func (k *known) loadDetails(ctx context.Context, tx store.Tx, f files) error {
	var err error
	for _, g := range f.roster.Groups {
		r, ok := k.recipients[fold(g.Recipient.Code)]
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
		r, ok := k.recipients[fold(plan.Code)]
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
