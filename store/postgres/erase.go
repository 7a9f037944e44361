package postgres

import (
	"context"
	"errors"
	"slices"

	"pendamping/store"
)

// erasure names personal values that are in the trail no more: those of a record's fields in all its versions up to
// one. Only an event that names them excuses their absence to Verify.
type erasure struct {
	Kind   string   `json:"kind"`
	Record store.ID `json:"record"`
	Until  int      `json:"until"` // the last version whose values are gone
	Fields []string `json:"fields"`
}

// erase takes personal values out of the trail. The next event that the transaction writes names them. The record's own
// columns are the caller's to empty; where it has no event of its own for that, an empty column is excused too.
func (t *Tx) erase(list ...erasure) {
	for _, e := range list {
		t.write(anyRows, "personal value", `select erase_personal($1, $2, $3, $4)`, e.Kind, e.Record, e.Until, e.Fields)
	}
	t.erased = append(t.erased, list...)
}

// personErased is the event of a person's erasure. In trails that are older than the list of what was erased, it stands
// for all values of the person's earlier versions.
const personErased = "person.erased"

// PersonErasing are the events of a person that may take personal values out of the trail.
var PersonErasing = []string{personErased, "person.number.erased"}

// erasing are the events that may take personal values out of the trail.
var erasing = append(slices.Clone(PersonErasing), "complaint.erased", "data.erased")

// erasures returns what the event says that it erased.
func (e event) erasures() []erasure {
	if len(e.Erased) == 0 && e.What == personErased && e.Record.Kind == people.kind {
		return []erasure{{e.Record.Kind, e.Record.ID, e.Record.Version - 1, personal[store.Person]()}}
	}
	if !slices.Contains(erasing, e.What) {
		return nil // whatever it names: nothing that people do besides takes values out of the trail
	}
	return e.Erased
}

// ErasePerson takes the name, number and account of a person out of the records and out of the trail, and what was said
// to them out of the outbox. What they did stays, under an id that no longer names anybody, and the chains stay whole.
func (t *Tx) ErasePerson(ctx context.Context, p store.Person) error {
	if err := t.lock(ctx, []store.ID{told, p.Recipient}); err != nil { // both at once, for the person's complaints
		return err
	}
	i, err := t.InviteOf(ctx, p.ID)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	if err == nil && i.Used.IsZero() && i.Revoked.IsZero() {
		i.Revoked = t.at
		if err := t.PutInvite(ctx, "invite.revoked", &i); err != nil {
			return err
		}
	}
	account := p.Account
	p.Key, p.Name, p.WA, p.Account = "", "", "", 0
	t.erase(erasure{people.kind, p.ID, p.Version, personal[store.Person]()})
	if err := t.PutPerson(ctx, personErased, &p); err != nil {
		return err
	}
	if err := t.eraseWords(ctx, p.ID); err != nil {
		return err
	}
	if account == 0 {
		return t.err
	}
	t.write(anyRows, "account", `
		delete from accounts where id = $1 and not exists (select from persons where account = $1)`, account)
	t.write(anyRows, "outbox", `
		update outbox set state = 'withdrawn', marked_at = $2
		where chat = $1 and state = 'queued' and holder is null and not exists (select from persons where account = $1)`, account, t.at)
	t.write(anyRows, "inbox", `
		update inbox set state = 2, payload = null, session = null, reason = null
		where chat = $1 and state = 3 and not exists (select from persons where account = $1)`, account)
	t.write(anyRows, "outbox", `
		update outbox set message = null
		where chat = $1 and state <> 'queued' and message is not null and not exists (select from persons where account = $1)`, account)
	return t.err
}

// EraseNumber takes a person's WhatsApp number out of the records and out of the trail, and nothing else.
func (t *Tx) EraseNumber(ctx context.Context, p store.Person) error {
	p.WA = ""
	t.erase(erasure{people.kind, p.ID, p.Version, []string{"wa"}})
	return t.PutPerson(ctx, "person.number.erased", &p)
}

// eraseWords takes what a person wrote in complaints and in requests about their own data.
func (t *Tx) eraseWords(ctx context.Context, person store.ID) error {
	told, err := list(ctx, t, complaints, `where person = $1 and words || reply <> '' order by id`, person)
	if err != nil {
		return err
	}
	for _, c := range told {
		c.Words, c.Reply = "", ""
		t.erase(erasure{complaints.kind, c.ID, c.Version, personal[store.Complaint]()})
		if err := t.PutComplaint(ctx, "complaint.erased", &c); err != nil {
			return err
		}
	}
	asked, err := list(ctx, t, dataRequests, `where person = $1 and words || reply <> '' order by id`, person)
	if err != nil {
		return err
	}
	for _, r := range asked {
		r.Words, r.Reply = "", ""
		t.erase(erasure{dataRequests.kind, r.ID, r.Version, personal[store.DataRequest]()})
		if err := t.PutDataRequest(ctx, "data.erased", &r); err != nil {
			return err
		}
	}
	return nil
}
