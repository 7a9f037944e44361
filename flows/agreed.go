package flows

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"pendamping/flows/form"
	"pendamping/store"
)

// Words of people who agree, as they are typed in East Java. Agreement is explicit: one of agreeing stands among them, and every other
// word is known to change nothing, so that "belum setuju" and "setuju tapi" are none.
var (
	agreeing  = wordSet("setuju menyetujui sepakat sarujuk agree agreed")
	denying   = wordSet("tidak tdk tak nggak ngga enggak gak ga mboten boten ora ndak no not")
	yeses     = wordSet("ya iya yaa inggih injih nggih njih nggeh enggih oke ok okay baik baiklah siap yes")
	courtesy  = wordSet("saya sy aku kami kulo kula i we bu ibu pak bapak mas mbak mbah kak min admin sudah sampun sangat do dong saja mawon")
	gratitude = wordSet("terima trima kasih terimakasih makasih makasi matur nuwun suwun trims tks thanks thank you")
)

// small tells of a message that is only a polite word or two whether it thanks, and whether it says yes.
func small(text string) (thanks, yes bool) {
	for w := range strings.FieldsSeq(plain(text)) {
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

// answered reads a yes or no in somebody's own words; at most one of both, and neither where a word is not known.
func answered(text string) (yes, no bool) {
	if strings.ContainsAny(text, unclear) {
		return false, false
	}
	for w := range strings.FieldsSeq(plain(unaccented(text))) {
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

// consents reads what somebody says about the notice, by a button or in words.
func (t *turn) consents() (yes, no bool) {
	if t.e.Kind == form.Press {
		return t.e.Press == "consent:yes", t.e.Press == dissents || strings.HasPrefix(t.e.Press, dissents+":")
	}
	if t.e.Kind != form.Words || strings.ContainsAny(t.e.Text, unclear) {
		return false, false
	}
	yes, no = answered(t.e.Text)
	no = no || t.says("consent.no") || t.says("consent.discard", "Count", strconv.Itoa(t.earlyPictures()))
	return yes || t.says("consent.yes"), no
}

// consentAgain answers whoever was asked for their consent and said neither yes nor no. More than a polite word may be
// a doubt, so it says what the data is for, that there is time, and whom to ask.
func (t *turn) consentAgain(p store.Person) (store.Text, error) {
	thanks, yes := small(t.e.Text)
	if thanks || yes || t.e.Kind != form.Words {
		return store.Say("consent.again"), nil
	}
	who, err := t.adviser(p)
	return store.Say("consent.later", "Name", who.Name, "Role", string(who.Role)), err
}

// adviser is whom a person may ask about the programme: the group's mentor, else a coordinator of the place; the zero
// Person where there is none.
func (t *turn) adviser(p store.Person) (store.Person, error) {
	of := store.Recipient{Province: p.Province, Regency: p.Regency}
	if p.Recipient != 0 {
		r, err := recipient(t.ctx, t.tx, &t.acc, p.Recipient)
		if err != nil {
			return store.Person{}, err
		}
		mentor, err := author(t.ctx, t.tx, r.Mentor)
		if err != nil || mentor.Name != "" && mentor.Account != t.e.Account {
			return mentor, err
		}
		of = r
	}
	list, err := t.tx.Coordinators(t.ctx, of.Province, of.Regency)
	i := slices.IndexFunc(list, func(c store.Person) bool { return reachable(c) && c.Account != t.e.Account })
	if err != nil || i < 0 {
		return store.Person{}, err
	}
	return list[i], nil
}

// noticed reports whether the notice stands in the chat, and its question was said last. That of an album's first picture still waits
// when the next ones come, and what is said to them takes its place.
func (t *turn) noticed() (bool, error) {
	if t.again || !slices.ContainsFunc(t.s.Shown, func(b store.Button) bool { return b.Data == "consent:yes" }) {
		return false, nil
	}
	if t.s.Delayed.Key == "" {
		return true, nil
	}
	m, err := t.tx.Queued(t.ctx, t.e.Chat, t.s.Delayed.Key)
	if errors.Is(err, store.ErrNotFound) {
		return true, nil
	}
	return !slices.ContainsFunc(m.Body, func(said store.Text) bool { return said.ID == "privacy.notice" }), err
}

// dissents is what the button means that says no to the notice.
const dissents = "consent:no"

// discards is dissents where so many pictures wait and go with it: the number says whether the button knew of all.
func discards(n int) string { return dissents + ":" + strconv.Itoa(n) }

// consentButtons answer the notice, with so many pictures waiting for it.
func consentButtons(n int) [][]store.Button {
	no := store.Button{Text: store.Say("consent.no"), Data: dissents}
	if n > 0 {
		no = store.Button{Text: store.Say("consent.discard", "Count", strconv.Itoa(n)), Data: discards(n)}
	}
	return [][]store.Button{{{Text: store.Say("consent.yes"), Data: "consent:yes"}, no}}
}
