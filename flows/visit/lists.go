package visit

import (
	"slices"

	"pendamping/flows/form"
	"pendamping/flows/when"
	"pendamping/store"
)

// act is something a mentor does on a visit; its code begins with the programme's role that it is part of: motivator,
// fasilitator or inovator. Its words are act.CODE; also are words of a typed visit that mean it.
type act struct {
	code string
	also []string
}

// acts are offered in this order, two to a row.
var acts = []act{
	{"motivator.semangat", []string{"motivasi", "semangat", "memotivasi"}},
	{"motivator.kendala", []string{"kendala", "curhat", "konsultasi"}},
	{"fasilitator.nota", []string{"nota", "bukti", "pembukuan"}},
	{"fasilitator.lpj", []string{"lpj", "laporan"}},
	{"fasilitator.mitra", []string{"mitra", "kemitraan"}},
	{"fasilitator.modal", []string{"modal", "pinjaman", "kur"}},
	{"fasilitator.pasar", []string{"pasar", "pemasaran", "pembeli"}},
	{"inovator.produk", []string{"produk", "kemasan", "produksi"}},
	{"inovator.online", []string{"jualan online", "marketplace"}},
	{"inovator.ide", []string{"ide", "gagasan", "inovasi"}},
}

// wayTo is a mode of a visit, with the words of a typed visit that mean it and the minutes that it mostly takes. Its
// words are mode.CODE.
type wayTo struct {
	mode    store.VisitMode
	minutes int
	also    []string
}

// modes are how a visit is held; a contact, which is logged by one tap, is none of them.
var modes = []wayTo{
	{store.InPerson, 60, []string{"tatap muka", "ke rumah", "datang", "langsung"}},
	{store.ByPhone, 15, []string{"telepon", "telpon", "telp", "tlp", "ditelepon"}},
	{store.Online, 30, []string{"daring", "zoom", "video call", "vc", "gmeet", "secara online"}},
}

func wayOf(m store.VisitMode) wayTo {
	i := slices.IndexFunc(modes, func(w wayTo) bool { return w.mode == m })
	if i < 0 {
		return wayTo{mode: m}
	}
	return modes[i]
}

// hindrances are why a visit came to nothing; their words are hindrance.CODE. After unsafe the coordinator may be told.
var hindrances = []string{"kosong", "akses", "cuaca", unsafe}

const unsafe = "keamanan"

// wrongly is the reason of a visit that was cancelled because it had been logged by mistake.
const wrongly = "keliru"

// metWords are what people call those whom a mentor meets.
var metWords = map[store.Role][]string{
	store.Chair: {"ketua"}, store.Secretary: {"sekretaris"}, store.Treasurer: {"bendahara"}, store.Member: {"anggota"},
	store.Owner: {"penerima", "pemilik"},
}

// actCodes finds what was done in words.
func actCodes(text string) (found []string) {
	if len(when.ProblemIn(text)) > 0 {
		return nil
	}
	for _, a := range acts {
		if when.SaysAny(text, a.also) {
			found = append(found, a.code)
		}
	}
	return found
}

// modesIn finds how it was held in words.
func modesIn(text string) (found []store.VisitMode) {
	if len(when.ProblemIn(text)) > 0 {
		return nil
	}
	for _, m := range modes {
		if when.SaysAny(text, m.also) {
			found = append(found, m.mode)
		}
	}
	return found
}

// metIn finds who was met in words.
func metIn(text string) (found []store.Role) {
	if len(when.ProblemIn(text)) > 0 {
		return nil
	}
	for r, words := range metWords {
		if when.SaysAny(text, words) {
			found = append(found, r)
		}
	}
	return found
}

func actChoices() (list []form.Choice[string]) {
	for _, a := range acts {
		list = append(list, form.Choice[string]{Value: a.code, Text: store.Say("act." + a.code)})
	}
	return list
}

func modeChoices() (list []form.Choice[store.VisitMode]) {
	for _, m := range modes {
		list = append(list, form.Choice[store.VisitMode]{Value: m.mode, Text: store.Say("mode." + string(m.mode))})
	}
	return list
}

// metChoices are whom a mentor may meet: the people of a group, or the single owner.
func metChoices(of store.Recipient) (list []form.Choice[store.Role]) {
	whom := []store.Role{store.Chair, store.Secretary, store.Treasurer, store.Member}
	if of.Single {
		whom = []store.Role{store.Owner}
	}
	for _, r := range whom {
		list = append(list, form.Choice[store.Role]{Value: r, Text: store.Say("met." + string(r))})
	}
	return list
}
