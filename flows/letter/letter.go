// Package letter carries letters between a mentor and a group, and shows their thread.
package letter

import (
	"context"
	"slices"
	"time"

	"pendamping/flows/dialog"
	"pendamping/store"
)

// Key is the key of the message that carries a letter: by it tx.Posted knows what became of it.
func Key(id store.ID) string { return "letter:" + dialog.IDText(id) }

// Addressees are to whom a letter to a group goes: each bound officer, or whoever else of the group is bound; never the
// one who writes. Where nobody can be reached it is the bendahara, or the first of the others, so that the letter is
// kept.
func Addressees(
	ctx context.Context, tx store.Tx, who dialog.Who, of store.ID,
) (to []store.Person, reached bool, err error) {
	list, err := tx.Members(ctx, of)
	if err != nil {
		return nil, false, err
	}
	own := func(p store.Person) bool { return p.Account != 0 && p.Account == who.Person.Account }
	list = slices.DeleteFunc(list, own)
	officer := func(p store.Person) bool { return slices.Contains(dialog.Officers, p.Role) }
	told := map[int64]bool{}
	for _, fits := range []func(store.Person) bool{officer, func(store.Person) bool { return true }} {
		for _, p := range list {
			if fits(p) && dialog.Reachable(p) && !told[p.Account] {
				told[p.Account] = true
				to = append(to, p)
			}
		}
		if len(to) > 0 {
			return to, true, nil
		}
	}
	keepsBook := func(p store.Person) bool { return p.Role == store.Treasurer || p.Role == store.Owner }
	if i := slices.IndexFunc(list, keepsBook); i >= 0 {
		return list[i : i+1], false, nil
	}
	return list[:min(1, len(list))], false, nil
}

// Words is what a letter says.
func Words(l store.Letter, to store.Person, of store.Recipient) store.Text {
	switch {
	case l.Template == AnnouncedLetter && l.Words == "":
		return store.Say("letter.voice")
	case l.Template != "":
		return store.Say("letter."+l.Template, "Name", to.Name, "Group", of.Name, "What", l.Words)
	case l.Words == "":
		return store.Say("letter.voice")
	}
	return store.Say("letter.own", "Words", l.Words)
}

// Body is a letter as its reader sees it.
func Body(l store.Letter, by, to store.Person, of store.Recipient) []store.Text {
	return []store.Text{
		store.Say("letter.head", "Name", by.Name, "Role", string(by.Role), "Group", of.Name), Words(l, to, of),
	}
}

// Message carries a letter; its first button answers it, and so does a reply to the message.
func Message(l store.Letter, voice *store.File, by, to store.Person, of store.Recipient) store.Message {
	m := store.Message{Chat: to.Account, Key: Key(l.ID), Due: l.Due, Body: Body(l, by, to, of)}
	if voice != nil {
		m.Files = []store.Shown{dialog.ShownAs(*voice)}
	}
	first := l.ID
	if l.Answers != 0 {
		first = l.Answers
	}
	m.Buttons = [][]store.Button{{{Text: store.Say("letter.answer"), Data: dialog.Data("reply", first)}}}
	if l.Answers != 0 && to.Role == store.Mentor {
		m.Buttons[0] = append(m.Buttons[0], store.Button{
			Text: store.Say("letter.thank"), Data: dialog.Data("thanks", first),
		})
	}
	if l.Answers != 0 {
		m.Buttons = append(m.Buttons, []store.Button{{
			Text: store.Say("letter.thread"), Data: dialog.Data("thread", first),
		}})
	}
	return m
}

// PostAt is when a letter goes out that is meant for that time: after the quiet hours where its readers are. The zero
// time is now.
func PostAt(meant, now time.Time, of store.Recipient, other *time.Location) time.Time {
	if meant.Before(now) {
		meant = now
	}
	at := dialog.QuietUntil(meant, dialog.Placed(of.Zone, other))
	if !at.After(now) {
		return time.Time{}
	}
	return at
}
