package telegram

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

// MaxDownload is the largest file that a bot may download, in bytes (Bot API, getFile).
const MaxDownload = 20 << 20

// ErrTooLarge says that a file has more than MaxDownload bytes.
var ErrTooLarge = errors.New("file is too big")

// Download opens a file that somebody sent. It returns ErrTooLarge if the file is announced as larger than
// MaxDownload; reading more than that fails with *http.MaxBytesError.
func (c *Client) Download(ctx context.Context, fileID string) (io.ReadCloser, error) {
	var f tgbotapi.File
	err := c.call(ctx, 20*time.Second, Request{Method: "getFile", params: params{"file_id": fileID}}, &f)
	if e, ok := AsError(err); ok && strings.Contains(e.Description, "too big") {
		return nil, ErrTooLarge
	}
	if err != nil {
		return nil, err
	}
	if f.FileSize > MaxDownload {
		return nil, ErrTooLarge
	}
	const method = "download"
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.base+"/file/bot"+c.token+"/"+f.FilePath, nil)
	if err != nil {
		return nil, Error{Class: BadRequest, Method: method, Description: "the path of a file"}
	}
	resp, err := doer{ctx, c.client, MaxDownload}.Do(req)
	if err != nil {
		return nil, classify(method, err)
	}
	if resp.StatusCode != http.StatusOK {
		resp.Body.Close()
		return nil, Error{Class: OutcomeUnknown, Method: method, Description: resp.Status}
	}
	if resp.ContentLength > MaxDownload {
		resp.Body.Close()
		return nil, ErrTooLarge
	}
	return resp.Body, nil
}
