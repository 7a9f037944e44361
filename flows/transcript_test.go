package flows_test

import (
	"bufio"
	"bytes"
	"context"
	"flag"
	"fmt"
	"html"
	"image"
	"image/png"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"pendamping/bot/faketelegram"
	"pendamping/flows/dialog"
	"pendamping/store"
)

var update = flag.Bool("update", false, "write what the bot says into the transcripts")

// TestTranscripts plays each conversation in testdata on the whole house and compares what the bot says with what
// stands there. A sixteenth of them, by turns, or all with PENDAMPING_FULL, are played a second time with a restart of
// the bot after each line: nobody may notice.
//
// A line "NAME: …" is what a person does: words, or [foto], [foto 3], [foto nota warung] (drawn, see drawn_test.go),
// [album 3], [dokumen NAME], [dokumen 21MB NAME], [dokumen tanpa jenis NAME], [dokumen NAME isi pdf], [suara],
// [lokasi], [stiker], [kontak] with a caption behind it, [pilih ANSWER] of the last poll ([pilih -] takes it back), or
// (a button's words), or (a button's words) 2x for two quick taps, or (punya Budi: a button's words) for the data of a
// button that another was shown. "NAME: /start [undangan]" and "NAME: [kode]" use the invitation that the bot made
// last; its secrets are not printed. Between " // " stand several things done at once, before the bot could answer.
// "NAME balas "WORDS": …" replies to the bot's last message with these words, "NAME di "WORDS": (…)" presses a button
// under it, and "NAME ubah "WORDS": …" edits a message of their own; [foto 2] puts that picture in the place of its
// own. "NAME @grup: …" is said in a group chat, where balas replies to a person's message. "@ 2026-11-24 08:00" sets
// the clock (WIB), "@ cabut undangan NAME" revokes an invitation, "@ undang NAME PERAN WA" invites somebody above the
// groups, WA may be left out; "@ blokir NAME" lets a person block the bot, "@ putus NAME" cuts the connection once
// after a message to them was sent, "@ semua mulai": everybody pressed Start long ago, "@ koordinator NAME" adds a
// coordinator of the whole country, "@ 12 kelompok di Cianjur" adds groups, "@ batas 100 1000" sets over how many chats
// an announcement's number is typed and over how many a second coordinator looks at it, "@ supergrup grup" makes a
// supergroup of a group; "@ hitung" works the field's progress out; "@ jadwal" does so too and makes the rounds of that
// hour, "@ hari baru" does what is done daily; "@ restart", "@ redis kosong" and "@ kirim ulang" (the last update comes
// again) are faults. Indented lines are the bot's: "→" is a new message, "✎" one that was changed, "↩" what a new one
// answers.
func TestTranscripts(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no transcripts", err)
	}
	every, turn := 16, rand.IntN(16)
	if os.Getenv("PENDAMPING_FULL") != "" {
		every, turn = 1, 0
	}
	for i, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".txt")
		script, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := play(t, string(script), false)
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(string(script), got); diff != "" {
				t.Errorf("the bot says something else (-want +got):\n%s", diff)
			}
		})
		if *update || i%every != turn {
			continue
		}
		t.Run(name+"/restarts", func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(string(script), play(t, string(script), true)); diff != "" {
				t.Errorf("a restart is noticed (-want +got):\n%s", diff)
			}
		})
	}
}

// action is a line on which somebody does something.
var action = regexp.MustCompile(`^(\p{L}+)(?: @(\p{L}+))?(?: (balas|ubah|di) "([^"]*)")?: (.*)$`)

// play carries out a script, possibly with a restart after each line on which somebody does something, and returns it
// with what the bot says now.
func play(t *testing.T, script string, restarts bool) string {
	w := newWorld(t)
	seen := map[string]string{}
	w.news(seen)
	var out bytes.Buffer
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("so far:\n%s", out.String())
		}
	})
	lines := bufio.NewScanner(strings.NewReader(script))
	for lines.Scan() {
		line := lines.Text()
		switch m := action.FindStringSubmatch(line); {
		case strings.HasPrefix(line, "  "): // what the bot said
			continue
		case strings.HasPrefix(line, "@ "):
			fmt.Fprintln(&out, line)
			w.happens(strings.TrimPrefix(line, "@ "))
			w.settle() // what is due now is said now
			out.WriteString(w.news(seen))
		case m != nil && people[m[1]] != 0:
			fmt.Fprintln(&out, line)
			for part := range strings.SplitSeq(m[5], " // ") {
				w.act(m[1], m[2], m[3], m[4], part)
			}
			w.settle()
			out.WriteString(w.news(seen))
			if restarts {
				w.stop()
				w.start()
			}
		default:
			fmt.Fprintln(&out, line)
		}
	}
	return out.String()
}

// happens is what nobody does.
func (w *world) happens(what string) {
	w.t.Helper()
	if name, ok := strings.CutPrefix(what, "cabut undangan "); ok {
		w.revoke(name)
		return
	}
	if words := strings.Fields(what); len(words) > 2 && words[0] == "undang" {
		w.invite(words[1], store.Role(words[2]), strings.Join(words[3:], " "))
		return
	}
	if name, ok := strings.CutPrefix(what, "blokir "); ok {
		w.telegram.User(people[name], name).Block(true)
		return
	}
	if name, ok := strings.CutPrefix(what, "putus "); ok {
		w.telegram.Fail(faketelegram.Fault{
			Kind: faketelegram.FaultGhost, Method: "send*", Chat: people[name], Count: 1,
		})
		return
	}
	if name, ok := strings.CutPrefix(what, "koordinator "); ok {
		w.coordinator(name)
		return
	}
	var typed, second int
	if n, _ := fmt.Sscanf(what, "batas %d %d", &typed, &second); n == 2 {
		w.limits(typed, second)
		return
	}
	if name, ok := strings.CutPrefix(what, "supergrup "); ok {
		w.group(name).Migrate()
		w.settle()
		return
	}
	if count, regency, ok := strings.Cut(what, " kelompok di "); ok {
		w.found(count, regency)
		return
	}
	switch what {
	case "hari baru":
		if err := w.bot.GiveBack(context.Background()); err != nil {
			w.t.Fatal(err)
		}
	case "semua mulai":
		for name, id := range people {
			if name != "Wati" && name != "Orang" && !strings.HasSuffix(name, "Baru") && name != "Agus" {
				w.telegram.User(id, name).Started()
			}
		}
	case "restart":
		w.stop()
		w.start()
	case "redis kosong":
		w.stop()
		if err := w.cache.Clear(context.Background()); err != nil {
			w.t.Fatal(err)
		}
		w.start()
	case "jadwal":
		w.rounds()
	case "hitung":
		w.refresh()
	case "kirim ulang":
		w.telegram.Redeliver(w.telegram.LastUpdate())
		for w.telegram.Pending() > 0 {
			time.Sleep(time.Millisecond)
		}
		w.settle()
	default:
		zone, _ := time.LoadLocation("Asia/Jakarta")
		at, err := time.ParseInLocation("2006-01-02 15:04", what, zone)
		if err != nil {
			w.t.Fatalf("what is %q?", what)
		}
		w.clock.set(at)
	}
}

var (
	attached = regexp.MustCompile(
		`^\[(foto|album|dokumen|suara|lokasi|stiker|kontak)(?: (21MB))?(?: ([^\]]+))?\] ?(.*)$`)
	chosen  = regexp.MustCompile(`^\[pilih (.+)\]$`)
	pressed = regexp.MustCompile(`^\((.+)\)( 2x)?$`)
)

// act lets a person do what a line says.
func (w *world) act(name, group, how, which, what string) {
	w.t.Helper()
	u := w.telegram.User(people[name], name)
	if group != "" {
		u = w.group(group, u).As(u)
	}
	if how != "" {
		id := w.find(u, which, how != "ubah" && group == "")
		switch m := attached.FindStringSubmatch(what); {
		case how == "di":
			w.press(u, pressed.FindStringSubmatch(what)[1], 1, id)
		case how == "ubah" && m != nil:
			u.EditPhoto(id, picture(m[3]), m[4])
		case how == "ubah" && w.photoMessage(u, id):
			u.EditCaption(id, what)
		case how == "ubah":
			u.Edit(id, what)
		case m != nil && m[1] == "suara":
			u.ReplyVoice(id, []byte("OggS"))
		case m != nil:
			u.ReplyPhoto(id, picture(m[3]), m[4])
		default:
			u.Reply(id, what)
		}
		return
	}
	if m := pressed.FindStringSubmatch(what); m != nil {
		w.press(u, m[1], 1+len(m[2])/len(" 2x"), 0)
		return
	}
	if m := chosen.FindStringSubmatch(what); m != nil {
		w.vote(u, m[1])
		return
	}
	m := attached.FindStringSubmatch(what)
	if m == nil {
		if what == "[kode]" {
			u.Send(w.last(inviteCode))
			return
		}
		if payload, ok := strings.CutPrefix(what, "/start "); ok {
			if payload == "[undangan]" {
				payload = strings.TrimPrefix(w.last(inviteToken), "start=")
			}
			u.Start(payload)
			return
		}
		u.Send(what)
		return
	}
	switch m[1] {
	case "foto":
		_, w.drawn = photograph(m[3])
		u.SendPhoto(picture(m[3]), m[4])
	case "album":
		n, _ := strconv.Atoi(m[3])
		var photos []faketelegram.Photo
		for i := range n {
			photos = append(photos, faketelegram.Photo{Data: picture(strconv.Itoa(i))})
		}
		photos[0].Caption = m[4]
		u.SendAlbum(photos...)
	case "dokumen":
		w.drawn = true
		name, mime, bytes := document(m[3])
		if m[2] != "" {
			bytes = make([]byte, 21<<20)
		}
		u.SendDocument(name, mime, bytes, m[4])
	case "suara":
		u.SendVoice([]byte("OggS"))
	case "lokasi":
		u.SendLocation(-6.9, 107.6)
	case "stiker":
		u.SendSticker()
	case "kontak":
		u.SendContact("Toko Jaya", "+62811111")
	}
}

// document is a file by its name in a transcript: what its ending says, or what stands behind "isi". Its MIME type is
// that of its ending, unless "tanpa jenis" stands before.
func document(words string) (name, mime string, data []byte) {
	words, untyped := strings.CutPrefix(words, "tanpa jenis ")
	name, inside, _ := strings.Cut(words, " isi ")
	ending := strings.ToLower(filepath.Ext(name))
	mime = map[string]string{
		".pdf": "application/pdf", ".jpg": "image/jpeg", ".heic": "image/heic", ".xlsx": "application/vnd.ms-excel",
		".svg": "image/svg+xml", ".psd": "image/vnd.adobe.photoshop", ".mp4": "video/mp4",
		".apk": "application/vnd.android.package-archive",
	}[ending]
	if untyped {
		mime = "application/octet-stream"
	}
	if inside == "" {
		inside = strings.TrimPrefix(ending, ".")
	}
	switch inside {
	case "pdf":
		data = []byte("%PDF-1.4\n%%EOF\n" + name)
	case "jpg":
		data = picture(name)
	case "heic":
		data = []byte("\x00\x00\x00\x18ftypheic" + name)
	default:
		data = []byte(name)
	}
	return name, mime, data
}

var (
	inviteToken = regexp.MustCompile(`start=[A-Za-z0-9_-]{22}`)
	claimNumber = regexp.MustCompile(`(sebutkan angka |angka di layarnya: |angka Bapak/Ibu )\d{4}`) // made of ids
	inviteCode  = regexp.MustCompile(`\b[2-9A-Z]{4}-[2-9A-Z]{4}\b`)
)

// last is what the bot said last, to whomever, that looks so: the secret of an invitation.
func (w *world) last(is *regexp.Regexp) string {
	w.t.Helper()
	var found string
	var at time.Time
	for _, chat := range w.telegram.Chats() {
		for _, m := range w.telegram.Messages(chat.ID) {
			if s := is.FindString(m.Text); m.FromBot && s != "" && !m.Date.Before(at) {
				found, at = s, m.Date
			}
		}
	}
	if found == "" {
		w.t.Fatal("nobody was invited")
	}
	return found
}

// picture is a small picture, the same for the same words.
func picture(which string) []byte {
	if b, ok := photograph(which); ok {
		return b
	}
	img := image.NewGray(image.Rect(0, 0, 9, 16))
	for i := range img.Pix {
		img.Pix[i] = byte(len(which)*31 + i)
	}
	if n, err := strconv.Atoi(which); err == nil {
		img.Pix[0] = byte(n)
	}
	var out bytes.Buffer
	png.Encode(&out, img)
	return out.Bytes()
}

// groups are the group chats of the transcripts.
var groups = map[string]int64{"grup": -77, "kebun": -78}

func (w *world) group(name string, members ...*faketelegram.User) *faketelegram.Group {
	w.t.Helper()
	if groups[name] == 0 {
		w.t.Fatalf("there is no group %q", name)
	}
	return w.telegram.Group(groups[name], "Grup "+name, members...)
}

func (w *world) photoMessage(u *faketelegram.User, id int) bool {
	return slices.ContainsFunc(u.Messages(), func(m faketelegram.Message) bool { return m.ID == id && m.Photo != nil })
}

// find is the last message with these words, of the bot or of the person.
func (w *world) find(u *faketelegram.User, words string, ofBot bool) int {
	w.t.Helper()
	for _, m := range slices.Backward(u.Messages()) {
		if m.FromBot == ofBot && strings.Contains(m.Text+m.Caption, words) {
			return m.ID
		}
	}
	w.t.Fatalf("nothing says %q", words)
	return 0
}

// vote chooses an answer of the last poll.
func (w *world) vote(u *faketelegram.User, answer string) {
	w.t.Helper()
	for _, m := range slices.Backward(u.Messages()) {
		if m.Poll == nil {
			continue
		}
		if i := slices.Index(m.Poll.Options, answer); i >= 0 {
			u.Vote(m.ID, i)
		} else {
			u.Vote(m.ID)
		}
		return
	}
	w.t.Fatal("there is no poll")
}

// press presses the last button with these words, once or twice in a row; in is the message that shows it, 0 for any.
func (w *world) press(u *faketelegram.User, words string, times, in int) {
	w.t.Helper()
	list, under := u.Messages(), func(id int) int { return id }
	if rest, ok := strings.CutPrefix(words, "punya "); ok {
		name, button, _ := strings.Cut(rest, ": ")
		last := list[len(list)-1].ID
		words, list, under = button, w.telegram.Messages(people[name]), func(int) int { return last }
	}
	for _, m := range slices.Backward(list) {
		for _, row := range m.Buttons {
			for _, b := range row {
				if !strings.Contains(b.Text, words) || (in != 0 && m.ID != in) {
					continue
				}
				var taps []*faketelegram.Press
				for range times {
					taps = append(taps, u.PressOld(under(m.ID), b.Data))
				}
				for _, p := range taps {
					if _, err := p.Wait(w.t.Context()); err != nil {
						w.t.Fatalf("the button %q keeps spinning: %v", words, err)
					}
				}
				return
			}
		}
	}
	w.t.Fatalf("no button says %q", words)
}

var tags = strings.NewReplacer("<s>", "~", "</s>", "~")

var otherTags = regexp.MustCompile(`<[^>]+>`)

// news is what the bot said since the last time, in the order of people and messages.
func (w *world) news(seen map[string]string) string {
	var out strings.Builder
	chats := w.telegram.Chats()
	for _, chat := range chats {
		list := w.telegram.Messages(chat.ID)
		for _, m := range list {
			if !m.FromBot || m.Deleted {
				continue
			}
			key, now := fmt.Sprint(chat.ID, "/", m.ID), shown(m)
			before, known := seen[key]
			if known && before == now {
				continue
			}
			seen[key] = now
			w.known(m.Buttons)
			if known { // the message was changed in its place
				fmt.Fprintf(&out, "  ✎ %s\n%s", chat.Title, now)
			} else {
				fmt.Fprintf(&out, "  → %s\n%s%s", chat.Title, above(list, m.ReplyTo), now)
			}
		}
	}
	return out.String()
}

// known looks whether buttons are built as Telegram takes them, and recorded: what is in a chat stays there.
func (w *world) known(rows [][]faketelegram.Button) {
	w.t.Helper()
	for _, b := range slices.Concat(rows...) {
		if b.Data == dialog.TooLong {
			w.t.Errorf("the data of the button %q is too long", b.Text)
		} else if b.Data != "" && !shapesEverSent[shapeOf(b.Data)] {
			w.t.Errorf("the shape of %s is new: add it to everSent, since such buttons stay in chats", b.Data)
		}
	}
}

// above is the line above a message that answers another one, as Telegram shows it: a person's photo by how many they
// had sent, or words.
func above(list []faketelegram.Message, id int) string {
	photos := 0
	for _, m := range list {
		if m.Photo != nil && !m.FromBot {
			photos++
		}
		if m.ID != id {
			continue
		}
		if m.Photo != nil && !m.FromBot {
			return fmt.Sprintf("    ↩ foto ke-%d\n", photos)
		}
		first, _, _ := strings.Cut(m.Text+m.Caption, "\n")
		return "    ↩ " + first + "\n"
	}
	return ""
}

func shown(m faketelegram.Message) string {
	var out strings.Builder
	if m.Photo != nil {
		out.WriteString("    [foto]\n")
	}
	if m.Document != nil {
		fmt.Fprintf(&out, "    [dokumen %s]\n", m.Document.Name)
	}
	if m.Voice != nil {
		out.WriteString("    [suara]\n")
	}
	if m.Poll != nil {
		out.WriteString("    [jajak] " + m.Poll.Question + "\n")
		for _, o := range m.Poll.Options {
			out.WriteString("    ( ) " + o + "\n")
		}
	}
	words := html.UnescapeString(otherTags.ReplaceAllString(tags.Replace(m.HTML), ""))
	words = inviteCode.ReplaceAllString(inviteToken.ReplaceAllString(words, "start=…"), "····-····")
	words = claimNumber.ReplaceAllString(words, "$1····")
	for line := range strings.SplitSeq(strings.TrimRight(words, "\n"), "\n") {
		if line == "" {
			continue // a picture without words
		}
		out.WriteString(strings.TrimRight("    "+line, " ") + "\n")
	}
	for _, row := range m.Buttons {
		out.WriteString("   ")
		for _, b := range row {
			out.WriteString(" [" + b.Text + "]")
		}
		out.WriteString("\n")
	}
	if len(m.Keyboard) > 0 {
		out.WriteString("    ⌨")
		for _, row := range m.Keyboard {
			for _, b := range row {
				out.WriteString(" " + b.Text + " ·")
			}
		}
		s := strings.TrimSuffix(out.String(), " ·") + "\n"
		return s
	}
	return out.String()
}
