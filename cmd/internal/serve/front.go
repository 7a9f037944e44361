package serve

import (
	"fmt"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"
)

// mostConnections is how many HTTP connections are open at once. Telegram opens at most 100 (Bot API, setWebhook).
const mostConnections = 256

// newServer returns an HTTP server that a slow client, or one that never ends its request, can't hold.
func newServer(h http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler: h, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn),
		ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 15 * time.Second,
		WriteTimeout: 30 * time.Second, IdleTimeout: 2 * time.Minute,
		MaxHeaderBytes: 16 << 10,
	}
}

// front is the handler of the bot that runs now.
type front struct {
	now    atomic.Pointer[http.Handler]
	awaits atomic.Value // what the start waits for
}

func (f *front) set(h http.Handler) { f.now.Store(&h) }

// await says what the start waits for.
func (f *front) await(what string) { f.awaits.Store(what) }

// ServeHTTP hands a request on; before the first bot runs, it tells what the start waits for.
func (f *front) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch h := f.now.Load(); {
	case h != nil:
		(*h).ServeHTTP(w, r)
	case r.URL.Path == "/healthz":
		fmt.Fprintln(w, "ok")
	default:
		w.WriteHeader(http.StatusServiceUnavailable)
		fmt.Fprintf(w, "no: starting: waits for %s\n", f.awaits.Load())
	}
}
