package telegram

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

// Error is a call of the Bot API that failed.
type Error struct {
	Class       Class
	Method      string
	Description string        // in Telegram's words
	RetryAfter  time.Duration // for TooManyRequests
	MigratedTo  int64         // for Migrated: the id of the supergroup
}

// Class tells what a failed call means, and so what to do about it.
type Class string

// The classes of errors. Their values are labels of a metric.
const (
	OutcomeUnknown  Class = "unsure"      // cut off, timed out, or a proxy's page: it may have been carried out
	NotDone         Class = "undone"      // not carried out: no connection, or Telegram says that it failed
	TooManyRequests Class = "wait"        // 429: nothing may be sent until RetryAfter has passed
	Unreachable     Class = "unreachable" // the person blocked the bot, was deactivated, or never wrote
	Migrated        Class = "migrated"    // the group became a supergroup with another id
	NotModified     Class = "same"        // the message already shows what the edit says
	MessageGone     Class = "gone"        // what to edit or reply to, or the topic, is missing, closed, too old, or of another kind
	BadRequest      Class = "ours"        // Telegram refused what we sent
	Conflict        Class = "conflict"    // somebody else polls, or a webhook is set
	Unauthorized    Class = "denied"      // the token is invalid
)

// Error names the method, the class and what Telegram said of it.
func (e Error) Error() string {
	return fmt.Sprintf("telegram: %s: %s: %s", e.Method, e.Class, e.Description)
}

// AsError returns the Error in err's chain, if there is one.
func AsError(err error) (Error, bool) {
	var e Error
	return e, errors.As(err, &e)
}

// TokenRejected reports whether a call failed because the token is invalid.
func TokenRejected(err error) bool {
	e, ok := AsError(err)
	return ok && e.Class == Unauthorized
}

// classify turns what a call returned into an Error, by Telegram's code and description (Bot API, "Making requests").
func classify(method string, err error) error {
	var e *tgbotapi.Error
	if !errors.As(err, &e) {
		return noAnswer(method, err)
	}
	if e.Code == 0 {
		e.Code = codeOf(e.Message)
	}
	is := Error{
		Class: BadRequest, Method: method, Description: e.Message,
		RetryAfter: time.Duration(e.RetryAfter) * time.Second, MigratedTo: e.MigrateToChatID,
	}
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
		is.Class = Migrated
	case e.Code == http.StatusTooManyRequests || e.RetryAfter > 0:
		is.Class, is.RetryAfter = TooManyRequests, max(is.RetryAfter, time.Second)
	case e.Code >= 500:
		is.Class = NotDone
	case e.Code == http.StatusForbidden || has("chat not found", "user is deactivated", "PEER_ID_INVALID"):
		is.Class = Unreachable
	case e.Code == http.StatusConflict:
		is.Class = Conflict
	case e.Code == http.StatusUnauthorized || (e.Code == http.StatusNotFound && method == "getMe"):
		is.Class = Unauthorized
	case has("message is not modified"):
		is.Class = NotModified
	case has("message to edit not found", "message can't be edited", "MESSAGE_ID_INVALID",
		"message to be replied not found", "no text in the message to edit", "no caption in the message to edit",
		"message thread not found", "TOPIC_CLOSED", "TOPIC_DELETED"):
		is.Class = MessageGone
	}
	return is
}

// noAnswer returns the Error of a call to which Telegram gave no answer that can be read.
func noAnswer(method string, err error) Error {
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		err = wrapped.Err // the URL contains the token
	}
	if dial := (*net.OpError)(nil); errors.As(err, &dial) && dial.Op == "dial" {
		return Error{Class: NotDone, Method: method, Description: "no connection"}
	}
	is := Error{Class: OutcomeUnknown, Method: method, Description: err.Error()}
	switch tooLarge := (*http.MaxBytesError)(nil); {
	case errors.Is(err, errRedirected):
		is.Class = NotDone
	case errors.Is(err, context.DeadlineExceeded):
		is.Description = "no answer in time"
	case errors.As(err, &tooLarge):
		is.Description = "the answer is too large"
	}
	return is
}

// codeOf returns the HTTP status that a description begins with, or 0. Of a failed upload tgbotapi reports nothing
// else.
func codeOf(description string) int {
	for _, code := range []int{
		http.StatusUnauthorized, http.StatusForbidden, http.StatusTooManyRequests,
		http.StatusInternalServerError, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout,
	} {
		if strings.HasPrefix(description, http.StatusText(code)) {
			return code
		}
	}
	return 0
}
