package phones_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"pendamping/bot/faketelegram"
	"pendamping/cmd/demo/phones"
	"pendamping/flows/look/sample"
)

var people = []phones.Person{
	{ID: 11, Name: "Bu Siti", Role: "Ketua", Hint: "Send a nota."},
	{ID: 12, Name: "Pak Joko", Role: "Pendamping"},
}

var nota = sample.Nota{Kind: sample.TillRoll, Seller: "Toko", Place: "Solo", Day: "2026-11-20", Lines: []sample.Line{
	{Item: "Gula", Count: 1, Unit: "kg", Price: 15000},
}}

func open(t *testing.T) (*faketelegram.Server, string) {
	tg := faketelegram.New(token)
	startEcho(t, tg)
	jpeg := sample.JPEG(sample.Draw(nota), 60)
	drawn := func() []byte { return jpeg }
	page := httptest.NewServer(phones.New(tg, people, []sample.Sample{
		{Name: "satu", Title: "First", JPEG: drawn, Caption: "gula 15rb"}, {Name: "dua", Title: "Second", JPEG: drawn},
	}))
	t.Cleanup(func() {
		page.CloseClientConnections()
		page.Close()
	})
	return tg, page.URL + "/"
}

// form posts fields in order, "name=value", or "name<filename" with content of a file.
func form(t *testing.T, url string, fields ...string) (int, string) {
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for _, f := range fields {
		if name, file, ok := strings.Cut(f, "<"); ok {
			part, err := w.CreateFormFile(name, file)
			if err != nil {
				t.Fatal(err)
			}
			part.Write([]byte("content"))
			continue
		}
		name, value, _ := strings.Cut(f, "=")
		w.WriteField(name, value)
	}
	w.Close()
	resp, err := http.Post(url, w.FormDataContentType(), &body)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	out, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(out)
}

// await waits for the bot's answer to read so.
func await(t *testing.T, tg *faketelegram.Server, id int64, text string) faketelegram.Message {
	u := tg.User(id, "")
	err := u.Wait(t.Context(), func(ms []faketelegram.Message) bool {
		return len(ms) > 0 && ms[len(ms)-1].FromBot && strings.Contains(ms[len(ms)-1].Text, text)
	})
	if err != nil {
		t.Fatal(err)
	}
	return u.Last()
}

func TestActs(t *testing.T) {
	tg, url := open(t)
	for _, c := range []struct {
		act    string
		fields []string
		answer string
	}{
		{"start", []string{"payload=abc"}, "/start abc"},
		{"text", []string{"text= Apa kabar? "}, "Gema: Apa kabar?"},
		{"photos", []string{"sample=satu", "caption=gula"}, "Foto: gula"},
		{"document", []string{"document<lpj.pdf", "caption=ini"}, "Berkas: lpj.pdf"},
		{"location", nil, "Gema:"},
		{"voice", nil, "Gema:"},
		{"sticker", nil, "Gema:"},
		{"contact", nil, "Gema:"},
	} {
		before := len(tg.Messages(11))
		if status, body := form(t, url+"phones/11/"+c.act, c.fields...); status != 200 {
			t.Fatalf("%s: %d %s", c.act, status, body)
		}
		await(t, tg, 11, c.answer)
		if n := len(tg.Messages(11)); n != before+2 {
			t.Errorf("%s: %d messages more", c.act, n-before)
		}
	}
	if n := len(tg.Messages(12)); n != 0 {
		t.Errorf("%d messages in the other phone", n)
	}
}

func TestAlbumEditPress(t *testing.T) {
	tg, url := open(t)
	form(t, url+"phones/11/photos", "sample=satu", "sample=dua", "caption=dua lembar")
	await(t, tg, 11, "Foto:")
	ms := tg.Messages(11)
	if ms[0].Album == "" || ms[0].Album != ms[1].Album || ms[0].Caption != "dua lembar" {
		t.Errorf("not an album: %+v %+v", ms[0], ms[1])
	}
	form(t, url+"phones/11/edit", "message=1", "text=tiga lembar")
	if got := tg.Messages(11)[0]; got.Caption != "tiga lembar" || got.Edited != 1 {
		t.Errorf("not edited: %+v", got)
	}
	await(t, tg, 11, "diubah: tiga lembar")
	asked := 0
	for _, m := range tg.Messages(11) {
		if m.Buttons != nil {
			asked = m.ID
		}
	}
	id, _ := json.Marshal(asked)
	status, body := form(t, url+"phones/11/press", "message="+string(id), "data=b")
	if want := `{"alert":true,"text":"Jawaban b","url":""}` + "\n"; status != 200 || body != want {
		t.Errorf("press: %d %q", status, body)
	}
	if status, _ := form(t, url+"phones/11/edit", "message="+string(id), "text=x"); status != 400 {
		t.Errorf("the bot's message was edited: %d", status)
	}
}

func TestRefusals(t *testing.T) {
	_, url := open(t)
	for _, c := range []struct {
		path   string
		fields []string
		status int
	}{
		{"phones/99/text", []string{"text=x"}, 404},
		{"phones/11/dance", nil, 404},
		{"phones/11/text", []string{"text=  "}, 400},
		{"phones/11/text", []string{"text=" + strings.Repeat("a", 4097)}, 400},
		{"phones/11/start", []string{"payload=a b"}, 400},
		{"phones/11/photos", nil, 400},
		{"phones/11/photos", []string{"sample=none"}, 400},
		{"phones/11/photos", []string{"photo<a.jpg"}, 400},
		{"phones/11/press", []string{"message=1"}, 400},
		{"phones", []string{"name="}, 400},
	} {
		if status, body := form(t, url+c.path, c.fields...); status != c.status {
			t.Errorf("%s %.40q: %d %s", c.path, c.fields, status, body)
		}
	}
	req, _ := http.NewRequest("POST", url+"phones/11/text", strings.NewReader("text=x"))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Origin", "https://elsewhere.example")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != 403 {
		t.Errorf("another site's form: %d", resp.StatusCode)
	}
}

// stream reads the page's events one at a time.
func stream(t *testing.T, url string) func() map[string]any {
	resp, err := http.Get(url + "events")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { resp.Body.Close() })
	lines := bufio.NewReader(resp.Body)
	return func() map[string]any {
		for {
			line, err := lines.ReadString('\n')
			if err != nil {
				t.Fatal(err)
			}
			if data, ok := strings.CutPrefix(line, "data: "); ok {
				var v map[string]any
				if err := json.Unmarshal([]byte(data), &v); err != nil {
					t.Fatal(err)
				}
				return v
			}
		}
	}
}

func TestEvents(t *testing.T) {
	tg, url := open(t)
	tg.User(11, "").Send("sebelum")
	await(t, tg, 11, "Gema: sebelum")
	next := stream(t, url)
	if v := next(); v["reset"] != true || len(v["messages"].([]any)) != 2 {
		t.Errorf("first: %v", v)
	}
	if v := next(); v["id"] != 12.0 || v["about"] != "Bot gema." || v["started"] != false {
		t.Errorf("second phone: %v", v)
	}
	form(t, url+"phones/12/start", "payload=")
	for {
		v := next()
		if v["keyboard"] == nil {
			continue
		}
		if v["id"] != 12.0 || v["reset"] != nil {
			t.Errorf("change: %v", v)
		}
		break
	}
	then := func() map[string]any { // the bot may go on with the second phone
		for {
			if v := next(); v["id"] != 12.0 {
				return v
			}
		}
	}
	form(t, url+"phones", "name=Bu Baru")
	if v := then(); v["name"] != "Bu Baru" || v["reset"] != true {
		t.Errorf("new phone: %v", v)
	}
	form(t, url+"phones/11/block", "blocked=true")
	if v := then(); v["id"] != 11.0 || v["blocked"] != true || len(v["messages"].([]any)) != 0 {
		t.Errorf("block: %v", v)
	}
}

func TestCommands(t *testing.T) {
	_, url := open(t)
	resp, err := http.Get(url + "phones/11/commands")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, _ := io.ReadAll(resp.Body)
	if want := `[{"command":"nota","description":"Catat nota"}]` + "\n"; string(body) != want {
		t.Errorf("%s", body)
	}
}

// A document that the browser would run must not open on the page's own origin.
func TestFileIsSaved(t *testing.T) {
	tg, url := open(t)
	tg.User(11, "").SendDocument("a.html", "text/html", []byte("<script>"), "")
	resp, err := http.Get(url + "files/" + tg.Messages(11)[0].Document.ID)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.Header.Get("Content-Disposition") != "attachment" ||
		resp.Header.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("%v", resp.Header)
	}
}
