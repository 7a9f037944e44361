package phones

import "pendamping/bot/faketelegram"

type button struct {
	Text     string `json:"text"`
	Data     string `json:"data,omitempty"`
	URL      string `json:"url,omitempty"`
	Copy     string `json:"copy,omitempty"`
	Contact  bool   `json:"contact,omitempty"`
	Location bool   `json:"location,omitempty"`
}

type entity struct {
	Type   string `json:"type"`
	Offset int    `json:"offset"`
	Length int    `json:"length"`
	URL    string `json:"url,omitempty"`
}

type file struct {
	ID     string `json:"id"`
	Name   string `json:"name,omitempty"`
	MIME   string `json:"mime,omitempty"`
	Size   int    `json:"size,omitempty"`
	Width  int    `json:"width,omitempty"`
	Height int    `json:"height,omitempty"`
}

// message is a bubble as the browser draws it.
type message struct {
	ID        int         `json:"id"`
	Me        bool        `json:"me"`
	Date      int64       `json:"date"` // in milliseconds
	Text      string      `json:"text,omitempty"`
	Entities  []entity    `json:"entities,omitempty"`
	Photo     *file       `json:"photo,omitempty"`
	Document  *file       `json:"document,omitempty"`
	Voice     *file       `json:"voice,omitempty"`
	Sticker   bool        `json:"sticker,omitempty"`
	Album     string      `json:"album,omitempty"`
	Location  *[2]float64 `json:"location,omitempty"`
	Contact   *contact    `json:"contact,omitempty"`
	Poll      *poll       `json:"poll,omitempty"`
	Service   string      `json:"service,omitempty"`
	ReplyTo   int         `json:"reply,omitempty"`
	Forwarded bool        `json:"forwarded,omitempty"`
	Buttons   [][]button  `json:"buttons,omitempty"`
	Edited    bool        `json:"edited,omitempty"`
	Pinned    bool        `json:"pinned,omitempty"`
	Reactions []string    `json:"reactions,omitempty"`
}

type contact struct {
	Name  string `json:"name"`
	Phone string `json:"phone"`
}

type poll struct {
	Question string   `json:"question"`
	Options  []string `json:"options"`
}

func bubble(m faketelegram.Message) message {
	b := message{
		ID: m.ID, Me: !m.FromBot, Date: m.Date.UnixMilli(), Text: m.Text + m.Caption, Photo: fileOf(m.Photo),
		Document: fileOf(m.Document), Voice: fileOf(m.Voice), Sticker: m.Sticker != nil, Album: m.Album,
		Service: m.Service,
		ReplyTo: m.ReplyTo, Forwarded: m.Forwarded, Buttons: rows(m.Buttons), Edited: m.Edited > 0, Pinned: m.Pinned,
		Reactions: m.Reactions,
	}
	for _, e := range m.Entities {
		b.Entities = append(b.Entities, entity{e.Type, e.Offset, e.Length, e.URL})
	}
	if m.Location != nil {
		b.Location = &[2]float64{m.Location.Latitude, m.Location.Longitude}
	}
	if m.Contact != nil {
		b.Contact = &contact{m.Contact.Name, m.Contact.Phone}
	}
	if m.Poll != nil {
		b.Poll = &poll{m.Poll.Question, m.Poll.Options}
	}
	return b
}

func fileOf(f *faketelegram.File) *file {
	if f == nil {
		return nil
	}
	return &file{f.ID, f.Name, f.MIME, f.Size, f.Width, f.Height}
}

func rows(keyboard [][]faketelegram.Button) [][]button {
	var out [][]button
	for _, row := range keyboard {
		var line []button
		for _, b := range row {
			line = append(line, button{b.Text, b.Data, b.URL, b.Copy, b.RequestContact, b.RequestLocation})
		}
		out = append(out, line)
	}
	return out
}
