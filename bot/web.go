package bot

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"pendamping/bot/health"
	"pendamping/bot/ratelimit"
	"pendamping/bot/telegram"
	"pendamping/store"
)

type metrics struct {
	registry    *prometheus.Registry
	received    prometheus.Counter
	unread      prometheus.Counter
	quarantined prometheus.Counter
	guesses     prometheus.Counter
	handled     prometheus.Histogram
	calls       *prometheus.CounterVec

	denied, frozen         prometheus.Gauge
	hookPending, hookError prometheus.Gauge
	hookLost               prometheus.Counter
	merged                 prometheus.Counter
	ignored                prometheus.Counter
	dropped                prometheus.Counter
	overflowed             prometheus.Counter
	cuts                   prometheus.Counter
}

func newMetrics(r Records, p *ratelimit.Backoff, q *replies) *metrics {
	counter := func(name, help string) prometheus.Counter {
		return prometheus.NewCounter(prometheus.CounterOpts{Name: name, Help: help})
	}
	m := &metrics{
		registry: prometheus.NewRegistry(),
		received: counter("pendamping_updates_received_total",
			"New updates made durable."),
		unread: counter("pendamping_updates_unread_total",
			"Updates whose JSON could not be read."),
		quarantined: counter("pendamping_updates_parked_total",
			"Updates set aside after three tries."),
		guesses: counter("pendamping_invite_guesses_total",
			"Wrong invitation codes, and wrong proofs that one is its person's."),
		handled: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "pendamping_update_seconds", Help: "From dispatch to done, replies sent.",
			Buckets: []float64{.001, .002, .005, .01, .02, .05, .1, .2, .5, 1, 2, 5, 10}}),
		calls: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "pendamping_telegram_calls_total", Help: "Calls of the Bot API by what became of them.",
		}, []string{"method", "fate"}),
		merged: counter("pendamping_replies_merged_total",
			"Answers about no record that newer ones to the same chat made needless."),
		ignored: counter("pendamping_strangers_ignored_total",
			"Updates of strangers and foreign groups that were not answered."),
		dropped: counter("pendamping_strangers_dropped_total",
			"Answers to strangers and foreign groups that what they share did not allow."),
		overflowed: counter("pendamping_updates_overflowed_total",
			"Updates that were not kept because thousands of the same chat waited."),
		cuts: counter("pendamping_pauses_cut_total",
			"Pauses that were cut because the clock of Redis was set back."),
	}
	gauge := func(name, help string, value func() float64) prometheus.Collector {
		return prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, value)
	}
	m.registry.MustRegister(m.merged, m.ignored, m.dropped, m.overflowed, m.cuts,
		gauge("pendamping_pause_seconds", "How long nothing is sent yet, because Telegram asked everybody to wait.",
			func() float64 { return p.Left(store.Reply, 0, time.Now()).Seconds() }),
		gauge("pendamping_pause_bulk_seconds", "How long only replies are sent yet, because Telegram asked for it.",
			func() float64 { return p.Left(store.Bulk, 0, time.Now()).Seconds() }),
		gauge("pendamping_replies_waiting", "Replies that wait for their chat's rate.",
			func() float64 { return float64(q.count()) }))
	m.denied = prometheus.NewGauge(prometheus.GaugeOpts{Name: "pendamping_token_denied",
		Help: "1 while Telegram does not accept TELEGRAM_TOKEN, so that messages wait."})
	m.frozen = prometheus.NewGauge(prometheus.GaugeOpts{Name: "pendamping_processes_frozen",
		Help: "Other processes whose heartbeat stands still, as when they are frozen or their machine is paused."})
	m.registry.MustRegister(m.denied, m.frozen)
	m.hookPending = prometheus.NewGauge(prometheus.GaugeOpts{Name: "pendamping_webhook_pending_updates",
		Help: "Updates that wait at Telegram for the webhook, as of the last look, each minute."})
	m.hookError = prometheus.NewGauge(prometheus.GaugeOpts{Name: "pendamping_webhook_last_error_timestamp_seconds",
		Help: "When Telegram last failed to deliver to the webhook; 0: never."})
	m.hookLost = prometheus.NewCounter(prometheus.CounterOpts{Name: "pendamping_webhook_lost_total",
		Help: "How often the webhook was found gone or other, and was set again."})
	m.registry.MustRegister(m.hookPending, m.hookError, m.hookLost, newBacklog(r), m.received, m.unread, m.quarantined,
		m.guesses, m.handled, m.calls, collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// watchAway adds a gauge for each thing that may be away, which is exposed even while it is.
func (b *Bot) watchAway() {
	during := func(e *health.Episode) func() bool {
		return func() bool { on, _ := e.Now(); return on }
	}
	for what, away := range map[string]func() bool{
		"postgres": func() bool { return b.checkPostgres(context.Background()) != nil },
		"redis":    during(&b.sessions.outage), "telegram": during(&b.telegramAway), "media": during(&b.mediaAway),
	} {
		b.metrics.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "pendamping_away", Help: "1 while it does not answer or can't be written.",
			ConstLabels: prometheus.Labels{"what": what},
		}, func() float64 {
			if away() {
				return 1
			}
			return 0
		}))
	}
}

// backlog counts what waits in the records whenever the metrics are read.
type backlog struct {
	records Records
	queued  *prometheus.Desc
	updates *prometheus.Desc
	files   *prometheus.Desc
	age     *prometheus.Desc
}

func newBacklog(r Records) backlog {
	desc := func(name, help string, labels ...string) *prometheus.Desc {
		return prometheus.NewDesc(name, help, labels, nil)
	}
	return backlog{
		records: r,
		queued:  desc("pendamping_messages", "Messages that are due and have not arrived, by state.", "state"),
		updates: desc("pendamping_updates",
			"Updates that are durable and not done, by state: waiting, or parked after three tries.", "state"),
		files: desc("pendamping_files_waiting", "Files whose bytes are not kept here yet."),
		age: desc("pendamping_files_waiting_seconds",
			"The age of the oldest file whose bytes are not kept here yet; 0: there is none."),
	}
}

// Describe implements prometheus.Collector.
func (b backlog) Describe(c chan<- *prometheus.Desc) {
	c <- b.queued
	c <- b.updates
	c <- b.files
	c <- b.age
}

// Collect implements prometheus.Collector. While PostgreSQL is away it reports nothing.
func (b backlog) Collect(c chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	for state, count := range map[string]func(context.Context) (int, error){
		"waiting": b.records.Waiting, "parked": b.records.CountQuarantined,
	} {
		if n, err := count(ctx); err == nil {
			c <- prometheus.MustNewConstMetric(b.updates, prometheus.GaugeValue, float64(n), state)
		}
	}
	now := time.Now()
	if n, oldest, err := b.records.FilesMissing(ctx, now); err == nil {
		c <- prometheus.MustNewConstMetric(b.files, prometheus.GaugeValue, float64(n))
		c <- prometheus.MustNewConstMetric(b.age, prometheus.GaugeValue, now.Sub(oldest).Seconds())
	}
	counts, err := b.records.Backlog(ctx, time.Now())
	if err != nil {
		return
	}
	for _, s := range []store.DeliveryState{store.Queued, store.Failed, store.Unreachable, store.Unknown} {
		c <- prometheus.MustNewConstMetric(b.queued, prometheus.GaugeValue, float64(counts[s]), string(s))
	}
}

func (m *metrics) call(method string, err error) {
	is := "ok"
	if f, ok := telegram.AsError(err); ok {
		is = string(f.Class)
	} else if err != nil {
		is = "unread"
	}
	m.calls.WithLabelValues(method, is).Inc()
}

// Handler serves /healthz, /readyz, /metrics and, in webhook mode, /telegram.
func (b *Bot) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", b.healthy)
	mux.HandleFunc("GET /readyz", b.ready)
	mux.Handle("GET /metrics", promhttp.HandlerFor(b.metrics.registry, promhttp.HandlerOpts{MaxRequestsInFlight: 2}))
	if b.PublicURL != "" {
		mux.Handle("POST /telegram", b.webhook)
	}
	return mux
}

// refusedFor is how long this host is not ready after an update that could not be made durable. It has to end,
// because a load balancer that sends nothing here would never see that it works again.
const refusedFor = 10 * time.Second

// ready reports whether an update that comes here is made durable: PostgreSQL answers, and this process accepts.
// Whatever else is away is named, but doesn't take the host out, because replies go on without Redis and messages
// wait for Telegram. Only PostgreSQL is asked.
func (b *Bot) ready(w http.ResponseWriter, r *http.Request) {
	var no string
	switch err := b.checkPostgres(r.Context()); {
	case errors.Is(err, store.ErrReadOnly):
		no = "PostgreSQL is read-only: updates wait"
	case err != nil:
		no = "postgres does not answer"
	case !b.receiving.Load():
		no = "not receiving"
	case b.lastRefusal.Load() > 0 && time.Since(time.Unix(b.lastRefusal.Load(), 0)) < refusedFor:
		no = "the last update could not be kept"
	}
	if no != "" {
		w.WriteHeader(http.StatusServiceUnavailable)
		fmt.Fprintf(w, "no: %s\n", no)
	} else {
		fmt.Fprintln(w, "ok")
	}
	for _, c := range []struct {
		what string
		is   *health.Episode
	}{
		{"redis does not answer or can't be written: replies go on, announcements wait", &b.sessions.outage},
		{"telegram does not answer: messages wait", &b.telegramAway},
		{"telegram does not accept TELEGRAM_TOKEN: messages wait", &b.tokenRejected},
		{"media can't be written: files wait at Telegram", &b.mediaAway},
		{"another process stands still, as when it is frozen or its machine is paused", &b.frozen},
		{"another program polls with this token", &b.otherPolls},
		{"another program sets a webhook for this token", &b.otherHook},
		{"telegram can't deliver to the webhook", &b.hookFails},
	} {
		if on, since := c.is.Now(); on {
			fmt.Fprintf(w, "%s (for %s)\n", c.what, since.Round(time.Second))
		}
	}
}

// healthy reports whether a loop hangs, so that whoever runs the process restarts it.
func (b *Bot) healthy(w http.ResponseWriter, r *http.Request) {
	if late := b.hungLoops(r.Context()); len(late) > 0 {
		w.WriteHeader(http.StatusServiceUnavailable)
		fmt.Fprintf(w, "no: hangs: %s\n", strings.Join(late, ", "))
		return
	}
	fmt.Fprintln(w, "ok")
}
