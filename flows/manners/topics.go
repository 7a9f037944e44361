package manners

import (
	"strings"

	"pendamping/flows/dialog"
)

// spellings are the topics' words, each with how else people write or say it: in a hurry, in Javanese, in Sundanese.
const spellings = `
	berapa: brp brapa berapaan piro pinten sabaraha
	siapa: sapa sopo sinten saha syp
	bagaimana: gimana gmn gmna gimn bgmn bgm gmana pripun piye kepriye kumaha cara carane caranya
	kapan: kpn iraha kapankah
	mana: dimana dmn endi nandi ningendi pundi kemana kmn
	apa: apakah opo nopo menopo naon apaan
	kenapa: knp mengapa ngopo naha kunaon
	tidak: gak ga gk g nggak ngga enggak engga tdk tak ora mboten boten teu henteu moal ndak nda
	belum: blm blum durung dereng acan tacan
	sudah: sdh udah udh dah uwis wis sampun atos
	uang: duit dhuwit arta artos acis dana
	ini: iki ieu niki
	sisa: kari turah tinggal sesa tersisa tinggalnya
	habis: entek telas beak
	salah: keliru kliru lepat kalepatan klentu
	nota: bon kwitansi kuitansi struk notane notaku notaq
	hilang: ilang ical leungit
	kirim: ngirim krm mengirim dikirim ngirimin kintun kirimkan
	foto: poto pic gambar fotone
	lihat: liat ningali ndelok tingali
	bisa: bs isa saged tiasa
	lama: suwe lami lila lelet lemot lambat
	paham: ngerti mengerti mudeng ngartos faham
	tanya: nanya takon bertanya taros bertanya2 nanyain
	pendamping: mentor fasilitator pendampingku pendampinge
	cair: turun metu
	nomor: no nomer
	hp: handphone hape ponsel hpku
	ganti: ngganti gentos gantos diganti
	baru: anyar enggal
	rusak: rusake rusak2
	bicara: ngomong ngobrol omong nyarios ngendikan
	orang: wong jalmi manusia
	telepon: telpon telp tlp nelpon
	lpj: laporan pertanggungjawaban
	jangan: jgn ojo ampun ulah aja
	pesan: pesen chat wa
	minta: diminta njaluk dimintai mintai nyuwun menta
	potong: dipotong potongan motong disunat sunat
	dua: 2 loro kalih
	ada: aya ono onten wonten`

// beside are words that change nothing about the others.
var beside = dialog.WordSet(`
	ya y iya nggih inggih njih oke ok dong sih kok nih tuh lah kah nah to tho ta mah atuh euy teh teh kang bu ibu pak
	bapak mas mbak mbah kak kakak min admin mimin gan bos bosku saya sy aku kami kita kulo kula abdi mau mo mw ingin pengen
	pingin arep badhe hoyong tolong tlg mohon coba dulu rumiyin disik ini iki niki ieu itu iku niku eta yang yg ing ning
	ka ke di dari untuk buat supaya lagi maneh deui juga jg aja saja wae mawon masih masihkah si sang kalau kalo klo
	nek menawi lamun tadi wau mau tanya numpang nuwun sewu maaf permisi punten kelompok grup gimana`)

var (
	greetings = `halo hai hallo hello hi hey hei pagi siang sore malam selamat met permisi punten kulonuwun kulo nuwun
		sewu sugeng enjing siang sonten dalu sampurasun wilujeng semua semuanya rahayu apa kabar`
	blessings = `assalamualaikum assalamu assalam alaikum asalamualaikum askum ass aslm samlekum salamualaikum
		salam wr wb warahmatullahi warohmatullohi wabarakatuh wabarokatuh`
)

// topics are what is known, in the order in which it is looked for.
var topics = []Topic{
	{Name: "salam", Amid: true, words: also(blessings, greetings), said: anyOf(
		"assalamualaikum", "assalamu alaikum", "assalam alaikum", "asalamualaikum", "askum", "ass", "aslm", "samlekum",
		"salamualaikum", "salam semua")},
	{Name: "hello", Amid: true, words: also(greetings), said: anyOf(
		"halo", "hai", "hallo", "hello", "hi", "hey", "hei", "pagi", "siang", "sore", "malam", "permisi", "punten",
		"kulonuwun", "kulo nuwun", "nuwun sewu", "sugeng enjing", "sugeng siang", "sugeng sonten", "sugeng dalu",
		"sampurasun", "wilujeng", "apa kabar")},
	{Name: "here", Amid: true, words: also("ada aktif hidup online masuk"), said: anyOf(
		"tes", "test", "testing", "p", "ping", "cek", "woi", "woy", "oi", "bot ada", "bot aktif", "min", "admin",
		"mimin")},
	{Name: "praise", words: also("banget sekali pisan sangat bot alhamdulillah semoga berkah"), said: anyOf(
		"mantap", "bagus", "sip", "siip", "top", "keren", "alhamdulillah", "amin", "aamiin", "hebat", "good", "sae",
		"jos", "joss", "apik", "membantu", "semangat")},
	{Name: "sorry", Amid: true, words: also("terkirim tertekan tidak sengaja"), said: anyOf(
		"maaf", "ngapunten", "hapunten", "salah kirim", "salah pencet", "salah tekan", "salah foto", "kepencet",
		"salah sambung")},
	{Name: "wait", Amid: true, words: also("sebentar bentar sik besok nanti malam sore siang pagi sibuk"), said: anyOf(
		"sebentar", "bentar", "tunggu", "nanti dulu", "sek", "sik", "sekedap", "sakedap", "besok saja",
		"besok aja", "nanti malam", "nanti sore", "nanti siang", "sibuk")},
	{Name: "who", Amid: true,
		words: also("bukan penipuan resmi tidak apa asli palsu beneran kamu anda sampeyan robot bot dari"),
		said: anyOf("siapa ini", "siapa kamu", "siapa anda", "siapa sampeyan", "bot apa", "ini bot", "ini robot",
			"penipuan", "ini resmi", "resmi tidak", "ini apa", "apa ini", "siapa bot", "ini bukan", "ini asli", "hoax")},
	{Name: "complaint", Leads: []string{"complaint"},
		words: also(`pendamping ketua bendahara pengurus koordinator orang ambil bawa dibawa diambil sama oleh tidak
			mana kemana bagaimana apa ada uang`),
		said: anyOf("minta uang", "potong", "uang potong", "pungli", "uang dibawa", "uang diambil", "ambil uang",
			"curi",
			"dicuri", "korupsi", "lapor", "ngadu", "pengaduan", "mengadu", "setoran")},
	{Name: "saldo", Open: "saldo", Amid: true,
		words: also("berapa masih sekarang semua ada di cek lihat tahu kelompok"),
		said:  anyOf("saldo", "sisa uang", "uang sisa", "uang berapa", "sisa berapa", "uang habis", "uang masih")},
	{Name: "lacking", Leads: []string{"nota"},
		words: also(`penjual toko pasar kasih dikasih dapat pakai punya ada memberi ngasih bagaimana gitu kena hujan air ne
			belanja beli`),
		said: anyOf("tidak nota", "nota hilang", "tanpa nota", "nota rusak", "nota basah", "nota pudar", "nota sobek",
			"belum nota")},
	{Name: "wrong", Leads: []string{"nota"},
		words: also(
			"nota jumlah harga tanggal penjual toko uang angka isi kirim input ketik catat tulis bagaimana sudah bisa"),
		said: anyOf("nota salah", "salah jumlah", "salah harga", "salah tanggal", "salah toko", "salah isi",
			"salah ketik", "salah input", "salah catat", "salah tulis", "ubah nota", "edit nota", "ganti nota",
			"perbaiki nota", "betulkan nota", "hapus nota", "batal nota", "nota dobel", "nota dua", "nota ganda")},
	{Name: "how", Amid: true, words: also(`nota foto kirim isi input catat belanja lewat apa saja pakai bot mulai dulu
		bagaimana memakai menggunakan masukin masukkan setor lapor mana`),
		said: anyOf("bagaimana nota", "bagaimana kirim", "bagaimana foto", "bagaimana pakai", "bagaimana mulai",
			"bagaimana catat", "bagaimana isi", "bagaimana belanja", "kirim mana", "kirim nota mana", "nota mana",
			"bagaimana bot", "bagaimana memakai", "mulai mana")},
	{Name: "lpj", Open: "lpj", words: also(`kapan batas sampai mana tenggat terakhir waktu apa bagaimana buat bikin isi
		kumpul dikumpulkan kurang sudah belum jadi selesai tanggal berapa kirim`),
		said: anyOf("lpj", "tenggat", "deadline", "batas waktu")},
	{Name: "when", Amid: true,
		words: also("uang bantuan kapan belum tahap dua pertama ini kok berikut berikutnya termin lagi"),
		said: anyOf("kapan cair", "uang cair", "belum cair", "kapan uang", "tahap dua", "kapan tahap",
			"bantuan kapan")},
	{Name: "mentor", Amid: true, words: also(`siapa nomor mana kapan datang kunjungan hubungi tanya bicara telepon orang
		bisa apa langsung tahu kontak lapor kemana dengan sama alamat rumah berapa`),
		said: anyOf("siapa pendamping", "nomor pendamping", "hubungi pendamping", "pendamping mana", "pendamping kapan",
			"tanya pendamping", "bicara orang", "bicara pendamping", "hubungi siapa", "tanya siapa", "telepon siapa",
			"kontak pendamping", "pendamping", "mana tanya", "telepon admin", "bicara admin", "kapan kunjungan")},
	{Name: "phone", words: also("hilang rusak ganti nomor hp baru bagaimana kecemplung dicuri jual dijual mati lama"),
		said: anyOf("ganti hp", "ganti nomor", "hp hilang", "hp rusak", "hp baru", "nomor baru", "hp dicuri",
			"hp mati")},
	{Name: "stop", Leads: []string{"pengingat", "privasi"},
		words: also("kirim pesan ganggu terus tidak mau ikut dari bot ini data akun saya hapus keluar notif"),
		said: anyOf("stop", "berhenti", "jangan kirim", "jangan pesan", "jangan ganggu", "keluar", "hapus data",
			"hapus akun", "unsubscribe", "tidak ikut")},
	{Name: "nota", Open: "nota", words: also(`lihat daftar semua berapa foto sudah kirim terkirim masuk diterima belum
		sampai ada kemarin mana`),
		said: anyOf("lihat nota", "daftar nota", "nota berapa", "nota masuk", "nota sudah", "foto masuk", "foto sudah",
			"sudah kirim", "sudah terkirim", "sudah masuk", "sudah diterima", "kirim belum", "nota saya", "nota semua",
			"nota belum", "foto terkirim", "nota kemarin")},
	{Name: "role", Open: "peran", words: also("lain pindah dari menjadi jadi sebagai"),
		said: anyOf("ganti kelompok", "ganti peran", "pindah kelompok", "pindah peran", "ganti akun")},
	{Name: "language", Open: "bahasa", words: also("bisa pakai basa jawa sunda inggris english indonesia"),
		said: anyOf("bahasa", "basa", "english", "language")},
	{Name: "broken", words: also(`bot ini tidak bisa foto kirim nota banget sekali pisan tenan lama terus kenapa
		apa bagaimana balas dibalas jawab dijawab respon dibuka buka masuk sinyal jelek susah sulit angel ribet salah
		paham maksud bingung`),
		said: anyOf("error", "eror", "tidak bisa", "rusak", "mati", "lama", "tidak balas", "tidak dibalas",
			"tidak jawab",
			"tidak dijawab", "tidak respon", "susah", "sulit", "angel", "ribet", "bingung", "tidak paham", "pusing",
			"salah terus", "tidak masuk", "gagal", "macet", "capek", "males", "sinyal", "tidak jelas", "kenapa")},
	{Name: "help", Open: "bantuan",
		words: also("apa saja bisa menu pilihan perintah tampilkan bagaimana butuh perlu minta"),
		said: anyOf("help", "menu", "bantu", "bantuan", "pilihan", "bagaimana", "bisa apa", "apa saja", "tolong",
			"panduan",
			"petunjuk", "tutorial")},
}

// spelled gives the topics' spelling of a word.
var spelled = func() map[string]string {
	of := map[string]string{}
	for line := range strings.Lines(spellings) {
		one, others, ok := strings.Cut(strings.TrimSpace(line), ":")
		if !ok {
			continue
		}
		of[one] = one
		for w := range strings.FieldsSeq(others) {
			of[w] = one
		}
	}
	return of
}()

// anyOf are the ways to say a topic, each of words in any order.
func anyOf(ways ...string) [][]string {
	list := make([][]string, len(ways))
	for i, way := range ways {
		list[i] = strings.Fields(way)
	}
	return list
}

// also are the words that may stand beside a topic's own.
func also(lists ...string) map[string]bool { return dialog.WordSet(strings.Join(lists, " ")) }
