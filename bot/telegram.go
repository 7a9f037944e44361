package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

// DefaultAPI is the base address of the real Bot API.
const DefaultAPI = "https://api.telegram.org"

// Telegram calls the Bot API: with a context, a time limit, and no token in what it says of a failure.
type Telegram struct {
	base, token string
	client      *http.Client
	sending     time.Duration // how long the call of a message may take
	unanswered  atomic.Int32  // calls in a row
	denied      atomic.Bool   // the last answer said that the token is not valid
}

// NewTelegram is a client for the bot with that token; base "" is the real Bot API.
func NewTelegram(base, token string) *Telegram {
	if base == "" {
		base = DefaultAPI
	}
	return &Telegram{
		base: strings.TrimRight(base, "/"), token: token, sending: 15 * time.Second,
		// Two idle connections a host, the default, would cost a third of the throughput.
		client: &http.Client{Transport: &http.Transport{
			Proxy:        http.ProxyFromEnvironment,
			DialContext:  (&net.Dialer{Timeout: 5 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
			MaxIdleConns: 256, MaxIdleConnsPerHost: 256, IdleConnTimeout: 90 * time.Second,
			TLSHandshakeTimeout: 5 * time.Second, MaxResponseHeaderBytes: 64 << 10,
		}, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }},
	}
}

// Close ends idle connections.
func (t *Telegram) Close() { t.client.CloseIdleConnections() }

// largestAnswer is the most that is read of an answer to a method, in bytes. The largest, getUpdates with 100 messages of 4,096
// characters that each reply to another such message, has about 10 MB.
const largestAnswer = 32 << 20

// errRedirected says that an answer leads to another address. It is not followed: the token stands in the URL.
var errRedirected = errors.New("the answer is a redirect")

// doer gives tgbotapi, which knows no context, the context of one call, and bounds what it reads of the answer.
type doer struct {
	ctx    context.Context
	client *http.Client
	most   int64 // bytes of the body; reading more fails with *http.MaxBytesError
}

func (d doer) Do(r *http.Request) (*http.Response, error) {
	resp, err := d.client.Do(r.WithContext(d.ctx))
	if err != nil {
		return nil, err
	}
	if resp.StatusCode >= 300 && resp.StatusCode < 400 {
		resp.Body.Close()
		return nil, errRedirected
	}
	resp.Body = http.MaxBytesReader(nil, resp.Body, d.most)
	return resp, nil
}

// call carries out a method and decodes its result into to, which may be nil. The error is a fate when Telegram answered,
// or when it is unknown whether the method was carried out.
func (t *Telegram) call(ctx context.Context, limit time.Duration, method string, params tgbotapi.Params, to any) error {
	return t.upload(ctx, limit, method, params, nil, to)
}

// upload is call with files.
func (t *Telegram) upload(ctx context.Context, limit time.Duration, method string, params tgbotapi.Params, files []tgbotapi.RequestFile, to any) error {
	caller := ctx
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	api := tgbotapi.BotAPI{Token: t.token, Client: doer{ctx, t.client, largestAnswer}}
	api.SetAPIEndpoint(t.base + "/bot%s/%s")
	var resp *tgbotapi.APIResponse
	var err error
	if len(files) > 0 {
		resp, err = api.UploadFiles(method, params, files)
	} else {
		resp, err = api.MakeRequest(method, params)
	}
	if err != nil {
		err = sort(method, err)
	}
	switch f, _ := fateOf(err); {
	case f.kind != unsure && f.kind != undone:
		t.unanswered.Store(0)
		t.denied.Store(f.kind == denied)
	case caller.Err() == nil:
		t.unanswered.Add(1)
	}
	if err != nil {
		return err
	}
	if to == nil {
		return nil
	}
	if err := json.Unmarshal(resp.Result, to); err != nil {
		return fmt.Errorf("telegram's answer to %s: %w", method, err)
	}
	return nil
}

// fate says what became of a call that failed, and so what to do.
type fate struct {
	kind   kind
	method string
	words  string        // Telegram's
	after  time.Duration // of wait
	moved  int64         // of migrated
}

type kind string

const (
	unsure      kind = "unsure"      // cut, timed out, a proxy's page or a 5xx: carried out or not
	undone      kind = "undone"      // certainly not carried out: no connection, or a failure in Telegram's own words
	wait        kind = "wait"        // 429: everything waits for after
	unreachable kind = "unreachable" // blocked, deactivated, or never wrote
	migrated    kind = "migrated"    // the group is a supergroup with another id
	same        kind = "same"        // it shows that already
	gone        kind = "gone"        // the message to change is not there, too old, or of another sort
	ours        kind = "ours"        // refused for what we sent
	conflict    kind = "conflict"    // somebody else polls, or a webhook is set
	denied      kind = "denied"      // the token is not valid
)

func (f fate) Error() string { return fmt.Sprintf("telegram: %s: %s: %s", f.method, f.kind, f.words) }

// sort tells the fates of a call apart by Telegram's code and words (Bot API, "Making requests").
func sort(method string, err error) error {
	var e *tgbotapi.Error
	if !errors.As(err, &e) {
		var wrapped *url.Error
		if errors.As(err, &wrapped) {
			err = wrapped.Err // the URL has the token in it
		}
		if dial := (*net.OpError)(nil); errors.As(err, &dial) && dial.Op == "dial" {
			return fate{kind: undone, method: method, words: "no connection"}
		}
		words := err.Error()
		switch over := (*http.MaxBytesError)(nil); {
		case errors.Is(err, errRedirected):
			return fate{kind: undone, method: method, words: words}
		case errors.Is(err, context.DeadlineExceeded):
			words = "no answer in time"
		case errors.As(err, &over):
			words = "the answer is too large"
		}
		return fate{kind: unsure, method: method, words: words}
	}
	if e.Code == 0 {
		e.Code = codeOf(e.Message)
	}
	f := fate{kind: ours, method: method, words: e.Message, after: time.Duration(e.RetryAfter) * time.Second, moved: e.MigrateToChatID}
	has := func(parts ...string) bool {
		for _, p := range parts {
			if strings.Contains(e.Message, p) {
				return true
			}
		}
		return false
	}
	switch {
	case e.MigrateToChatID != 0:
		f.kind = migrated
	case e.Code == http.StatusTooManyRequests || e.RetryAfter > 0:
		f.kind, f.after = wait, max(f.after, time.Second)
	case e.Code >= 500:
		f.kind = undone
	case e.Code == http.StatusForbidden || has("chat not found", "user is deactivated", "PEER_ID_INVALID"):
		f.kind = unreachable
	case e.Code == http.StatusConflict:
		f.kind = conflict
	case e.Code == http.StatusUnauthorized || (e.Code == http.StatusNotFound && method == "getMe"):
		f.kind = denied
	case has("message is not modified"):
		f.kind = same
	case has("message to edit not found", "message can't be edited", "MESSAGE_ID_INVALID", "message to be replied not found",
		"no text in the message to edit", "no caption in the message to edit"):
		f.kind = gone
	}
	return f
}

// codeOf is the code that Telegram's words begin with; of a failed upload the library tells nothing else. 0: none of them.
func codeOf(words string) int {
	for _, code := range []int{
		http.StatusUnauthorized, http.StatusForbidden, http.StatusTooManyRequests,
		http.StatusInternalServerError, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout,
	} {
		if strings.HasPrefix(words, http.StatusText(code)) {
			return code
		}
	}
	return 0
}

func fateOf(err error) (fate, bool) {
	var f fate
	return f, errors.As(err, &f)
}

// Me is who the bot is.
type Me struct{ Username string }

// Me asks Telegram who the bot is: the check that the token is good.
func (t *Telegram) Me(ctx context.Context) (Me, error) {
	var u tgbotapi.User
	err := t.call(ctx, 10*time.Second, "getMe", nil, &u)
	return Me{Username: u.UserName}, err
}

// errTooLarge says that a file has more bytes than Telegram lets bots fetch.
var errTooLarge = errors.New("file is too big")

// fetch opens the bytes of a file that was sent: errTooLarge when it is said to have more than the largest may. Reading more of them
// than that fails with *http.MaxBytesError.
func (t *Telegram) fetch(ctx context.Context, fileID string) (io.ReadCloser, error) {
	var f tgbotapi.File
	if err := t.call(ctx, 20*time.Second, "getFile", tgbotapi.Params{"file_id": fileID}, &f); err != nil {
		if fate, ok := fateOf(err); ok && strings.Contains(fate.words, "too big") {
			return nil, errTooLarge
		}
		return nil, err
	}
	if f.FileSize > largest {
		return nil, errTooLarge
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, t.base+"/file/bot"+t.token+"/"+f.FilePath, nil)
	if err != nil {
		return nil, fate{kind: ours, method: "download", words: "the path of a file"}
	}
	resp, err := doer{ctx, t.client, largest}.Do(req)
	if err != nil {
		return nil, sort("download", err)
	}
	if resp.StatusCode != http.StatusOK {
		resp.Body.Close()
		return nil, fate{kind: unsure, method: "download", words: resp.Status}
	}
	if resp.ContentLength > largest {
		resp.Body.Close()
		return nil, errTooLarge
	}
	return resp.Body, nil
}

// Denied tells whether Telegram did not accept the token.
func Denied(err error) bool {
	f, ok := fateOf(err)
	return ok && f.kind == denied
}

// Webhook is what Telegram knows of the bot's webhook.
type Webhook struct {
	URL       string `json:"url"`
	Pending   int    `json:"pending_update_count"`
	LastError string `json:"last_error_message"`
	// LastErrorAt is when Telegram last failed to deliver, in Unix seconds; 0: never.
	LastErrorAt int64 `json:"last_error_date"`
}

// Webhook asks Telegram for the webhook that is set.
func (t *Telegram) Webhook(ctx context.Context) (Webhook, error) {
	var w Webhook
	err := t.call(ctx, 10*time.Second, "getWebhookInfo", nil, &w)
	return w, err
}
