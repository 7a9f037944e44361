package faketelegram

import (
	"encoding/json"
	"strings"
)

// maxButtons is how many buttons a keyboard may have.
const maxButtons = 100

type inlineButton struct {
	Text         string           `json:"text"`
	URL          string           `json:"url,omitempty"`
	CallbackData *string          `json:"callback_data,omitempty"`
	CopyText     *copyText        `json:"copy_text,omitempty"`
	WebApp       *json.RawMessage `json:"web_app,omitempty"`
	LoginURL     *json.RawMessage `json:"login_url,omitempty"`
	Query        *string          `json:"switch_inline_query,omitempty"`
	QueryHere    *string          `json:"switch_inline_query_current_chat,omitempty"`
	QueryChosen  *json.RawMessage `json:"switch_inline_query_chosen_chat,omitempty"`
	Style        string           `json:"style,omitempty"`
	Icon         string           `json:"icon_custom_emoji_id,omitempty"`
}

type copyText struct {
	Text string `json:"text"`
}

type keyButton struct {
	Text            string           `json:"text"`
	RequestContact  bool             `json:"request_contact,omitempty"`
	RequestLocation bool             `json:"request_location,omitempty"`
	RequestPoll     *json.RawMessage `json:"request_poll,omitempty"`
	RequestUsers    *json.RawMessage `json:"request_users,omitempty"`
	RequestChat     *json.RawMessage `json:"request_chat,omitempty"`
	WebApp          *json.RawMessage `json:"web_app,omitempty"`
	Style           string           `json:"style,omitempty"`
	Icon            string           `json:"icon_custom_emoji_id,omitempty"`
}

// UnmarshalJSON takes a button or, short for it, its text.
func (b *keyButton) UnmarshalJSON(raw []byte) error {
	if json.Unmarshal(raw, &b.Text) == nil {
		return nil
	}
	type plain keyButton
	return strict(raw, (*plain)(b), "KeyboardButton")
}

type markup struct {
	Inline      *[][]inlineButton `json:"inline_keyboard,omitempty"`
	Keyboard    *[][]keyButton    `json:"keyboard,omitempty"`
	Persistent  bool              `json:"is_persistent,omitempty"`
	Resize      bool              `json:"resize_keyboard,omitempty"`
	OneTime     bool              `json:"one_time_keyboard,omitempty"`
	Placeholder string            `json:"input_field_placeholder,omitempty"`
	Selective   bool              `json:"selective,omitempty"`
	Remove      bool              `json:"remove_keyboard,omitempty"`
	ForceReply  bool              `json:"force_reply,omitempty"`
}

// markup reads reply_markup and returns it as the message keeps it: an inline keyboard, or something else to show
// below.
func (c *call) markup(ch *chat) (inline, other json.RawMessage, err error) {
	var m markup
	ok, err := c.decode("reply_markup", &m)
	if err != nil || !ok {
		return nil, nil, err
	}
	switch {
	case m.Inline != nil:
		inline, err = m.inline()
		return inline, nil, err
	case m.Keyboard != nil:
		if err := m.keyboard(ch); err != nil {
			return nil, nil, err
		}
	case !m.Remove && !m.ForceReply:
		return nil, nil, bad("object expected as reply markup")
	}
	if units(m.Placeholder) > 64 {
		return nil, nil, bad("input field placeholder is too long")
	}
	other, err = json.Marshal(m)
	return nil, other, err
}

func (m *markup) inline() (json.RawMessage, error) {
	n := 0
	var rows [][]inlineButton
	for _, row := range *m.Inline {
		if len(row) == 0 {
			continue
		}
		rows = append(rows, row)
		for i := range row {
			n++
			if err := row[i].check(); err != nil {
				return nil, err
			}
		}
		if len(row) > 8 {
			return nil, bad("faketelegram: an inline keyboard row has at most 8 buttons")
		}
	}
	if n > maxButtons {
		return nil, bad("reply markup is too long")
	}
	if n == 0 {
		return nil, nil
	}
	return json.Marshal(markup{Inline: &rows})
}

func (b *inlineButton) check() error {
	if strings.TrimSpace(b.Text) == "" {
		return bad("inline keyboard button text must be non-empty")
	}
	if b.CopyText != nil && b.CopyText.Text == "" {
		b.CopyText = nil // some clients always send it
	}
	actions := 0
	for _, set := range []bool{
		b.URL != "", filled(b.CallbackData), b.CopyText != nil, b.WebApp != nil, b.LoginURL != nil, filled(b.Query),
		filled(b.QueryHere), b.QueryChosen != nil,
	} {
		if set {
			actions++
		}
	}
	if actions == 0 && b.CallbackData == nil && (b.Query != nil || b.QueryHere != nil) {
		actions = 1 // an empty inline query is one too
	}
	switch {
	case actions == 0:
		return bad("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
	case actions > 1:
		return bad("faketelegram: an inline keyboard button has exactly one action")
	case b.CallbackData != nil && len(*b.CallbackData) > 64:
		return bad("BUTTON_DATA_INVALID")
	case b.URL != "" && !linkable(b.URL):
		return bad("inline keyboard button URL '" + b.URL + "' is invalid: Wrong HTTP URL")
	}
	return nil
}

func filled(s *string) bool { return s != nil && *s != "" }

func (m *markup) keyboard(ch *chat) error {
	n := 0
	for _, row := range *m.Keyboard {
		if len(row) > 12 {
			return bad("faketelegram: a keyboard row has at most 12 buttons")
		}
		for _, b := range row {
			n++
			switch {
			case strings.TrimSpace(b.Text) == "":
				return bad("keyboard button text must be non-empty")
			case b.RequestContact && !ch.private():
				return bad("phone number can be requested in private chats only")
			case b.RequestLocation && !ch.private():
				return bad("location can be requested in private chats only")
			}
		}
	}
	if n == 0 {
		return bad("faketelegram: a keyboard has at least one button")
	}
	if n > 300 {
		return bad("reply markup is too long")
	}
	return nil
}
