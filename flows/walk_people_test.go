package flows_test

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"pendamping/flows/form"
	"pendamping/store"
)

// phone is what a person sees of the chat.
type phone struct {
	name    string
	account int64
	next    int // number of the next message
	session []byte
	chat    []message
	pressed []message // what buttons there ever were
	sent    []*delivered
	marked  int // so many of the sent are known to be handled
	said    []int
	heard   map[string]bool // what was ever said
	lang    string
}

// message is one of the bot's.
type message struct {
	id      int
	asks    string // the id of its last sentence
	buttons []string
	shown   map[string]string // the lines of its review
}

func (p *phone) number() int { p.next++; return p.next }

func (p *phone) unmarked() []*delivered { return p.sent[p.marked:] }

// show puts messages on the screen.
func (p *phone) show(list []store.Message) {
	for _, m := range list {
		if m.Chat != p.account || len(m.Body) == 0 {
			continue
		}
		shown := message{id: m.Edit, asks: asked(m.Body[len(m.Body)-1]), shown: map[string]string{}}
		for _, t := range m.Body {
			if name, ok := strings.CutSuffix(t.ID, ".label"); ok {
				shown.shown[strings.TrimPrefix(name, "receipt.")] = t.Data["Value"]
			}
		}
		for _, row := range m.Buttons {
			for _, b := range row {
				shown.buttons = append(shown.buttons, b.Data)
			}
		}
		p.chat = slices.DeleteFunc(p.chat, func(old message) bool { return old.id == m.Edit })
		if shown.id == 0 {
			shown.id = p.number()
		}
		p.chat = append(p.chat, shown)
		if len(shown.buttons) > 0 {
			p.pressed = append(p.pressed, shown)
		}
	}
	p.chat = p.chat[max(0, len(p.chat)-30):]
	p.pressed = p.pressed[max(0, len(p.pressed)-30):]
}

// last is the newest message.
func (p *phone) last() message {
	if len(p.chat) == 0 {
		return message{}
	}
	return p.chat[len(p.chat)-1]
}

func (c *crew) seconds(n int) time.Duration { return time.Duration(1+c.IntN(n)) * time.Second }

func (c *crew) pick(list ...string) string { return list[c.IntN(len(list))] }

func (c *crew) says(p *phone, words string) {
	e := form.Event{Kind: form.Words, Text: words, Message: p.number()}
	p.said = append(p.said, e.Message)
	c.does(p, e, p.last().shown) // words may be those of a button
}

// presses one of a message's buttons whose data ends like that.
func (c *crew) presses(p *phone, m message, is func(string) bool) bool {
	var fit []string
	for _, b := range m.buttons {
		if is(b) {
			fit = append(fit, b)
		}
	}
	if len(fit) == 0 {
		return false
	}
	c.does(p, form.Event{Kind: form.Press, Press: c.pick(fit...), Message: m.id}, m.shown)
	return true
}

func ends(data string) func(string) bool {
	return func(b string) bool { return strings.HasSuffix(b, data) }
}

func anyButton(string) bool { return true }
func value(b string) bool   { return strings.Contains(b, ":=") }

// sends a picture, or several in an album.
func (c *crew) sends(p *phone, caption string, n int) {
	album := ""
	if n > 1 {
		album = fmt.Sprint("album", c.updates)
	}
	for range n {
		kind, of := form.Picture, "photo"
		if c.chance(5) {
			kind, of = form.Document, "document"
		}
		id := fmt.Sprintf("file-%d-%d", c.n, c.updates)
		c.does(p, form.Event{
			Kind: kind, Text: caption, Album: album,
			Files: []store.File{{Kind: of, MIME: "application/pdf", FileID: id, UniqueID: "u" + id, Size: 90_000}},
		}, nil)
		caption = ""
	}
}

// asked is the question of a sentence, also of one that says about which nota it is.
func asked(t store.Text) string {
	if t.ID == "receipt.named" {
		return t.Data["What"]
	}
	return t.ID
}

// answers are what people say to a question; "" is one of its buttons.
var answers = map[string][]string{
	"receipt.amount": {
		"195rb", "Rp 125.000", "150000", "sekitar 500rb", "1,5jt", "75.000", "150", "dua ratus ribu", "0", "banyak",
	},
	"receipt.seller":   {"TB Jaya", "Toko Abadi", "Kios Bu Siti | pasar", "Pak Dedi", "12"},
	"receipt.day":      {"", "kemarin", "20/11/2026", "tgl 12", "2026-11-21", "5 hari lalu", "31 desember 2026"},
	"receipt.paid":     {"195rb", "Rp 125.000", "sekitar 500rb", "banyak"},
	"receipt.bought":   {"", "kemarin", "tgl 12", "31 desember 2026"},
	"receipt.reason":   {"pasar, tidak ada nota"},
	"receipt.item":     {"semen"},
	"receipt.volume":   {"3 sak", "1,5 kg"},
	"receipt.part":     {"10rb", "Rp5000", "0", "900jt"},
	"void.reason":      {"salah kirim"},
	"entry.amount":     {"15rb", "Rp6.500"},
	"entry.day":        {"", "kemarin"},
	"entry.note":       {"biaya bulan ini"},
	"complaint.words":  {"ada yang minta potongan"},
	"receipt.line":     {""},
	"receipt.partline": {""},
	"receipt.kind":     {""},
	"receipt.payment":  {""},
	"entry.pos":        {""},
	"complaint.topic":  {""},
}

// act is one thing that a person does: an answer, or something else.
func (c *crew) act(p *phone) {
	m := p.last()
	if c.chance(14) {
		c.disturb(p)
		return
	}
	switch list := answers[strings.TrimSuffix(m.asks, ".again")]; {
	case strings.HasSuffix(m.asks, ".review"):
		switch n := c.IntN(100); {
		case n < 78 && c.presses(p, m, ends(":ok")):
		case n < 82 && m.asks == "receipt.review":
			c.says(p, "benar, kirim")
		case n < 94 && c.presses(p, m, func(b string) bool { return strings.Contains(b, ":change") }):
		default:
			c.presses(p, m, anyButton)
		}
	case m.asks == "entry.proof":
		if !c.presses(p, m, value) || c.chance(40) {
			c.sends(p, "", 1)
		}
	case strings.HasSuffix(m.asks, ".which"):
		if !c.presses(p, m, value) {
			c.begins(p)
		}
	case len(list) > 0:
		words := c.pick(list...)
		if words != "" {
			c.says(p, words)
		} else if !c.presses(p, m, value) {
			c.begins(p)
		}
	case len(m.buttons) > 0 && c.chance(35):
		c.presses(p, m, anyButton)
	default:
		c.begins(p)
	}
}

// begins something.
func (c *crew) begins(p *phone) {
	switch n := c.IntN(100); {
	case n < 45:
		c.sends(p, "", 1)
	case n < 62:
		c.sends(p, c.pick("semen 3 sak 195rb TB Jaya tgl 20/11", "nota bensin 50rb", "Rp 75.000 kemarin",
			"benang 12rb qris", "lunas", "mesin 4,5jt transfer"), 1)
	case n < 66:
		c.sends(p, c.pick("", "paku 20rb"), 2+c.IntN(2))
	case n < 72:
		c.does(p, form.Event{Kind: form.Press, Press: "blank:", Message: p.last().id}, nil)
	case n < 82:
		c.says(p, c.pick("/nota", fmt.Sprintf("/nota %d", 1+c.IntN(20)), "🧾 Nota"))
	case n < 90:
		c.does(p, form.Event{Kind: form.Press, Press: "entry:" + c.pick("grant", "withdraw", "fee", "refund",
			"deposit"), Message: p.last().id}, nil)
	case n < 93 && p.name != "Rina":
		c.says(p, "/lapor")
	case p.name == "Rina":
		c.does(p, form.Event{
			Kind: form.Press, Press: fmt.Sprintf("for:%d", c.groups[c.IntN(2)].ID), Message: p.last().id,
		}, nil)
	default:
		c.says(p, c.pick("/saldo", "/kas", "/rab", "/peran", "/bantuan", "💰 Saldo", "halo", "/start"))
	}
}

// disturb is what people do in the middle of something else.
func (c *crew) disturb(p *phone) {
	m := p.last()
	switch c.IntN(14) {
	case 0:
		c.says(p, c.pick("/batal", "nanti", "Nanti", "batal", "kembali"))
	case 1:
		p.lang = c.pick("id", "en")
		if c.chance(50) {
			c.says(p, "/bahasa "+p.lang)
		} else {
			c.does(p, form.Event{Kind: form.Press, Press: "bahasa:" + p.lang, Message: m.id}, nil)
		}
	case 2, 3: // an old button
		if len(p.pressed) > 0 {
			c.presses(p, p.pressed[c.IntN(len(p.pressed))], anyButton)
		}
	case 4, 5: // a double tap
		if len(m.buttons) > 0 {
			b := c.pick(m.buttons...)
			if strings.HasSuffix(m.asks, ".review") {
				b = m.buttons[0]
			}
			c.presses(p, m, ends(b))
			c.presses(p, m, ends(b))
		}
	case 6: // two messages at once
		c.says(p, c.pick("195rb", "20/11/2026", "Toko Makmur"))
		c.says(p, c.pick("Toko Makmur", "qris", "kemarin", "80rb di Toko Abadi"))
	case 7:
		c.sends(p, c.pick("", "cat 2 kaleng 90rb"), 1+c.IntN(3))
	case 8:
		c.does(p, form.Event{Kind: []form.EventKind{form.Sticker, form.Location, form.Contact, form.Other}[c.IntN(4)]},
			nil)
	case 9:
		c.does(p, form.Event{
			Kind: form.Voice, Files: []store.File{{Kind: "voice", FileID: fmt.Sprint("voice", c.n, c.updates)}},
		}, nil)
	case 10: // an own message is edited
		if n := len(p.said); n > 0 {
			c.does(p, form.Event{
				Kind: form.Words, Edited: true, Message: p.said[max(0, n-1-c.IntN(8))], Text: c.pick("210rb", "TB Baru",
					"kemarin", "hm"),
			}, nil)
		}
	case 11: // a card is replied to
		for _, old := range slices.Backward(p.pressed) {
			if strings.HasPrefix(old.buttons[0], "n:") {
				c.does(p, form.Event{Kind: form.Words, Text: c.pick("220rb", "tgl 19", "semen"), Card: old.buttons[0],
					Message: p.number()}, nil)
				break
			}
		}
	case 12:
		c.presses(p, m, anyButton)
	case 13:
		c.begins(p)
	}
}
