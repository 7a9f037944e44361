package telegram

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"strconv"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

// Me is who the bot is.
type Me struct{ Username string }

// Me asks Telegram who the bot is, which also shows whether the token is valid.
func (c *Client) Me(ctx context.Context) (Me, error) {
	var u tgbotapi.User
	err := c.call(ctx, 10*time.Second, Request{Method: "getMe"}, &u)
	return Me{Username: u.UserName}, err
}

// allowedUpdates are the kinds of updates that mean something to us.
const allowedUpdates = `["message","edited_message","callback_query","my_chat_member","poll"]`

// Updates polls for updates from offset on, and acknowledges those before it. It waits up to 25 seconds for the first
// one.
func (c *Client) Updates(ctx context.Context, offset int64) (updates []json.RawMessage, err error) {
	err = c.call(ctx, 40*time.Second, Request{Method: "getUpdates", params: params{
		"offset": strconv.FormatInt(offset, 10), "timeout": "25", "limit": "100", "allowed_updates": allowedUpdates,
	}}, &updates)
	return updates, err
}

// Webhook is what Telegram knows of the bot's webhook.
type Webhook struct {
	URL       string `json:"url"`
	Pending   int    `json:"pending_update_count"`
	LastError string `json:"last_error_message"`
	// LastErrorAt is when Telegram last failed to deliver an update, in Unix seconds, or 0.
	LastErrorAt int64 `json:"last_error_date"`
}

// Webhook asks Telegram which webhook is set.
func (c *Client) Webhook(ctx context.Context) (Webhook, error) {
	var w Webhook
	err := c.call(ctx, 10*time.Second, Request{Method: "getWebhookInfo"}, &w)
	return w, err
}

// SetWebhook has Telegram post updates to a URL, each with Secret.
func (c *Client) SetWebhook(ctx context.Context, url string) error {
	return c.call(ctx, 10*time.Second, Request{Method: "setWebhook", params: params{
		"url": url, "secret_token": c.Secret(), "max_connections": "100", "allowed_updates": allowedUpdates,
	}}, nil)
}

// DeleteWebhook makes polling possible again.
func (c *Client) DeleteWebhook(ctx context.Context) error {
	return c.call(ctx, 10*time.Second, Request{Method: "deleteWebhook"}, nil)
}

// AnswerCallback stops the spinner of a button that was pressed.
func (c *Client) AnswerCallback(ctx context.Context, id string) error {
	r := Request{Method: "answerCallbackQuery", params: params{"callback_query_id": id}}
	return c.call(ctx, 5*time.Second, r, nil)
}

// SetDescription sets what people read before they press start. An empty language stands for all that have no
// description.
func (c *Client) SetDescription(ctx context.Context, language, text string) error {
	return c.describe(ctx, "setMyDescription", "description", language, text)
}

// SetShortDescription sets what the bot's profile says.
func (c *Client) SetShortDescription(ctx context.Context, language, text string) error {
	return c.describe(ctx, "setMyShortDescription", "short_description", language, text)
}

func (c *Client) describe(ctx context.Context, method, name, language, text string) error {
	p := params{name: text}
	if language != "" {
		p["language_code"] = language
	}
	return c.call(ctx, 5*time.Second, Request{Method: method, params: p}, nil)
}

// Command is a line of a chat's command menu.
type Command struct {
	Name        string `json:"command"`
	Description string `json:"description"`
}

// SetCommands sets a chat's command menu.
func (c *Client) SetCommands(ctx context.Context, chat int64, list []Command) error {
	commands, err := json.Marshal(list)
	if err != nil {
		return err
	}
	scope, err := json.Marshal(map[string]any{"type": "chat", "chat_id": chat})
	if err != nil {
		return err
	}
	return c.call(ctx, 10*time.Second,
		Request{Method: "setMyCommands", params: params{"commands": string(commands), "scope": string(scope)}}, nil)
}

// Sent is what a request made. An edit makes nothing.
type Sent struct {
	Messages []int  // ids
	Poll     string // the id of the poll among them, if there is one
}

// Send carries out a request within SendTimeout, or within the longer time that a document takes.
func (c *Client) Send(ctx context.Context, r Request) (Sent, error) {
	timeout := c.SendTimeout
	if r.document != nil {
		timeout = uploadTimeout
	}
	return c.SendWithin(ctx, timeout, r)
}

// SendWithin is Send with another timeout.
func (c *Client) SendWithin(ctx context.Context, timeout time.Duration, r Request) (Sent, error) {
	var result json.RawMessage
	if err := c.call(ctx, timeout, r, &result); err != nil {
		return Sent{}, err
	}
	return sentBy(result), nil
}

// sentBy reads the result of a request: one message, a list of them or, of an edit, perhaps only true.
func sentBy(result json.RawMessage) (s Sent) {
	type message struct {
		ID   int                 `json:"message_id"`
		Poll struct{ ID string } `json:"poll"`
	}
	list := make([]message, 1)
	var err error
	if bytes.HasPrefix(result, []byte{'['}) {
		err = json.Unmarshal(result, &list)
	} else {
		err = json.Unmarshal(result, &list[0])
	}
	if err != nil {
		return Sent{}
	}
	for _, m := range list {
		s.Messages, s.Poll = append(s.Messages, m.ID), cmp.Or(m.Poll.ID, s.Poll)
	}
	return s
}
