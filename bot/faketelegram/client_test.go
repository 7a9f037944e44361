package faketelegram_test

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
	"github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"pendamping/bot/faketelegram"
)

const token = "123456:test"

// serve starts a server and returns it with its base URL.
func serve(t *testing.T) (*faketelegram.Server, string) {
	t.Helper()
	s := faketelegram.New(token)
	h := httptest.NewServer(s)
	t.Cleanup(func() {
		s.Close()
		h.CloseClientConnections()
		h.Close()
	})
	return s, h.URL
}

func picture(w, h int) []byte {
	img := image.NewGray(image.Rect(0, 0, w, h))
	for i := range img.Pix {
		img.Pix[i] = color.Gray{Y: uint8(i)}.Y
	}
	var b bytes.Buffer
	jpeg.Encode(&b, img, nil)
	return b.Bytes()
}

// wait fails the test with the chat as it is when the test itself is cancelled.
func wait(t *testing.T, u *faketelegram.User, ok func([]faketelegram.Message) bool) []faketelegram.Message {
	t.Helper()
	if err := u.Wait(t.Context(), ok); err != nil {
		t.Fatalf("waiting: %v, chat: %+v", err, u.Messages())
	}
	return u.Messages()
}

func lastIs(text string) func([]faketelegram.Message) bool {
	return func(ms []faketelegram.Message) bool {
		return len(ms) > 0 && ms[len(ms)-1].FromBot && ms[len(ms)-1].Text+ms[len(ms)-1].Caption == text
	}
}

// TestGoTelegram lets another project's client talk to the server: it holds the server to the real protocol.
func TestGoTelegram(t *testing.T) {
	s, url := serve(t)
	ctx, cancel := context.WithCancel(t.Context())
	replied := make(chan string, 1)
	handle := func(ctx context.Context, b *bot.Bot, u *models.Update) {
		switch {
		case u.CallbackQuery != nil:
			b.AnswerCallbackQuery(ctx, &bot.AnswerCallbackQueryParams{
				CallbackQueryID: u.CallbackQuery.ID, Text: "Baik",
			})
			m := u.CallbackQuery.Message.Message
			b.EditMessageText(ctx, &bot.EditMessageTextParams{
				ChatID: m.Chat.ID, MessageID: m.ID, Text: "<i>" + u.CallbackQuery.Data + "</i>",
				ParseMode: models.ParseModeHTML,
			})
		case u.Message.Photo != nil:
			p := u.Message.Photo[len(u.Message.Photo)-1]
			f, err := b.GetFile(ctx, &bot.GetFileParams{FileID: p.FileID})
			if err != nil {
				t.Error(err)
				return
			}
			resp, err := http.Get(b.FileDownloadLink(f))
			if err != nil {
				t.Error(err)
				return
			}
			defer resp.Body.Close()
			data, _ := io.ReadAll(resp.Body)
			_, err = b.SendPhoto(ctx, &bot.SendPhotoParams{
				ChatID: u.Message.Chat.ID, Photo: &models.InputFileUpload{
					Filename: "a.jpg", Data: bytes.NewReader(data),
				}, Caption: "kembali",
			})
			if err != nil {
				t.Error(err)
			}
			b.SendMediaGroup(ctx, &bot.SendMediaGroupParams{ChatID: u.Message.Chat.ID, Media: []models.InputMedia{
				&models.InputMediaPhoto{Media: p.FileID, Caption: "satu"},
				&models.InputMediaPhoto{Media: "attach://x", MediaAttachment: bytes.NewReader(data), Caption: "dua"},
			}})
		case u.Message.ReplyToMessage != nil:
			replied <- u.Message.ReplyToMessage.Text
		default:
			_, err := b.SendMessage(ctx, &bot.SendMessageParams{
				ChatID: u.Message.Chat.ID, Text: "<b>Halo</b> " + u.Message.From.FirstName,
				ParseMode:       models.ParseModeHTML,
				ReplyParameters: &models.ReplyParameters{MessageID: u.Message.ID},
				ReplyMarkup: &models.InlineKeyboardMarkup{InlineKeyboard: [][]models.InlineKeyboardButton{{
					{Text: "Ya", CallbackData: "yes"}, {Text: "Tidak", CallbackData: "no"},
				}}},
			})
			if err != nil {
				t.Error(err)
			}
		}
	}
	b, err := bot.New(token, bot.WithServerURL(url), bot.WithDefaultHandler(handle),
		bot.WithErrorsHandler(func(error) {}))
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() { b.Start(ctx); close(ended) }()
	defer func() { cancel(); <-ended }()

	u := s.User(7, "Siti")
	u.Start("k_12")
	ms := wait(t, u, lastIs("Halo Siti"))
	m := ms[1]
	if m.HTML != "<b>Halo</b> Siti" || m.ReplyTo != 1 || len(m.Buttons) != 1 || m.Buttons[0][1].Data != "no" {
		t.Errorf("got %+v", m)
	}
	p, err := u.Press(m.ID, "yes")
	if err != nil {
		t.Fatal(err)
	}
	if a, err := p.Wait(t.Context()); err != nil || a.Text != "Baik" {
		t.Errorf("answer %+v, %v", a, err)
	}
	ms = wait(t, u, lastIs("yes"))
	if ms[1].Edited != 1 || ms[1].Buttons != nil || ms[1].HTML != "<i>yes</i>" {
		t.Errorf("after the edit: %+v", ms[1])
	}
	if _, err := u.Press(m.ID, "yes"); err == nil {
		t.Error("pressed a button that is gone")
	}
	img := picture(640, 480)
	u.SendPhoto(img, "nota")
	ms = wait(t, u, lastIs("dua"))
	back := ms[3]
	if data, _, _ := s.File(back.Photo.ID); !bytes.Equal(data, img) || back.Photo.Width != 640 {
		t.Errorf("the photo came back as %+v, %d bytes", back.Photo, len(data))
	}
	if ms[4].Album == "" || ms[4].Album != ms[5].Album || ms[2].Photo.UniqueID != ms[4].Photo.UniqueID {
		t.Errorf("album: %+v", ms[4:])
	}
	u.Reply(m.ID, "jawab")
	if got := <-replied; got != "yes" {
		t.Errorf("reply_to_message has text %q", got)
	}
	if err := s.Idle(t.Context()); err != nil {
		t.Error(err)
	}
}

// TestTgbotapi goes through the client that the bot itself uses.
func TestTgbotapi(t *testing.T) {
	s, url := serve(t)
	s.SetClock(func() time.Time { return time.Unix(1_800_000_000, 0) })
	b, err := tgbotapi.NewBotAPIWithAPIEndpoint(token, url+"/bot%s/%s")
	if err != nil || b.Self.UserName != "fake_bot" || b.Self.ID != 123456 {
		t.Fatalf("%+v, %v", b.Self, err)
	}
	u := s.User(9, "Budi")
	next := func(offset int) tgbotapi.Update {
		t.Helper()
		us, err := b.GetUpdates(tgbotapi.UpdateConfig{Offset: offset, Timeout: 10})
		if err != nil || len(us) != 1 {
			t.Fatalf("updates %+v, %v", us, err)
		}
		return us[0]
	}
	u.Start("abc")
	up := next(0)
	if !up.Message.IsCommand() || up.Message.CommandArguments() != "abc" || up.Message.Date != 1_800_000_000 {
		t.Errorf("got %+v", up.Message)
	}
	m := tgbotapi.NewMessage(9, "pilih &amp; tekan")
	m.ParseMode = "HTML"
	m.ReplyMarkup = tgbotapi.NewInlineKeyboardMarkup(tgbotapi.NewInlineKeyboardRow(tgbotapi.NewInlineKeyboardButtonData(
		"A", "a")))
	sent, err := b.Send(m)
	if err != nil || sent.Text != "pilih & tekan" || sent.ReplyMarkup == nil {
		t.Fatalf("%+v, %v", sent, err)
	}
	p, err := u.Press(sent.MessageID, "a")
	if err != nil {
		t.Fatal(err)
	}
	up = next(up.UpdateID + 1)
	if up.CallbackQuery.Data != "a" || up.CallbackQuery.Message.Text != "pilih & tekan" {
		t.Errorf("got %+v", up.CallbackQuery)
	}
	if _, err := b.Request(tgbotapi.NewCallbackWithAlert(up.CallbackQuery.ID, "oke")); err != nil {
		t.Error(err)
	}
	if a, _ := p.Wait(t.Context()); a.Text != "oke" || !a.Alert {
		t.Errorf("answer %+v", a)
	}
	photo := tgbotapi.NewPhoto(9, tgbotapi.FileBytes{Name: "x.jpg", Bytes: picture(100, 300)})
	photo.Caption = "gambar"
	sent, err = b.Send(photo)
	if err != nil || len(sent.Photo) != 2 || sent.Photo[1].Height != 300 {
		t.Fatalf("%+v, %v", sent.Photo, err)
	}
	again := tgbotapi.NewPhoto(9, tgbotapi.FileID(sent.Photo[1].FileID))
	if resent, err := b.Send(again); err != nil || resent.Photo[1].FileUniqueID != sent.Photo[1].FileUniqueID {
		t.Errorf("%+v, %v", resent.Photo, err)
	}
	doc := tgbotapi.NewDocument(9, tgbotapi.FileBytes{Name: "lpj.pdf", Bytes: []byte("%PDF")})
	sent, err = b.Send(doc)
	if err != nil || sent.Document.FileName != "lpj.pdf" || sent.Document.FileSize != 4 {
		t.Errorf("%+v, %v", sent.Document, err)
	}
	group := tgbotapi.NewMediaGroup(9, []any{
		tgbotapi.NewInputMediaPhoto(tgbotapi.FileBytes{Name: "1", Bytes: picture(10, 10)}),
		tgbotapi.NewInputMediaPhoto(tgbotapi.FileBytes{Name: "2", Bytes: picture(20, 10)}),
	})
	if ms, err := b.SendMediaGroup(group); err != nil || len(ms) != 2 || ms[0].MediaGroupID != ms[1].MediaGroupID {
		t.Errorf("%+v, %v", ms, err)
	}
	edit := tgbotapi.NewEditMessageText(9, 2, "pilih & tekan")
	if _, err := b.Send(edit); err != nil {
		t.Error(err)
	}
	if _, err := b.Send(edit); err == nil || !strings.Contains(err.Error(), "message is not modified") {
		t.Errorf("got %v", err)
	}
	ids := s.Commands(9, 9, "id")
	if _, err := b.Request(tgbotapi.NewSetMyCommands(tgbotapi.BotCommand{
		Command: "nota", Description: "Catat nota",
	})); err != nil || ids != nil {
		t.Errorf("%v %v", err, ids)
	}
	if ids = s.Commands(9, 9, "id"); len(ids) != 1 || ids[0].Command != "nota" {
		t.Errorf("menu %v", ids)
	}
	us, err := b.GetUpdates(tgbotapi.UpdateConfig{Offset: up.UpdateID + 1})
	if err != nil || len(us) != 0 || s.Pending() != 0 {
		t.Errorf("%v, %v, %d pending", us, err, s.Pending())
	}
}
