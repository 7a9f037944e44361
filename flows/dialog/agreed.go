package dialog

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"pendamping/flows/form"
	"pendamping/store"
)

// Words of people who agree, as they are typed in East Java. Agreement is explicit: one of agreeing stands among them,
// and every other word is known to change nothing, so that "belum setuju" and "setuju tapi" are none.
var (
	agreeing = WordSet("setuju menyetujui sepakat sarujuk agree agreed")
	denying  = WordSet("tidak tdk tak nggak ngga enggak gak ga mboten boten ora ndak no not")
	yeses    = WordSet("y yo yoi ya iya yaa inggih injih nggih njih nggeh enggih oke ok okay baik baiklah siap yes")
	courtesy = WordSet(
		"saya sy aku kami kulo kula i we bu ibu pak bapak mas mbak mbah kak min admin sudah sampun sangat do dong saja mawon")
	gratitude = WordSet("terima trima kasih terimakasih makasih makasi matur hatur nuhun nuwun suwun trims tks thanks thank you")
)

// Small tells of a message that is only a polite word or two whether it thanks, and whether it says yes.
func Small(text string) (thanks, yes bool) {
	for w := range strings.FieldsSeq(BareWords(text)) {
		switch {
		case gratitude[w]:
			thanks = true
		case yeses[w]:
			yes = true
		case !courtesy[w]:
			return false, false
		}
	}
	return thanks, yes
}

// unclear are marks that make no answer of the words beside them, or another one.
const unclear = "?❌🚫👎"

// Answered reads a yes or no in somebody's own words; at most one of both, and neither where a word is not known.
func Answered(text string) (yes, no bool) {
	if strings.ContainsAny(text, unclear) {
		return false, false
	}
	for w := range strings.FieldsSeq(BareWords(text)) {
		switch {
		case agreeing[w]:
			yes = true
		case denying[w]:
			no = true
		case !yeses[w] && !courtesy[w] && !gratitude[w]:
			return false, false
		}
	}
	return yes && !no, no
}

// Consents reads what somebody says about the notice, by a button or in words.
func (t *Turn) Consents() (yes, no bool) {
	if t.Event.Kind == form.Press {
		return t.Event.Press == "consent:yes", t.Event.Press == dissents ||
			strings.HasPrefix(t.Event.Press, dissents+":")
	}
	if t.Event.Kind != form.Words || strings.ContainsAny(t.Event.Text, unclear) {
		return false, false
	}
	yes, no = Answered(t.Event.Text)
	no = no || t.Says("consent.no") || t.Says("consent.discard", "Count", strconv.Itoa(t.EarlyPictures()))
	return yes || t.Says("consent.yes"), no
}

// ConsentAgain answers whoever was asked for their consent and said neither yes nor no. More than a polite word may be
// a doubt, so it says what the data is for, that there is time, and whom to ask.
func (t *Turn) ConsentAgain(ctx context.Context, p store.Person) (store.Text, error) {
	thanks, yes := Small(t.Event.Text)
	if thanks || yes || t.Event.Kind != form.Words {
		return store.Say("consent.again"), nil
	}
	who, err := t.Adviser(ctx, p)
	return store.Say("consent.later", "Name", who.Name, "Role", string(who.Role)), err
}

// Adviser is whom a person may ask about the programme: the group's mentor, else a coordinator of the place; the zero
// Person where there is none.
func (t *Turn) Adviser(ctx context.Context, p store.Person) (store.Person, error) {
	of := store.Recipient{Province: p.Province, Regency: p.Regency}
	if p.Recipient != 0 {
		r, err := Recipient(ctx, t.Tx, &t.Account, p.Recipient)
		if err != nil {
			return store.Person{}, err
		}
		mentor, err := Author(ctx, t.Tx, r.Mentor)
		if err != nil || mentor.Name != "" && mentor.Account != t.Event.Account {
			return mentor, err
		}
		of = r
	}
	list, err := t.Tx.Coordinators(ctx, of.Province, of.Regency)
	i := slices.IndexFunc(list, func(c store.Person) bool { return Reachable(c) && c.Account != t.Event.Account })
	if err != nil || i < 0 {
		return store.Person{}, err
	}
	return list[i], nil
}

// Noticed reports whether the notice stands in the chat, and its question was said last. That of an album's first
// picture still waits when the next ones come, and what is said to them takes its place.
func (t *Turn) Noticed(ctx context.Context) (bool, error) {
	if t.Again || !slices.ContainsFunc(t.Session.Shown, func(b store.Button) bool { return b.Data == "consent:yes" }) {
		return false, nil
	}
	if t.Session.Delayed.Key == "" {
		return true, nil
	}
	m, err := t.Tx.Queued(ctx, t.Event.Chat, t.Session.Delayed.Key)
	if errors.Is(err, store.ErrNotFound) {
		return true, nil
	}
	return !slices.ContainsFunc(m.Body, func(said store.Text) bool { return said.ID == "privacy.notice" }), err
}

// dissents is what the button means that says no to the notice.
const dissents = "consent:no"

// Discards is dissents where so many pictures wait and go with it: the number says whether the button knew of all.
func Discards(n int) string { return Data("consent", "no", n) }

// ConsentButtons answer the notice, with so many pictures waiting for it.
func ConsentButtons(n int) [][]store.Button {
	no := store.Button{Text: store.Say("consent.no"), Data: dissents}
	if n > 0 {
		no = store.Button{Text: store.Say("consent.discard", "Count", strconv.Itoa(n)), Data: Discards(n)}
	}
	return [][]store.Button{{{Text: store.Say("consent.yes"), Data: Data("consent", "yes")}, no}}
}
