package parse_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"pendamping/flows/parse"
	"pendamping/store"
)

// composed is a caption made of known parts.
type composed struct {
	*rand.Rand
	parts  []string
	amount store.Rupiah
	price  store.Rupiah
	volume store.Volume
	day    store.Day
	seller string
}

func (c *composed) pick(list ...string) string { return list[c.IntN(len(list))] }

func (c *composed) one(in int) bool { return c.IntN(in) == 0 }

// spelled writes an amount as people do. Bare figures are for amounts that stand alone.
func (c *composed) spelled(v store.Rupiah) string {
	ways := []string{"Rp" + grouped(v), "Rp " + grouped(v), "Rp. " + grouped(v) + ",-", "rp" + v.String(),
		grouped(v) + ",-", v.String() + " rupiah", "Rp " + grouped(v) + ",00"}
	if v >= 10_000 {
		ways = append(ways, grouped(v), grouped(v), v.String())
	}
	if v%1000 == 0 {
		n := v / 1000
		short := n.String()
		if n >= 10_000 {
			short = grouped(n)
		}
		ways = append(ways, short+"rb", short+"rb", short+" rb", short+"k", short+" ribu", short+"RB",
			grouped(n)+".ooo", terbilang(int64(v)), terbilang(int64(v))+" rupiah")
	}
	if v%100_000 == 0 && v >= 1_000_000 {
		ways = append(ways, strings.TrimSuffix(fmt.Sprintf("%d,%djt", v/1_000_000, v/100_000%10), ",0jt"))
		if v%1_000_000 == 0 {
			ways[len(ways)-1] += "jt"
		}
	}
	return c.pick(ways...)
}

var composedUnits = map[string]string{"sak": "sak", "kg": "kg", "zak": "sak", "dus": "dus", "lembar": "lembar",
	"btg": "batang", "batang": "batang", "liter": "liter", "m": "m", "pcs": "buah", "papan": "papan", "ikat": "ikat",
	"kodi": "kodi", "ekor": "ekor", "botol": "botol", "renteng": "renteng", "kwintal": "kuintal", "ons": "ons",
	"tabung": "tabung", "bks": "bungkus", "meter": "m"}

func (c *composed) count() (n int64, words, unit string) {
	n = int64(1 + c.IntN(40))
	units := make([]string, 0, len(composedUnits))
	for u := range composedUnits {
		units = append(units, u)
	}
	slices.Sort(units)
	unit = c.pick(units...)
	if c.one(8) {
		return n, terbilang(n) + " " + unit, unit
	}
	return n, fmt.Sprint(n) + c.pick(" ", " ", "") + unit, unit
}

func (c *composed) money(item string) {
	round := []store.Rupiah{500, 1000, 1000, 5000, 250}
	unitPrice := (1 + store.Rupiah(c.IntN(300))) * round[c.IntN(len(round))]
	if unitPrice < 1000 {
		unitPrice += 1000
	}
	n, count, unit := c.count()
	total := store.Rupiah(n) * unitPrice
	at := c.pick("@", "@ ", "x ", " x ", "× ", "à ", "a ") + c.spelled(unitPrice)
	pack := ""
	if c.one(8) {
		pack = c.pick(" isi 30", " isi 12", " (isi 24)", " isi 40 pcs", " isi 5 kg")
	}
	each := c.pick(c.spelled(unitPrice)+"/"+unit, "per "+unit+" "+c.spelled(unitPrice), "@"+c.spelled(unitPrice),
		"harga satuan "+c.spelled(unitPrice), c.spelled(unitPrice)+" per "+unit+"nya",
		"@ "+c.spelled(unitPrice)+"/"+unit)
	said := c.pick("total ", "Total: ", "jumlah ", "totalnya ", "total = ", "jml ") + c.spelled(total)
	c.amount = total
	switch c.IntN(13) {
	case 0, 1:
		c.parts = append(c.parts, item, c.spelled(total))
	case 2, 3, 4:
		c.volume = store.Volume(n * 1000)
		c.parts = append(c.parts, item+" "+count+pack, c.spelled(total))
	case 5:
		c.volume, c.price = store.Volume(n*1000), unitPrice
		c.parts = append(c.parts, item+" "+count+pack+" "+strings.TrimSpace(at))
	case 6:
		c.volume, c.price = store.Volume(n*1000), unitPrice
		c.parts = append(c.parts, item, count+" "+strings.TrimSpace(at)+c.pick(" = ", " jadi ", "=")+c.spelled(total))
	case 7:
		c.volume, c.price = store.Volume(n*1000), unitPrice
		c.parts = append(c.parts, item+" "+count+pack, each)
	case 8:
		c.volume, c.price = store.Volume(n*1000), unitPrice
		c.parts = append(c.parts, item, count, each, said)
	case 9:
		back := (1 + store.Rupiah(c.IntN(20))) * 1000
		c.parts = append(c.parts, item, said, c.pick("bayar ", "dibayar ", "uang ")+c.spelled(total+back)+" "+
			c.pick("kembali ", "kembalian ", "susuk ")+c.spelled(back))
	case 10:
		off := min((1+store.Rupiah(c.IntN(9)))*500, total/2)
		c.amount = total - off
		c.parts = append(c.parts, item, "harga "+c.spelled(total)+" diskon "+c.spelled(off)+
			c.pick(" jadi ", " total ")+c.spelled(c.amount))
	case 11:
		days := store.Rupiah(2 + c.IntN(5))
		c.amount = total * days
		c.parts = append(c.parts, c.pick("upah tukang", "konsumsi", "sewa alat"), fmt.Sprint(n, c.pick(" orang", " OH",
			" HOK", " stel", " org"), " x ", days, c.pick(" hari", " kali", " hr", ""), " x ", c.spelled(unitPrice)))
	default:
		c.parts = append(c.parts, item, said)
	}
}

func (c *composed) items() string {
	s := c.pick("semen", "paku", "bensin", "cabai", "gula pasir", "beras", "telur", "minyak goreng", "kain batik",
		"cat tembok", "besi beton", "pupuk urea", "terigu", "ayam potong", "benang jahit", "kertas A4", "oli 20W50",
		"semen Tiga Roda", "pipa 3/4", "kayu usuk 5/7", "besi 10x12", "kunci pas 10/12", "reng 2/3", "triplek 3x4 m",
		"Semen Gresik @50kg", "kabel 2x1,5", "hollow 4/4", "santan 65%", "mesin R2", "gas 3kg")
	if c.one(4) {
		s = c.pick("beli ", "Beli ", "belanja ", "pembelian ") + s
	}
	return s
}

func (c *composed) sold() {
	s := c.pick("Toko Makmur", "TB Jaya Abadi", "UD Sumber Rejeki", "Pasar Legi", "pak Slamet", "bu Tini", "Bu Siti",
		"warung bu Siti", "CV Maju Jaya", "Toko Besi Barokah", "Indomaret", "Apotek Sehat", "Pak Haji Mahmud",
		"mbah Karto",
		"Pangkalan Pak Joko", "Lapak Mbak Yuni", "Kios Tani Subur", "SPBU Kartasura")
	c.seller = s
	if c.one(3) {
		s = c.pick("di ", "dari ") + s
	}
	c.parts = append(c.parts, s)
}

const composedToday = store.Day("2026-11-23")

func (c *composed) dated() {
	back := c.IntN(50)
	c.day = composedToday.Add(-back)
	t := c.day.Time()
	d, m := t.Day(), monthNames[t.Month()-1]
	ways := []string{t.Format("02/01/2006"), t.Format("2/1/06"), t.Format("02-01-2006"), t.Format("2.1.06"),
		t.Format("02 – 01 – 2006"), string(c.day), fmt.Sprint(d, " ", m, " ", t.Year()), fmt.Sprint(d, " ", m[:3]),
		fmt.Sprint("tgl ", d, " ", strings.ToLower(m)), t.Format("2/1"), "tgl " + t.Format("2/1"),
		dayNames[t.Weekday()] + ", " + t.Format("2/1/2006"), fmt.Sprint("Sukoharjo, ", d, " ", m, " ", t.Year())}
	switch back {
	case 0:
		ways = append(ways, "hari ini", "tadi pagi", "td pagi", "hr ini")
	case 1:
		ways = append(ways, "kemarin", "kmrn", "wingi")
	}
	if back > 1 && back < 15 {
		ways = append(ways, fmt.Sprint(back, " hari lalu"))
	}
	if back < 20 {
		ways = append(ways, fmt.Sprint("tgl ", d), fmt.Sprint("tanggal ", d))
	}
	s := c.pick(ways...)
	if c.one(5) {
		s += c.pick(" jam 10", " pukul 14.30", " 10:30", " pkl 14.30", " jam 9 pagi", " jam 10.15 wib")
	}
	c.parts = append(c.parts, s)
}

// figures are so many random figures, the first no zero.
func (c *composed) figures(n int) string {
	s := []byte{byte('1' + c.IntN(9))}
	for len(s) < n {
		s = append(s, byte('0'+c.IntN(10)))
	}
	return string(s)
}

func (c *composed) identified() {
	letters := func(n int) string {
		s := make([]byte, n)
		for i := range s {
			s[i] = byte('A' + c.IntN(26))
		}
		return string(s)
	}
	f := c.figures
	s := c.pick(c.pick("AD", "B", "H", "AG", "ad", "N")+" "+f(1+c.IntN(4))+" "+c.pick("BC", "CD", "XY", "ABC", "QZ"),
		"rek "+f(7+c.IntN(6)), "rek BCA "+f(10), "no rek: "+f(8), "hp 0812 "+f(4)+" "+f(4), "0812-"+f(4)+"-"+f(4),
		"wa 0857"+f(8), "(0271) "+f(6), "0271-"+f(6), "+62 812-"+f(4)+"-"+f(4), "id transaksi "+f(8), "trx "+f(10),
		"no nota "+f(4), "nota no "+f(5), "no. "+f(3), "No: 00"+f(3), "struk 2026"+f(4)+"3", "no struk "+f(6),
		"token "+f(4)+" "+f(4)+" "+f(4)+" "+f(4)+" "+f(4), "no meter "+f(11), "kode pos 5"+f(4), "SIM "+f(12),
		"booking "+letters(3)+f(3), "kode booking "+letters(6), "SN "+f(10), "INV/2026/11/0"+f(3), "TRX-2026-"+f(3),
		"kasir "+f(2), "RT 0"+f(1)+"/RW 0"+f(1), "ref "+f(9), "NIK "+f(16), "no resi JP"+f(10),
		"Jl Slamet Riyadi "+f(2), "tahun 2026", "#"+f(4), "id pelanggan "+f(12), "kode 7QQB", "nopol AD "+f(4)+" GH",
		"antrian "+f(2), "invoice "+letters(2)+f(4), "no seri "+f(9), "VA "+f(16), f(12), f(4)+" "+f(4)+" "+f(4))
	c.parts = append(c.parts, s)
}

// strayed is a number whose role no reader can know. One that could be a year would be, behind a month.
func (c *composed) strayed() {
	s := c.figures(1 + c.IntN(5))
	if len(s) == 4 && s[:2] == "20" {
		s = "3" + s[1:]
	}
	c.parts = append(c.parts, s)
}

func compose(seed uint64) (c composed, text string) {
	c.Rand = rand.New(rand.NewPCG(seed, 19))
	c.money(c.items())
	if !c.one(3) {
		c.sold()
	}
	if !c.one(3) {
		c.dated()
	}
	for c.one(3) {
		c.identified()
	}
	if c.one(25) {
		c.strayed()
	}
	if c.one(4) {
		c.parts = append(c.parts, c.pick("tunai", "lunas", "transfer", "nota", "struk", "untuk kandang", "qris",
			"2 nota",
			"kategori bahan", "utk kelompok"))
	}
	if c.one(2) {
		c.Shuffle(len(c.parts), func(i, j int) { c.parts[i], c.parts[j] = c.parts[j], c.parts[i] })
	}
	text = c.parts[0]
	for _, p := range c.parts[1:] {
		text += c.pick(" ", " ", " ", ", ", ", ", "\n", "; ", ". ") + p
	}
	switch c.IntN(8) {
	case 0:
		text = strings.ToLower(text)
	case 1:
		text = strings.ToUpper(text)
	}
	return c, text
}

// misread are the values that a caption was silently given and doesn't say.
func misread(want composed, got parse.Caption) (bad []string) {
	if len(got.Amount) == 1 && got.Amount[0] != want.amount {
		bad = append(bad, fmt.Sprint("amount ", want.amount))
	}
	if len(got.Day) == 1 && got.Day[0] != want.day {
		bad = append(bad, "day "+string(want.day))
	}
	if got.Seller != "" && !strings.EqualFold(got.Seller, want.seller) &&
		!strings.EqualFold(got.Seller, want.seller+" Sukoharjo") {
		bad = append(bad, "seller "+want.seller)
	}
	if got.Volume != 0 && want.volume != 0 && got.Volume != want.volume {
		bad = append(bad, "volume "+want.volume.String())
	}
	if got.Price != 0 && want.price != 0 && got.Price != want.price {
		bad = append(bad, "price "+want.price.String())
	}
	return bad
}

// A caption made of known parts, in any order and spelling, is read right or asked about: never silently wrong. Five
// thousand are tried in each run, 200,000 with PENDAMPING_FULL=1.
func TestComposedCaptionsAreReadRightOrAsked(t *testing.T) {
	n := 5000
	if os.Getenv("PENDAMPING_FULL") != "" {
		n = 200_000
	}
	var asked, amounts, days, sellers, wrong int
	for seed := range uint64(n) {
		want, text := compose(seed)
		got := parse.ReadCaption(composedToday, text)
		bad := misread(want, got)
		if len(bad) > 0 {
			if wrong++; wrong <= 40 {
				t.Errorf("%d: %q is %q, not %s", seed, text, fields(got), strings.Join(bad, ", "))
			}
		}
		a, d, s := len(got.Amount) != 1, want.day != "" && len(got.Day) != 1, want.seller != "" && got.Seller == ""
		if a {
			amounts++
		}
		if d {
			days++
		}
		if s {
			sellers++
		}
		if a || d || s {
			asked++
		}
	}
	t.Logf("%d captions: %d silently wrong; asked about %.1f %% (amount %.1f %%, day %.1f %%, seller %.1f %%)", n,
		wrong,
		100*float64(asked)/float64(n), 100*float64(amounts)/float64(n), 100*float64(days)/float64(n),
		100*float64(sellers)/float64(n))
	if asked*100 > n*15 {
		t.Errorf("%d of %d captions are asked about, more than 15 %%", asked, n)
	}
}
