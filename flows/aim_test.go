package flows_test

import (
	"testing"

	"pendamping/flows"
)

func TestCounted(t *testing.T) {
	for text, chats := range map[string]int{
		"6": 6, "6 orang": 6, "enam": 6, "Enam orang bu": 6, "untuk 1.200 orang": 1200, "seribu dua ratus": 1200,
		"1 200": 1200, "seratus dua puluh orang": 120,
	} {
		if !flows.Counted(text, chats) {
			t.Errorf("%q is not %d", text, chats)
		}
	}
	for text, chats := range map[string]int{
		"7 orang": 6, "enam ribu": 6, "6": 6000, "enam": 6000, "6 atau 7": 6, "": 6, "orang": 6, "enam kira-kira": 6,
	} {
		if flows.Counted(text, chats) {
			t.Errorf("%q is %d", text, chats)
		}
	}
}
