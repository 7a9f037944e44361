package faketelegram

import (
	"encoding/json"
	"slices"
)

// keyboards shows the buttons of a message.
func (m *Message) keyboards(inline, other json.RawMessage) {
	m.Buttons = buttons(inline)
	if other == nil {
		return
	}
	var k markup
	json.Unmarshal(other, &k)
	m.KeyboardGone, m.ForceReply, m.Placeholder = k.Remove, k.ForceReply, k.Placeholder
	if k.Keyboard == nil {
		return
	}
	for _, row := range *k.Keyboard {
		var out []Button
		for _, b := range row {
			out = append(out, Button{
				Text: b.Text, RequestContact: b.RequestContact, RequestLocation: b.RequestLocation,
			})
		}
		m.Keyboard = append(m.Keyboard, out)
	}
}

func buttons(inline json.RawMessage) [][]Button {
	if inline == nil {
		return nil
	}
	var k markup
	json.Unmarshal(inline, &k)
	var rows [][]Button
	for _, row := range *k.Inline {
		var out []Button
		for _, b := range row {
			v := Button{Text: b.Text, URL: b.URL}
			if b.CallbackData != nil {
				v.Data = *b.CallbackData
			}
			if b.CopyText != nil {
				v.Copy = b.CopyText.Text
			}
			out = append(out, v)
		}
		rows = append(rows, out)
	}
	return rows
}

func hasButton(inline json.RawMessage, data string) bool {
	for _, row := range buttons(inline) {
		if slices.ContainsFunc(row, func(b Button) bool { return b.Data == data && data != "" }) {
			return true
		}
	}
	return false
}
