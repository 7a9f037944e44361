package receipt

import (
	"slices"

	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/store"
)

// stating are the papers that state that money was received, for which the law asks a meterai above an amount (UU
// 10/2020, article 3). A till's slip, a transfer and an order on line are none.
var stating = []store.Kind{store.KindNota, store.KindKuitansi, store.KindFaktur}

// NeedsStamp tells whether a paper with that amount needs a meterai: exactly the limit does not.
func NeedsStamp(rules store.Rules, kind store.Kind, total store.Rupiah) bool {
	return total > rules.StampOver() && slices.Contains(stating, kind)
}

// Checklist tells which parts of a valid kuitansi there are; amount, day and who got the money are always asked for.
func Checklist(rules store.Rules, r store.Receipt) store.Text {
	has := func(flag string) string { return dialog.Mark(!slices.Contains(r.Flags, flag)) }
	stamp := ""
	if NeedsStamp(rules, r.Kind, r.Total) {
		stamp = "no"
		if has("stamp") != "" {
			stamp = "yes"
		}
	}
	return store.Say("receipt.checklist", "Purpose", has("purpose"), "Signed", has("signed"), "Stamp", stamp)
}

// missing are the flags for what the paper does not have.
func (d *draft) missing(rules store.Rules) []string {
	var list []string
	if d.lacksDay() {
		list = append(list, undated)
	}
	if d.Kind == store.KindKuitansi && d.Item == "" {
		list = append(list, "purpose")
	}
	if d.Kind == store.KindKuitansi && d.signed == "no" {
		list = append(list, "signed")
	}
	if NeedsStamp(rules, d.Kind, d.Total) && d.stamp == "no" {
		list = append(list, "stamp")
	}
	return list
}

// undated is the flag of a paper that has no date, and the question that is answered by saying so.
const undated = "undated"

var undatedChoices = []form.Choice[string]{{Value: "yes", Text: store.Say("receipt.undated.yes")}}

// saysUndated reads that a paper has no date.
func saysUndated(text string) []string {
	switch dialog.BareWords(text) {
	case "tidak tertulis", "tidak ada tanggal", "tidak ada tanggalnya", "tanpa tanggal", "ga ada tanggalnya",
		"gak ada tanggalnya", "tanggalnya tidak ada", "no date":
		return []string{"yes"}
	}
	return nil
}

// lacksDay reports whether there is a paper, and it has no date.
func (d *draft) lacksDay() bool { return d.undated != "" && d.Kind != store.KindNone }

// Unmended reports whether a nota that was returned comes back as it was: nothing in it is another, and no picture or
// voice note came since.
func Unmended(returned, now store.Receipt, files []store.File) bool {
	since := func(f store.File) bool { return f.At.After(now.Review.At) }
	lacks := func(r store.Receipt) (list []string) {
		for _, f := range []string{undated, "signed", "stamp"} {
			if slices.Contains(r.Flags, f) {
				list = append(list, f)
			}
		}
		return list
	}
	return returned.Kind == now.Kind && returned.Payment == now.Payment && returned.Seller == now.Seller &&
		returned.Day == now.Day && returned.Total == now.Total && returned.Reason == now.Reason &&
		slices.Equal(returned.Items, now.Items) && slices.Equal(lacks(returned), lacks(now)) &&
		!slices.ContainsFunc(files, since)
}
