package look_test

import (
	"bytes"
	"image"
	"os"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"pendamping/flows/look"
	"pendamping/flows/look/sample"
)

// all calls f for 0 to n-1, in parallel.
func all(n int, f func(i int)) {
	var wg sync.WaitGroup
	next := make(chan int)
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for i := range next {
				f(i)
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	wg.Wait()
}

func at(t testing.TB, jpeg []byte) look.Look {
	t.Helper()
	l, err := look.At(bytes.NewReader(jpeg))
	if err != nil {
		t.Error(err)
	}
	return l
}

// index finds prints by their bands, as the store does.
type index [4]map[uint16][]int

func bands(print uint64) [4]uint16 {
	return [4]uint16{uint16(print), uint16(print >> 16), uint16(print >> 32), uint16(print >> 48)}
}

func shapes(prints []look.Print) (list []look.Shape) {
	for _, p := range prints {
		list = append(list, p.Shape)
	}
	return list
}

// find names all that share a band with a probe, each once.
func (x index) find(probes []uint64) map[int]bool {
	found := map[int]bool{}
	for _, p := range probes {
		for i, b := range bands(p) {
			for _, id := range x[i][b] {
				found[id] = true
			}
		}
	}
	return found
}

// reuses are what people do to send one paper twice.
var reuses = []struct {
	kind  string
	floor float64 // the share that must be found
	send  func(paper, sent image.Image, jpeg []byte, n int, seed uint64) []byte
}{
	{"exact", 1, func(_, _ image.Image, jpeg []byte, _ int, _ uint64) []byte { return jpeg }},
	{"compressed again", 0.95, func(_, sent image.Image, _ []byte, n int, _ uint64) []byte {
		return sample.JPEG(sample.Resize(sent, 420+n%3*30), 40)
	}},
	{"cropped by 5 %", 0.9, func(_, sent image.Image, _ []byte, n int, _ uint64) []byte {
		return sample.JPEG(sample.Crop(sent, 0.05), 70)
	}},
	{"photographed again", 0.9, func(paper, _ image.Image, _ []byte, n int, seed uint64) []byte {
		again := sample.Shot{Seed: seed + 1 + uint64(n), Long: 480, Turn: float64(n%7) - 3, Fade: float64(n%4) * 0.1,
			Near: 0.85 + float64(n%5)*0.03}
		return sample.JPEG(again.Photograph(paper), 75)
	}},
}

func TestLikeness(t *testing.T) {
	papers, every := 48, 4 // so many of which one is sent again, in each way
	if os.Getenv("PENDAMPING_FULL") != "" {
		papers, every = 10_000, 20
	}
	looks := make([]look.Look, papers)
	kinds := make([]sample.Kind, papers)
	sellers := make([]string, papers)
	again := make([][]look.Look, papers)
	all(papers, func(i int) {
		n := sample.Any(uint64(i))
		kinds[i], sellers[i] = n.Kind, n.Seller
		paper := sample.Paper(n)
		sent := sample.Shot{Seed: n.Seed, Long: 480}.Photograph(paper)
		jpeg := sample.JPEG(sent, 80)
		looks[i] = at(t, jpeg)
		if i%every == 0 {
			for _, r := range reuses {
				again[i] = append(again[i], at(t, r.send(paper, sent, jpeg, i/every, n.Seed)))
			}
		}
	})
	stored := index{{}, {}, {}, {}}
	for id, l := range looks {
		for _, p := range l.Prints {
			for i, b := range bands(p.Hash) {
				stored[i][b] = append(stored[i][b], id)
			}
		}
	}
	// search proposes all that look like l, itself left out.
	type result struct{ found, near, alike []int }
	search := func(l look.Look, self int) (r result) {
		for id := range stored.find(l.Probes) {
			if id == self {
				continue
			}
			r.found = append(r.found, id)
		}
		for _, n := range look.Rank(l.Shapes, len(r.found),
			func(n int) []look.Shape { return shapes(looks[r.found[n]].Prints) }) {
			id := r.found[n]
			r.near = append(r.near, id)
			if look.Same(l.Fine, looks[id].Fine) >= look.Alike {
				r.alike = append(r.alike, id)
			}
		}
		return r
	}

	for k, reuse := range reuses {
		var sent, found, near, alike int
		for i := 0; i < papers; i += every {
			r := search(again[i][k], -1)
			sent++
			if slices.Contains(r.found, i) {
				found++
			}
			if slices.Contains(r.near, i) {
				near++
			}
			if slices.Contains(r.alike, i) {
				alike++
			}
		}
		share := float64(alike) / float64(sent)
		t.Logf("%-20s %4d sent: a band equal %.3f, among the closest %.3f, reported %.3f", reuse.kind, sent,
			float64(found)/float64(sent), float64(near)/float64(sent), share)
		if share < reuse.floor {
			t.Errorf("%s: %.3f found, want %.2f", reuse.kind, share, reuse.floor)
		}
	}

	// Every paper is new to the others: whatever they are found by is a false alarm. A sample of them searches.
	type tally struct{ searches, found, near, alarmed, alarms, sameForm, most int }
	tallies := map[sample.Kind]*tally{sample.Shop: {}, sample.Signed: {}, sample.TillRoll: {}}
	var mu sync.Mutex
	began := time.Now()
	all(min(papers, 120), func(i int) {
		r := search(looks[i], i)
		mu.Lock()
		defer mu.Unlock()
		s := tallies[kinds[i]]
		s.searches++
		s.found += len(r.found)
		s.near += len(r.near)
		s.alarms += len(r.alike)
		s.most = max(s.most, len(r.found))
		if len(r.alike) > 0 {
			s.alarmed++
		}
		for _, id := range r.alike {
			if sellers[id] == sellers[i] {
				s.sameForm++
			}
		}
	})
	t.Logf("searches took %v", time.Since(began))
	var searches, alarms, elsewhere int
	for kind, s := range tallies {
		searches, alarms, elsewhere = searches+s.searches, alarms+s.alarms, elsewhere+s.alarms-s.sameForm
		n := float64(s.searches)
		t.Logf(
			"%-9s %4d searches among %d: found by a band %.1f (most %d), compared %.1f, searches with a false alarm %.3f, false alarms %d (%d of the same shop)",
			kind, s.searches, papers, float64(s.found)/n, s.most, float64(s.near)/n, float64(s.alarmed)/n, s.alarms,
			s.sameForm)
	}
	pairs := float64(searches * papers)
	if rate := float64(alarms) / pairs; rate > 3e-4 {
		t.Errorf("%.1e false alarms a pair of papers", rate)
	}
	if rate := float64(elsewhere) / pairs; rate > 1e-4 {
		t.Errorf("%.1e false alarms a pair, not counting those of one shop", rate)
	}
}
