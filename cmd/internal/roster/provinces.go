package roster

import (
	"strings"

	"pendamping/flows/text"
)

// Zones of Indonesia (Keputusan Presiden 41/1987).
const (
	wib  = "Asia/Jakarta"
	wita = "Asia/Makassar"
	wit  = "Asia/Jayapura"
)

// provinces are Indonesia's 38, each with its zone and, folded, how else people write it.
var provinces = []struct {
	name, zone string
	also       []string
}{
	{"Aceh", wib, []string{"nad", "nanggroe aceh darussalam", "di aceh", "daerah istimewa aceh"}},
	{"Sumatera Utara", wib, []string{"sumut", "sumatra utara", "north sumatra"}},
	{"Sumatera Barat", wib, []string{"sumbar", "sumatra barat", "west sumatra"}},
	{"Riau", wib, nil},
	{"Kepulauan Riau", wib, []string{"kepri", "kep riau", "riau islands"}},
	{"Jambi", wib, nil},
	{"Sumatera Selatan", wib, []string{"sumsel", "sumatra selatan", "south sumatra"}},
	{"Kepulauan Bangka Belitung", wib, []string{"babel", "bangka belitung", "kep bangka belitung"}},
	{"Bengkulu", wib, nil},
	{"Lampung", wib, nil},
	{"DKI Jakarta", wib, []string{
		"dki", "jakarta", "daerah khusus ibukota jakarta", "daerah khusus ibu kota jakarta", "dkj",
		"daerah khusus jakarta",
		"jakarta raya",
	}},
	{"Banten", wib, nil},
	{"Jawa Barat", wib, []string{"jabar", "west java"}},
	{"Jawa Tengah", wib, []string{"jateng", "central java"}},
	{"DI Yogyakarta", wib, []string{
		"diy", "yogyakarta", "daerah istimewa yogyakarta", "di jogjakarta", "jogjakarta", "jogja", "yogya",
		"d i yogyakarta",
	}},
	{"Jawa Timur", wib, []string{"jatim", "east java"}},
	{"Kalimantan Barat", wib, []string{"kalbar", "west kalimantan"}},
	{"Kalimantan Tengah", wib, []string{"kalteng", "central kalimantan"}},
	{"Kalimantan Selatan", wita, []string{"kalsel", "south kalimantan"}},
	{"Kalimantan Timur", wita, []string{"kaltim", "east kalimantan"}},
	{"Kalimantan Utara", wita, []string{"kaltara", "kalut", "north kalimantan"}},
	{"Bali", wita, nil},
	{"Nusa Tenggara Barat", wita, []string{"ntb", "west nusa tenggara"}},
	{"Nusa Tenggara Timur", wita, []string{"ntt", "east nusa tenggara"}},
	{"Sulawesi Utara", wita, []string{"sulut", "north sulawesi"}},
	{"Gorontalo", wita, nil},
	{"Sulawesi Tengah", wita, []string{"sulteng", "central sulawesi"}},
	{"Sulawesi Barat", wita, []string{"sulbar", "west sulawesi"}},
	{"Sulawesi Selatan", wita, []string{"sulsel", "south sulawesi"}},
	{"Sulawesi Tenggara", wita, []string{"sultra", "southeast sulawesi"}},
	{"Maluku", wit, nil},
	{"Maluku Utara", wit, []string{"malut", "north maluku"}},
	{"Papua", wit, nil},
	{"Papua Barat", wit, []string{"pabar", "irian jaya barat", "west papua"}},
	{"Papua Barat Daya", wit, []string{"southwest papua"}},
	{"Papua Tengah", wit, []string{"central papua"}},
	{"Papua Pegunungan", wit, []string{"highland papua"}},
	{"Papua Selatan", wit, []string{"south papua"}},
}

// provinceIndex finds a province's place in the table by every folded spelling.
var provinceIndex = func() map[string]int {
	index := map[string]int{}
	for i, p := range provinces {
		index[text.Fold(p.name)] = i
		for _, name := range p.also {
			index[name] = i
		}
	}
	return index
}()

// province is a province's official name and its zone; a name that is not known stays as written, and its zone is "".
func province(written string) (name, zone string) {
	if i, ok := provinceIndex[bare(written)]; ok {
		return provinces[i].name, provinces[i].zone
	}
	return written, ""
}

// bare is a province as written, folded and without the word for it.
func bare(written string) string {
	plain := text.Fold(strings.NewReplacer(".", " ", ",", " ", "-", " ").Replace(written))
	for _, word := range []string{"provinsi ", "propinsi ", "prov ", "prop "} {
		plain = strings.TrimPrefix(plain, word)
	}
	return plain
}

// meant asks after the one province whose name is nearest to what is written, where that is one or two letters off (one
// in short names); "" for none.
func meant(written string) string {
	plain := bare(written)
	least, name := 3, ""
	if len(plain) < 6 {
		least = 2
	}
	for _, p := range provinces {
		switch off := lettersOff(plain, text.Fold(p.name)); {
		case off < least:
			least, name = off, p.name
		case off == least:
			name = "" // two are as near
		}
	}
	if name == "" {
		return ""
	}
	return " (did you mean " + name + "?)"
}

// lettersOff is how many letters are to be put in, taken out or replaced to make one word of the other.
func lettersOff(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			replaced := diagonal
			if a[i] != b[j] {
				replaced++
			}
			diagonal = row[j+1]
			row[j+1] = min(replaced, row[j]+1, diagonal+1)
		}
	}
	return row[len(b)]
}
