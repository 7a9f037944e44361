package parse

import (
	"math"

	"pendamping/store"
)

// Quantity is how much of something was bought. The unit is in its usual spelling ("kg", "sak"), empty when none was
// said.
type Quantity struct {
	Volume store.Volume
	Unit   string
}

// goods are the units things are bought in, each with its usual spelling.
var goods = map[string]string{
	"kg": "kg", "kgs": "kg", "kilo": "kg", "kilogram": "kg", "gr": "gram", "gram": "gram", "g": "gram", "ons": "ons",
	"kw": "kuintal", "kuintal": "kuintal", "kwintal": "kuintal", "ton": "ton",
	"sak": "sak", "zak": "sak", "karung": "karung", "krg": "karung", "dus": "dus", "dos": "dus", "kardus": "dus",
	"karton": "karton",
	"box":    "kotak", "kotak": "kotak", "pak": "pak", "pack": "pak", "bungkus": "bungkus", "bks": "bungkus",
	"bgks": "bungkus",
	"pcs":  "buah", "pc": "buah", "buah": "buah", "bh": "buah", "biji": "biji", "bj": "biji", "unit": "unit",
	"set":   "set",
	"lusin": "lusin", "lsn": "lusin", "kodi": "kodi", "gros": "gros", "rim": "rim", "lembar": "lembar", "lbr": "lembar",
	"batang": "batang", "btg": "batang", "lonjor": "lonjor", "ljr": "lonjor", "meter": "m", "mtr": "m", "m": "m",
	"cm":    "cm",
	"kubik": "m3", "rol": "rol", "roll": "rol", "gulung": "gulung", "ikat": "ikat", "liter": "liter", "ltr": "liter",
	"lt": "liter",
	"l":  "liter", "ml": "ml", "botol": "botol", "btl": "botol", "kaleng": "kaleng", "klg": "kaleng", "galon": "galon",
	"jerigen": "jeriken", "jeriken": "jeriken", "jirigen": "jeriken", "tabung": "tabung", "ember": "ember",
	"pasang": "pasang",
	"psg":    "pasang", "ekor": "ekor", "butir": "butir", "papan": "papan", "tray": "tray", "bal": "bal", "rit": "rit",
	"truk":  "truk",
	"orang": "orang", "org": "orang", "paket": "paket", "pkt": "paket", "porsi": "porsi", "keping": "keping",
	"potong": "potong",
	"ptg":    "potong", "helai": "helai", "sachet": "saset", "saset": "saset", "renteng": "renteng", "slop": "slop",
	"hari": "hari", "jam": "jam", "bulan": "bulan", "malam": "malam", "inch": "inci", "inci": "inci", "dim": "inci",
	"toples": "toples", "gelas": "gelas", "tablet": "tablet", "strip": "strip", "pohon": "pohon", "polibag": "polibag",
	"polybag": "polibag",
	"gross":   "gros", "pikul": "pikul", "krat": "krat", "peti": "peti", "sisir": "sisir", "tandan": "tandan",
	"kantong": "kantong", "kantung": "kantong", "kresek": "kresek", "drum": "drum", "pail": "pail", "stel": "stel",
	"setel": "stel", "ret": "rit", "trip": "trip", "colt": "colt", "keranjang": "keranjang", "besek": "besek",
	"cup": "cup", "mangkok": "mangkok", "piring": "piring", "loyang": "loyang", "siung": "siung", "lempeng": "lempeng",
	"batok": "batok", "bonggol": "bonggol", "iket": "ikat", "kwt": "kuintal", "kgr": "kg",
	"hok": "HOK", "oh": "OH", "ob": "OB", "dosin": "lusin", "lusinan": "lusin", "slof": "slop",
	"gln": "galon", "tbg": "tabung", "eks": "eksemplar", "eksemplar": "eksemplar",
	"lmbr": "lembar", "lb": "lembar", "butr": "butir", "btr": "butir", "ekr": "ekor",
}

var volumeNoise = set("sebanyak", "banyaknya", "jumlah", "jumlahnya", "ada", "aja", "saja", "ya", "bu", "beli", "total",
	".", ",", "!", ":")

// quantity is a number with the unit after it, if any.
type quantity struct {
	volumes []store.Volume
	unit    string
}

// quantity reads a quantity at i: "3 sak", "1,5 kg", "1/2 kg", "selusin". The second result is the place after it,
// i when there is none.
func (ts tokens) quantity(i int) (quantity, int) {
	start := i
	if t := ts.at(i); t.kind == word && len(t.text) > 3 && t.text[:2] == "se" && t.text != "sebuah" || t.is("sebuah") {
		if u := goods[t.text[2:]]; u != "" && len(t.text) > 4 {
			return quantity{[]store.Volume{1000}, u}, i + 1
		}
	}
	n, next := ts.numeral(i, false)
	if next == i {
		return quantity{}, start
	}
	if up, down, ok := ts.slash(i); ok {
		n, next = numeral{literal: literal{whole: -1, digits: up * 1000 / down, places: 3}, fraction: true}, i+3
	}
	q := quantity{volumes: volumes(n)}
	if len(q.volumes) == 0 {
		return quantity{}, start
	}
	q.unit = goods[ts.at(next).text]
	if ts.at(next).line {
		q.unit = ""
	}
	if q.unit == "" {
		if n.fraction {
			return quantity{}, start
		}
		return q, next
	}
	if power := ts.at(next + 1); q.unit == "m" && ts.attached(next+1) && (power.is("2") || power.is("3") ||
		power.is("²") || power.is("³")) {
		q.unit, next = map[string]string{"2": "m2", "²": "m2", "3": "m3", "³": "m3"}[power.text], next+1
	}
	return q, next + 1
}

// slash reads a fraction such as 1/2, 3/4 or 3/8, written without spaces.
func (ts tokens) slash(i int) (up, down int64, ok bool) {
	a, b := ts.at(i), ts.at(i+2)
	if a.kind != number || b.kind != number || !ts.at(i+1).is("/") || !ts.attached(i+1) || !ts.attached(i+2) ||
		len(a.text) > 1 || len(b.text) > 1 || (ts.at(i+3).is("/") && ts.attached(i+3)) {
		return 0, 0, false
	}
	up, down = int64(a.text[0]-'0'), int64(b.text[0]-'0')
	return up, down, up > 0 && up < down && (down == 2 || down == 4 || down == 5 || down == 8)
}

// volumes lists what a number means as a quantity. More than three decimals are not understood.
func volumes(n numeral) []store.Volume {
	if n.padded {
		return nil
	}
	var whole, part []store.Volume
	if n.whole >= 0 && n.whole <= math.MaxInt32 {
		whole = []store.Volume{store.Volume(n.whole * 1000)}
	}
	if n.places > 0 {
		for _, v := range n.times(1000) {
			part = []store.Volume{store.Volume(v)}
		}
	}
	all := join(whole, part)
	if n.comma {
		all = join(part, whole)
	}
	var fit []store.Volume
	for _, v := range all {
		if v <= store.MaxVolume {
			fit = append(fit, v)
		}
	}
	return fit
}

// Volume reads a message that is a quantity: "3 sak", "1,5 kg", "setengah lusin", "3". A number whose point may group
// thousands ("1.500 kg") has two results.
func Volume(text string) []Quantity {
	ts := scan(text)
	if len(ts) > maxTokens {
		return nil
	}
	var found []Quantity
	for i := 0; i < len(ts); {
		q, next := ts.quantity(i)
		if next == i {
			if next = ts.skip(i, volumeNoise); next == i {
				return nil
			}
			i = next
			continue
		}
		if found != nil {
			return nil
		}
		for _, v := range q.volumes {
			found = append(found, Quantity{v, q.unit})
		}
		i = next
	}
	return found
}
