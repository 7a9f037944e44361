package bot_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"syscall"
	"testing/fstest"
	"time"

	"pendamping/bot"
	"pendamping/locales"
)

// childPlan is the variable that makes this test program a bot that is killed at a point.
const childPlan = "BOT_TEST_CHILD"

type plan struct {
	addresses
	Point string    // where it dies; "" if it dies on request
	From  time.Time // its clock's time at the start; zero for the real time
	Round time.Duration
	Rate  float64
}

// beChild runs a bot until it reaches the point, and then kills this process with a signal that can't be caught.
func beChild(words string) int {
	var p plan
	if err := json.Unmarshal([]byte(words), &p); err != nil {
		fmt.Fprintln(os.Stderr, "plan:", err)
		return 1
	}
	if err := p.run(); err != nil {
		fmt.Fprintln(os.Stderr, "child:", err)
	}
	return 1
}

func (p plan) run() error {
	ctx := context.Background()
	parts, err := p.open(ctx)
	if err != nil {
		return err
	}
	sentences, err := os.ReadFile("../locales/active.id.toml")
	if err != nil {
		return err
	}
	// Nobody reads English in these tests, and loading it would take longer than all else that a child does.
	texts, err := locales.LoadFS(fstest.MapFS{"active.id.toml": {Data: sentences}})
	if err != nil {
		return err
	}
	self, err := parts.db.Join(ctx, time.Now())
	if err != nil {
		return err
	}
	c := parts.config(texts, slog.New(slog.NewJSONHandler(os.Stdout, nil)), self)
	if c.ScheduleCheck, c.Rate = p.Round, p.Rate; !p.From.IsZero() {
		start := time.Now()
		c.Now = func() time.Time { return p.From.Add(time.Since(start)) }
	}
	watched(func(point string, _ int64) error {
		if point == p.Point {
			_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
			select {}
		}
		return nil
	})(&c)
	return bot.New(c).Run(ctx)
}

// killedAt runs a bot in a process of its own until it is killed at a point.
func (h *house) killedAt(point string) { h.doomed(point)() }

// doomed starts a bot in a process of its own that is killed at a point, and returns a function that waits for that.
func (h *house) doomed(point string) (killed func()) {
	h.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patient)
	cmd := h.child(ctx, plan{addresses: h.addresses, Point: point, Round: -1})
	return func() {
		h.t.Helper()
		defer cancel()
		_ = cmd.Wait()
		if state, ok := cmd.ProcessState.Sys().(syscall.WaitStatus); !ok || state.Signal() != syscall.SIGKILL ||
			ctx.Err() != nil {
			h.t.Fatalf("the process was to be killed at %q; it ended with %v\n%s", point, cmd.ProcessState, h.log)
		}
	}
}

// child starts a bot in a process of its own.
func (h *house) child(ctx context.Context, p plan) *exec.Cmd {
	h.t.Helper()
	words, err := json.Marshal(p)
	h.ok(err)
	cmd := exec.CommandContext(ctx, os.Args[0])
	cmd.Env = append(os.Environ(), childPlan+"="+string(words))
	cmd.Stdout, cmd.Stderr = h.log, os.Stderr
	h.ok(cmd.Start())
	return cmd
}
