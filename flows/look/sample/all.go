package sample

import (
	"image"
	"sync"

	"pendamping/store"
)

// Sample is a picture ready to be sent.
type Sample struct {
	Name    string        // short and stable: "oven"
	Title   string        // what a visitor of the demo picks it by
	JPEG    func() []byte // draws the picture when it is first asked for
	Caption string        // what a person might write under it; may be empty
}

// All draws the demo's samples with papers from the days before today. They include a crumpled, a dark and a blurred
// one, a photograph of the oven's nota taken a second time, and two pages of one purchase to send as an album.
func All(today store.Day) []Sample {
	oven := Nota{
		Kind: Shop, Seller: "Toko Sumber Rejeki", Place: "Pasar Gede Blok C-12, Surakarta", Buyer: "Kel. Melati Jaya",
		Day: today.Add(-3), Number: "0482", Seed: 3,
		Lines: []Line{{"Oven gas 2 pintu", 1, "unit", 2_350_000}, {"Loyang alumunium", 6, "bh", 45_000},
			{"Regulator + selang", 1, "set", 185_000}},
	}
	again := oven
	again.Seed = 15 // the same hand on the same paper, seen anew
	flour := Nota{
		Kind: Shop, Seller: "UD Makmur", Place: "Jl. Slamet Riyadi 88, Surakarta", Buyer: "Kel. Melati",
		Day: today.Add(-2), Number: "1176", Seed: 4,
		Lines: []Line{{"Tepung terigu", 2, "sak", 215_000}, {"Gula pasir", 20, "kg", 16_500},
			{"Mentega", 5, "kg", 48_000}, {"Telur ayam", 15, "kg", 27_000}},
	}
	pocket := Nota{
		Kind: Shop, Seller: "Bu Tini Plastik", Place: "Pasar Legi, Surakarta", Buyer: "Melati Jaya", Day: today.Add(-5),
		Number: "73", Seed: 5, Crumpled: true,
		Lines: []Line{{"Plastik kemasan", 10, "pak", 18_500}, {"Stiker label", 4, "lbr", 25_000},
			{"Karet gelang", 2, "ons", 9_000}},
	}
	mixer := Nota{
		Kind: Signed, Seller: "CV Karya Teknik", Place: "Jl. Veteran 21, Sukoharjo", Buyer: "Kelompok Melati Jaya",
		Day: today.Add(-6), Number: "KT-209", Seed: 7,
		Lines: []Line{{"mixer roti", 1, "unit", 6_750_000}, {"meja stainless", 1, "unit", 1_400_000}},
	}
	transport := Nota{
		Kind: Signed, Seller: "Pak Slamet", Place: "Desa Bulakan, Sukoharjo", Buyer: "Kelompok Melati Jaya",
		Day: today.Add(-6), Number: "04", Seed: 8,
		Lines: []Line{{"angkut oven dan mixer", 1, "kali", 250_000}},
	}
	till := Nota{
		Kind: TillRoll, Seller: "Swalayan Luwes", Place: "Jl. Kapten Mulyadi, Surakarta", Day: today.Add(-1),
		Number: "00812", Seed: 9,
		Lines: []Line{{"Cokelat bubuk 500g", 4, "bks", 38_900}, {"Vanili 50g", 6, "btl", 7_500},
			{"Susu kental 490g", 12, "klg", 13_200}, {"Ragi instan", 10, "sct", 5_400},
			{"Tisu dapur", 3, "rol", 12_800}},
	}
	fuel := Nota{
		Kind: TillRoll, Seller: "Toko Gas Barokah", Place: "Jl. Solo-Wonogiri km 9", Day: today.Add(-4), Number: "2231",
		Seed:  10,
		Lines: []Line{{"Isi ulang LPG 12kg", 2, "tbg", 205_000}},
	}
	page := Nota{
		Kind: Shop, Seller: "Toko Besi Jaya", Place: "Jl. Adi Sucipto 7, Kartasura", Buyer: "Kel. Melati Jaya",
		Day: today.Add(-8), Number: "0911-A", Seed: 12,
		Lines: []Line{{"Rak besi 4 susun", 2, "unit", 475_000}, {"Paku + baut", 1, "pak", 32_000}},
	}
	second := page
	second.Number, second.Seed = "0911-B", 13
	second.Lines = []Line{{"Timbangan digital", 1, "unit", 385_000}, {"Kotak perkakas", 1, "unit", 168_000}}

	draw := func(n Nota) func() image.Image { return func() image.Image { return Draw(n) } }
	plans := []struct {
		name, title, caption string
		picture              func() image.Image
	}{
		{"oven", "Nota: oven and trays", inOneLine(oven, "alat"), draw(oven)},
		{"tepung", "Nota: flour and sugar", inOneLine(flour, "bahan"), draw(flour)},
		{"mixer", "Kuitansi: mixer, with meterai", inOneLine(mixer, "alat"), draw(mixer)},
		{"angkut", "Kuitansi: transport", "", draw(transport)},
		{"struk", "Struk: supermarket", inOneLine(till, "bahan"), draw(till)},
		{"gas", "Struk: LPG, a little tilted", "", func() image.Image { return Tilt(Crop(Draw(fuel), 0.04), 7) }},
		{"kusut", "Nota: crumpled", "", draw(pocket)},
		{"gelap", "Nota: too dark", "", func() image.Image { return Dark(Draw(flour)) }},
		{"buram", "Nota: out of focus", "", func() image.Image { return Blur(Draw(oven), 9) }},
		{"oven-lagi", "Nota: the oven's again (duplicate)", "",
			func() image.Image { return Photograph(Paper(oven), again.Seed) }},
		{"rak-1", "Nota: shelf, page 1 of 2", "", draw(page)},
		{"rak-2", "Nota: shelf, page 2 of 2", "", draw(second)},
	}
	samples := make([]Sample, len(plans))
	for i, p := range plans {
		samples[i] = Sample{p.name, p.title, sync.OnceValue(func() []byte { return JPEG(p.picture(), 78) }), p.caption}
	}
	return samples
}

// inOneLine says amount, seller, day and category as people write them in one line, and the kind where it is no plain
// nota.
func inOneLine(n Nota, category string) string {
	kind := ""
	if n.Kind != Shop {
		kind = string(n.Kind) + " "
	}
	return kind + n.Lines[0].Item + " " + dots(n.Total()) + ", " + n.Seller + ", tgl " + slashes(n.Day) + ", " +
		category
}
