package flows_test

import (
	"slices"
	"strings"
	"testing"

	"pendamping/flows"
	"pendamping/flows/dialog"
	"pendamping/flows/form"
)

// sayings are what people say that is no answer, by what answers it: a sentence of manners, or the first sentence of a
// command.
const sayings = `
manners.salam
	Assalamualaikum
	assalamu'alaikum wr wb
	Assalamualaikum warahmatullahi wabarakatuh, selamat pagi bu
	ass wr wb
	aslm min
	salam semua
manners.hello
	halo
	Halo bu, selamat siang
	hai min
	selamat pagi
	met sore pak
	permisi
	punten
	kulo nuwun
	nuwun sewu mas
	sugeng enjing bu
	sampurasun
	wilujeng siang kang
	apa kabar pak
manners.here
	tes
	test
	p
	min?
	oi
	cek
	bot ada?
manners.praise
	mantap
	alhamdulillah
	bagus sekali botnya
	sae pisan
	sip mas
	aamiin
	joss
	sangat membantu
manners.sorry
	maaf
	maaf salah kirim
	ngapunten pak
	kepencet
	maaf salah foto bu
	hapunten
manners.wait
	sebentar ya
	bentar bu
	tunggu dulu
	sekedap nggih
	sakedap
	sik mas
	besok saja ya
	nanti malam ya bu
	masih sibuk
manners.who
	ini siapa
	siapa ini ya
	kamu siapa
	sopo iki
	saha ieu
	ini bot ya?
	ini penipuan bukan
	ini resmi tidak?
	iki opo
	sampeyan sopo
thanks
	terima kasih
	makasih ya bu
	matur nuwun
	suwun mas
	hatur nuhun
manners.complaint
	ada yang minta uang
	saya diminta uang
	uangnya dipotong
	dana dipotong pendamping
	ada potongan
	uang dibawa ketua
	ketua minta uang
	ada pungli pak
	duite disunat
	saya mau ngadu
saldo
	sisa uang brp
	saldo
	saldonya berapa ya
	uangnya tinggal berapa
	sisa dana kelompok berapa bu
	duite kari piro
	sisane piro
	artos sesa sabaraha
	cek saldo
	uang masih ada berapa
	dana habis
manners.lacking
	gak ada notanya
	tidak ada nota
	notanya hilang
	nota hilang pak
	tidak dikasih nota
	penjualnya tidak kasih nota
	bon ne ilang
	notanya basah kena hujan
	belanja di pasar tanpa nota
	teu aya bon
manners.wrong
	nota tadi salah
	salah jumlah
	jumlahnya salah bu
	notane salah
	salah ketik
	harganya salah
	tanggalnya salah
	gimana ubah nota
	mau ganti nota
	nota dobel
	hapus nota
	salah isi
manners.how
	gimana cara kirim nota
	cara kirim foto gimana
	piye carane ngirim nota
	kumaha ngirim nota
	kirim ke mana notanya
	cara pakai bot ini
	gimana mulainya
	nota dikirim kemana
	pripun kirim bon
	caranya catat belanja gimana
lpj
	lpj kapan
	batas lpj sampai kapan
	lpj itu apa
	laporannya kapan dikumpulkan
	tenggatnya tanggal berapa
	gimana buat lpj
	lpj saya kurang apa
	batas waktunya kapan
manners.when
	dana kapan cair
	kapan cair
	uangnya belum cair
	kapan dana turun
	iraha cair
	tahap 2 kapan
	duite kapan metu cair
manners.mentor
	siapa pendamping saya
	pendampingnya siapa
	nomor pendamping berapa
	mau hubungi pendamping
	pendamping kapan datang
	kapan kunjungan
	mau bicara sama orang
	tanya ke siapa
	mau tanya pendamping
	sopo pendampingku
	telepon admin bisa
	fasilitatornya siapa ya
manners.phone
	hp saya hilang
	ganti hp
	mau ganti nomor
	hp rusak
	hape ilang
	nomor saya ganti baru
	hp baru bagaimana
manners.stop
	stop
	berhenti
	jangan kirim pesan lagi
	ojo kirim pesen maneh
	hapus data saya
	jangan ganggu
nota
	nota saya sudah masuk belum
	sudah saya kirim
	fotonya sudah masuk belum
	lihat nota
	daftar nota
	nota yang kemarin
	notanya ada berapa
	sudah terkirim?
	nota #1
	lihat nota nomor 1
peran
	ganti kelompok
	pindah peran
bahasa
	bisa bahasa jawa
	bahasa inggris
	english
manners.broken
	error
	kok lama
	botnya rusak
	tidak bisa kirim foto
	saya bingung
	bingung pak
	ora mudeng
	kok tidak dibalas
	susah banget
	ribet
	teu ngartos
	gagal terus
	sinyal jelek
	angel tenan
bantuan
	bantuan
	tolong
	menu
	gimana
	bisa apa saja
	minta bantuan
	panduan`

// meets are the first sentences of what the commands answer.
var meets = map[string][]string{
	"saldo": {"saldo."}, "lpj": {"lpj."}, "nota": {"nota.", "card."}, "peran": {"peran."}, "bahasa": {"bahasa."},
	"bantuan": {"bantuan."},
}

// What people say that is no answer gets a sentence that leads on, however often it is said; and whatever is not
// understood twice is answered by whom to ask and where to go.
func TestManners(t *testing.T) {
	c := newCourt(t)
	said, topic := 0, ""
	for line := range strings.Lines(sayings) {
		words, indented := strings.CutPrefix(strings.TrimRight(line, "\n"), "\t")
		if !indented {
			topic = words
			continue
		}
		said++
		want := []string{topic}
		if of := meets[topic]; of != nil {
			want = of
		}
		first, last := c.heard("Sri", words, words)
		for _, id := range []string{first, last} {
			if !slices.ContainsFunc(want, func(w string) bool { return strings.HasPrefix(id, w) }) {
				t.Errorf("%q is answered by %s, want %s", words, id, topic)
				break
			}
		}
		for _, who := range []string{"Rina", "Budi", "Wati", "Joko"} {
			if first, last := c.heard(who, words, words); last == "unknown.words" || first == "" {
				t.Errorf("%s says %q twice and hears %s, %s", who, words, first, last)
			}
		}
	}
	if said < 150 {
		t.Errorf("%d sayings are tried", said)
	}
	if first, last := c.heard("Sri", "xyzzy plugh", "foo bar baz"); first != "unknown.words" ||
		last != "unknown.again" {
		t.Errorf("what nobody understands is answered by %s, then %s", first, last)
	}
}

// Words that are an answer are none of these: names of shops and things, sums and days.
func TestNotManners(t *testing.T) {
	c := newCourt(t)
	for _, words := range []string{
		"Toko Salam Jaya", "TB Selamat", "Toko Halo", "Pagi Sore Catering", "toko bagus", "warung pak tunggu 50rb",
		"semen 3 sak", "195rb", "hari ini", "gas 3 kg", "Maju Jaya", "Toko Mantap", "Toko HP baru Jaya",
	} {
		if first, _ := c.heard("Sri", words); strings.HasPrefix(first, "manners.") {
			t.Errorf("%q is answered by %s", words, first)
		}
	}
}

// heard is the first sentence that answers the first and the last of some texts.
func (c *court) heard(name string, texts ...string) (first, last string) {
	c.t.Helper()
	tx := c.g.db.Begin(walkStart, 0)
	defer tx.Rollback(c.t.Context())
	s, account := dialog.Session{}, c.acts[name]
	for i, text := range texts {
		e := form.Event{Kind: form.Words, Text: text, Account: account, Chat: account, Message: 5 + i}
		res, err := flows.Turn(c.t.Context(), tx, c.g.setting, s, e)
		if err != nil {
			c.t.Fatal(err)
		}
		s, last = res.Session, ""
		for _, m := range res.Messages {
			if m.Chat == account && last == "" && len(m.Body) > 0 {
				last = m.Body[0].ID
			}
		}
		if i == 0 {
			first = last
		}
	}
	return first, last
}
