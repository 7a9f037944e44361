// Package sample draws pictures of Indonesian receipts that never were: nota, kuitansi and struk, photographed on a
// table, crumpled, dark or blurred. The demo offers them and tests look at them; each says CONTOH, so none can pass as
// evidence.
package sample

import (
	"image"
	"math/rand/v2"

	"pendamping/store"
)

// Kind is the sort of paper.
type Kind string

const (
	Shop     Kind = "nota"     // a ruled form filled in by hand, with the shop's stamp
	Signed   Kind = "kuitansi" // a signed statement of receipt, the amount in words, a place for the meterai
	TillRoll Kind = "struk"    // a narrow printed till roll
)

// Line is one thing bought.
type Line struct {
	Item  string
	Count int
	Unit  string
	Price store.Rupiah // for one unit
}

// Nota is what stands on the paper. Equal notas give equal pictures.
type Nota struct {
	Kind     Kind
	Seller   string
	Place    string // the seller's street and town
	Buyer    string
	Day      store.Day
	Number   string
	Lines    []Line
	Crumpled bool   // the paper was in a pocket
	Seed     uint64 // chooses the hand, the table and the camera's angle
}

// Total is the sum of all lines.
func (n Nota) Total() store.Rupiah {
	var sum store.Rupiah
	for _, l := range n.Lines {
		sum += l.total()
	}
	return sum
}

func (l Line) total() store.Rupiah { return store.Rupiah(l.Count) * l.Price }

// Draw is a photograph of the paper on a table, 900 by 1200 pixels.
func Draw(n Nota) image.Image {
	paper := Paper(n)
	if n.Crumpled {
		paper = Crumple(paper, n.Seed)
	}
	return Photograph(paper, n.Seed)
}

// Paper is the paper alone, flat, as a scanner sees it. An unknown kind is drawn as a nota.
func Paper(n Nota) image.Image {
	rng := rand.New(rand.NewPCG(n.Seed, 1))
	switch n.Kind {
	case Signed:
		return kuitansi(n, rng)
	case TillRoll:
		return struk(n)
	default:
		return nota(n, rng)
	}
}
