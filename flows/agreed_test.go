package flows_test

import (
	"testing"

	"pendamping/flows"
)

func TestAnswered(t *testing.T) {
	for text, want := range map[string][2]bool{
		"setuju": {true, false}, "Saya setuju bu": {true, false}, "inggih setuju": {true, false},
		"✅ Setuju 🙏":                          {true, false},
		"nggih, kulo setuju pak, matur nuwun": {true, false}, "I agree": {true, false},
		"tidak": {false, true}, "tidak setuju": {false, true}, "mboten setuju bu": {false, true},
		"I do not agree": {false, true},
		"ya":             {}, "oke bu": {}, "belum setuju": {}, "setuju tapi nanti": {}, "setuju?": {}, "❌ setuju": {},
		"kalau setuju bagaimana": {}, "": {},
	} {
		if yes, no := flows.Answered(text); yes != want[0] || no != want[1] {
			t.Errorf("%q: yes %v, no %v", text, yes, no)
		}
	}
}
