package receipt

import (
	"slices"

	"pendamping/flows/dialog"
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
