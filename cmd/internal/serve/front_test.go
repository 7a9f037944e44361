package serve

import (
	"bufio"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// pipes is a listener whose connections are pipes in memory, so that time can be moved.
type pipes struct {
	conns chan net.Conn
	ended chan struct{}
}

func (p pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.ended:
		return nil, net.ErrClosed
	}
}

func (p pipes) Close() error   { return nil }
func (p pipes) Addr() net.Addr { return &net.TCPAddr{} }

// A client that is slow, or never ends its request, is cut off; one that asks for too much is refused; others are
// answered.
func TestServerCutsSlowClients(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := newServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if _, err := io.Copy(io.Discard, r.Body); err != nil {
				w.WriteHeader(http.StatusBadRequest)
			}
		}), slog.New(slog.DiscardHandler))
		l := pipes{make(chan net.Conn), make(chan struct{})}
		go server.Serve(l)
		defer func() { close(l.ended); server.Close() }()
		for _, c := range []struct {
			name, request string
			within        time.Duration
			answer        string // the beginning of the status line; "": none
		}{
			{"a whole request", "GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", 0, "HTTP/1.1 200"},
			{"no end of the headers", "GET / HTTP/1.1\r\nHost: h\r\n", 5 * time.Second, ""},
			{"no end of the body", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nx", 15 * time.Second,
				"HTTP/1.1 400"},
			{"nothing", "", 5 * time.Second, ""},
			{"much of headers", "GET / HTTP/1.1\r\nHost: h\r\nX: " + strings.Repeat("x", 30_000) + "\r\n\r\n",
				time.Second, "HTTP/1.1 431"},
		} {
			client, conn := net.Pipe()
			l.conns <- conn
			began := time.Now()
			go io.WriteString(client, c.request)
			status, _ := bufio.NewReader(client).ReadString('\n')
			if took := time.Since(began); took > c.within {
				t.Errorf("%s: the connection is held for %v", c.name, took)
			}
			if c.answer == "" && strings.HasPrefix(status, "HTTP/1.1 200") || !strings.HasPrefix(status, c.answer) {
				t.Errorf("%s: it is answered %q, want %q", c.name, status, c.answer)
			}
			client.Close()
			time.Sleep(time.Second) // in which the server lets go of the connection
		}
	})
}
