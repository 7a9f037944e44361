package faketelegram

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"time"
)

const (
	secretHeader   = "X-Telegram-Bot-Api-Secret-Token"
	firstBackoff   = 20 * time.Millisecond
	longestBackoff = 2 * time.Second
	webhookTimeout = 60 * time.Second
)

var secretToken = regexp.MustCompile(`^[A-Za-z0-9_-]*$`)

func setWebhook(c *call) (any, error) {
	s := c.s
	address, secret := c.args["url"], c.args["secret_token"]
	if _, ok := c.files["certificate"]; ok {
		return nil, bad("faketelegram: certificates are not supported")
	}
	if len(secret) > 256 {
		return nil, bad("secret token is too long")
	}
	if !secretToken.MatchString(secret) {
		return nil, bad("secret token contains unallowed characters")
	}
	connections, err := c.integer("max_connections")
	if err != nil {
		return nil, err
	}
	if connections < 1 || connections > 100 {
		connections = 40
	}
	if err := checkWebhookURL(address); err != nil {
		return nil, err
	}
	if err := c.allowedUpdates(); err != nil {
		return nil, err
	}
	if c.flag("drop_pending_updates") {
		s.drop()
	}
	if address != "" {
		s.endPoll("terminated by setWebhook request")
	}
	s.state.Webhook = webhook{
		URL: address, Secret: secret, MaxConnections: int(connections), IPAddress: c.args["ip_address"],
	}
	s.touch(0)
	return true, nil
}

func checkWebhookURL(address string) error {
	if address == "" {
		return nil
	}
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return bad("invalid webhook URL specified")
	}
	ip := net.ParseIP(u.Hostname())
	if u.Hostname() == "localhost" || ip != nil && ip.IsLoopback() {
		if u.Scheme == "http" || u.Scheme == "https" {
			return nil
		}
	}
	if u.Scheme != "https" {
		return bad("bad webhook: An HTTPS URL must be provided for webhook")
	}
	if !slices.Contains([]string{"", "80", "88", "443", "8443"}, u.Port()) {
		return bad("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
	}
	return nil
}

func deleteWebhook(c *call) (any, error) {
	if c.flag("drop_pending_updates") {
		c.s.drop()
	}
	c.s.state.Webhook = webhook{}
	c.s.touch(0)
	return true, nil
}

func (s *Server) drop() {
	s.remember(s.state.Updates...)
	s.state.Updates, s.forced = nil, nil
}

type webhookInfo struct {
	URL                  string   `json:"url"`
	HasCustomCertificate bool     `json:"has_custom_certificate"`
	PendingUpdateCount   int      `json:"pending_update_count"`
	IPAddress            string   `json:"ip_address,omitempty"`
	LastErrorDate        int64    `json:"last_error_date,omitempty"`
	LastErrorMessage     string   `json:"last_error_message,omitempty"`
	MaxConnections       int      `json:"max_connections,omitempty"`
	AllowedUpdates       []string `json:"allowed_updates,omitempty"`
}

func getWebhookInfo(c *call) (any, error) {
	w := c.s.state.Webhook
	return webhookInfo{
		URL: w.URL, PendingUpdateCount: len(c.s.state.Updates), IPAddress: w.IPAddress, LastErrorDate: w.LastErrorDate,
		LastErrorMessage: w.LastError, MaxConnections: w.MaxConnections, AllowedUpdates: c.s.state.Allowed,
	}, nil
}

// post starts a delivery for every chat that has something to deliver and none under way. It needs the lock.
func (s *Server) post() {
	if s.state.Webhook.URL == "" || s.closed {
		return
	}
	for _, u := range slices.Concat(s.forced, s.state.Updates) {
		if len(s.posting) >= s.state.Webhook.MaxConnections {
			return
		}
		if !s.posting[u.Chat] {
			s.posting[u.Chat] = true
			s.wg.Go(func() { s.postChat(u.Chat) })
		}
	}
}

// postChat delivers one chat's updates in order, each until it is accepted.
func (s *Server) postChat(chat int64) {
	backoff := firstBackoff
	for {
		s.mu.Lock()
		hook := s.state.Webhook
		u, forced, ok := s.next(chat)
		if !ok || hook.URL == "" || s.closed {
			delete(s.posting, chat)
			if !ok && !s.closed {
				s.post()
			}
			s.mu.Unlock()
			return
		}
		s.mu.Unlock()
		err := s.deliver(hook, u)
		s.mu.Lock()
		if err == nil {
			backoff = firstBackoff
			s.delivered(u, forced)
			s.mu.Unlock()
			continue
		}
		if s.state.Webhook.URL == hook.URL {
			s.state.Webhook.LastError, s.state.Webhook.LastErrorDate = err.Error(), s.now()
		}
		s.mu.Unlock()
		select {
		case <-time.After(backoff):
			backoff = min(2*backoff, longestBackoff)
		case <-s.done:
		}
	}
}

func (s *Server) next(chat int64) (u update, forced, ok bool) {
	mine := func(u update) bool { return u.Chat == chat }
	if i := slices.IndexFunc(s.forced, mine); i >= 0 {
		return s.forced[i], true, true
	}
	if i := slices.IndexFunc(s.state.Updates, mine); i >= 0 {
		return s.state.Updates[i], false, true
	}
	return update{}, false, false
}

// delivered takes an accepted update off its queue.
func (s *Server) delivered(u update, forced bool) {
	same := func(v update) bool { return v.ID == u.ID }
	if forced {
		if i := slices.IndexFunc(s.forced, same); i >= 0 {
			s.forced = slices.Delete(slices.Clone(s.forced), i, i+1)
		}
	} else if i := slices.IndexFunc(s.state.Updates, same); i >= 0 {
		s.state.Updates = slices.Delete(slices.Clone(s.state.Updates), i, i+1)
		s.remember(u)
		if s.twice > 0 {
			s.twice--
			s.forced = append(s.forced, u)
		}
	}
	s.touch(0)
}

func (s *Server) deliver(hook webhook, u update) error {
	req, err := http.NewRequestWithContext(s.ctx, http.MethodPost, hook.URL, bytes.NewReader(u.wire()))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	if hook.Secret != "" {
		req.Header.Set(secretHeader, hook.Secret)
	}
	resp, err := s.hooks.Do(req)
	if err != nil {
		return fmt.Errorf("Connection failed")
	}
	defer resp.Body.Close()
	io.Copy(io.Discard, io.LimitReader(resp.Body, 1<<20))
	if resp.StatusCode/100 != 2 {
		return fmt.Errorf("Wrong response from the webhook: %s", resp.Status)
	}
	return nil
}
