// Package telegram is the door to Telegram's Bot API, and the only package that imports tgbotapi. It calls the API,
// turns its updates into the house's events and the house's messages into requests, and sorts its errors by what to
// do about them.
package telegram

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

// DefaultAPI is the base address of the real Bot API.
const DefaultAPI = "https://api.telegram.org"

// uploadTimeout lets 50 MB, the largest upload that Telegram accepts, pass over a slow line.
const uploadTimeout = 2 * time.Minute

// Client calls the Bot API. Every call has a context and a timeout, and no error of it contains the token.
type Client struct {
	// SendTimeout limits a call that sends, edits or deletes a message.
	SendTimeout time.Duration

	base, token string
	client      *http.Client
	unanswered  atomic.Int32
	rejected    atomic.Bool
}

// New returns a client for the bot with that token. An empty base stands for DefaultAPI.
func New(base, token string) *Client {
	if base == "" {
		base = DefaultAPI
	}
	return &Client{
		SendTimeout: 15 * time.Second,
		base:        strings.TrimRight(base, "/"), token: token,
		// The default of two idle connections a host would cost a third of the throughput.
		client: &http.Client{Transport: &http.Transport{
			Proxy:        http.ProxyFromEnvironment,
			DialContext:  (&net.Dialer{Timeout: 5 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
			MaxIdleConns: 256, MaxIdleConnsPerHost: 256, IdleConnTimeout: 90 * time.Second,
			TLSHandshakeTimeout: 5 * time.Second, MaxResponseHeaderBytes: 64 << 10,
		}, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }},
	}
}

// Close closes idle connections.
func (c *Client) Close() { c.client.CloseIdleConnections() }

// Unanswered returns how many calls in a row got no answer.
func (c *Client) Unanswered() int { return int(c.unanswered.Load()) }

// TokenRejected reports whether the last answer said that the token is invalid.
func (c *Client) TokenRejected() bool { return c.rejected.Load() }

// Secret returns what Telegram sends with each webhook call. It is derived from the token, so that all processes
// agree on it.
func (c *Client) Secret() string {
	mac := hmac.New(sha256.New, []byte(c.token))
	mac.Write([]byte("webhook"))
	return hex.EncodeToString(mac.Sum(nil))
}

// maxResponse bounds what is read of a response to a method, in bytes. The largest legitimate one, getUpdates with
// 100 messages of 4,096 characters that each reply to another such message, has about 10 MB.
const maxResponse = 32 << 20

// errRedirected refuses a redirect. It isn't followed, because the URL contains the token.
var errRedirected = errors.New("the answer is a redirect")

// doer gives tgbotapi, which has no contexts, the context of one call, and bounds what it reads of the response.
type doer struct {
	ctx      context.Context
	client   *http.Client
	maxBytes int64 // reading more of the body fails with *http.MaxBytesError
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
	resp.Body = http.MaxBytesReader(nil, resp.Body, d.maxBytes)
	return resp, nil
}

// call calls a method and decodes its result into to, which may be nil. It returns an Error unless Telegram carried
// the method out and only its result is unreadable.
func (c *Client) call(ctx context.Context, timeout time.Duration, r Request, to any) error {
	caller := ctx
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	api := tgbotapi.BotAPI{Token: c.token, Client: doer{ctx, c.client, maxResponse}}
	api.SetAPIEndpoint(c.base + "/bot%s/%s")
	var resp *tgbotapi.APIResponse
	var err error
	if r.document != nil {
		resp, err = api.UploadFiles(r.Method, r.params, r.document.files())
	} else {
		resp, err = api.MakeRequest(r.Method, r.params)
	}
	if err != nil {
		err = classify(r.Method, err)
	}
	switch e, _ := AsError(err); {
	case e.Class != OutcomeUnknown && e.Class != NotDone:
		c.unanswered.Store(0)
		c.rejected.Store(e.Class == Unauthorized)
	case caller.Err() == nil:
		c.unanswered.Add(1)
	}
	if err != nil {
		return err
	}
	if to == nil {
		return nil
	}
	if err := json.Unmarshal(resp.Result, to); err != nil {
		return fmt.Errorf("telegram's answer to %s: %w", r.Method, err)
	}
	return nil
}
