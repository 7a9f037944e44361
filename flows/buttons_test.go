package flows_test

import (
	"context"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pendamping/flows"
	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/store"
)

// everSent has an example of each shape of button that any version has sent: they stay in people's chats. A # stands
// for a number, and {G} for a record of newCourt where a list is looked through for it.
// Those of this version are the transcripts' (see world.known), the others were read from the history.
var everSent = strings.Fields(`
	akar: bahasa: bantuan: complaint: ingatkan: lpjcek: nota: peran: pengingat: progres: serahterima: tugas:
	umumkan:
	admit:#:# advise:latar-comment agree:# agree:#:# agree:#:#:n akar:off akar:on alike:# annex:activity annexes:
	annexes:-# annexes:-#:y answer:# apart:# approve: approve:# approve:906a1de8 ask:# bahasa:en blank: called:#
	cast: cast:# castfix:# casthand:# castno:# castnudge:# castrecall:# castrecall:#- castretry:no-# castsee:#
	castsheet:# caststop:# caststop:#- castyes:# chapter:latar chapter:latar:facts claim:# consent:no consent:no:#
	correct: decline:#-# desk:handover:# desk:paper:# desk:plan:# desk:remark:# desk:shared: drop:# each:
	entry:deposit erase: find: for:# for:0 give:#:#:barang goon: handover:# handover:#:# initiative:g# initiative:v# isnota:# jeda:# k:# kas:
	kas:p# kelompok: kunjungan:g# kunjungan:p# kunjungan:v# lanjut:# laporan: laporan:# laporan:p# leave:# leave:m#
	lpj: lpj:g# lpjagain:{S} lpjagain:{S}:pdf lpjcard:# lpjprint:# lpjprint:#:pdf lpjreopen:#
	lpjresult:# lpjreturn:# lpjsend: lpjsend:4d778491 lpjupload:# lpjverify:#:#:4d778491 meant:# move:# n:# nota:p#
	notus:# notus:#:65a81aabeee6a029:#:n notus:#:9aa7be9f54e2744c notus:#::#:n nudge:kosong nudge:kosong:{G}
	nudgemove:# nudges: nudges:# nudges:p# nudgestop:# nudgetext:# object:# officer:# one:#:#:# outcome:# paham:#
	paham:0 paper:{H} papercheck:#:# paperwrong:# parts: parts:g#:latar parts:hasil pengingat: pengingat:done
	pengingat:off:empty phone:# phone:m{I} photo:# place:#:# place:#:#:# place:later plan:# plan:#:# planback:#
	planback:#:# planchange: planchange:new plandecline:#-# privasi: privasi:ask privasi:yes privasi:yes:# progres:
	progres:g# progres:k# progres:m#.# progres:x proof:# q:#:=x q:#:back q:#:cancel q:#:change q:#:change:when
	q:#:keep q:#:later q:#:ok q:#:replace q:#:test rab: reasons:#:# receipt:# receipt:#:change refuse:#:#
	reinvite:# reinvite:#:# rekap: rekap:2026-06 rekap:2026-08:pdf remark:# reply:# request: request:# requestdo:#:erase requestdo:#:gone
	requestdo:#:keep requestdo:#:keep:account requestdo:#:number requestgone:a# requestgone:n# requestsay:#:no
	requestsay:#:yes requestsay:n# requestsay:y# restore:# return:#-# role:# saldo: serahterima:g#
	serahterima:k# serahterima:m{I} serahterima:u# settle:# settle:#:#:n skip:#:# snapshot:g# snapshot:v# solve:# strike:#
	take:latar:#:n tanya:# tanya:0 thanks:# thread:# tinjau: tinjau:# tinjau:again tinjau:g# tugas:p# tugas:quiet
	undang: undo:#:# unsafe:# verify:#:# visit:# visit:g#: visit:g#:online visit:v# visit:v#: visit:v#:change
	visitask:# visitfiles:# visitlog:#:# visitmiss:g# visitmiss:v# visitmiss:v#:change visitoff:# visitoff:#:yes
	visitplan:g# visitplan:g#:2026-11-23:10.30 visitplan:v# visits:# visitword:#:htbx0-person:n void:#
`)

// hanging are buttons whose numbers are of something in the session or in a list of the reader's, and not of a record
// that is read by its number; and paper, which is for a group whose ketua has no phone.
var hanging = dialog.WordSet(
	"each goon isnota k meant nudgemove nudges nudgestop one paper place proof q role serahterima:k# strike")

var (
	ofCourt = regexp.MustCompile(`\{[A-GI-RT-Z]\}`)
	aNumber = regexp.MustCompile(`^([a-z-]?)[0-9]+$`)
	numbers = regexp.MustCompile(`[0-9]+`)
	aHash   = regexp.MustCompile(`^(?:[0-9a-f]{8}){1,2}$`)
)

// shapeOf is the data of a button with # in place of numbers and * in place of words.
func shapeOf(data string) string {
	name, rest, _ := strings.Cut(ofCourt.ReplaceAllString(strings.ReplaceAll(data, "#", "1"), "1"), ":")
	words := strings.Split(rest, ":")
	if name == dialog.InForm && len(words) > 1 {
		if strings.HasPrefix(words[1], "=") {
			return "q:#:="
		}
		words = words[:2]
		return "q:#:" + words[1]
	}
	for i, w := range words {
		switch {
		case aHash.MatchString(w): // by chance it may look like a number
			words[i] = "*"
		case aNumber.MatchString(w):
			words[i] = numbers.ReplaceAllString(w, "#")
		case w != "":
			words[i] = "*"
		}
	}
	return name + ":" + strings.Join(words, ":")
}

// shapesEverSent are the shapes of everSent.
var shapesEverSent = func() map[string]bool {
	list := map[string]bool{}
	for _, data := range everSent {
		list[shapeOf(data)] = true
	}
	return list
}()

// reading is a Tx that notes by which numbers records are asked for.
type reading struct {
	store.Tx
	asked map[store.ID]bool
}

func (r *reading) Receipt(ctx context.Context, id store.ID) (store.Receipt, error) {
	r.asked[id] = true
	return r.Tx.Receipt(ctx, id)
}

func (r *reading) Person(ctx context.Context, id store.ID) (store.Person, error) {
	r.asked[id] = true
	return r.Tx.Person(ctx, id)
}

func (r *reading) Recipient(ctx context.Context, id store.ID) (store.Recipient, error) {
	r.asked[id] = true
	return r.Tx.Recipient(ctx, id)
}

func (r *reading) PlanByID(ctx context.Context, id store.ID) (store.Plan, error) {
	r.asked[id] = true
	return r.Tx.PlanByID(ctx, id)
}

func (r *reading) ApprovalByID(ctx context.Context, id store.ID) (store.Approval, error) {
	r.asked[id] = true
	return r.Tx.ApprovalByID(ctx, id)
}

func (r *reading) Handover(ctx context.Context, id store.ID) (store.Handover, error) {
	r.asked[id] = true
	return r.Tx.Handover(ctx, id)
}

func (r *reading) Letter(ctx context.Context, id store.ID) (store.Letter, error) {
	r.asked[id] = true
	return r.Tx.Letter(ctx, id)
}

func (r *reading) Remark(ctx context.Context, id store.ID) (store.Remark, error) {
	r.asked[id] = true
	return r.Tx.Remark(ctx, id)
}

func (r *reading) ReportByID(ctx context.Context, id store.ID) (store.Report, error) {
	r.asked[id] = true
	return r.Tx.ReportByID(ctx, id)
}

func (r *reading) Visit(ctx context.Context, id store.ID) (store.Visit, error) {
	r.asked[id] = true
	return r.Tx.Visit(ctx, id)
}

func (r *reading) Broadcast(ctx context.Context, id store.ID) (store.Broadcast, error) {
	r.asked[id] = true
	return r.Tx.Broadcast(ctx, id)
}

func (r *reading) Complaint(ctx context.Context, id store.ID) (store.Complaint, error) {
	r.asked[id] = true
	return r.Tx.Complaint(ctx, id)
}

func (r *reading) DataRequest(ctx context.Context, id store.ID) (store.DataRequest, error) {
	r.asked[id] = true
	return r.Tx.DataRequest(ctx, id)
}

func (r *reading) InviteOf(ctx context.Context, id store.ID) (store.Invite, error) {
	r.asked[id] = true
	return r.Tx.InviteOf(ctx, id)
}

func (r *reading) Annex(ctx context.Context, id store.ID) (store.Annex, error) {
	r.asked[id] = true
	return r.Tx.Annex(ctx, id)
}

func (r *reading) Initiative(ctx context.Context, id store.ID) (store.Initiative, error) {
	r.asked[id] = true
	return r.Tx.Initiative(ctx, id)
}

func (r *reading) RecipientsOf(ctx context.Context, id store.ID) ([]store.Recipient, error) {
	r.asked[id] = true
	return r.Tx.RecipientsOf(ctx, id)
}

// TestButtonsStay presses a button of each shape that was ever sent, as people of four roles. One of them at least gets
// to the record that it names, which isn't there, or is answered: no shape is outdated by itself.
func TestButtonsStay(t *testing.T) {
	c := newCourt(t)
	of, err := strconv.ParseInt(c.ids.Replace("{G}"), 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	named := map[string]bool{dialog.InForm: true, "bahasa": true}
	for _, f := range flows.All() {
		named[f.Name] = true
	}
	for i, data := range everSent {
		first := 700_000_001 + 10*i
		data = c.ids.Replace(data)
		n := first
		for strings.Contains(data, "#") {
			data = strings.Replace(data, "#", strconv.Itoa(n), 1)
			n++
		}
		name, _ := dialog.Parse(flows.Renewed(data))
		if !named[name] {
			t.Errorf("no flow takes %s", everSent[i])
		}
		if hanging[name] || hanging[everSent[i]] {
			continue
		}
		var taken []string
		for _, who := range []string{"Sri", "Joko", "Rina", "Budi"} {
			records := c.g.db.Begin(walkStart.Add(time.Minute), 7)
			tx := &reading{Tx: records, asked: map[store.ID]bool{}}
			e := form.Event{
				Kind: form.Press, Press: data, Update: 7, Account: c.acts[who], Chat: c.acts[who], Message: 5,
			}
			s := dialog.Session{Screen: 1, Taken: []int64{5, 6}, For: store.ID(of)}
			res, err := flows.Turn(t.Context(), tx, c.g.setting, s, e)
			records.Rollback(t.Context())
			if err != nil {
				t.Errorf("%s presses %s: %v", who, data, err)
			}
			stale := len(res.Messages) > 0 && len(res.Messages[0].Body) > 0 && res.Messages[0].Body[0].ID == "stale"
			if tx.asked[store.ID(first)] || !stale && len(res.Messages) > 0 {
				taken = append(taken, who)
			}
		}
		if len(taken) == 0 {
			t.Errorf("nobody can press %s any more", everSent[i])
		}
	}
}

// TestRenewed turns old buttons into today's.
func TestRenewed(t *testing.T) {
	for data, want := range map[string]string{
		"visits:12": "kunjungan:g12", "visit:34": "kunjungan:v34", "visit:v34": "visit:v34",
		"desk:handover:5": "handover:5", "requestsay:7:no": "requestsay:n7", "privasi:yes": "privasi:",
		"privasi:yes:8": "privasi:yes:8", "n:12": "n:12", "": "",
		"visits:x": "visits:x", "visits:": "visits:", "visits:12:13": "visits:12:13",
	} {
		if got := flows.Renewed(data); got != want {
			t.Errorf("%q is renewed to %q, want %q", data, got, want)
		}
	}
}

// The README's table of commands says what the flows say.
func TestCommandsAreDocumented(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	listed := map[string][]string{}
	for line := range strings.Lines(string(readme)) {
		who, what, ok := strings.Cut(strings.Trim(line, "| \n"), " | ")
		if !ok {
			continue
		}
		for role := range strings.SplitSeq(who, ", ") {
			for _, command := range regexp.MustCompile("`/([a-z]+)`").FindAllStringSubmatch(what, -1) {
				listed[role] = append(listed[role], command[1])
			}
		}
	}
	officers := listed[string(store.Treasurer)]
	listed[string(store.Chair)] = append(listed[string(store.Chair)], officers...)
	for _, role := range []store.Role{
		store.Coordinator, store.Mentor, store.Chair, store.Secretary, store.Treasurer, store.Member, store.Owner,
	} {
		want := append(listed["everyone"], listed[string(role)]...)
		var have []string
		for _, c := range flows.Commands(role) {
			have = append(have, c.Name)
		}
		slices.Sort(want)
		slices.Sort(have)
		if want, have = slices.Compact(want), slices.Compact(have); !slices.Equal(want, have) {
			t.Errorf("%s: README lists %v, the flows have %v", role, want, have)
		}
	}
}
