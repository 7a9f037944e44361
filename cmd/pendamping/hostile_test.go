package main

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"image"
	"image/png"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os/exec"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"pendamping/bot/faketelegram"
	"pendamping/flows/sandbox"
	"pendamping/store/embedded/testdb"
)

// TestHostileMix is the drill that keeps everything that was built against strangers: a hundred people enter notas by
// webhook while ten others flood the bot with twenty messages a second each, a bomb of a picture comes each second,
// strangers guess invitations, malformed updates come in, and at second ten somebody starts a second process that
// polls. Nobody of the hundred notices: the slowest hundredth of the answers takes at most 1.3 times as long as
// without, none is missing, nothing is set aside, and the bot's memory stays below 200 MB. The short form is ten
// people in the same mix for nine seconds, whose answers may take as long as they do.
func TestHostileMix(t *testing.T) {
	if !sandbox.Enforced {
		t.Skip("the system has no limits")
	}
	const flooders = 10
	honest, pause, warm, alone, mix, strayAt := 10, 300*time.Millisecond, time.Duration(0), time.Duration(0),
		9*time.Second, 2*time.Second
	if testdb.Full() {
		honest, pause, warm, alone, mix, strayAt = 100, 2*time.Second, 15*time.Second, 75*time.Second, 150*time.Second,
			10*time.Second
	}
	telegram := faketelegram.New("1:a")
	defer telegram.Close()
	c := &crowd{t: t, telegram: telegram, pause: pause, users: make([]*person, honest)}
	s := startServe(t, c, honest+flooders+1, true)
	for i := range c.users {
		c.users[i] = &person{User: telegram.User(int64(i+1), "Siti"), heard: make(chan time.Time, 64),
			random: rand.New(rand.NewPCG(7, uint64(i)))}
	}
	s.until(func() bool { return c.hook.Load() != nil }) // before that nobody is answered
	c.talk(warm)
	calm := c.talk(alone)

	ctx, stop := context.WithCancel(t.Context())
	var hostile sync.WaitGroup
	every := func(d time.Duration, do func(i int)) {
		hostile.Go(func() {
			for i := 0; ctx.Err() == nil; i++ {
				do(i)
				time.Sleep(d)
			}
		})
	}
	for i := range flooders {
		u := telegram.User(int64(honest+i+1), "Banjir")
		every(time.Second/20, func(n int) { u.Send(fmt.Sprint("banjir ", n)) })
	}
	bomber := telegram.User(int64(honest+flooders+1), "Bomo")
	every(time.Second, func(i int) { bomber.SendDocument("nota.jpg", "image/jpeg", explosive(i), "") })
	every(time.Second/10, func(i int) {
		telegram.User(int64(9000+i%20), "Penebak").Send(fmt.Sprintf("/start tebakan-%d",
			i))
	})
	every(time.Second/10, c.malformed)
	var stray *exec.Cmd
	var said bytes.Buffer
	hostile.Go(func() {
		select {
		case <-ctx.Done():
			return
		case <-time.After(strayAt):
		}
		stray = s.command("serve")
		stray.Env = append(slices.Clone(stray.Env), "PUBLIC_URL=", "LISTEN_ADDR=127.0.0.1:0")
		stray.Stdout, stray.Stderr = &said, &said
		if err := stray.Start(); err != nil {
			t.Error(err)
			return
		}
		_ = syscall.Setpriority(syscall.PRIO_PROCESS, stray.Process.Pid, 19) // it would run on somebody's own computer
		time.Sleep(6 * time.Second)
		_ = stray.Process.Kill()
		_ = stray.Wait()
	})
	began := time.Now()
	mixed := c.talk(mix)
	stop()
	hostile.Wait()
	slowest := slices.SortedFunc(slices.Values(mixed), func(a, b wait) int { return cmp.Compare(b.took, a.took) })
	for _, w := range slowest[:min(len(slowest), 12)] {
		t.Logf("%v waited at second %.1f", w.took, w.at.Sub(began).Seconds())
	}
	calm = append(calm, c.talk(alone)...)

	serveMost, allMost := s.family()
	t.Logf("%d answers in the mix; serve at most %d MB, with its children %d MB; %d malformed updates",
		len(mixed), serveMost>>20, allMost>>20, c.bad.Load())
	if len(mixed) == 0 {
		t.Error("nobody was answered")
	}
	if testdb.Full() {
		without, with := p99(calm), p99(mixed)
		t.Logf("p99 without %v of %d answers, in the mix %v", without, len(calm), with)
		if with > without*13/10 {
			t.Errorf("in the mix the p99 is %v, without it %v", with, without)
		}
	}
	if n := c.lost.Load(); n > 0 {
		t.Errorf("%d answers are missing", n)
	}
	if serveMost > 200<<20 {
		t.Errorf("serve took %d MB", serveMost>>20)
	}
	if parked := c.metric(s, `pendamping_updates{state="parked"}`); parked != "0" {
		t.Errorf("%s updates are set aside", parked)
	}
	s.stop()
}

// crowd is a hundred people, and what the bot says to them: a Bot API that tells when it is called.
type crowd struct {
	t        *testing.T
	telegram *faketelegram.Server
	users    []*person
	hook     atomic.Pointer[hook]
	pause    time.Duration // the shortest between two steps; the longest is fourteen times that
	lost     atomic.Int64
	bad      atomic.Int64
}

// hook is the webhook that was set.
type hook struct{ url, secret string }

// person is one of them. What they wait for is words of the next answer.
type person struct {
	*faketelegram.User
	random *rand.Rand
	heard  chan time.Time
	waits  atomic.Value // string
}

// ServeHTTP takes a call of the Bot API.
func (c *crowd) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Content-Type") == "application/x-www-form-urlencoded" {
		body, _ := io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(body))
		params, _ := url.ParseQuery(string(body))
		switch method := path.Base(r.URL.Path); method {
		case "setWebhook":
			c.hook.Store(&hook{params.Get("url"), params.Get("secret_token")})
		case "sendMessage", "editMessageText":
			chat, _ := strconv.Atoi(params.Get("chat_id"))
			if chat < 1 || chat > len(c.users) {
				break
			}
			p := c.users[chat-1]
			if words, _ := p.waits.Load().(string); words != "" && strings.Contains(plain(params.Get("text")), words) {
				p.waits.Store("")
				defer func() { p.heard <- time.Now() }() // once it is there
			}
		}
	}
	c.telegram.ServeHTTP(w, r)
}

// wait is how long somebody waited for an answer, and from when.
type wait struct {
	at   time.Time
	took time.Duration
}

// talk lets each of them enter notas for some time, with some seconds before each step, so that what is said stays
// below what Telegram lets the bot say, and returns how long they waited for answers.
func (c *crowd) talk(d time.Duration) (waits []wait) {
	end := time.Now().Add(d)
	var mu sync.Mutex
	var group sync.WaitGroup
	for _, p := range c.users {
		step := func(words string, do func()) bool {
			time.Sleep(c.pause + time.Duration(p.random.Int64N(int64(13*c.pause))))
			if time.Now().After(end) {
				return false
			}
			p.waits.Store(words)
			began := time.Now()
			do()
			select {
			case at := <-p.heard:
				mu.Lock()
				defer mu.Unlock()
				waits = append(waits, wait{began, at.Sub(began)})
				return true
			case <-time.After(2 * time.Minute):
				c.lost.Add(1)
				c.t.Logf("%d hears no %q; the last words are %q", p.ID(), words, p.Last().Text)
				return false
			}
		}
		group.Go(func() {
			for {
				n := 1000 + p.random.IntN(99000)
				sum := fmt.Sprint("Rp", n)
				ok := step(sum, func() {
					p.SendPhoto(pictureOf(n), fmt.Sprintf("bahan: gula pasir %s di Toko Jaya Makmur, hari ini", sum))
				})
				if !ok || !step("terkirim", func() {
					for _, m := range slices.Backward(p.Messages()) { // the last may be about the picture
						if m.FromBot && len(m.Buttons) > 0 && strings.Contains(plain(m.Text), sum) {
							p.PressOld(m.ID, m.Buttons[0][0].Data)
							return
						}
					}
				}) {
					return
				}
			}
		})
	}
	group.Wait()
	return waits
}

// plain is a text without the dots of its numbers.
func plain(text string) string { return strings.ReplaceAll(text, ".", "") }

// pictureOf is a small picture, another for each number.
func pictureOf(n int) []byte {
	img := image.NewGray(image.Rect(0, 0, 64, 48))
	for i := range img.Pix {
		img.Pix[i] = byte(i * n >> 3)
	}
	img.Pix[0], img.Pix[1], img.Pix[2] = byte(n), byte(n>>8), byte(n>>16)
	var out bytes.Buffer
	_ = png.Encode(&out, img)
	return out.Bytes()
}

// malformed posts an update that Telegram never sends, some of them in the chat of a flooder.
func (c *crowd) malformed(i int) {
	h := c.hook.Load()
	id := 1_000_000 + i
	body := []string{
		`{"update_id":%d,"message":{"message_id":-1,"chat":{"id":9999999999999999,"type":"private"},"text":"x"}}`,
		`{"update_id":%d,"message":{"message_id":1,"from":{"id":101},"chat":{"id":101,"type":"private"},"document":{"file_id":"\u0000","file_size":-5}}}`,
		`{"update_id":%d,"callback_query":{"id":"\u0000","from":{"id":101},"data":"nota:p-1"}}`,
		`{"update_id":%d,"message":{"message_id":1,"from":{"id":101},"chat":{"id":101,"type":"private"},"text":"/nota #99999999999"}}`,
		`{"update_id":%d,"message":null}`,
		`{"update_id":%d,"message":[]}`,
		`{"update_id":"%d"}`,
		`[%d]`,
		`{"update_id":%d`,
	}
	r, err := http.NewRequest("POST", h.url, strings.NewReader(fmt.Sprintf(body[i%len(body)], id)))
	if err != nil {
		c.t.Error(err)
		return
	}
	r.Header.Set("X-Telegram-Bot-Api-Secret-Token", h.secret)
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		c.t.Error(err)
		return
	}
	resp.Body.Close()
	c.bad.Add(1)
}

// metric is what the bot tells of itself under a name.
func (c *crowd) metric(s *serving, name string) string {
	resp, err := http.Get("http://" + s.listen + "/metrics")
	if err != nil {
		c.t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	for line := range strings.Lines(string(body)) {
		if value, ok := strings.CutPrefix(line, name+" "); ok {
			return strings.TrimSpace(value)
		}
	}
	c.t.Fatalf("no metric %s", name)
	return ""
}

func p99(list []wait) time.Duration {
	list = slices.SortedFunc(slices.Values(list), func(a, b wait) int { return cmp.Compare(a.took, b.took) })
	return list[len(list)*99/100].took
}
