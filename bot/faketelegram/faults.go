package faketelegram

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"
)

// FaultKind is a way for a call to go wrong.
type FaultKind string

// The kinds of faults. Of these only FaultGhost, FaultSlow and FaultTruncate let the call be carried out.
const (
	FaultStatus FaultKind = "status" // answered with Fault.Status; 429 carries Fault.RetryAfter
	FaultReset  FaultKind = "reset"  // the connection is cut before anything happens
	FaultGhost  FaultKind = "ghost"  // carried out, then the connection is cut
	FaultHang   FaultKind = "hang"   // no answer until the client gives up
	// carried out after Fault.Delay, or as soon as the fault is stopped or the client gives up
	FaultSlow     FaultKind = "slow"
	FaultHTML     FaultKind = "html"     // a proxy's 502 page
	FaultTruncate FaultKind = "truncate" // carried out, half the answer arrives
	FaultBlocked  FaultKind = "blocked"  // 403, as if the person had blocked the bot
	FaultRedirect FaultKind = "redirect" // answered with a redirect to Fault.To, the method's path behind it
	FaultEndless  FaultKind = "endless"  // an answer that goes on until the client gives up
)

// Fault says which calls go wrong and how. The zero values of Method, Chat, Probability, Count and Above mean every
// method, every chat, always, until stopped and at any rate.
type Fault struct {
	Kind        FaultKind
	Method      string        // glob over method names, as in path.Match; "file" is the download of files
	Chat        int64         // only calls with this chat_id
	Status      int           // for FaultStatus; 500 if 0
	Words       string        // what Telegram says with that Status; its standard text if empty
	RetryAfter  int           // seconds, for a Status of 429; 1 if 0
	Delay       time.Duration // for FaultSlow
	To          string        // for FaultRedirect: a base address
	Probability float64       // above 0 and below 1: by chance
	Count       int           // stops after so many calls
	Above       int           // above 0: only calls beyond so many within one second, as a rate limit
}

// ActiveFault is a fault at work.
type ActiveFault struct {
	s    *Server
	f    Fault
	hits int
	ok   []time.Time   // the last calls that an Above let through
	off  chan struct{} // closed when it is switched off
}

// stop switches the fault off; the server is locked.
func (a *ActiveFault) stop() {
	if !a.stopped() {
		close(a.off)
	}
}

func (a *ActiveFault) stopped() bool {
	select {
	case <-a.off:
		return true
	default:
		return false
	}
}

// Fail switches a fault on. Of several that match a call, the one switched on first is used.
func (s *Server) Fail(f Fault) *ActiveFault {
	if f.Method == "" {
		f.Method = "*"
	}
	if _, err := path.Match(f.Method, ""); err != nil {
		panic("faketelegram: bad glob " + strconv.Quote(f.Method))
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	a := &ActiveFault{s: s, f: f, off: make(chan struct{})}
	s.faults = append(s.faults, a)
	return a
}

// Stop switches the fault off; calls that hang go on hanging.
func (a *ActiveFault) Stop() {
	a.s.mu.Lock()
	defer a.s.mu.Unlock()
	a.stop()
}

// Hits returns how many calls met the fault.
func (a *ActiveFault) Hits() int {
	a.s.mu.Lock()
	defer a.s.mu.Unlock()
	return a.hits
}

// Wait waits until at least so many calls met the fault.
func (a *ActiveFault) Wait(ctx context.Context, hits int) error {
	return a.s.until(ctx, func() bool { return a.Hits() >= hits })
}

// Heal switches all faults off.
func (s *Server) Heal() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, a := range s.faults {
		a.stop()
	}
	s.faults = nil
}

// fault picks the fault that a call meets, if any, and counts it.
func (s *Server) fault(method, chat string) *ActiveFault {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = slices.DeleteFunc(s.faults, func(a *ActiveFault) bool {
		return a.stopped() || a.f.Count > 0 &&
			a.hits >= a.f.Count
	})
	for _, a := range s.faults {
		f := &a.f
		if ok, _ := path.Match(f.Method, method); !ok {
			continue
		}
		if f.Chat != 0 && strconv.FormatInt(f.Chat, 10) != chat {
			continue
		}
		if f.Probability > 0 && f.Probability < 1 && s.random.Float64() >= f.Probability {
			continue
		}
		if f.Above > 0 && a.within(time.Now()) {
			continue
		}
		a.hits++
		s.touch(0)
		return a
	}
	return nil
}

// within reports whether a call now is within the limit of Above, and counts it.
func (a *ActiveFault) within(now time.Time) bool {
	a.ok = slices.DeleteFunc(a.ok, func(at time.Time) bool { return now.Sub(at) >= time.Second })
	if len(a.ok) >= a.f.Above {
		return false
	}
	a.ok = append(a.ok, now)
	return true
}

// disturb does what a fault does before the call and reports whether that was all.
func (s *Server) disturb(w http.ResponseWriter, r *http.Request, a *ActiveFault) bool {
	switch f := &a.f; f.Kind {
	case FaultStatus:
		respond(w, nil, f.status())
	case FaultBlocked:
		respond(w, nil, fail(403, "Forbidden: bot was blocked by the user"))
	case FaultReset:
		cut(w, true)
	case FaultHang:
		select {
		case <-r.Context().Done():
		case <-s.done:
		}
		cut(w, true)
	case FaultHTML:
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(http.StatusBadGateway)
		fmt.Fprint(w,
			"<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body><center><h1>502 Bad Gateway</h1></center>"+
				"<hr><center>nginx</center></body>\r\n</html>\r\n")
	case FaultRedirect:
		http.Redirect(w, r, f.To+r.URL.Path, http.StatusTemporaryRedirect)
	case FaultEndless:
		io.WriteString(w, `{"ok":true,"result":"`)
		for letters, err := []byte(strings.Repeat("a", 64<<10)), error(nil); err == nil; {
			_, err = w.Write(letters)
		}
	case FaultSlow:
		select {
		case <-time.After(f.Delay):
		case <-a.off:
		case <-r.Context().Done():
		case <-s.done:
		}
		return false
	default:
		return false
	}
	return true
}

func (f *Fault) status() error {
	switch code := f.Status; code {
	case 0:
		return fail(500, "Internal Server Error")
	case http.StatusTooManyRequests:
		e := fail(code, fmt.Sprintf("Too Many Requests: retry after %d", max(f.RetryAfter, 1)))
		e.RetryAfter = max(f.RetryAfter, 1)
		return e
	default:
		return fail(code, cmp.Or(f.Words, http.StatusText(code)))
	}
}

// after does what a fault does to the answer and reports whether it did.
func (f *Fault) after(w http.ResponseWriter, result any, err error) bool {
	switch f.Kind {
	case FaultGhost:
		cut(w, true)
	case FaultTruncate:
		status, body := encode(result, err)
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		w.WriteHeader(status)
		w.Write(body[:len(body)/2])
		cut(w, false)
	default:
		return false
	}
	return true
}

// cut ends the connection; with a reset, what is still under way is lost too.
func cut(w http.ResponseWriter, reset bool) {
	if !reset {
		http.NewResponseController(w).Flush() // what was written so far still arrives
	}
	h, ok := w.(http.Hijacker)
	if !ok {
		panic(http.ErrAbortHandler)
	}
	conn, _, err := h.Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	if tcp, ok := conn.(*net.TCPConn); ok && reset {
		tcp.SetLinger(0)
	}
	conn.Close()
}
