// Package faketelegram is a small, strict Telegram Bot API server for tests and demonstrations. It speaks the Bot API
// over HTTP (methods at {base}/bot{token}/{method}, files at {base}/file/bot{token}/{path}) and lets Go code act as the
// people in its chats. It keeps everything in memory.
//
// It is stricter than Telegram on purpose: an unknown parameter of a known method, which Telegram ignores, is refused,
// so that a misspelt one is noticed. Telegram's rate limits are not enforced; a Fault gives a 429 where one is wanted.
// Refusals that are this server's own and not Telegram's say "faketelegram". Not supported are the Markdown parse
// modes, files by URL, inline mode, channels, forums, payments and method calls in a webhook's answer.
package faketelegram

import (
	"context"
	"encoding/json"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"time"
)

// Server is a Bot API server for one bot. Make it with New. All its methods may be called from several goroutines.
type Server struct {
	token string
	bot   user
	ctx   context.Context // ends with Close
	stop  context.CancelFunc
	done  <-chan struct{}
	hooks *http.Client // for webhook calls
	wg    sync.WaitGroup

	mu      sync.Mutex
	state   state
	changed chan struct{} // closed and replaced at every change
	clock   func() time.Time
	faults  []*ActiveFault
	random  *rand.Rand
	presses map[string]*Press
	poll    chan *apiError // where the waiting getUpdates is told to give up, nil when there is none
	forced  []update       // updates to hand out again, whatever the offset
	twice   int            // how many updates still to hand out twice
	posting map[int64]bool
	closed  bool
}

// New returns a server for the bot with the given token ("<bot id>:<secret>"; any text works). The bot's username is
// "fake_bot".
func New(token string) *Server {
	ctx, stop := context.WithCancel(context.Background())
	return &Server{
		token:   token,
		bot:     user{ID: botID(token), IsBot: true, FirstName: "Fake", Username: "fake_bot"},
		ctx:     ctx,
		stop:    stop,
		done:    ctx.Done(),
		hooks:   &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 100}, Timeout: webhookTimeout},
		changed: make(chan struct{}),
		clock:   time.Now,
		random:  rand.New(rand.NewPCG(1, 2)),
		presses: map[string]*Press{},
		posting: map[int64]bool{},
		state:   newState(),
	}
}

func botID(token string) int64 {
	id := int64(0)
	for _, r := range token {
		if r < '0' || r > '9' || id > 1e15 {
			break
		}
		id = id*10 + int64(r-'0')
	}
	return max(id, 1)
}

// Close ends waiting calls and webhook deliveries. The server answers nothing afterwards.
func (s *Server) Close() {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return
	}
	s.closed = true
	s.stop()
	s.mu.Unlock()
	s.wg.Wait()
	s.hooks.CloseIdleConnections()
}

// SetClock sets where the dates of messages come from; the default is time.Now. Timeouts and backoff always take real
// time.
func (s *Server) SetClock(now func() time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.clock = now
}

// SetUsername sets the bot's username, without the "@".
func (s *Server) SetUsername(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.bot.Username = name
}

func (s *Server) now() int64 { return s.clock().Unix() }

// ServeHTTP answers Bot API calls and file downloads.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	select {
	case <-s.done:
		http.Error(w, "closed", http.StatusServiceUnavailable)
		return
	default:
	}
	if rest, ok := cutAfter(r.URL.Path, "/file/bot"); ok {
		token, path, _ := strings.Cut(rest, "/")
		s.download(w, r, token, path)
		return
	}
	rest, ok := cutAfter(r.URL.Path, "/bot")
	if !ok {
		respond(w, nil, fail(404, "Not Found"))
		return
	}
	token, name, _ := strings.Cut(rest, "/")
	if token != s.token {
		respond(w, nil, fail(401, "Unauthorized"))
		return
	}
	s.serve(w, r, name)
}

// cutAfter returns what follows mark; a base URL may have a path of its own in front of it.
func cutAfter(path, mark string) (string, bool) {
	_, rest, ok := strings.Cut(path, mark)
	return rest, ok
}

func (s *Server) serve(w http.ResponseWriter, r *http.Request, name string) {
	c, err := s.read(r, name)
	if err != nil {
		respond(w, nil, err)
		return
	}
	f := s.fault(c.name, c.args["chat_id"])
	if f != nil && s.disturb(w, r, f) {
		return
	}
	result, err := c.run(r.Context())
	if f != nil && f.f.after(w, result, err) {
		return
	}
	respond(w, result, err)
}

// apiError is a refusal as Telegram words it.
type apiError struct {
	Code        int
	Description string
	RetryAfter  int
	MigrateTo   int64
}

func (e *apiError) Error() string { return e.Description }

func fail(code int, description string) *apiError {
	return &apiError{Code: code, Description: description}
}

func bad(description string) *apiError { return fail(400, "Bad Request: "+description) }

type reply struct {
	OK          bool        `json:"ok"`
	Result      any         `json:"result,omitempty"`
	ErrorCode   int         `json:"error_code,omitempty"`
	Description string      `json:"description,omitempty"`
	Parameters  *parameters `json:"parameters,omitempty"`
}

type parameters struct {
	RetryAfter int   `json:"retry_after,omitempty"`
	MigrateTo  int64 `json:"migrate_to_chat_id,omitempty"`
}

func encode(result any, err error) (int, []byte) {
	a, status := reply{OK: true, Result: result}, 200
	if e, ok := err.(*apiError); ok && e != nil {
		status = e.Code
		a = reply{ErrorCode: e.Code, Description: e.Description}
		if e.RetryAfter != 0 || e.MigrateTo != 0 {
			a.Parameters = &parameters{e.RetryAfter, e.MigrateTo}
		}
	} else if err != nil {
		status = 500
		a = reply{ErrorCode: 500, Description: "Internal Server Error: " + err.Error()}
	}
	body, err := json.Marshal(a)
	if err != nil {
		return 500, []byte(`{"ok":false,"error_code":500,"description":"Internal Server Error"}`)
	}
	return status, body
}

func respond(w http.ResponseWriter, result any, err error) {
	status, body := encode(result, err)
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	w.Write(body)
}
