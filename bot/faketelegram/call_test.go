package faketelegram_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"testing"
)

type obj = map[string]any

type answer struct {
	OK          bool
	Result      json.RawMessage
	ErrorCode   int `json:"error_code"`
	Description string
	Parameters  struct {
		RetryAfter int   `json:"retry_after"`
		MigrateTo  int64 `json:"migrate_to_chat_id"`
	}
	status int
}

// try calls a method with a JSON body.
func try(ctx context.Context, url, method string, args obj) (a answer, err error) {
	body, err := json.Marshal(args)
	if err != nil {
		return a, err
	}
	req, err := http.NewRequestWithContext(ctx, "POST", url+"/bot"+token+"/"+method, bytes.NewReader(body))
	if err != nil {
		return a, err
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return a, err
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		return a, err
	}
	a.status = resp.StatusCode
	return a, json.Unmarshal(raw, &a)
}

func call(t *testing.T, url, method string, args obj) answer {
	t.Helper()
	a, err := try(t.Context(), url, method, args)
	if err != nil {
		t.Fatalf("%s: %v", method, err)
	}
	if !a.OK && a.status != a.ErrorCode {
		t.Fatalf("%s: status %d, error_code %d", method, a.status, a.ErrorCode)
	}
	return a
}

// must calls a method that has to succeed and reads its result.
func must[T any](t *testing.T, url, method string, args obj) (v T) {
	t.Helper()
	a := call(t, url, method, args)
	if !a.OK {
		t.Fatalf("%s: %s", method, a.Description)
	}
	if err := json.Unmarshal(a.Result, &v); err != nil {
		t.Fatalf("%s: %v", method, err)
	}
	return v
}

type msg struct {
	MessageID int `json:"message_id"`
	Text      string
	Caption   string
	Entities  []struct {
		Type           string
		Offset, Length int
		URL, Language  string
	}
	Chat              struct{ ID int64 }
	From              struct{ ID int64 }
	ReplyToMessage    *msg                `json:"reply_to_message"`
	ReplyMarkup       json.RawMessage     `json:"reply_markup"`
	MigrateToChatID   int64               `json:"migrate_to_chat_id"`
	MigrateFromChatID int64               `json:"migrate_from_chat_id"`
	ForwardFrom       *struct{ ID int64 } `json:"forward_from"`
}

type upd struct {
	UpdateID      int64 `json:"update_id"`
	Message       *msg
	EditedMessage *msg `json:"edited_message"`
	CallbackQuery *struct {
		ID, Data string
		Message  *msg
	} `json:"callback_query"`
	MyChatMember *struct {
		New struct{ Status string } `json:"new_chat_member"`
	} `json:"my_chat_member"`
}

func updates(t *testing.T, url string, offset int64) []upd {
	t.Helper()
	return must[[]upd](t, url, "getUpdates", obj{"offset": offset})
}
