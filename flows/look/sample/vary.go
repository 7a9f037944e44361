package sample

import (
	"fmt"
	"math/rand/v2"

	"pendamping/store"
)

var (
	trades = [...]string{"Toko", "UD", "CV", "Warung", "Toko Bu"}
	owners = [...]string{"Sumber Rejeki", "Makmur", "Besi Jaya", "Karya Teknik", "Tini Plastik", "Barokah",
		"Tani Subur", "Sinar Abadi", "Min", "Murah", "Luwes", "Sejahtera", "Lestari", "Anugerah", "Dua Putra", "Mitra"}
	roads = [...]string{"Pasar Gede, Surakarta", "Jl. Slamet Riyadi 88, Surakarta", "Jl. Veteran 21, Sukoharjo",
		"Pasar Legi, Surakarta", "Jl. Adi Sucipto 7, Kartasura", "Jl. Raya 5, Wonogiri"}
	goods = [...]string{"Tepung terigu", "Gula pasir", "Mentega", "Telur ayam", "Oven gas 2 pintu", "Loyang",
		"Regulator", "Plastik kemasan", "Stiker label", "Karet gelang", "Cokelat bubuk", "Vanili", "Susu kental",
		"Ragi instan", "Rak besi", "Paku", "Timbangan", "Kotak perkakas", "Minyak goreng", "Benang jahit", "Kain katun",
		"Pakan ayam", "Bibit cabai", "Pupuk", "Cat tembok", "Kuas", "Ember", "Pisau", "Wajan", "Kompor"}
	units = [...]string{"kg", "bh", "sak", "pak", "unit", "set", "btl", "dus"}
	names = [...]string{"Melati Jaya", "Kel. Melati", "Mawar", "Kel. Tunas Muda", "Sri Rejeki", "Kel. Harapan",
		"Bina Karya", "Kel. Maju"}
)

// Any is one of very many notas: a purchase of one to seven lines in one of eighty shops, each with one printed form of
// its own. The same seed is the same nota.
func Any(seed uint64) Nota {
	rng := rand.New(rand.NewPCG(seed, 9))
	shop := rng.IntN(len(trades) * len(owners))
	n := Nota{
		Kind:   [...]Kind{Shop, Shop, Signed, TillRoll}[shop%4],
		Seller: trades[shop%len(trades)] + " " + owners[shop/len(trades)],
		Place:  roads[shop%len(roads)],
		Buyer:  names[rng.IntN(len(names))],
		Day:    store.Day("2026-11-23").Add(-rng.IntN(120)),
		Number: fmt.Sprintf("%04d", rng.IntN(10_000)),
		Seed:   rng.Uint64N(1 << 40),
	}
	for range 1 + rng.IntN(7) {
		n.Lines = append(n.Lines, Line{goods[rng.IntN(len(goods))], 1 + rng.IntN(24), units[rng.IntN(len(units))],
			store.Rupiah(1+rng.IntN(900)) * 500})
		if n.Kind == Signed && len(n.Lines) == 2 {
			break // the form has room for no more
		}
	}
	return n
}
