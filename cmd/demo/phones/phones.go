// Package phones is the demo's web page: a phone for each person, side by side, in which a visitor chats as them with
// the bot. It shows what the fake Telegram holds and does what a thumb would; it knows nothing of what the bot does.
package phones

import (
	"embed"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"unicode/utf8"

	"pendamping/bot/faketelegram"
	"pendamping/flows/look/sample"
)

// Person is somebody who has a phone on the page.
type Person struct {
	ID   int64  // their Telegram id
	Name string // as Telegram shows it
	Role string // below the name; may be empty
	Hint string // what to try in this phone, shown while its chat is empty
}

// room is the page's state: who has a phone. The chats themselves are the fake Telegram's.
type room struct {
	tg      *faketelegram.Server
	samples []sample.Sample

	mu      sync.Mutex
	people  []Person
	changed chan struct{} // closed and replaced when a phone is added
}

//go:embed page
var page embed.FS

// policy lets the page load what this handler serves and nothing else.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; " +
	"media-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

// New returns the page with a phone for each of these people, and the samples to send from any of them. It may be
// mounted under a path of its own with http.StripPrefix.
func New(tg *faketelegram.Server, people []Person, samples []sample.Sample) http.Handler {
	p := &room{tg: tg, samples: samples, people: slices.Clone(people), changed: make(chan struct{})}
	for _, who := range people {
		tg.User(who.ID, who.Name)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", p.index)
	mux.Handle("GET /page/", http.FileServerFS(page))
	mux.HandleFunc("GET /events", p.events)
	mux.HandleFunc("GET /samples", p.listSamples)
	mux.HandleFunc("GET /samples/{name}", p.sample)
	mux.HandleFunc("GET /files/{id}", p.file)
	mux.HandleFunc("GET /phones/{id}/commands", p.commands)
	mux.HandleFunc("POST /phones", p.add)
	mux.HandleFunc("POST /phones/{id}/{act}", p.act)
	// Another site open in the same browser must not write as these people.
	return http.NewCrossOriginProtection().Handler(mux)
}

func (p *room) index(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Security-Policy", policy)
	http.ServeFileFS(w, r, page, "page/index.html")
}

// snapshot is who has a phone now and what tells of the next one.
func (p *room) snapshot() ([]Person, <-chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.people), p.changed
}

func (p *room) person(id int64) (Person, bool) {
	people, _ := p.snapshot()
	i := slices.IndexFunc(people, func(q Person) bool { return q.ID == id })
	if i < 0 {
		return Person{}, false
	}
	return people[i], true
}

// add gives a phone to a Telegram account that nobody knows yet.
func (p *room) add(w http.ResponseWriter, r *http.Request) {
	name := r.FormValue("name")
	if name == "" || utf8.RuneCountInString(name) > 60 {
		http.Error(w, "A name of 1 to 60 characters, please.", http.StatusBadRequest)
		return
	}
	p.mu.Lock()
	who := Person{ID: 7_000_000_001, Name: name, Role: "new account"}
	for _, q := range p.people {
		who.ID = max(who.ID, q.ID+1)
	}
	p.tg.User(who.ID, who.Name)
	p.people = append(p.people, who)
	close(p.changed)
	p.changed = make(chan struct{})
	p.mu.Unlock()
	reply(w, map[string]int64{"id": who.ID})
}

func (p *room) listSamples(w http.ResponseWriter, _ *http.Request) {
	type item struct {
		Name    string `json:"name"`
		Title   string `json:"title"`
		Caption string `json:"caption"`
	}
	list := []item{}
	for _, s := range p.samples {
		list = append(list, item{s.Name, s.Title, s.Caption})
	}
	reply(w, list)
}

func (p *room) find(name string) (sample.Sample, bool) {
	list := p.samples
	i := slices.IndexFunc(list, func(s sample.Sample) bool { return s.Name == name })
	if i < 0 {
		return sample.Sample{}, false
	}
	return list[i], true
}

func (p *room) sample(w http.ResponseWriter, r *http.Request) {
	s, ok := p.find(r.PathValue("name"))
	if !ok {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "image/jpeg")
	w.Write(s.JPEG())
}

// shown are the files that a browser may open on this origin; anything else, such as HTML, it has to save.
var shown = []string{"image/jpeg", "image/png", "image/gif", "image/webp", "audio/ogg", "application/pdf"}

func (p *room) file(w http.ResponseWriter, r *http.Request) {
	data, mime, ok := p.tg.File(r.PathValue("id"))
	if !ok {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	h.Set("Content-Type", mime)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "private, max-age=31536000, immutable") // a file id never stands for other bytes
	if !slices.Contains(shown, mime) {
		h.Set("Content-Disposition", "attachment")
	}
	h.Set("Content-Length", fmt.Sprint(len(data)))
	w.Write(data)
}
