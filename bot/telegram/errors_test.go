package telegram

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

// The codes and descriptions are Telegram's own, as met in the field.
func TestClassify(t *testing.T) {
	refused := func(code int, words string) error { return &tgbotapi.Error{Code: code, Message: words} }
	after := func(code, seconds int) error {
		return &tgbotapi.Error{Code: code, Message: "Too Many Requests: retry after",
			ResponseParameters: tgbotapi.ResponseParameters{RetryAfter: seconds}}
	}
	for _, c := range []struct {
		method string
		err    error
		want   Class
	}{
		{"sendMessage", after(429, 3), TooManyRequests},
		{"sendPhoto", after(0, 3), TooManyRequests}, // a failed upload has code 0
		{"sendDocument", refused(0, "Too Many Requests: retry later"), TooManyRequests},
		{"sendDocument", refused(0, "Forbidden: bot was blocked by the user"), Unreachable},
		{"sendDocument", refused(0, "Internal Server Error: try later"), NotDone},
		{"sendDocument", refused(0, "Bad Gateway"), NotDone},
		{"sendDocument", refused(0, "Request Entity Too Large"), BadRequest},
		{"sendMessage", refused(429, "Too Many Requests"), TooManyRequests},
		{"sendMessage", refused(500, "Internal Server Error"), NotDone},
		{"sendMessage", refused(502, "Bad Gateway"), NotDone},
		{"sendMessage", refused(403, "Forbidden: bot was blocked by the user"), Unreachable},
		{"sendMessage", refused(403, "Forbidden: user is deactivated"), Unreachable},
		{"sendMessage", refused(403, "Forbidden: bot can't initiate conversation with a user"), Unreachable},
		{"sendMessage", refused(403, "Forbidden: bot was kicked from the supergroup chat"), Unreachable},
		{"sendMessage", refused(400, "Bad Request: chat not found"), Unreachable},
		{"sendMessage", refused(400, "Bad Request: PEER_ID_INVALID"), Unreachable},
		{"sendMessage", refused(400, "Bad Request: message text is empty"), BadRequest},
		{"sendMessage", refused(400, "Bad Request: can't parse entities: Unsupported start tag"), BadRequest},
		{"sendMessage", refused(400, "Bad Request: message to be replied not found"), MessageGone},
		{"editMessageText", refused(400, "Bad Request: message is not modified: specified new message content"),
			NotModified},
		{"editMessageText", refused(400, "Bad Request: message to edit not found"), MessageGone},
		{"editMessageText", refused(400, "Bad Request: there is no text in the message to edit"), MessageGone},
		{"editMessageCaption", refused(400, "Bad Request: there is no caption in the message to edit"), MessageGone},
		{"editMessageText", refused(400, "Bad Request: message can't be edited"), MessageGone},
		{"editMessageText", refused(400, "Bad Request: MESSAGE_ID_INVALID"), MessageGone},
		{"getUpdates", refused(409, "Conflict: terminated by other getUpdates request"), Conflict},
		{"getMe", refused(401, "Unauthorized"), Unauthorized},
		{"getMe", refused(404, "Not Found"), Unauthorized},
		{"sendMessage", refused(404, "Not Found"), BadRequest},
		{"sendMessage", &tgbotapi.Error{
			Code: 400, ResponseParameters: tgbotapi.ResponseParameters{MigrateToChatID: -1005},
		}, Migrated},
		{"sendMessage", &url.Error{Op: "Post", Err: &net.OpError{Op: "dial", Err: errors.New("connection refused")}},
			NotDone},
		{"sendMessage", &url.Error{
			Op: "Post", Err: &net.OpError{Op: "read", Err: errors.New("connection reset by peer")},
		}, OutcomeUnknown},
		{"sendMessage", errors.New("unexpected EOF"), OutcomeUnknown},
		{"sendMessage", fmt.Errorf("reading: %w", context.DeadlineExceeded), OutcomeUnknown},
	} {
		f, ok := AsError(classify(c.method, c.err))
		if !ok || f.Class != c.want {
			t.Errorf("%s, %v: %q, want %q", c.method, c.err, f.Class, c.want)
		}
		if f.Class == TooManyRequests && f.RetryAfter < time.Second {
			t.Errorf("%v: nobody waits %v", c.err, f.RetryAfter)
		}
	}
}

func TestClassifyHidesTheToken(t *testing.T) {
	const secret = "42:kunci-rahasia"
	err := classify("getMe", &url.Error{Op: "parse", URL: "http://127.0.0.1/bot" + secret + "/getMe",
		Err: errors.New("invalid control character in URL")})
	if strings.Contains(err.Error(), secret) {
		t.Errorf("the error has the token in it: %v", err)
	}
}
