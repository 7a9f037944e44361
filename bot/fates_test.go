package bot

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
	"testing"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

// Codes and words are Telegram's own, as they are met in the field.
func TestFates(t *testing.T) {
	refused := func(code int, words string) error { return &tgbotapi.Error{Code: code, Message: words} }
	after := func(code, seconds int) error {
		return &tgbotapi.Error{Code: code, Message: "Too Many Requests: retry after", ResponseParameters: tgbotapi.ResponseParameters{RetryAfter: seconds}}
	}
	for _, c := range []struct {
		method string
		err    error
		want   kind
	}{
		{"sendMessage", after(429, 3), wait},
		{"sendPhoto", after(0, 3), wait}, // a failed upload has code 0
		{"sendDocument", refused(0, "Too Many Requests: retry later"), wait},
		{"sendDocument", refused(0, "Forbidden: bot was blocked by the user"), unreachable},
		{"sendDocument", refused(0, "Internal Server Error: try later"), undone},
		{"sendDocument", refused(0, "Bad Gateway"), undone},
		{"sendDocument", refused(0, "Request Entity Too Large"), ours},
		{"sendMessage", refused(429, "Too Many Requests"), wait},
		{"sendMessage", refused(500, "Internal Server Error"), undone},
		{"sendMessage", refused(502, "Bad Gateway"), undone},
		{"sendMessage", refused(403, "Forbidden: bot was blocked by the user"), unreachable},
		{"sendMessage", refused(403, "Forbidden: user is deactivated"), unreachable},
		{"sendMessage", refused(403, "Forbidden: bot can't initiate conversation with a user"), unreachable},
		{"sendMessage", refused(403, "Forbidden: bot was kicked from the supergroup chat"), unreachable},
		{"sendMessage", refused(400, "Bad Request: chat not found"), unreachable},
		{"sendMessage", refused(400, "Bad Request: PEER_ID_INVALID"), unreachable},
		{"sendMessage", refused(400, "Bad Request: message text is empty"), ours},
		{"sendMessage", refused(400, "Bad Request: can't parse entities: Unsupported start tag"), ours},
		{"sendMessage", refused(400, "Bad Request: message to be replied not found"), gone},
		{"editMessageText", refused(400, "Bad Request: message is not modified: specified new message content"), same},
		{"editMessageText", refused(400, "Bad Request: message to edit not found"), gone},
		{"editMessageText", refused(400, "Bad Request: there is no text in the message to edit"), gone},
		{"editMessageCaption", refused(400, "Bad Request: there is no caption in the message to edit"), gone},
		{"editMessageText", refused(400, "Bad Request: message can't be edited"), gone},
		{"editMessageText", refused(400, "Bad Request: MESSAGE_ID_INVALID"), gone},
		{"getUpdates", refused(409, "Conflict: terminated by other getUpdates request"), conflict},
		{"getMe", refused(401, "Unauthorized"), denied},
		{"getMe", refused(404, "Not Found"), denied},
		{"sendMessage", refused(404, "Not Found"), ours},
		{"sendMessage", &tgbotapi.Error{Code: 400, ResponseParameters: tgbotapi.ResponseParameters{MigrateToChatID: -1005}}, migrated},
		{"sendMessage", &url.Error{Op: "Post", Err: &net.OpError{Op: "dial", Err: errors.New("connection refused")}}, undone},
		{"sendMessage", &url.Error{Op: "Post", Err: &net.OpError{Op: "read", Err: errors.New("connection reset by peer")}}, unsure},
		{"sendMessage", errors.New("unexpected EOF"), unsure},
		{"sendMessage", fmt.Errorf("reading: %w", context.DeadlineExceeded), unsure},
	} {
		f, ok := fateOf(sort(c.method, c.err))
		if !ok || f.kind != c.want {
			t.Errorf("%s, %v: %q, want %q", c.method, c.err, f.kind, c.want)
		}
		if f.kind == wait && f.after < time.Second {
			t.Errorf("%v: nobody waits %v", c.err, f.after)
		}
	}
}

func TestFateKeepsTheAddress(t *testing.T) {
	const secret = "42:kunci-rahasia"
	err := sort("getMe", &url.Error{Op: "parse", URL: "http://127.0.0.1/bot" + secret + "/getMe", Err: errors.New("invalid control character in URL")})
	if strings.Contains(err.Error(), secret) {
		t.Errorf("the error has the token in it: %v", err)
	}
}
