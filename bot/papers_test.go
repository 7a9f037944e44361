package bot_test

import (
	"context"
	"errors"
	"io"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"pendamping/bot"
	"pendamping/bot/faketelegram"
	"pendamping/flows/documents"
	"pendamping/flows/join"
	"pendamping/store"
)

// reader is somebody to whom a document was promised.
func (h *house) reader() *owner {
	h.t.Helper()
	p := h.owners(1)[0]
	p.Start("")
	h.ok(h.db.Queue(context.Background(), time.Now(), []store.Delivery{{Message: store.Message{
		Chat: p.ID(), Class: store.Paper, Paper: "test:1", Body: []store.Text{
			store.Say("rekap.ready", "Month", "2026-11"),
		},
	}}}))
	return p
}

// papers returns the documents that the bot sent them.
func (o *owner) papers() (list []faketelegram.Message) {
	for _, m := range o.answers() {
		if m.Document != nil {
			list = append(list, m)
		}
	}
	return list
}

// unfinished counts, by state, the deliveries that did not arrive.
func (h *house) unfinished() map[store.DeliveryState]int {
	h.t.Helper()
	counts, err := h.db.Backlog(context.Background(), time.Now().Add(time.Hour))
	h.ok(err)
	return counts
}

// making returns a Config with another Make.
func making(do func(ctx context.Context, w io.Writer) error) func(*bot.Config) {
	return func(c *bot.Config) {
		c.Make = func(ctx context.Context, w io.Writer, _ documents.Source, m store.Message, _ string) (string, error) {
			return strings.ReplaceAll(m.Paper, ":", "-") + ".pdf", do(ctx, w)
		}
	}
}

func written(_ context.Context, w io.Writer) error {
	_, err := io.WriteString(w, "%PDF isi laporan")
	return err
}

func TestPaper(t *testing.T) {
	for name, fault := range map[string]faketelegram.Fault{
		"":         {},
		"busy":     {Kind: faketelegram.FaultStatus, Status: 429, RetryAfter: 1, Method: "sendDocument", Count: 1},
		"away":     {Kind: faketelegram.FaultHTML, Method: "sendDocument", Count: 2},
		"down":     {Kind: faketelegram.FaultStatus, Status: 500, Method: "sendDocument", Count: 2},
		"cut":      {Kind: faketelegram.FaultReset, Method: "sendDocument", Count: 1},
		"unheard":  {Kind: faketelegram.FaultGhost, Method: "sendDocument", Count: 1},
		"half":     {Kind: faketelegram.FaultTruncate, Method: "sendDocument", Count: 1},
		"replying": {Kind: faketelegram.FaultStatus, Status: 500, Method: "sendMessage", Count: 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t)
			p := h.reader()
			if fault.Kind != "" {
				h.telegram.Fail(fault)
			}
			h.start(making(written))
			h.settle()
			list := p.papers()
			if n := len(list); n != 1 && (n != 2 || name != "unheard" && name != "half") {
				t.Fatalf("they have %d papers\n%s", n, h.log)
			}
			m := list[0]
			data, _, _ := h.telegram.File(m.Document.ID)
			if m.Document.Name != "test-1.pdf" || string(data) != "%PDF isi laporan" ||
				!strings.Contains(m.Caption, "Rekap November 2026") {
				t.Errorf("they have %+v with %q", m, data)
			}
			if left := h.unfinished(); len(left) > 0 {
				t.Errorf("left: %v", left)
			}
		})
	}
}

// What can't be made is tried three times, and then its reader is told. If it doesn't exist they are told at once.
func TestPaperFails(t *testing.T) {
	for name, c := range map[string]struct {
		do    func(context.Context, io.Writer) error
		fault faketelegram.Fault
		tries int32
	}{
		"failing": {do: func(context.Context, io.Writer) error { return errors.New("no ink") }, tries: 3},
		"panicky": {do: func(context.Context, io.Writer) error { panic("no paper") }, tries: 3},
		"missing": {do: func(context.Context, io.Writer) error { return store.ErrNotFound }, tries: 1},
		"refused": {do: written, fault: faketelegram.Fault{
			Kind: faketelegram.FaultStatus, Status: 400, Words: "Bad Request: file is bad", Method: "sendDocument",
		}, tries: 1},
		"mistaken": {
			do: written, fault: faketelegram.Fault{Kind: faketelegram.FaultBlocked, Method: "sendDocument"}, tries: 1,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t)
			p := h.reader()
			if c.fault.Kind != "" {
				h.telegram.Fail(c.fault)
			}
			var tries atomic.Int32
			h.start(making(func(ctx context.Context, w io.Writer) error { tries.Add(1); return c.do(ctx, w) }))
			h.settle()
			if n := tries.Load(); n != c.tries {
				t.Errorf("tried %d times, not %d", n, c.tries)
			}
			want, told := store.Failed, 1
			if name == "mistaken" { // they blocked the bot
				want, told = store.Unreachable, 0
			}
			if n := p.heard("document.failed"); n != told {
				t.Errorf("told %d times, not %d", n, told)
			}
			if left := h.unfinished(); len(left) != 1 || left[want] != 1 {
				t.Errorf("left: %v", left)
			}
			if len(p.papers()) > 0 {
				t.Errorf("they have %+v", p.papers())
			}
		})
	}
}

// Replies go on while a document is made, however long that takes.
func TestPaperHoldsUpNobody(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	p := h.reader()
	begun, goOn := make(chan struct{}), make(chan struct{})
	h.start(making(func(ctx context.Context, w io.Writer) error {
		close(begun)
		<-goOn
		return written(ctx, w)
	}))
	<-begun
	p.SendPhoto(picture(1), "semen")
	p.hears("photo.saved")
	if len(p.papers()) > 0 {
		t.Error("the paper was not waited for")
	}
	close(goOn)
	h.settle()
	if len(p.papers()) != 1 {
		t.Errorf("they have %d papers", len(p.papers()))
	}
}

// A stop doesn't wait for a document, which another process makes.
func TestPaperRequeued(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	p := h.reader()
	begun := make(chan struct{})
	first := h.start(making(func(ctx context.Context, _ io.Writer) error {
		close(begun)
		<-ctx.Done()
		return ctx.Err()
	}))
	<-begun
	first.stop()
	if left := h.unfinished(); left[store.Queued] != 1 || p.heard("document.failed") > 0 {
		t.Errorf("left: %v", left)
	}
	h.start(making(written))
	h.settle()
	if len(p.papers()) != 1 || len(h.unfinished()) > 0 {
		t.Errorf("they have %d papers; left: %v", len(p.papers()), h.unfinished())
	}
}

// A process is killed while it makes a document, or after it sent it. The document is made again, and never lost.
func TestPaperKilled(t *testing.T) {
	for point, most := range map[string]int{"make": 1, "mark": 2} {
		t.Run(point, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t)
			m := h.mentor()
			h.ok(h.db.Queue(context.Background(), time.Now(), []store.Delivery{{Message: store.Message{
				Chat: m.ID(), Class: store.Paper, Paper: "recap:2026-11:pdf:" + strconv.FormatInt(int64(m.person), 10),
				Body: []store.Text{store.Say("rekap.ready", "Month", "2026-11")},
			}}}))
			h.killedAt(point)
			if n := len(m.papers()); n != most-1 {
				t.Fatalf("the killed process sent %d papers", n)
			}
			h.start()
			h.settle()
			list := m.papers()
			if len(list) != most || list[0].Document.Name != "rekap-2026-11.pdf" || list[0].Document.Size < 10_000 {
				t.Errorf("they have %+v", list)
			}
			if left := h.unfinished(); len(left) > 0 {
				t.Errorf("left: %v", left)
			}
		})
	}
}

// A document that ends each process that makes it is given up.
func TestPaperKillsAll(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	p := h.reader()
	for range 6 {
		h.killedAt("make")
	}
	h.start(making(written))
	h.settle()
	if len(p.papers()) > 0 || p.heard("document.failed") != 1 || h.unfinished()[store.Failed] != 1 {
		t.Errorf("they see %+v; left: %v", p.answers(), h.unfinished())
	}
}

// Nobody gets another person's document.
func TestPaperOfAnother(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	m, p := h.mentor(), h.reader()
	h.ok(h.db.Queue(context.Background(), time.Now(), []store.Delivery{{Message: store.Message{
		Chat: p.ID(), Class: store.Paper, Paper: "recap:2026-11:pdf:" + strconv.FormatInt(int64(m.person), 10),
		Body: []store.Text{store.Say("rekap.ready", "Month", "2026-11")},
	}}}))
	h.start()
	h.settle()
	if len(p.papers()) > 0 || p.heard("document.failed") != 2 {
		t.Errorf("they see %+v", p.answers())
	}
}

// mentor enters a mentor without groups, who has pressed Start.
func (h *house) mentor() *owner {
	h.t.Helper()
	ctx, account := context.Background(), int64(2001)
	tx := h.db.Begin(time.Now(), 0)
	p := store.Person{Key: store.PersonKey("", store.Mentor, "PDP-01", "x"), Role: store.Mentor, Code: "PDP-01",
		Name: "Nama PDP", Account: account}
	h.ok(tx.AddPerson(ctx, "person.added", &p))
	h.ok(tx.AddConsent(ctx, "consent.given", &store.Consent{
		Person: p.ID, Notice: join.Notice, Given: tx.Now(), Source: "paper",
	}))
	_, err := tx.Commit(ctx, 0, nil, nil)
	h.ok(err)
	o := &owner{h.telegram.User(account, "Pendamping-Rahasia"), h, 0, p.ID}
	o.Start("")
	first := h.start()
	h.settle()
	first.stop()
	return o
}

// The sender of a file that can't be printed is asked for it once, however often and in however many parts the
// document is made.
func TestPaperAsksOnce(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	p := h.reader()
	ctx := t.Context()
	tx := h.db.Begin(time.Now(), 0)
	defer tx.Rollback(context.Background())
	f := store.File{Recipient: p.recipient, By: p.person, At: time.Now(), Kind: "document", FileID: "rusak",
		UniqueID: "rusak", Name: "rusak.pdf", MIME: "application/pdf"}
	h.ok(tx.AddFile(ctx, "file.kept", &f))
	_, err := tx.Commit(ctx, 0, nil, nil)
	h.ok(err)
	h.start(func(c *bot.Config) {
		c.Make = func(_ context.Context, w io.Writer, from documents.Source, m store.Message, _ string) (string,
			error) {
			from.Ask(f, store.Message{
				Chat: p.ID(), Class: store.Nudge, Body: []store.Text{store.Say("coach.document", "Name", f.Name)},
			})
			_, err := io.WriteString(w, "%PDF")
			return m.Paper + ".pdf", err
		}
	})
	h.settle()
	for i := range 2 {
		h.ok(h.db.Queue(ctx, time.Now(), []store.Delivery{{Message: store.Message{
			Chat: p.ID(), Class: store.Paper, Paper: "test:" + strconv.Itoa(i+2), Body: []store.Text{
				store.Say("rekap.ready", "Month", "2026-11"),
			},
		}}}))
		h.until("it is printed again", func() bool { return len(p.papers()) == i+2 })
		h.settle()
	}
	n := 0
	for _, m := range p.answers() {
		if strings.Contains(m.Text, "rusak.pdf") {
			n++
		}
	}
	if n != 1 {
		t.Errorf("they are asked %d times\n%s", n, h.log)
	}
}
