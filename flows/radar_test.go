package flows_test

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"image"
	"os"
	"runtime"
	"sync"
	"testing"

	"pendamping/flows/look/sample"
	"pendamping/flows/receipt"
	"pendamping/store"
	"pendamping/store/postgres"
)

// sentAgain is how people send one paper twice, and which share of it must be proposed: by all that the radar goes by,
// and by the picture alone.
var sentAgain = []struct {
	kind            string
	recall, picture float64
	send            func(paper, sent image.Image, jpeg []byte, n int, seed uint64) []byte
}{
	{"exact", 1, 1, func(_, _ image.Image, jpeg []byte, _ int, _ uint64) []byte { return jpeg }},
	{"compressed again", 0.98, 0.98, func(_, sent image.Image, _ []byte, n int, _ uint64) []byte {
		return sample.JPEG(sample.Resize(sent, 420+n%3*30), 40)
	}},
	{"cropped by 5 %", 0.98, 0.98, func(_, sent image.Image, _ []byte, n int, _ uint64) []byte {
		return sample.JPEG(sample.Crop(sent, 0.05), 70)
	}},
	{"photographed again", 0.98, 0.98, func(paper, _ image.Image, _ []byte, n int, seed uint64) []byte {
		again := sample.Shot{Seed: seed + 1 + uint64(n), Long: 480, Turn: float64(n%7) - 3, Fade: float64(n%4) * 0.1,
			Near: 0.85 + float64(n%5)*0.03}
		return sample.JPEG(again.Photograph(paper), 75)
	}},
}

// paper is a nota as it was sent: what was typed, its picture, and what was seen in that.
type paper struct {
	sample.Nota
	group   int
	unique  string
	day     store.Day
	total   store.Rupiah
	jpeg    []byte // only where it is looked at again
	sha     [32]byte
	look    store.Look
	file    store.File
	receipt store.ID
}

// TestRadar sends some of many papers a second time, from the same group and from others, half of them with another day
// or amount than the paper's, and counts what is proposed to a mentor. The rest are each a paper of their own: what is
// proposed for these is a false alarm.
func TestRadar(t *testing.T) {
	// how many, which of them is sent again in each way, and false alarms of how many a kind
	papers, every, searches := 40, 5, 5
	if os.Getenv("PENDAMPING_FULL") != "" {
		papers, every, searches = 10_000, 20, 60
	}
	r := newRadar(t, papers)
	originals, again := make([]*paper, papers), make([]*paper, 0, papers/every*len(sentAgain))
	left := map[sample.Kind]int{sample.Shop: searches, sample.Signed: searches, sample.TillRoll: searches}
	var alone []*paper
	for i := range originals {
		n := sample.Any(uint64(i))
		originals[i] = &paper{
			Nota: n, group: i % len(r.groups), unique: fmt.Sprint("u", i), day: n.Day, total: n.Total(),
		}
		if i%every > 0 && left[n.Kind] > 0 {
			left[n.Kind]--
			alone = append(alone, originals[i])
		}
	}
	for i := 0; i < papers; i += every {
		n := i / every
		for k := range sentAgain {
			p := *originals[i]
			if n/2%4 > 0 {
				p.group = (p.group + 1 + n) % len(r.groups)
			}
			if k > 0 || n%3 > 0 { // or it was forwarded
				p.unique = fmt.Sprint("u", i, "-", k)
			}
			switch n % 4 {
			case 1:
				p.day = p.day.Add(1)
			case 3:
				p.total += 50_000
			}
			again = append(again, &p)
		}
	}
	wanted := map[*paper]bool{}
	for _, p := range alone {
		wanted[p] = true
	}
	r.all(papers, func(i int) {
		p := originals[i]
		drawn := sample.Paper(p.Nota)
		sent := sample.Shot{Seed: p.Seed, Long: 480}.Photograph(drawn)
		jpeg := sample.JPEG(sent, 80)
		p.take(t, jpeg, wanted[p])
		if i%every == 0 {
			for k, s := range sentAgain {
				again[i/every*len(sentAgain)+k].take(t, s.send(drawn, sent, jpeg, i/every, p.Seed), true)
			}
		}
	})
	r.keep(originals)
	r.keep(again)
	for _, p := range originals {
		p.look.File = p.file.ID
	}
	r.write(originals, func(tx *postgres.Tx, p *paper) error { return tx.KeepLook(t.Context(), p.look) })
	r.search(again)
	r.search(alone)

	// Which notas are of one paper.
	same := map[store.ID]uint64{}
	for _, p := range append(originals, again...) {
		same[p.receipt] = p.Seed
	}
	for k, s := range sentAgain {
		var n, proposed, seen, honest, wrong int
		for i := k; i < len(again); i += len(sentAgain) {
			p := again[i]
			n++
			original := originals[i/len(sentAgain)*every].receipt
			if p.day == p.Day && p.total == p.Total() {
				honest++
			}
			for _, l := range r.likes(p) {
				if l.Other == original {
					proposed++
					if l.Kind != store.MatchTwin {
						seen++
					}
				}
				if same[l.Other] != p.Seed {
					wrong++
				}
			}
		}
		t.Logf("%-20s %3d sent, %3d of them typed as on the paper: recall %.3f, by picture alone %.3f; %d false alarms",
			s.kind, n, honest, share(proposed, n), share(seen, n), wrong)
		if share(proposed, n) < s.recall || share(seen, n) < s.picture {
			t.Errorf("%s: recall %.3f, by picture alone %.3f, want %.2f and %.2f", s.kind, share(proposed, n),
				share(seen, n), s.recall, s.picture)
		}
	}
	for _, kind := range []sample.Kind{sample.Shop, sample.Signed, sample.TillRoll} {
		var n, alarmed, near, twin int
		for _, p := range alone {
			if p.Kind != kind {
				continue
			}
			n++
			likes := r.likes(p)
			if len(likes) > 0 {
				alarmed++
			}
			for _, l := range likes {
				switch l.Kind {
				case store.MatchTwin:
					twin++
				default:
					near++
				}
			}
		}
		t.Logf("%-9s %3d searches: %.3f with a false alarm, %d by the picture, %d by seller, day and amount", kind, n,
			share(alarmed, n), near, twin)
		if alarmed*10 > max(n, 20) {
			t.Errorf("%s: %d of %d searches give a false alarm", kind, alarmed, n)
		}
	}
}

func share(n, of int) float64 { return float64(n) / float64(of) }

// radar is the records that the papers are sent to.
type radar struct {
	*ground
	groups  []store.ID
	senders []store.ID // one of each group
}

func newRadar(t *testing.T, papers int) *radar {
	t.Helper()
	r := &radar{newGround(t), make([]store.ID, papers/20), make([]store.ID, papers/20)}
	tx := r.db.Begin(walkStart, 0)
	for i := range r.groups {
		g := store.Recipient{
			Code: fmt.Sprintf("R-%04d", i), Name: "Maju", Program: r.program, Province: "Jawa Barat", Regency: "Garut",
			Village: "Cibiru", Wave: "I",
			Zone: "Asia/Jakarta", Grant: 20_000_000, Disbursed: "2026-11-02",
		}
		r.must(tx.AddRecipient(t.Context(), "recipient.added", &g))
		sender := store.Person{
			Key: store.PersonKey("", store.Treasurer, g.Code, "Sri"), Role: store.Treasurer, Code: g.Code, Name: "Sri",
			Recipient: g.ID,
		}
		r.must(tx.AddPerson(t.Context(), "person.added", &sender))
		r.groups[i], r.senders[i] = g.ID, sender.ID
	}
	_, err := tx.Commit(t.Context(), 0, nil, nil)
	r.must(err)
	return r
}

func (r *radar) must(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

// take looks at the picture of a paper, at nothing else.
func (p *paper) take(t *testing.T, jpeg []byte, keep bool) {
	seen, err := receipt.Inspect(here, store.File{}, bytes.NewReader(jpeg))
	if err != nil {
		t.Error(err)
	}
	p.look = seen.Look
	p.sha = sha256.Sum256(jpeg)
	if keep {
		p.jpeg = jpeg
	}
}

// all calls f for 0 to n-1, on every processor.
func (r *radar) all(n int, f func(i int)) {
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

// write does something with each paper, many in one transaction.
func (r *radar) write(papers []*paper, f func(tx *postgres.Tx, p *paper) error) {
	r.t.Helper()
	for len(papers) > 0 {
		n := min(len(papers), 100)
		tx := r.db.Begin(walkStart, 0)
		for _, p := range papers[:n] {
			r.must(f(tx, p))
		}
		_, err := tx.Commit(r.t.Context(), 0, nil, nil)
		r.must(err)
		papers = papers[n:]
	}
}

// keep sends the papers: a nota and its picture each.
func (r *radar) keep(papers []*paper) {
	r.t.Helper()
	ctx := r.t.Context()
	r.write(papers, func(tx *postgres.Tx, p *paper) error {
		nota := store.Receipt{
			Recipient: r.groups[p.group], By: r.senders[p.group], State: store.Submitted, Begun: walkStart,
			Submitted: walkStart, Day: p.day, Total: p.total, Seller: p.Seller,
		}
		if err := tx.AddReceipt(ctx, "receipt.submitted", &nota); err != nil {
			return err
		}
		p.receipt = nota.ID
		p.file = store.File{
			Recipient: nota.Recipient, Receipt: nota.ID, Kind: "photo", FileID: p.unique, UniqueID: p.unique,
			SHA256: fmt.Sprintf("%x", p.sha), At: walkStart,
		}
		return tx.AddFile(ctx, "file.kept", &p.file)
	})
}

// search looks at the pictures of papers as the bot does, and keeps what they resemble.
func (r *radar) search(papers []*paper) {
	r.t.Helper()
	r.all(len(papers), func(i int) {
		p := papers[i]
		seen, err := receipt.Inspect(here, p.file, bytes.NewReader(p.jpeg))
		if err == nil {
			p.look = seen.Look
			p.look.Alike, err = receipt.Alike(r.t.Context(), r.db, seen)
		}
		if err != nil {
			r.t.Error(err)
		}
	})
	r.write(papers, func(tx *postgres.Tx, p *paper) error { return tx.KeepLook(r.t.Context(), p.look) })
}

func (r *radar) likes(p *paper) []store.Match {
	r.t.Helper()
	tx := r.db.Begin(walkStart, 0)
	defer tx.Rollback(r.t.Context())
	likes, err := tx.Matches(r.t.Context(), p.receipt)
	r.must(err)
	return likes
}
