package sample

import (
	"fmt"
	"image"
	"image/color"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
)

var (
	printed  = color.RGBA{38, 62, 120, 255}
	faint    = color.RGBA{150, 168, 205, 255}
	ballpen  = color.RGBA{28, 44, 140, 255}
	blackInk = color.RGBA{34, 32, 38, 255}
	purple   = color.RGBA{112, 40, 150, 255}
	red      = color.RGBA{190, 30, 50, 255}
)

// notSo is printed on every sample.
const notSo = "CONTOH - bukan bukti pembelian"

func hands(n Nota) color.Color {
	if n.Seed%3 == 2 {
		return blackInk
	}
	return ballpen
}

// nota is a ruled form filled in by hand.
func nota(n Nota, rng *rand.Rand) *image.RGBA {
	tones := []color.RGBA{{250, 246, 234, 255}, {246, 242, 228, 255}, {252, 228, 226, 255}}
	m := sheet(840, 1120, tones[n.Seed%3])
	ink := hands(n)
	print(m, 40, 74, left, bold, 38, strings.ToUpper(n.Seller), printed)
	print(m, 40, 106, left, plain, 20, n.Place, printed)
	print(m, 40, 152, left, bold, 24, "NOTA No.", printed)
	write(m, 160, 150, 26, n.Number, red, rng)
	print(m, 440, 152, left, plain, 20, "Tgl.", printed)
	dotted(m, 485, 800, 156, printed)
	write(m, 500, 150, 27, slashes(n.Day), ink, rng)
	print(m, 440, 196, left, plain, 20, "Tuan/Toko", printed)
	dotted(m, 545, 800, 200, printed)
	write(m, 555, 194, 25, n.Buyer, ink, rng)

	const top, head, row = 226.0, 52.0, 62.0
	columns := []float64{40, 160, 460, 630, 800}
	rows := max(len(n.Lines)+2, 9)
	bottom := top + head + row*float64(rows)
	for i := 1; i < rows; i++ {
		y := top + head + row*float64(i)
		rule(m, columns[0], y, columns[4], y, 1.2, faint)
	}
	frame(m, columns[0], top, columns[4], bottom, 2.5, printed)
	rule(m, columns[0], top+head, columns[4], top+head, 2.5, printed)
	for _, x := range columns[1:4] {
		rule(m, x, top, x, bottom, 1.6, printed)
	}
	for i, title := range []string{"BANYAK", "NAMA BARANG", "HARGA", "JUMLAH"} {
		print(m, (columns[i]+columns[i+1])/2, top+34, middle, bold, 19, title, printed)
	}
	for i, l := range n.Lines {
		y := top + head + row*float64(i+1) - 15
		write(m, 52, y, 27, fmt.Sprint(l.Count, " ", l.Unit), ink, rng)
		write(m, 174, y, fit(l.Item, 27, 270), l.Item, ink, rng)
		write(m, 470, y, 25, dots(l.Price), ink, rng)
		write(m, 640, y, 25, dots(l.total()), ink, rng)
	}
	print(m, 610, bottom+44, right, bold, 24, "Jumlah Rp.", printed)
	frame(m, columns[3], bottom+4, columns[4], bottom+66, 2.5, printed)
	write(m, 640, bottom+48, 28, dots(n.Total()), ink, rng)
	print(m, 90, bottom+64, left, plain, 20, "Tanda terima,", printed)
	print(m, 440, bottom+104, left, plain, 20, "Hormat kami,", printed)
	sign(m, 455, bottom+186, 40, n.Seller, ink, rng)
	dotted(m, 430, 640, bottom+202, printed)
	dotted(m, 60, 260, bottom+202, printed)
	stamp(m, 390, bottom+150, -0.16+0.08*rng.Float64(), [3]string{
		town(n.Place), strings.ToUpper(n.Seller), "L U N A S",
	}, purple, n.Seed)
	print(m, 40, 1104, left, italic, 16, notSo, faint)
	return m
}

// guilloche is the kuitansi's ground, the same on all.
var guilloche = sync.OnceValue(func() *image.RGBA {
	m := sheet(1160, 640, color.RGBA{240, 246, 236, 255})
	for x := -640.0; x < 1160; x += 26 {
		rule(m, x, 640, x+640, 0, 1, color.RGBA{232, 240, 229, 255})
	}
	return m
})

// kuitansi is signed for and says the amount in words.
func kuitansi(n Nota, rng *rand.Rand) *image.RGBA {
	m := new(*guilloche())
	m.Pix = slices.Clone(m.Pix)
	green := color.RGBA{40, 104, 78, 255}
	pale := color.RGBA{198, 222, 206, 255}
	ink := hands(n)
	frame(m, 20, 20, 1140, 620, 3, green)
	frame(m, 28, 28, 1132, 612, 1.2, green)
	print(m, 580, 86, middle, bold, 44, "K U I T A N S I", green)
	print(m, 60, 140, left, plain, 23, "No.", green)
	dotted(m, 105, 340, 144, green)
	write(m, 112, 138, 26, n.Number, red, rng)

	field := func(y float64, title, text string) {
		print(m, 60, y, left, plain, 23, title, green)
		print(m, 284, y, left, plain, 23, ":", green)
		dotted(m, 302, 1095, y+6, green)
		write(m, 310, y-1, fit(text, 29, 770), text, ink, rng)
	}
	field(196, "Sudah terima dari", n.Buyer)
	spelled := words(n.Total()) + " rupiah"
	sheetBox(m, 302, 218, 1095, 296, pale)
	print(m, 60, 264, left, plain, 23, "Banyaknya uang", green)
	print(m, 284, 264, left, plain, 23, ":", green)
	first, second := wrap(spelled, 46)
	write(m, 316, 251, 26, "= "+first, ink, rng)
	if second != "" {
		write(m, 340, 287, 26, second, ink, rng)
	}
	var items []string
	for _, l := range n.Lines {
		items = append(items, fmt.Sprintf("%d %s %s", l.Count, l.Unit, l.Item))
	}
	first, second = wrap(strings.Join(items, ", "), 44)
	field(342, "Untuk pembayaran", first)
	field(390, "", second)

	sheetBox(m, 60, 500, 400, 566, pale)
	rule(m, 60, 500, 400, 500, 3, green)
	rule(m, 60, 566, 400, 566, 3, green)
	print(m, 74, 544, left, bold, 30, "Rp", green)
	write(m, 126, 545, 34, dots(n.Total())+",-", ink, rng)
	date := town(n.Place) + ", " + long(n.Day)
	write(m, 680, 440, fit(date, 26, 410), date, ink, rng)
	if n.Total() > 5_000_000 {
		meterai(m, 690, 460)
	}
	sign(m, 830, 540, 52, n.Seller, ink, rng)
	write(m, 800, 592, fit(n.Seller, 24, 280), "( "+n.Seller+" )", ink, rng)
	stamp(m, 560, 515, -0.12, [3]string{town(n.Place), strings.ToUpper(n.Seller), "* * *"}, printed, n.Seed)
	print(m, 60, 600, left, italic, 16, notSo, green)
	return m
}

// meterai is the place of the stamp duty, drawn so that nobody takes it for one.
func meterai(m *image.RGBA, x, y float64) {
	rose := color.RGBA{205, 110, 130, 255}
	sheetBox(m, x, y, x+106, y+126, color.RGBA{248, 218, 222, 255})
	frame(m, x, y, x+106, y+126, 2, rose)
	print(m, x+53, y+34, middle, bold, 17, "METERAI", rose)
	print(m, x+53, y+70, middle, bold, 26, "10000", rose)
	print(m, x+53, y+102, middle, italic, 17, "contoh", rose)
}

// struk is a till roll.
func struk(n Nota) *image.RGBA {
	const w, size, step = 520, 24.0, 34.0
	grey := color.RGBA{62, 60, 70, 255}
	type row struct {
		left, right string
		face        int
	}
	var rows []row
	rule := row{left: strings.Repeat("-", 32), face: mono}
	add := func(l, r string, face int) { rows = append(rows, row{l, r, face}) }
	add("No "+n.Number, slashes(n.Day), mono)
	add("Kasir: Rini", clock(n.Day, n.Seed), mono)
	rows = append(rows, rule)
	count := 0
	for _, l := range n.Lines {
		add(strings.ToUpper(l.Item), "", mono)
		add(fmt.Sprintf("  %d %s x %s", l.Count, l.Unit, dots(l.Price)), dots(l.total()), mono)
		count += l.Count
	}
	rows = append(rows, rule)
	paid := (n.Total() + 49_999) / 50_000 * 50_000
	add("TOTAL", "Rp "+dots(n.Total()), monoBold)
	add("TUNAI", "Rp "+dots(paid), mono)
	add("KEMBALI", "Rp "+dots(paid-n.Total()), mono)
	rows = append(rows, rule)
	add(fmt.Sprint("Jumlah barang: ", count), "", mono)

	m := sheet(w, max(int(330+step*float64(len(rows))), 1000), color.RGBA{247, 247, 244, 255})
	fits := 36.0
	print(m, w/2, 72, middle, monoBold, min(fits, (w-60)/(0.61*float64(len(n.Seller)))), strings.ToUpper(n.Seller),
		grey)
	print(m, w/2, 106, middle, mono, 19, n.Place, grey)
	y := 160.0
	for _, r := range rows {
		print(m, 28, y, left, r.face, size, r.left, grey)
		print(m, w-28, y, right, r.face, size, r.right, grey)
		y += step
	}
	print(m, w/2, y+30, middle, mono, 21, "TERIMA KASIH", grey)
	print(m, w/2, y+60, middle, mono, 17, "Barang yang sudah dibeli", grey)
	print(m, w/2, y+84, middle, mono, 17, "tidak dapat ditukar", grey)
	print(m, w/2, float64(m.Rect.Dy())-24, middle, mono, 15, notSo, color.RGBA{150, 150, 155, 255})
	// A thermal head with a tired element leaves a pale stripe.
	for py := range m.Rect.Dy() {
		for px := range w {
			if c := m.RGBAAt(px, py); c.R < 240 {
				fade := 0.55*noise(float64(px)/50, float64(py)/260, n.Seed) + 0.12
				lift := func(v uint8) uint8 { return uint8(float64(v) + (246-float64(v))*fade*0.75) }
				m.SetRGBA(px, py, color.RGBA{lift(c.R), lift(c.G), lift(c.B), 255})
			}
		}
	}
	return m
}

// sign is the seller's initial and a flourish.
func sign(m *image.RGBA, x, y, size float64, name string, ink color.Color, rng *rand.Rand) {
	x = write(m, x, y, size, name[:1], ink, rng)
	p := newPen(m, image.Rect(int(x-3*size), int(y-2*size), int(x+9*size), int(y+2*size)))
	way := [][2]float64{{x - size/2, y - size/4}}
	for i := range 7 {
		up := size * (0.15 + 0.55*rng.Float64())
		if i%2 == 1 {
			up = -size * 0.2 * rng.Float64()
		}
		x += size * (0.2 + 0.25*rng.Float64())
		way = append(way, [2]float64{x, y - up})
	}
	way = append(way, [2]float64{x + size, y - size*0.5}, [2]float64{x - size*2.2, y + size*0.32},
		[2]float64{x + size*0.8, y + size*0.18})
	p.stroke(way, size/24, rng)
	p.draw(ink)
}

func sheetBox(m *image.RGBA, x0, y0, x1, y1 float64, tone color.Color) {
	rule(m, x0, (y0+y1)/2, x1, (y0+y1)/2, y1-y0, tone)
}

// fit is the size, at most size, at which handwriting of the text stays within width.
func fit(text string, size, width float64) float64 {
	return min(size, width/(float64(len(text))*0.68))
}

// wrap breaks a text in two at a space before the limit.
func wrap(text string, limit int) (first, second string) {
	if len(text) <= limit {
		return text, ""
	}
	i := strings.LastIndex(text[:limit], " ")
	return text[:i], text[i+1:]
}
