package telegram

import (
	"encoding/json"
	"errors"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"pendamping/flows/form"
	"pendamping/store"
)

// Update is one of Telegram's updates, as the rest of the house sees it.
type Update struct {
	ID        int64
	Chat      int64 // the chat that it is handled for; 0 if there is nothing to handle
	Raw       []byte
	Private   bool       // the chat is one with a person
	Callback  string     // the id of a button press, which has to be answered at once
	Blocked   bool       // the person blocked the bot
	Unblocked bool       // the person unblocked it
	Event     form.Event // what happened
	GroupText string     // what was said in a group, which gets one answer there
	Unfiled   string     // the sentence that says there why a photo can't be filed, though the bot was asked to
	MovedTo   int64      // the group's id from now on
	Poll      string     // the poll in which somebody voted
	Chosen    []int      // the options that were chosen, by index; none if the vote was withdrawn
}

// errNotUpdate says that an update has an id that Telegram doesn't give, or lacks one that Telegram always gives.
var errNotUpdate = errors.New("not an update of Telegram's")

// Converter turns Telegram's updates into the house's events.
type Converter struct{ mention *regexp.Regexp }

// NewConverter returns a converter for the bot with that username.
func NewConverter(username string) Converter { return Converter{mentionOf(username)} }

// Update reads an update. An update without anything for us has no chat.
//
// This is the one place where what strangers send becomes ours: every text is cleaned, every number is within its
// bounds, and every id is one that Telegram can have given. Anything else is an error.
func (c Converter) Update(raw []byte) (Update, error) {
	var u tgbotapi.Update
	if err := json.Unmarshal(raw, &u); err != nil {
		return Update{}, err
	}
	is := Update{ID: int64(u.UpdateID), Raw: raw}
	if !within(is.ID, maxID) {
		return Update{}, errNotUpdate
	}
	e := form.Event{Update: is.ID}
	var err error
	switch {
	case u.CallbackQuery != nil:
		is.Callback = stringID(u.CallbackQuery.ID)
		is.Private, err = fromPress(&e, u.CallbackQuery)
	case u.Message != nil:
		is.Private, err = fromMessage(&e, u.Message)
		if err == nil && is.Private && e.Kind == form.Other && reports(raw) {
			return Update{ID: is.ID, Raw: raw}, nil
		}
	case u.EditedMessage != nil && u.EditedMessage.Location != nil:
		return is, nil // a live location moves on; where it began was taken
	case u.EditedMessage != nil:
		is.Private, err = fromMessage(&e, u.EditedMessage)
		e.Edited = true
	case u.MyChatMember != nil:
		is.Chat = u.MyChatMember.Chat.ID
		is.Private, err = private(&u.MyChatMember.Chat)
		status := u.MyChatMember.NewChatMember.Status
		is.Blocked = status == "kicked" || status == "left"
		is.Unblocked = !is.Blocked
		return is, err
	case u.Poll != nil:
		is.Poll = stringID(u.Poll.ID)
		for i, o := range u.Poll.Options[:min(len(u.Poll.Options), maxOptions)] {
			if o.VoterCount > 0 {
				is.Chosen = append(is.Chosen, i)
			}
		}
		return is, nil
	default:
		return is, nil
	}
	is.Chat, is.Event = e.Chat, e
	if !is.Private {
		is.GroupText = e.Text
		is.Event.Topic = topicOf(raw)
		if m := u.Message; m != nil {
			if -m.MigrateToChatID > 0 && -m.MigrateToChatID <= maxID {
				is.MovedTo = m.MigrateToChatID
			}
			c.file(&is, m)
		}
	}
	return is, err
}

// UpdateID returns the id of an update that can't be read otherwise, or 0 if the id can't be read either.
func UpdateID(raw []byte) int64 {
	var of struct {
		ID json.RawMessage `json:"update_id"` // kept as written, because a number in quotes is no id
	}
	_ = json.Unmarshal(raw, &of) // without an id the result is 0
	id, err := strconv.ParseInt(string(of.ID), 10, 64)
	if err != nil || !within(id, maxID) {
		return 0
	}
	return id
}

// private reports whether a chat is one with a person. Its id is then the person's own; other chats have negative
// ids.
func private(c *tgbotapi.Chat) (bool, error) {
	switch {
	case c == nil:
		return false, errNotUpdate
	case c.IsPrivate() && within(c.ID, maxID):
		return true, nil
	case !c.IsPrivate() && within(-c.ID, maxID):
		return false, nil
	}
	return false, errNotUpdate
}

// fromPress reads a button press. A press without a message, such as one under an inline message, has no chat.
func fromPress(e *form.Event, q *tgbotapi.CallbackQuery) (is bool, err error) {
	if q.From == nil || !within(q.From.ID, maxID) {
		return false, errNotUpdate
	}
	e.Kind, e.Press, e.Account = form.Press, callbackData(q.Data), q.From.ID
	m := q.Message
	if m == nil {
		return false, nil
	}
	if is, err = private(m.Chat); err != nil || is && m.Chat.ID != q.From.ID {
		return false, errNotUpdate
	}
	e.Chat = m.Chat.ID
	// Of a message that is too old, Telegram gives only the chat and the id (InaccessibleMessage, date 0). It can't
	// be edited, and what it showed is unknown.
	if m.Date != 0 && within(m.MessageID, maxNumber) {
		e.Message, e.Caption = m.MessageID, m.Text == ""
	}
	return is, nil
}

// fromMessage reads a message, or what it was edited to.
func fromMessage(e *form.Event, m *tgbotapi.Message) (is bool, err error) {
	is, err = private(m.Chat)
	if err != nil || !within(m.MessageID, maxNumber) {
		return false, errNotUpdate
	}
	e.Chat, e.Message, e.Album = m.Chat.ID, m.MessageID, stringID(m.MediaGroupID)
	if m.From != nil && within(m.From.ID, maxID) {
		e.Account = m.From.ID
	}
	if is && e.Account != e.Chat {
		return false, errNotUpdate // whoever writes in a private chat is the person whose chat it is
	}
	e.Text, e.HTML = textOf(m.Text, m.Entities)
	if m.Text == "" {
		e.Text, e.HTML = textOf(m.Caption, m.CaptionEntities)
	}
	if r := m.ReplyToMessage; r != nil {
		e.Replied, e.Card = bounded(r.MessageID, maxNumber), firstButton(r)
	}
	e.Kind = kindOf(m)
	if f, ok := fileOf(m); ok {
		f.Album = e.Album
		e.Files = []store.File{f}
	} else if l := m.Location; e.Kind == form.Location && onEarth(l) {
		e.Place = &form.Place{Latitude: l.Latitude, Longitude: l.Longitude}
	} else if e.Kind != form.Words && e.Kind != form.Sticker && e.Kind != form.Contact {
		e.Kind = form.Other // so are a file without an id and a place that is nowhere
	}
	return is, nil
}

// events are the fields by which a message reports what happened in a chat, rather than bringing what somebody sent
// (Bot API 9, Message). What is new in Telegram and stands in neither list gets an answer, as what can't be read does.
var events = strings.Fields(`
	new_chat_members left_chat_member chat_owner_left chat_owner_changed new_chat_title new_chat_photo delete_chat_photo
	group_chat_created supergroup_chat_created channel_chat_created message_auto_delete_timer_changed migrate_to_chat_id
	migrate_from_chat_id pinned_message successful_payment refunded_payment users_shared user_shared chat_shared gift
	unique_gift gift_upgrade_sent connected_website write_access_allowed passport_data proximity_alert_triggered
	boost_added chat_background_set checklist_tasks_done checklist_tasks_added direct_message_price_changed
	forum_topic_created forum_topic_edited forum_topic_closed forum_topic_reopened general_forum_topic_hidden
	general_forum_topic_unhidden giveaway_created giveaway giveaway_winners giveaway_completed
	paid_message_price_changed suggested_post_approved suggested_post_approval_failed suggested_post_declined
	suggested_post_paid suggested_post_refunded video_chat_scheduled video_chat_started video_chat_ended
	video_chat_participants_invited web_app_data`)

// reports tells whether an update's message is of the chat itself, such as a pinned message, to which nobody expects an
// answer.
func reports(raw []byte) bool {
	var of struct {
		Message map[string]json.RawMessage `json:"message"`
	}
	_ = json.Unmarshal(raw, &of) // it was read before
	return slices.ContainsFunc(events, func(name string) bool { _, is := of.Message[name]; return is })
}

// kindOf returns what a message brings, by the field that Telegram sets.
func kindOf(m *tgbotapi.Message) form.EventKind {
	switch {
	case len(m.Photo) > 0:
		return form.Picture
	case m.Document != nil:
		return form.Document
	case m.Voice != nil:
		return form.Voice
	case m.Location != nil:
		return form.Location
	case m.Sticker != nil:
		return form.Sticker
	case m.Contact != nil:
		return form.Contact
	case m.Text != "":
		return form.Words
	}
	return form.Other
}

// fileOf returns the file that a message brings, of a photo its largest size. A file without an id can't be
// downloaded and doesn't count.
func fileOf(m *tgbotapi.Message) (f store.File, ok bool) {
	file := func(kind, id, uniqueID string, size int) store.File {
		return store.File{
			Kind: kind, FileID: stringID(id), UniqueID: stringID(uniqueID), Size: bounded(int64(size), maxID),
		}
	}
	switch {
	case len(m.Photo) > 0:
		for _, p := range m.Photo {
			is := file("photo", p.FileID, p.FileUniqueID, p.FileSize)
			is.Width, is.Height, is.MIME = bounded(p.Width, maxNumber), bounded(p.Height, maxNumber), "image/jpeg"
			if is.FileID != "" && (f.FileID == "" || is.Width*is.Height > f.Width*f.Height) {
				f = is
			}
		}
	case m.Document != nil:
		d := m.Document
		f = file("document", d.FileID, d.FileUniqueID, d.FileSize)
		f.Name, f.MIME = cleanLine(d.FileName, maxName), cleanLine(d.MimeType, maxName)
		if f.Hint() == store.HintPicture {
			f.Kind = "photo"
		}
	case m.Voice != nil:
		v := m.Voice
		f = file("voice", v.FileID, v.FileUniqueID, v.FileSize)
		f.MIME = cleanLine(v.MimeType, maxName)
	}
	return f, f.FileID != ""
}

// firstButton returns the data of a message's first button.
func firstButton(m *tgbotapi.Message) string {
	if m.ReplyMarkup == nil || len(m.ReplyMarkup.InlineKeyboard) == 0 {
		return ""
	}
	if row := m.ReplyMarkup.InlineKeyboard[0]; len(row) > 0 && row[0].CallbackData != nil {
		return callbackData(*row[0].CallbackData)
	}
	return ""
}

// onEarth reports whether a location's coordinates exist.
func onEarth(l *tgbotapi.Location) bool {
	return l != nil && math.Abs(l.Latitude) <= 90 && math.Abs(l.Longitude) <= 180
}
