package phones

import (
	"encoding/json"
	"fmt"
	"net/http"

	"pendamping/bot/faketelegram"
)

// phone is what the browser needs to know to draw one phone. Messages are those that are new or changed since the last
// event of this connection.
type phone struct {
	ID          int64             `json:"id"`
	Name        string            `json:"name"`
	Role        string            `json:"role"`
	Hint        string            `json:"hint"`
	About       string            `json:"about"` // how the bot describes itself before Start
	Started     bool              `json:"started"`
	Blocked     bool              `json:"blocked"`
	Action      string            `json:"action,omitempty"`
	Keyboard    [][]button        `json:"keyboard,omitempty"`
	Placeholder string            `json:"placeholder,omitempty"`
	Force       int               `json:"force,omitempty"` // the message that the bot wants an answer to
	Ask         string            `json:"ask,omitempty"`   // what the input line says meanwhile
	Reset       bool              `json:"reset,omitempty"` // forget what was shown before
	Messages    []json.RawMessage `json:"messages"`
	Gone        []int             `json:"gone,omitempty"`
}

// events streams phones as they change, the whole of each at first.
func (p *room) events(w http.ResponseWriter, r *http.Request) {
	out := http.NewResponseController(w)
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	if out.Flush() != nil {
		return
	}
	changes := p.tg.Watch(r.Context()) // before the first look, so that nothing falls between
	drawn := map[int64]map[int]string{}
	draw := func(who Person) bool {
		event := p.draw(who, drawn)
		data, err := json.Marshal(event)
		if err != nil {
			return false
		}
		if _, err := fmt.Fprintf(w, "event: phone\ndata: %s\n\n", data); err != nil {
			return false
		}
		return out.Flush() == nil
	}
	people, added := p.snapshot()
	for _, who := range people {
		if !draw(who) {
			return
		}
	}
	for {
		select {
		case id, ok := <-changes:
			if !ok {
				return
			}
			if who, ok := p.person(id); ok && !draw(who) {
				return
			}
		case <-added:
			people, added = p.snapshot()
			for _, who := range people {
				if drawn[who.ID] == nil && !draw(who) {
					return
				}
			}
		}
	}
}

// draw says what changed in a phone and notes it as drawn.
func (p *room) draw(who Person, drawn map[int64]map[int]string) phone {
	v := phone{ID: who.ID, Name: who.Name, Role: who.Role, Hint: who.Hint, Messages: []json.RawMessage{}}
	for _, c := range p.tg.Chats() {
		if c.ID == who.ID {
			v.Started, v.Blocked, v.Action = c.Started, c.Blocked, c.Action
		}
	}
	if !v.Started {
		v.About = p.tg.Description("id")
	}
	before := drawn[who.ID]
	if before == nil {
		before = map[int]string{}
		drawn[who.ID], v.Reset = before, true
	}
	for _, m := range p.tg.Messages(who.ID) {
		if m.Deleted {
			if _, was := before[m.ID]; was {
				delete(before, m.ID)
				v.Gone = append(v.Gone, m.ID)
			}
			continue
		}
		v.below(m)
		data, err := json.Marshal(bubble(m))
		if err == nil && before[m.ID] != string(data) {
			before[m.ID] = string(data)
			v.Messages = append(v.Messages, data)
		}
	}
	return v
}

// below keeps what the newest messages say about the keyboard under the input line.
func (v *phone) below(m faketelegram.Message) {
	v.Force, v.Ask = 0, ""
	if !m.FromBot {
		return
	}
	switch {
	case m.Keyboard != nil:
		v.Keyboard, v.Placeholder = rows(m.Keyboard), m.Placeholder
	case m.KeyboardGone:
		v.Keyboard, v.Placeholder = nil, ""
	case m.ForceReply:
		v.Force, v.Ask = m.ID, m.Placeholder
	}
}
