package receipt

import "pendamping/store"

// Reason is why a nota is returned: one tap says it, and one button mends it. Its words are reason.CODE for the
// reviewer, reason.CODE.told for the group and reason.CODE.fix on the button.
type Reason struct {
	Code string
	fix  string // the question of the nota that is asked again, or "void"
}

// Reasons are offered in this order, two to a row.
var Reasons = []Reason{
	{"buram", "page"},
	{"terpotong", "page"},
	{"jumlah", "amount"},
	{"tanggal", "day"},
	{"penjual", "seller"},
	{"barang", "item"},
	{"kegunaan", "line"},
	{"kosong", "page"},
	{"tandatangan", "page"},
	{"meterai", "page"},
	{"dobel", "void"},
	{"bukan", "void"},
}

// Weights say how much a flag of a nota asks for a look: the riskiest comes first. One that waits for an answer waits.
var Weights = map[string]int{
	"objected": 100, "file": 80, "near": 60, "twin": 50, "stamps": 40, "grant": 30, "none": 25, "stamp": 20,
	"period": 20, "undated": 20,
	"split": 15, "paper": 15, "behalf": 10, "signed": 10, "purpose": 5, "helped": 10, "sponsored": 10, "disowned": 200,
	"blurred": 8, "dark": 5, "tiny": 5, "asked": -1000,
}

// Risk is the sum of the weights of what was noticed about a nota; the desk shows the highest first.
func Risk(w store.Waiting) (sum int) {
	for _, f := range w.Flags {
		sum += Weights[f]
	}
	return sum
}
