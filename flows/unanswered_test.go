package flows_test

import (
	"testing"

	"pendamping/flows"
)

// Whoever types yes is told to press a button only where one of the card's buttons answers it: one that shows something
// does not.
func TestDecides(t *testing.T) {
	for data, want := range map[string]bool{
		"verify:9": true, "lpjreturn:9": true, "agree:3:1:y": true, "paham:4": true, "visitword:2:1": true,
		"admit:5:1001": true,
		"plan:3":       false, "plan:3:2": true, "handover:3": false, "handover:3:2": true, "settle:3": false,
		"settle:3:2:y": true,
		"privasi:":     true, "privasi:yes:1": true, "privasi:ask": false, "privasi:data": false,
		"saldo": false, "nota:": false, "notus:3": false, "nobody:3": false, "": false,
	} {
		if got := flows.Decides(data); got != want {
			t.Errorf("%q: %v, want %v", data, got, want)
		}
	}
}
