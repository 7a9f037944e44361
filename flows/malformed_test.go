package flows_test

import (
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"pendamping/bot/faketelegram"
	"pendamping/flows"
	"pendamping/flows/join"
	"pendamping/store"
	"pendamping/store/embedded/testdb"
)

// TestMalformed lets people of every role, and who has none, send updates that Telegram would never make, between
// ordinary ones that bring their conversations into all kinds of states: 400, or 20,000 with PENDAMPING_FULL. Nothing
// of it may be parked, panic, be refused by Telegram when it is answered, or hold up what comes after it; and the
// records stay whole.
func TestMalformed(t *testing.T) {
	w := newWorld(t)
	f := newForger(w)
	each := 4
	if testdb.Full() {
		each = 200
	}
	rapid.Check(t, func(rt *rapid.T) { f.send(rt, each) })
	report, err := w.db.Verify(t.Context(), time.Now(), nil)
	if err != nil || report.Break != "" {
		t.Errorf("the records are not whole: %v %s", err, report.Break)
	}
	t.Logf("%d updates, of which %d came to a turn", f.sent, w.probe.done)
	if w.probe.done < f.sent/2 {
		t.Error("too few were read: most of the walk tried nothing but the reader")
	}
	f.ordinary()
}

// What a button is about is a record or a kind that there is. Else it is an old one: no conversation begins that ends
// with what the records refuse.
func TestForgedKinds(t *testing.T) {
	w := newWorld(t)
	w.probe.every = math.MaxInt
	sri := w.telegram.User(people["Sri"], "Sri")
	sri.Started()
	for _, data := range []string{
		"entry:", "entry:x", "entry:1", "entry:=", "entry:Grant", "entry:fee:1", "annex:", "annex:x", "annex:1",
		"chapter:", "chapter:x", "lpjprint:1:x", "receipt:x", "void:0", "strike:-1",
		"object:x", "reply:x", "take:x",
	} {
		sri.PressOld(1, data)
		w.settle()
		stale := w.words.Text("id", "stale", nil)
		if m := sri.Last(); !m.FromBot || !strings.HasPrefix(m.Text, stale) {
			t.Errorf("%s: %q, want %q", data, m.Text, stale)
		}
		sri.Delete(sri.Last().ID)
	}
}

// forger makes updates in many people's names.
type forger struct {
	w       *world
	actors  []string
	seeds   []*tree                           // one of each kind, all of Sri's
	screens map[string][]faketelegram.Message // what the bot showed each of them last
	words   *tree
	press   *tree
	day     time.Time
	sent    int
	parked  int
	logged  int
}

// newForger gets everybody talking, and takes the seeds from what Telegram sends then.
func newForger(w *world) *forger {
	w.t.Helper()
	f := &forger{
		w: w, day: monday, screens: map[string][]faketelegram.Message{},
		// A coordinator, two mentors, ketua, sekretaris of one group and bendahara of another, bendahara, anggota,
		// penerima, somebody invited who did not answer the notice, somebody invited who never came, and a stranger.
		actors: []string{"Budi", "Rina", "Lina", "Joko", "Dewi", "Sri", "Agus", "Tono", "Wati", "Dina", "Orang"},
	}
	w.probe.every = math.MaxInt
	w.member("Agus", "KLP-001")
	w.invite("Dina", store.Mentor, "0812-3456-7890")
	for _, name := range f.actors {
		w.telegram.User(people[name], name).Started()
		if name != "Wati" && name != "Dina" {
			w.act(name, "", "", "", "/bantuan")
		}
	}
	w.act("Wati", "", "", "", "/start undangan-Wati-KLP-001")
	w.act("Sri", "", "", "", "[foto 1] semen 3 sak 195rb TB Jaya tgl 20/11")
	w.act("Tono", "", "", "", "[foto 2]")
	w.settle()
	w.stop()
	f.record()
	w.start()
	w.settle()
	return f
}

// record lets Sri do one thing of each kind while no bot listens, and keeps the updates that Telegram has for it then.
func (f *forger) record() {
	w := f.w
	sri, joko := w.telegram.User(people["Sri"], "Sri"), w.telegram.User(people["Joko"], "Joko")
	card := sri.Last()
	said := sri.Send("195rb")
	sri.Reply(card.ID, "tgl 12")
	sri.Edit(said, "200rb")
	photo := sri.SendPhoto(picture("3"), "cat 90rb")
	sri.EditCaption(photo, "cat 80rb")
	sri.SendAlbum(faketelegram.Photo{Data: picture("4"), Caption: "paku"}, faketelegram.Photo{Data: picture("5")})
	sri.SendDocument("nota.pdf", "", []byte("%PDF-1.4"), "bukti")
	sri.SendVoice([]byte("OggS"))
	sri.ReplyVoice(card.ID, []byte("OggS"))
	sri.SendLocation(-6.9, 107.6)
	sri.SendSticker()
	sri.SendContact("Toko Jaya", "+62811111")
	sri.PressOld(card.ID, card.Buttons[0][0].Data)
	sri.PressOld(1_000_000, "n:1")
	f.call("sendPoll", url.Values{
		"chat_id": {strconv.FormatInt(sri.ID(), 10)}, "question": {"Ya?"}, "options": {`["Ya","Tidak"]`},
	})
	sri.Vote(sri.Last().ID, 1)
	sri.Block(true)
	sri.Block(false)
	group := w.group("grup", sri, joko)
	in := group.As(sri)
	in.Reply(in.SendPhoto(picture("6"), ""), "/nota@pendamping_bot")
	in.Send("/saldo")
	group.Migrate()
	var updates []json.RawMessage
	if err := json.Unmarshal(f.call("getUpdates", url.Values{"limit": {"100"}}), &updates); err != nil {
		w.t.Fatal(err)
	}
	for _, raw := range updates {
		seed := parse(raw)
		seed.keys, seed.kids = seed.keys[1:], seed.kids[1:] // each gets an id of its own
		f.seeds = append(f.seeds, seed)
		if f.words == nil && seed.at("message", "text") != nil {
			f.words = seed
		}
		if f.press == nil && seed.at("callback_query", "message", "text") != nil {
			f.press = seed
		}
	}
	if len(f.seeds) < 24 || f.words == nil || f.press == nil {
		w.t.Fatalf("%d seeds: %s", len(f.seeds), updates)
	}
}

// call calls the Bot API as the bot does.
func (f *forger) call(method string, params url.Values) json.RawMessage {
	resp, err := http.PostForm(f.w.url+"/bot"+token+"/"+method, params)
	if err != nil {
		f.w.t.Fatal(err)
	}
	defer resp.Body.Close()
	var got struct {
		OK     bool
		Result json.RawMessage
	}
	if err := json.NewDecoder(resp.Body).Decode(&got); err != nil || !got.OK {
		f.w.t.Fatalf("%s: %v %+v", method, err, got)
	}
	return got.Result
}

// send sends a batch, and waits until the bot has dealt with it.
func (f *forger) send(rt *rapid.T, n int) {
	f.look()
	list := rapid.SliceOfN(rapid.Custom(f.update), n, n).Draw(rt, "updates")
	f.deliver(list...)
	if wrong := f.wrong(); wrong != "" {
		rt.Fatal(wrong)
	}
}

// deliver lets the bot have updates at a time when it would answer strangers again.
func (f *forger) deliver(list ...string) {
	f.day = f.day.Add(25 * time.Minute)
	f.w.clock.reach(f.day)
	for _, raw := range list {
		f.w.telegram.Inject(json.RawMessage(raw))
	}
	f.sent += len(list)
	settled := false
	defer func() {
		if !settled {
			f.w.t.Logf("the bot does not come to rest after\n%s", strings.Join(list, "\n"))
		}
	}()
	f.w.settle()
	settled = true
}

// wrong is what went wrong since it was asked last.
func (f *forger) wrong() string {
	var b strings.Builder
	list, err := f.w.db.Quarantined(f.w.t.Context())
	if err != nil {
		fmt.Fprintln(&b, err)
	}
	for _, p := range list[min(f.parked, len(list)):] {
		fmt.Fprintf(&b, "update %d is parked: %s\n", p.ID, p.Reason)
	}
	f.parked = len(list)
	log := f.w.log.String()
	for line := range strings.Lines(log[f.logged:]) {
		if strings.Contains(line, `"level":"ERROR"`) {
			b.WriteString(line)
		}
	}
	f.logged = len(log)
	return b.String()
}

// look notes what everybody sees, as far as they would scroll.
func (f *forger) look() {
	for _, name := range f.actors {
		var list []faketelegram.Message
		for _, m := range slices.Backward(f.w.telegram.Messages(people[name])) {
			if m.FromBot && !m.Deleted && len(list) < 12 {
				list = append(list, m)
			}
		}
		f.screens[name] = list
	}
}

// update draws one.
func (f *forger) update(rt *rapid.T) string {
	name := rapid.SampledFrom(f.actors).Draw(rt, "who")
	var u *tree
	changes := rapid.SampledFrom([]int{0, 0, 0, 1, 2}).Draw(rt, "changes")
	switch kind := rapid.IntRange(0, 99).Draw(rt, "kind"); {
	case kind < 15:
		u = f.says(rapid.SampledFrom(honest).Draw(rt, "words"))
	case kind < 30:
		u = f.says(f.said(rt))
	case kind < 45:
		u = f.presses(rt, name, f.shown(rt, name))
	case kind < 70:
		u = f.presses(rt, name, f.forged(rt, name))
	case kind < 98:
		u = rapid.SampledFrom(f.seeds).Draw(rt, "seed").clone()
		changes = rapid.IntRange(0, 4).Draw(rt, "changes of a seed")
	default:
		return rapid.SampledFrom([]string{
			`null`, `[]`, `5`, `"x"`, `{}`, `{"update_id":0}`, `{"update_id":-1,"message":{}}`, `{"update_id":"7"}`,
			`{"update_id":1e400}`, `{"update_id":1.5}`,
			`{"message":null,"callback_query":null}`,
		}).Draw(rt, "no update")
	}
	u.rename("id", fmt.Sprint(people["Sri"]), fmt.Sprint(people[name]))
	for range changes {
		change(rt, u)
	}
	return u.String()
}

// says is a text message, as a JSON string.
func (f *forger) says(words string) *tree {
	u := f.words.clone()
	u.at("message", "text").raw = words
	return u
}

// said draws words that are hard on their readers: commands with arguments that they do not have, and answers that are
// none.
func (f *forger) said(rt *rapid.T) string {
	if rapid.Bool().Draw(rt, "command") {
		command := rapid.SampledFrom(commands()).Draw(rt, "command's name")
		space := rapid.SampledFrom([]string{" ", "  ", "\n", "@pendamping_bot ", "@", " #", ":"}).Draw(rt, "space")
		return text("/" + command + space + rapid.SampledFrom(arguments).Draw(rt, "argument"))
	}
	return rapid.SampledFrom(slices.Concat(nastyTexts, quoted(arguments))).Draw(rt, "text")
}

// presses is a button under one of the bot's messages, or under none.
func (f *forger) presses(rt *rapid.T, name, data string) *tree {
	u := f.press.clone()
	u.at("callback_query", "data").raw = data
	under := rapid.SampledFrom([]string{"0", "-1", "1", "2", "3", "999999", "2147483647"}).Draw(rt, "under")
	if list := f.screens[name]; len(list) > 0 && rapid.IntRange(0, 3).Draw(rt, "a message that is there") > 0 {
		under = strconv.Itoa(list[rapid.IntRange(0, len(list)-1).Draw(rt, "which message")].ID)
	}
	u.at("callback_query", "message", "message_id").raw = under
	return u
}

// shown draws a button that they can see, else one that they can't.
func (f *forger) shown(rt *rapid.T, name string) string {
	var list []string
	for _, m := range f.screens[name] {
		for _, row := range m.Buttons {
			for _, b := range row {
				if b.Data != "" {
					list = append(list, b.Data)
				}
			}
		}
	}
	if len(list) == 0 {
		return f.forged(rt, name)
	}
	return text(rapid.SampledFrom(list).Draw(rt, "button"))
}

// forged draws a button that nobody was shown: any conversation about anything, or one that somebody sees with a part
// exchanged.
func (f *forger) forged(rt *rapid.T, name string) string {
	switch rapid.IntRange(0, 9).Draw(rt, "forgery") {
	case 0:
		return rapid.SampledFrom(nastyTexts).Draw(rt, "data")
	case 1:
		return text(rapid.StringN(0, 64, 64).Draw(rt, "any data"))
	case 2, 3, 4:
		var list []string
		for _, of := range []string{name, rapid.SampledFrom(f.actors).Draw(rt, "whose")} {
			for _, m := range f.screens[of] {
				for _, row := range m.Buttons {
					for _, b := range row {
						list = append(list, b.Data)
					}
				}
			}
		}
		if len(list) == 0 {
			break
		}
		parts := strings.Split(rapid.SampledFrom(list).Draw(rt, "somebody's button"), ":")
		parts[rapid.IntRange(0, len(parts)-1).Draw(rt, "part")] = rapid.SampledFrom(arguments).Draw(rt, "its argument")
		return text(strings.Join(parts, ":"))
	}
	data := rapid.SampledFrom(prefixes()).Draw(rt, "name")
	for range rapid.IntRange(1, 3).Draw(rt, "arguments") {
		data += ":" + rapid.SampledFrom(arguments).Draw(rt, "argument")
	}
	return text(data)
}

// change changes an update at one place.
func change(rt *rapid.T, u *tree) {
	all := u.all()
	if len(all) == 0 || len(u.String()) > 32<<10 {
		return // nothing is left of it, or enough
	}
	n := all[rapid.IntRange(0, len(all)-1).Draw(rt, "where")]
	if len(n.kids) == 0 {
		n.open, n.keys, n.raw = 0, nil, draw(rt)
		return
	}
	i := rapid.IntRange(0, len(n.kids)-1).Draw(rt, "which")
	switch rapid.IntRange(0, 9).Draw(rt, "change") {
	case 0: // a field or an element less
		n.kids = slices.Delete(n.kids, i, i+1)
		if n.open == '{' {
			n.keys = slices.Delete(n.keys, i, i+1)
		}
	case 1: // twice
		if n.open == '{' {
			n.put(n.keys[i], draw(rt))
		} else {
			n.kids = append(n.kids, n.kids[i])
		}
	case 2: // in the place of another
		other := all[rapid.IntRange(0, len(all)-1).Draw(rt, "from")].clone()
		n.kids[i] = other
	case 3: // very often
		if len(n.kids[i].String()) < 1000 {
			n.kids[i] = &tree{raw: "[" + strings.Repeat(n.kids[i].String()+",", 300) + "null]"}
		}
	case 4: // as something else
		if n.open == '{' {
			n.keys[i] = rapid.SampledFrom(fields).Draw(rt, "field")
		}
	case 5: // and something more
		if n.open == '{' {
			n.put(rapid.SampledFrom(fields).Draw(rt, "new field"), draw(rt))
		}
	default:
		n.kids[i] = &tree{raw: draw(rt)}
	}
}

// draw draws a JSON value that does not fit.
func draw(rt *rapid.T) string {
	return rapid.OneOf(rapid.SampledFrom(nastyNumbers), rapid.SampledFrom(nastyTexts),
		rapid.SampledFrom(nastyValues)).Draw(rt, "value")
}

// prefixes are what the data of a button may begin with.
func prefixes() []string {
	list := []string{"q", "consent", "role", "for", "place", "apart", "blank", "photo", "bahasa", "reply", "notus",
		"form", "start", "nobody", ""}
	for _, f := range flows.All() {
		list = append(list, f.Name)
	}
	return list
}

// commands are all commands, and some that there are not.
func commands() []string {
	list := []string{"start", "batal", "cancel", "bahasa", "", "/", "x"}
	for _, f := range flows.All() {
		if f.Command != "" {
			list = append(list, f.Command)
		}
	}
	return list
}

func quoted(list []string) (q []string) {
	for _, s := range list {
		q = append(q, text(s))
	}
	return q
}

// arguments are what stands behind a command, or between the colons of a button.
var arguments = []string{
	"", "0", "1", "2", "3", "7", "12", "-1", "+1", "01", "p-1", "p0", "p1", "p99", "p99999999999",
	"p-9223372036854775808", "-9223372036854775808", "9223372036854775807",
	"9223372036854775808", "99999999999", "99999999999999999999999", "3000000000", "2147483647", "2147483648", "#1",
	"#99999999999", "#-1", "g0", "g1", "g-1", "g99999999999",
	"m", "m1", "v", "v1", "d1", "s0", "a", "x", "ok", "yes", "no", "=", "=1", "=-1", "=99999999999", "=\x00", "back",
	"cancel", "done", "later", "change", "change:amount", "change:", "change:x",
	"::::", ":", ":p-1", ":m", " ", "1 ", "1e9", "0x10", "1.5", "NaN", "٣", "１", "\x00", "\u202e1",
	"'; drop table persons; --", "%s%d", "../..", "{{.Name}}", "<b>", "&amp;",
	"id", "en", "xx", "all", "2026-11-23", "2026-02-30", "9999-12-31", "0000-00-00", "10000-01-01", "Jawa Barat",
	"LPJ-7K3M-Q9TX-2BVC", "LPJ-", "undangan-x", "1:1", "1:1:1", "1:2:3:4",
	"1:99999999999", "1:p-1", "1:-1", "1:9223372036854775807", "2:v", "3:yes", strings.Repeat("9", 60),
	strings.Repeat("a", 60), strings.Repeat(":", 60), "🧾", "ñ",
}

// honest are what people do say, as JSON strings.
var honest = quoted([]string{
	"195rb", "Rp 1.500.000", "1,5jt", "TB Jaya", "kemarin", "tgl 12", "20/11/2026", "2026-11-21", "semen 3 sak",
	"3 sak", "1", "2", "0", "ya", "tidak", "lanjut", "nanti", "batal", "kembali",
	"benar, kirim", "10.00", "60", "besok", "Maju Jaya", "08123456789", "7890", "Terima kasih", "/nota", "/saldo",
	"/kas", "/rab", "/lpj", "/lapor", "/pengingat", "/tugas", "/tinjau", "/kunjungan",
	"/ingatkan", "/kelompok", "/rekap", "/serahterima", "/umumkan Rapat besok", "/progres", "/laporan", "/jeda",
	"/lanjut", "/bantuan", "/privasi", "/peran", "/bahasa en", "/bahasa id", "/batal",
	"/kunjungan Maju Jaya kemarin 10.00 motivasi", "/nota 1", "Ada yang minta potongan dana", "pasar, tidak ada nota",
})

// nastyTexts are JSON strings.
var nastyTexts = []string{
	`""`, `" "`, `"\n\n\t "`, `"\u0000"`, `"a\u0000b"`, `"\ud800"`, `"\udc00x\ud800"`, `"\u202e\u2066abc\u202d"`,
	`"\ufeff\uffff\ufffe"`, `"\u2028\u2029\u0085"`, `"\u001b[31m"`,
	"\"\xff\xfe\"", "\"a\xc3\"", "\"\xed\xa0\x80\"", "\"\xf4\x90\x80\x80\"", // no UTF-8
	`"<b>x</i>&amp;&#0;<a href='tg://user?id=1'>"`, `"</b><script>"`, `"/nota 3000000000"`, `"/nota #99999999999"`,
	`"tugas:p-1"`, `"nota:p-1"`, `"/start "`, `"/start undangan\u0000"`, `"/"`, `"//"`, `"/lpj LPJ-\u0000"`,
	`"999999999999999999999999999"`, `"Rp-5"`, `"-9223372036854775808"`, `"9223372036854775807"`,
	`"9.223.372.036.854.775.807 jt"`, `"1e400"`, `"0,0000000000000000001"`, `"NaN"`, `"32/13/99999"`, `"0/0/0"`,
	`"31/12/999999999999"`, `"29/02/2026"`, `"tgl 99999999999"`, `"99999999999 hari lalu"`, `"25.61"`, `"-1:-1"`,
	`"99999999999 sak"`, `"1|2|3||||"`, `"٣٠٠٠ ريال"`, `"１９５ｒｂ"`, `"👩‍🌾❤️🏳️‍🌈"`, `"a\u0301\u0301\u0301\u0301"`,
	`"=HYPERLINK(1)"`, `"{{.Name}}<no value>%!s(MISSING)"`,
	`"` + strings.Repeat("a", 5000) + `"`, `"` + strings.Repeat("👩‍🌾", 900) + `"`,
	`"` + strings.Repeat("<", 4096) + `"`, `"` + strings.Repeat(`\u0000`, 4096) + `"`,
	`"` + strings.Repeat("9", 4096) + `"`, `"` + strings.Repeat("a\\n", 2000) + `"`,
	`"private"`, `"supergroup"`, `"channel"`, `"kicked"`, `"member"`, `"text_link"`, `"pre"`, `"image/png"`,
	`"application/pdf"`,
}

// nastyNumbers are JSON numbers.
var nastyNumbers = []string{
	"0", "-0", "-1", "1", "5", "2147483646", "2147483647", "2147483648", "-2147483648", "-2147483649",
	"4503599627370495", "4503599627370496", "9223372036854775807", "9223372036854775808",
	"-9223372036854775808", "-9223372036854775809", "99999999999999999999999999", "1e3", "1.5", "-1.5", "1e-400",
	"1e400", "-1e400", "1e308", "0.1e1", "91", "-181", "101", "777000", "-1001",
}

// nastyValues are neither.
var nastyValues = []string{
	"null", "true", "false", "[]", "{}", "[null]", "[[]]", `[{}]`, `{"id":null}`, `{"id":101}`,
	`{"id":101,"type":"private"}`, `{"id":-77,"type":"group"}`, `[0]`, `[[[[[[[[[[]]]]]]]]]]`,
	"[" + strings.Repeat(`{"type":"bold","offset":0,"length":1},`,
		500) + `{"type":"text_link","offset":-1,"length":9223372036854775807,"url":"javascript:x"}]`,
	"[" + strings.Repeat(`{"file_id":"x","width":1,"height":1},`, 500) + `{"file_id":"","width":-1}]`,
	`{"inline_keyboard":[[]]}`, `{"inline_keyboard":[[{"callback_data":"n:-1"}]]}`,
	`{"inline_keyboard":[[{"callback_data":"reply:99999999999"}]]}`, `{"inline_keyboard":[[{"text":null}],null]}`,
	`{"message_id":1,"chat":{"id":101,"type":"private"},"date":0}`,
	`{"message_id":3000000000,"photo":[{"file_id":"p"}]}`, `{"latitude":1e308,"longitude":-1e308}`,
	`{"status":"kicked"}`, `{"status":"left"}`,
	`{"file_id":"","file_unique_id":"","file_size":-1}`, `{"file_id":"a b","file_name":"\u0000","mime_type":"\u0000"}`,
	`{"file_id":"x","file_unique_id":"y","file_size":9223372036854775807}`,
}

// fields are where what is there may stand instead.
var fields = []string{
	"message", "edited_message", "channel_post", "edited_channel_post", "callback_query", "my_chat_member",
	"chat_member", "poll", "poll_answer", "inline_query", "business_message", "message_reaction",
	"from", "chat", "sender_chat", "reply_to_message", "reply_markup", "text", "caption", "entities",
	"caption_entities", "photo", "document", "voice", "location", "sticker", "contact", "video", "venue",
	"media_group_id", "message_id", "date", "edit_date", "id", "type", "data", "game_short_name", "migrate_to_chat_id",
	"migrate_from_chat_id", "new_chat_member", "old_chat_member", "status",
	"left_chat_member", "new_chat_members", "file_id", "file_size", "options", "voter_count", "update_id2", "",
}

// member adds somebody who joined, to a group.
func (w *world) member(name, code string) {
	w.t.Helper()
	ctx := w.t.Context()
	tx := w.db.Begin(w.clock.now(), 0)
	of, err := tx.RecipientByCode(ctx, code)
	p := store.Person{
		Key: "id:" + name, Role: store.Member, Code: code, Name: name, Recipient: of.ID, Account: people[name],
	}
	if err == nil {
		err = tx.AddPerson(ctx, "person.added", &p)
	}
	if err == nil {
		err = tx.AddConsent(ctx, "consent.given", &store.Consent{
			Person: p.ID, Notice: join.Notice, Given: tx.Now(), Source: "paper",
		})
	}
	if err == nil {
		_, err = tx.Commit(ctx, 0, nil, nil)
	}
	if err != nil {
		w.t.Fatal(err)
	}
}

// ordinary lets everybody do something ordinary, and hear the answer.
func (f *forger) ordinary() {
	f.w.t.Helper()
	for _, name := range f.actors {
		before := len(f.w.telegram.Messages(people[name]))
		f.w.act(name, "", "", "", "/bantuan")
		f.deliver()
		list := f.w.telegram.Messages(people[name])
		if len(list) < before+2 || !list[len(list)-1].FromBot {
			f.w.t.Errorf("%s asks for help and hears nothing: %+v", name, list[len(list)-1])
		}
	}
	if wrong := f.wrong(); wrong != "" {
		f.w.t.Error(wrong)
	}
}
