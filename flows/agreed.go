package flows

import (
	"errors"
	"slices"
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
		return t.e.Press == "consent:yes", t.e.Press == "consent:no"
	}
	if t.e.Kind != form.Words || strings.ContainsAny(t.e.Text, unclear) {
		return false, false
	}
	yes, no = answered(t.e.Text)
	return yes || t.says("consent.yes"), no || t.says("consent.no")
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

// consentButtons answer the notice.
func consentButtons() [][]store.Button {
	return [][]store.Button{{
		{Text: store.Say("consent.yes"), Data: "consent:yes"},
		{Text: store.Say("consent.no"), Data: "consent:no"},
	}}
}
