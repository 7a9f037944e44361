package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"pendamping/bot/faketelegram"
	"pendamping/cmd/internal/roster"
	"pendamping/flows/layout"
	"pendamping/flows/look"
	"pendamping/flows/look/sample"
	"pendamping/flows/picture/bomb"
	"pendamping/flows/sandbox"
	"pendamping/store/embedded/testdb"
)

// asMain makes this test program what it tests.
const asMain = "PENDAMPING_TEST_MAIN"

func TestMain(m *testing.M) {
	if os.Getenv(asMain) != "" {
		os.Unsetenv(asMain)
		main()
		os.Exit(0)
	}
	sandbox.Start(look.Jobs(), layout.Jobs(), roster.Jobs()) // in a child of such a program this runs its job and ends
	os.Exit(m.Run())
}

// TestBombs sends bombs to a running bot beside ordinary photographs: its memory stays below 200 MB, every ordinary
// photograph is looked at, and it ends well. The long form sends one a second for a minute.
func TestBombs(t *testing.T) {
	if !sandbox.Enforced {
		t.Skip("the system has no limits")
	}
	bombs, people := 6, 2
	if testdb.Full() {
		bombs, people = 60, 12
	}
	telegram := faketelegram.New("1:a")
	defer telegram.Close()
	serve := startServe(t, telegram, people+1, false)
	dim := sample.JPEG(sample.Dim(sample.Photograph(sample.Paper(sample.Any(5)), 5), 0.2), 85)
	attacker := telegram.User(1, "Bomo")
	said := func(chat int64, words string) bool {
		for _, m := range telegram.Messages(chat) {
			if strings.Contains(m.Text, words) {
				return true
			}
		}
		return false
	}
	var wait sync.WaitGroup
	var mu sync.Mutex
	var slowest time.Duration
	for i := range bombs {
		attacker.SendDocument("nota.jpg", "image/jpeg", explosive(i), "")
		if n := i * people / bombs; n != (i-1)*people/bombs || i == 0 {
			u := telegram.User(int64(n+2), "Siti")
			u.SendPhoto(append(bytes.Clone(dim), byte(n)), "") // other bytes for each
			began := time.Now()
			wait.Go(func() {
				for !said(u.ChatID(), "agak gelap") {
					if time.Sleep(20 * time.Millisecond); time.Since(began) > 3*time.Minute {
						t.Errorf("the photograph of person %d was not looked at", n+2)
						return
					}
				}
				mu.Lock()
				slowest = max(slowest, time.Since(began))
				mu.Unlock()
			})
		}
		if testdb.Full() {
			time.Sleep(time.Second)
		}
	}
	wait.Wait()
	for until := time.Now().Add(3 * time.Minute); !said(1, "tidak bisa dibuka"); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(until) {
			t.Error("who sent the bombs was told nothing")
			break
		}
	}
	serveMost, allMost := serve.family()
	t.Logf(
		"%d bombs, %d photographs: serve at most %d MB, with its children %d MB; a photograph was looked at within %v",
		bombs, people, serveMost>>20, allMost>>20,
		slowest.Round(10*time.Millisecond))
	if serveMost > 200<<20 {
		t.Errorf("serve took %d MB", serveMost>>20)
	}
	serve.stop()
}

// explosive is the i-th bomb: each kind in turn, each of other bytes.
func explosive(i int) []byte {
	switch i % 6 {
	case 0:
		return bomb.Progressive(7071, 7071-i, 3)
	case 1:
		return bomb.Progressive(2900, 2900-i, 12) // a large run is enough for this one
	case 2:
		return bomb.Progressive(640, 480+i, 1500)
	case 3:
		return bomb.DeepPNG(6900, uint32(6900+i))
	case 4:
		return bomb.InterlacedPNG(6000, uint32(6000+i))
	}
	return bomb.Progressive(2000, 2000-i, 90)
}

// owners is a roster of so many single recipients who agreed on paper, with the accounts 1 and following.
func owners(n int) []byte {
	var b bytes.Buffer
	b.WriteString(
		"peran,kode,nama,kelompok,provinsi,kabupaten,desa,tahap,dana,tanggal_cair,pendamping,telegram_id,persetujuan,organisasi\n")
	day := time.Now().AddDate(0, 0, -10).Format(time.DateOnly)
	for i := range n {
		fmt.Fprintf(&b, "penerima,P-%03d,Orang %d,,Jawa Tengah,Kabupaten Sukoharjo,Bulakan,III,5.000.000,%s,,%d,%s,\n",
			i+1, i+1, day, i+1, day)
	}
	return b.Bytes()
}

// watch samples a process and its descendants until the function that it returns is called, which tells the most
// memory in bytes that the process had by itself, and all together. It looks at nobody else's processes: that took
// more of the machine than what it measures.
func watch(pid int) func() (one, all int64) {
	stop, done := make(chan struct{}), make(chan struct{})
	var one, all int64
	go func() {
		defer close(done)
		for {
			all = max(all, resident(pid))
			if status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid)); err == nil {
				one = max(one, field(status, "VmHWM")<<10)
			}
			select {
			case <-stop:
				return
			case <-time.After(100 * time.Millisecond):
			}
		}
	}()
	return func() (int64, int64) {
		close(stop)
		<-done
		return one, all
	}
}

// resident is the memory in bytes of a process and of its descendants, 0 when it has ended.
func resident(pid int) int64 {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	sum := field(status, "VmRSS") << 10
	lists, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", pid))
	for _, list := range lists {
		children, _ := os.ReadFile(list) // a thread that has ended has none
		for _, child := range strings.Fields(string(children)) {
			if id, err := strconv.Atoi(child); err == nil {
				sum += resident(id)
			}
		}
	}
	return sum
}

// field is a number of /proc/PID/status.
func field(status []byte, name string) int64 {
	_, rest, _ := strings.Cut("\n"+string(status), "\n"+name+":")
	words := strings.Fields(rest)
	if len(words) == 0 {
		return 0
	}
	n, _ := strconv.ParseInt(words[0], 10, 64)
	return n
}
