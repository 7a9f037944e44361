package bot_test

import (
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/url"
	"sync"
	"testing"
)

// relay is an address that stays while the server behind it stops and starts, or is cut off.
type relay struct {
	t       testing.TB
	address string

	mu       sync.Mutex
	listener net.Listener
	open     map[net.Conn]bool
	done     sync.WaitGroup
}

// newRelay listens on a port that no client's own end can take.
func newRelay(t testing.TB) *relay {
	t.Helper()
	r := &relay{t: t, open: map[net.Conn]bool{}}
	for range 100 {
		r.address = fmt.Sprint("127.0.0.1:", 12000+rand.IntN(7000))
		if l, err := net.Listen("tcp", r.address); err == nil {
			l.Close()
			t.Cleanup(r.down)
			return r
		}
	}
	t.Fatal("no free port")
	return nil
}

// up leads to the server of a URL, and returns that URL with the relay's address.
func (r *relay) up(server string) string {
	r.t.Helper()
	u, err := url.Parse(server)
	if err != nil {
		r.t.Fatal(err)
	}
	target := u.Host
	l, err := net.Listen("tcp", r.address)
	if err != nil {
		r.t.Fatal(err)
	}
	r.mu.Lock()
	r.listener = l
	r.mu.Unlock()
	r.done.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			r.done.Go(func() { r.join(c, target) })
		}
	})
	u.Host = r.address
	return u.String()
}

func (r *relay) join(c net.Conn, target string) {
	s, err := net.Dial("tcp", target)
	if err != nil {
		c.Close()
		return
	}
	r.mu.Lock()
	if r.listener == nil {
		r.mu.Unlock()
		c.Close()
		s.Close()
		return
	}
	r.open[c], r.open[s] = true, true
	r.mu.Unlock()
	var both sync.WaitGroup
	both.Go(func() { io.Copy(s, c); s.Close() })
	both.Go(func() { io.Copy(c, s); c.Close() })
	both.Wait()
	r.mu.Lock()
	delete(r.open, c)
	delete(r.open, s)
	r.mu.Unlock()
}

// down refuses connections, and cuts those that there are.
func (r *relay) down() {
	r.mu.Lock()
	if r.listener != nil {
		r.listener.Close()
		r.listener = nil
	}
	for c := range r.open {
		c.Close()
	}
	r.mu.Unlock()
	r.done.Wait()
}
