package look

import (
	"bytes"
	"testing"
)

func TestDiagCrop(t *testing.T) {
	items := expSet(300, 100)
	quadOf := func(j []byte) (quad, bool, grey) {
		img, _ := decode(&source{r: bytes.NewReader(j)})
		g := greyOf(img, 1)
		s := g.reduce(320)
		q, ok := s.sheet()
		return q, ok, s
	}
	n := 0
	for i, it := range items {
		if it.Kind != "cropped" && it.Kind != "rephoto" {
			continue
		}
		k := i
		for items[k].Kind != "" {
			k--
		}
		q0, _, s0 := quadOf(items[k].JPEG)
		q1, ok, s1 := quadOf(it.JPEG)
		a := cells(prep(items[k].JPEG), 32, 0, 0, side, side)
		b := cells(prep(it.JPEG), 32, 0, 0, side, side)
		m, _ := blockScore(a, b, 32, 8, 2)
		if it.Kind == "cropped" && n < 40 || it.Kind == "rephoto" && m < 0.95 {
			n++
			t.Logf("%s %s %v %dx%d -> %dx%d %.2f %.0f %.0f", it.Kind, it.Form, ok, s0.w, s0.h, s1.w, s1.h, m, q0, q1)
		}
	}
}
