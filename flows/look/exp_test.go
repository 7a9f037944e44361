package look

import (
	"bytes"
	"encoding/gob"
	"fmt"
	"math"
	"os"
	"runtime"
	"slices"
	"sync"
	"testing"

	"pendamping/flows/look/sample"
)

type item struct {
	ID   int
	Form string
	Kind string
	JPEG []byte
}

func expSet(n, reuse int) []item {
	name := fmt.Sprintf("/tmp/look/set-%d-%d.gob", n, reuse)
	var items []item
	if f, err := os.Open(name); err == nil {
		gob.NewDecoder(f).Decode(&items)
		f.Close()
		return items
	}
	per := make([][]item, n)
	var wg sync.WaitGroup
	ch := make(chan int)
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for i := range ch {
				nota := sample.Any(uint64(i))
				paper := sample.Paper(nota)
				img := sample.Shot{Seed: nota.Seed, Long: 640}.Photograph(paper)
				j := sample.JPEG(img, 80)
				add := func(kind string, b []byte) { per[i] = append(per[i], item{i, nota.Seller, kind, b}) }
				add("", j)
				if i < reuse {
					add("recompressed", sample.JPEG(img, 40))
					add("cropped", sample.JPEG(sample.Crop(img, 0.05), 70))
					turn := 3.0
					if i%2 == 1 {
						turn = -3
					}
					again := sample.Shot{Seed: nota.Seed + 1 + uint64(i), Long: 640, Turn: turn * float64(i%5) / 4, Fade: 0.3 * float64(i%3) / 2, Near: 0.85 + 0.15*float64(i%4)/3}.Photograph(paper)
					add("rephoto", sample.JPEG(again, 75))
				}
			}
		})
	}
	for i := range n {
		ch <- i
	}
	close(ch)
	wg.Wait()
	for _, p := range per {
		items = append(items, p...)
	}
	f, _ := os.Create(name)
	gob.NewEncoder(f).Encode(items)
	f.Close()
	return items
}

func TestExpSheet(t *testing.T) {
	n, ok := map[string]int{}, map[string]int{}
	dumped := 0
	for _, it := range expSet(300, 100) {
		img, err := decode(&source{r: bytes.NewReader(it.JPEG)})
		if err != nil {
			t.Fatal(err)
		}
		g := greyOf(img, 1)
		_, found := g.reduce(320).sheet()
		n[it.Kind+" "+it.Form]++
		if found {
			ok[it.Kind+" "+it.Form]++
		} else if dumped < 8 {
			dumped++
			os.WriteFile(fmt.Sprintf("/tmp/look/miss%d.jpg", dumped), it.JPEG, 0o644)
		}
	}
	for k := range n {
		t.Log(k, ok[k], n[k])
	}
}

func prep(j []byte) (ink grey) {
	img, err := decode(&source{r: bytes.NewReader(j)})
	if err != nil {
		panic(err)
	}
	b := img.Bounds()
	g := greyOf(img, max(max(b.Dx(), b.Dy())/1000, 1))
	small := g.reduce(320)
	page, _ := small.sheet()
	k := float64(g.w) / float64(small.w)
	src := g
	if k > 1 {
		for i := range page {
			page[i][0] = (page[i][0]+0.5)*k - 0.5
			page[i][1] = (page[i][1]+0.5)*k - 0.5
		}
	}
	return src.flat(page).inked()
}

// cells averages ink in box into n by n
func cells(ink grey, n int, x0, y0, x1, y1 float64) []float64 {
	sat := make([]float64, (ink.w+1)*(ink.h+1))
	for y := range ink.h {
		s := 0.0
		for x := range ink.w {
			s += float64(ink.pix[y*ink.w+x])
			sat[(y+1)*(ink.w+1)+x+1] = sat[y*(ink.w+1)+x+1] + s
		}
	}
	at := func(x, y float64) float64 {
		x, y = min(max(x, 0), float64(ink.w)-0.001), min(max(y, 0), float64(ink.h)-0.001)
		i, j := int(x), int(y)
		u, v := x-float64(i), y-float64(j)
		w := ink.w + 1
		return (sat[j*w+i]*(1-u)+sat[j*w+i+1]*u)*(1-v) + (sat[(j+1)*w+i]*(1-u)+sat[(j+1)*w+i+1]*u)*v
	}
	out := make([]float64, n*n)
	for y := range n {
		for x := range n {
			a, b := x0+(x1-x0)*float64(x)/float64(n), x0+(x1-x0)*float64(x+1)/float64(n)
			c, d := y0+(y1-y0)*float64(y)/float64(n), y0+(y1-y0)*float64(y+1)/float64(n)
			out[y*n+x] = (at(b, d) - at(a, d) - at(b, c) + at(a, c)) / ((b - a) * (d - c))
		}
	}
	return out
}

func inks(items []item) []grey {
	out := make([]grey, len(items))
	var wg sync.WaitGroup
	for p := range 2 {
		wg.Go(func() {
			for i := p; i < len(items); i += 2 {
				out[i] = prep(items[i].JPEG)
			}
		})
	}
	wg.Wait()
	return out
}

// blockScore is the mean over blocks of the best shifted correlation
func blockScore(a, b []float64, n, bs, sh int) (mean, low float64) {
	var scores []float64
	for by := 0; by < n; by += bs {
		for bx := 0; bx < n; bx += bs {
			best := -1.0
			weak := false
			for dy := -sh; dy <= sh && !weak; dy++ {
				for dx := -sh; dx <= sh; dx++ {
					var m, sa, sb, saa, sbb, sab float64
					for y := by; y < by+bs; y++ {
						for x := bx; x < bx+bs; x++ {
							x2, y2 := x+dx, y+dy
							if x2 < 0 || y2 < 0 || x2 >= n || y2 >= n {
								continue
							}
							p, q := a[y*n+x], b[y2*n+x2]
							m++
							sa, sb, saa, sbb, sab = sa+p, sb+q, saa+p*p, sbb+q*q, sab+p*q
						}
					}
					va, vb := saa-sa*sa/m, sbb-sb*sb/m
					if va/m < 9 && vb/m < 9 {
						weak = true
						break
					}
					c := (sab - sa*sb/m) / math.Sqrt(va*vb+1)
					best = max(best, c)
				}
			}
			if !weak {
				scores = append(scores, best)
			}
		}
	}
	if len(scores) == 0 {
		return 0, 0
	}
	slices.Sort(scores)
	for _, s := range scores {
		mean += s
	}
	return mean / float64(len(scores)), scores[len(scores)/4]
}

func TestExpFine(t *testing.T) {
	items := expSet(300, 100)
	ink := inks(items)
	for _, boxed := range []bool{false, true} {
		for _, c := range [][3]int{{32, 8, 1}, {32, 8, 2}, {48, 8, 2}, {48, 12, 3}, {64, 8, 3}, {64, 16, 4}} {
			f := make([][]float64, len(items))
			for i := range items {
				if boxed {
					x0, y0, x1, y1 := ink[i].box()
					f[i] = cells(ink[i], c[0], x0, y0, x1, y1)
				} else {
					f[i] = cells(ink[i], c[0], 0, 0, side, side)
				}
			}
			means, lows := map[string][]float64{}, map[string][]float64{}
			last := map[string]int{}
			pairs := 0
			for i, it := range items {
				if it.Kind == "" {
					// same form, other nota
					if k, ok := last[it.Form]; ok && pairs < 150 {
						pairs++
						m, l := blockScore(f[k], f[i], c[0], c[1], c[2])
						means["~other"] = append(means["~other"], m)
						lows["~other"] = append(lows["~other"], l)
					}
					last[it.Form] = i
					continue
				}
				k := i
				for items[k].Kind != "" {
					k--
				}
				m, l := blockScore(f[k], f[i], c[0], c[1], c[2])
				means[it.Kind] = append(means[it.Kind], m)
				lows[it.Kind] = append(lows[it.Kind], l)
			}
			for _, k := range []string{"recompressed", "cropped", "rephoto", "~other"} {
				q := func(v []float64) string {
					slices.Sort(v)
					n := len(v) - 1
					return fmt.Sprintf("%.2f %.2f %.2f %.2f %.2f %.2f %.2f", v[0], v[n/50], v[n/10], v[n/2], v[n*9/10], v[n*98/100], v[n])
				}
				t.Log(boxed, c, k, "mean", q(means[k]), "low", q(lows[k]))
			}
		}
	}
}
