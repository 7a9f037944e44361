package phones

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"

	"pendamping/bot/faketelegram"
)

// Telegram's limits.
const (
	maxText    = 4096
	maxCaption = 1024
	maxAlbum   = 10
	maxFile    = 20 << 20
)

// thumb is one thing that a person does with their phone.
type thumb struct {
	*faketelegram.User
	who  Person
	room *room
	r    *http.Request
}

// acts are the things to do; an error is a sentence for the visitor.
var acts = map[string]func(thumb) (any, error){
	"start": thumb.start, "text": thumb.text, "edit": thumb.edit, "press": thumb.press, "photos": thumb.photos,
	"document": thumb.document, "location": thumb.location, "voice": thumb.voice, "sticker": thumb.sticker,
	"contact": thumb.contact, "block": thumb.block,
}

func (p *room) act(w http.ResponseWriter, r *http.Request) {
	id, _ := strconv.ParseInt(r.PathValue("id"), 10, 64)
	who, known := p.person(id)
	do := acts[r.PathValue("act")]
	if !known || do == nil {
		http.NotFound(w, r)
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxAlbum*maxFile)
	if err := r.ParseMultipartForm(maxFile); err != nil && !errors.Is(err, http.ErrNotMultipart) {
		http.Error(w, "The form can’t be read.", http.StatusBadRequest)
		return
	}
	result, err := do(thumb{p.tg.User(who.ID, ""), who, p, r})
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	reply(w, result)
}

func (p *room) commands(w http.ResponseWriter, r *http.Request) {
	id, _ := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if _, ok := p.person(id); !ok {
		http.NotFound(w, r)
		return
	}
	reply(w, append([]faketelegram.Command{}, p.tg.Commands(id, id, "id")...))
}

func reply(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(v)
}

func sent(id int) (any, error) { return map[string]int{"message": id}, nil }

func (t thumb) number(name string) int {
	n, _ := strconv.Atoi(t.r.FormValue(name))
	return n
}

// words reads a text of at least least characters, counted as Telegram counts.
func (t thumb) words(name string, least, most int) (string, error) {
	s := strings.TrimSpace(t.r.FormValue(name))
	if n := len(utf16.Encode([]rune(s))); n < least || n > most {
		return "", fmt.Errorf("A text of %d to %d characters, please.", least, most)
	}
	return s, nil
}

var payloads = regexp.MustCompile(`^[A-Za-z0-9_-]{0,64}$`)

func (t thumb) start() (any, error) {
	payload := t.r.FormValue("payload")
	if !payloads.MatchString(payload) {
		return nil, errors.New("That link has a start code that Telegram would not take.")
	}
	return sent(t.Start(payload))
}

func (t thumb) text() (any, error) {
	s, err := t.words("text", 1, maxText)
	if err != nil {
		return nil, err
	}
	return sent(t.Reply(t.number("reply"), s))
}

func (t thumb) edit() (any, error) {
	id := t.number("message")
	ms := t.Messages()
	i := slices.IndexFunc(ms, func(m faketelegram.Message) bool {
		return m.ID == id && !m.Deleted &&
			m.From == t.who.ID
	})
	if i < 0 {
		return nil, errors.New("That message can’t be edited.")
	}
	if m := ms[i]; m.Photo != nil || m.Document != nil {
		s, err := t.words("text", 0, maxCaption)
		if err == nil {
			t.EditCaption(id, s)
		}
		return nil, err
	}
	s, err := t.words("text", 1, maxText)
	if err == nil {
		t.Edit(id, s)
	}
	return nil, err
}

// press waits for the bot's answer, as long as the visitor does. The button is the one on the visitor's screen, which
// may be gone by now.
func (t thumb) press() (any, error) {
	data := t.r.FormValue("data")
	if data == "" || len(data) > 64 {
		return nil, errors.New("That button does nothing.")
	}
	a, err := t.PressOld(t.number("message"), data).Wait(t.r.Context())
	if err != nil {
		return nil, errors.New("The bot did not answer.")
	}
	return map[string]any{"text": a.Text, "alert": a.Alert, "url": a.URL}, nil
}

// photos sends samples and uploaded pictures, several as an album with the caption on the first.
func (t thumb) photos() (any, error) {
	caption, err := t.words("caption", 0, maxCaption)
	if err != nil {
		return nil, err
	}
	var ps []faketelegram.Photo
	for _, name := range t.r.Form["sample"] {
		s, ok := t.room.find(name)
		if !ok {
			return nil, errors.New("There is no such sample.")
		}
		ps = append(ps, faketelegram.Photo{Data: s.JPEG()})
	}
	for _, h := range t.uploads("photo") {
		data, err := open(h)
		if err != nil {
			return nil, err
		}
		if !strings.HasPrefix(http.DetectContentType(data), "image/") {
			return nil, fmt.Errorf("%s is not a picture; send it as a file.", h.Filename)
		}
		ps = append(ps, faketelegram.Photo{Data: data})
	}
	switch n := len(ps); {
	case n == 0 || n > maxAlbum:
		return nil, errors.New("Choose 1 to 10 pictures.")
	case n == 1:
		return sent(t.ReplyPhoto(t.number("reply"), ps[0].Data, caption))
	}
	ps[0].Caption = caption
	return sent(t.SendAlbum(ps...))
}

func (t thumb) document() (any, error) {
	caption, err := t.words("caption", 0, maxCaption)
	if err != nil {
		return nil, err
	}
	hs := t.uploads("document")
	if len(hs) != 1 {
		return nil, errors.New("Choose a file.")
	}
	data, err := open(hs[0])
	if err != nil {
		return nil, err
	}
	return sent(t.SendDocument(hs[0].Filename, hs[0].Header.Get("Content-Type"), data, caption))
}

func (t thumb) uploads(name string) []*multipart.FileHeader {
	if t.r.MultipartForm == nil {
		return nil
	}
	return t.r.MultipartForm.File[name]
}

func open(h *multipart.FileHeader) ([]byte, error) {
	if h.Size > maxFile {
		return nil, fmt.Errorf("%s is larger than 20 MB.", h.Filename)
	}
	f, err := h.Open()
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(f)
}

// location is somewhere in Surakarta, the same place for the same person.
func (t thumb) location() (any, error) {
	return sent(t.SendLocation(-7.5666-float64(t.who.ID%97)/5000, 110.8283+float64(t.who.ID%89)/5000))
}

func (t thumb) voice() (any, error)   { return sent(t.SendVoice(silence())) }
func (t thumb) sticker() (any, error) { return sent(t.SendSticker()) }

func (t thumb) contact() (any, error) {
	return sent(t.SendContact(t.who.Name, fmt.Sprintf("+62812000%05d", t.who.ID%100000)))
}

func (t thumb) block() (any, error) {
	t.Block(t.r.FormValue("blocked") == "true")
	return nil, nil
}
