package locales_test

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pendamping/flows/parse"
	"pendamping/locales"
	"pendamping/store"
)

// family is sentences whose ids the code puts together: prefix, then one of names, or of the constants or the listed
// rules of type of, then suffix.
type family struct {
	prefix string
	of     string
	suffix string
	names  string
	button bool
	given  string // data
}

// checklist are the items of an LPJ's, narrative its parts.
const (
	checklist = "rab money evidence notas stamps tool activity chapters rest chair statement copy upload"
	narrative = "latar tujuan manfaat rencana hasil masalah strategi penutup"
)

var families = []family{
	{prefix: "kind.", of: "Kind", button: true},
	{prefix: "entry.kind.", of: "EntryKind", button: true},
	{prefix: "role.", of: "Role"},
	{prefix: "receipt.state.", of: "ReceiptState"},
	{prefix: "entry.state.", of: "EntryState"},
	{prefix: "complaint.state.", of: "ComplaintState"},
	{prefix: "payment.", names: "tunai transfer qris debit ewallet utang lain", button: true},
	{prefix: "private.of.", names: "complaint object erase correct answer remark requestsay requestgone", given: "Form"},
	{prefix: "complaint.topic.", names: "pungli potongan lain data pengurus hp", button: true},
	{prefix: "correct.part.", names: "name wa other", button: true},
	{prefix: "request.kind.", of: "RequestKind"},
	{prefix: "request.outcome.", of: "Outcome"},
	{prefix: "request.reason.", names: "account audit dispute", button: true},
	{prefix: "planchange.what.", names: "price volume item remove", button: true},
	{prefix: "receipt.flag.", names: "period split grant purpose signed stamp undated"},
	{prefix: "receipt.", names: "signed.yes signed.no stamp.yes stamp.no", button: true},
	{prefix: "flag.",
		names: "file near twin stamps grant none period split stamp purpose signed undated behalf helped sponsored disowned paper dark blurred tiny unopened"},
	{prefix: "coach.", names: "dark blurred tiny paper unopened"},
	{prefix: "reason.",
		names:  "buram terpotong jumlah tanggal penjual barang kegunaan kosong tandatangan meterai dobel bukan",
		button: true},
	{prefix: "reason.",
		names: "buram.told terpotong.told jumlah.told tanggal.told penjual.told barang.told kegunaan.told kosong.told tandatangan.told meterai.told dobel.told bukan.told"},
	{prefix: "reason.",
		names: "buram.fix terpotong.fix jumlah.fix tanggal.fix penjual.fix barang.fix kegunaan.fix kosong.fix tandatangan.fix meterai.fix dobel.fix bukan.fix", button: true},
	{prefix: "act.",
		names: "motivator.semangat motivator.kendala fasilitator.nota fasilitator.lpj fasilitator.mitra fasilitator.modal fasilitator.pasar inovator.produk inovator.online inovator.ide", button: true},
	{prefix: "mode.", of: "VisitMode", button: true},
	{prefix: "visit.state.", of: "VisitState"},
	{prefix: "met.", names: "ketua sekretaris bendahara anggota penerima", button: true},
	{prefix: "hindrance.", names: "kosong akses cuaca keamanan", button: true},
	{prefix: "hindrance.", names: "keliru"},
	{prefix: "licence.", names: "nib pirt halal lain belum", button: true},
	{prefix: "initiative.kind.", of: "InitiativeKind", button: true},
	{prefix: "cast.state.", of: "BroadcastState"},
	{prefix: "cast.rest.", names: "queued unreachable failed unknown withdrawn", given: "State Count"},
	{prefix: "umumkan.filter.", names: "place wave role lpj mentor idle", button: true},
	{prefix: "umumkan.until.", names: "today week none", button: true},
	{prefix: "umumkan.", names: "when when.again when.which when.label", given: "Value Old Said"},
	{prefix: "umumkan.", names: "when.change", button: true},
	{prefix: "umumkan.", names: "when.choice", given: "Value", button: true},
	{prefix: "umumkan.", names: "count", given: "Count"},
	{prefix: "announcement.", names: "ack ask link", button: true},
	{prefix: "nudge.cause.", names: "kosong kurang betulkan sisa kabar semua pilih", button: true},
	{prefix: "nudge.letter.", names: "kosong kurang betulkan sisa kabar tanya semangat sendiri", button: true},
	{prefix: "letter.", names: "kosong kurang betulkan sisa kabar tanya semangat announcement dibaca",
		given: "Name Group What"},
	{prefix: "cast.fate.", of: "DeliveryState"},
	{prefix: "nudges.state.", names: "answered sent queued unknown unreachable withdrawn"},
	{
		prefix: "progres.", names: "head line group card card.money digest digest.worst",
		given: "Level Name At Number Last Load Code Village Regency Accounted Place Day CompleteBy ShareBy SilentBy LateBy " +
			"Groups Complete Share Percent Evidenced Received Silent Late Waiting",
	},
	{prefix: "progres.sheet.", of: "Level"},
	{prefix: "lpj.check.", names: checklist, given: "Done Part Whole Percent Count About Amount"},
	{prefix: "lpj.gap.", names: checklist, given: "Count About Amount"},
	{prefix: "lpj.do.", names: checklist, given: "Count About", button: true},
	{prefix: "lpj.item.", names: checklist, button: true},
	{prefix: "lpjreturn.", names: "why", given: "What"},
	{prefix: "lpjreturn.", names: "why.label", given: "What Value Old"},
	{prefix: "chapter.", names: "told", given: "Ask Example"},
	{prefix: "part.", names: narrative},
	{prefix: "part.",
		names: "latar.ask tujuan.ask manfaat.ask rencana.ask hasil.ask masalah.ask strategi.ask penutup.ask"},
	{prefix: "part.",
		names: "latar.example tujuan.example manfaat.example rencana.example hasil.example masalah.example strategi.example penutup.example"},
	{prefix: "fact.", names: "problem solution", given: "Day Words Solved"},
	{prefix: "lpjprint.", names: "pdf xlsx zip", button: true},
	{prefix: "lpjbook.", of: "EntryKind", given: "Note"},
	{prefix: "annex.kind.", of: "AnnexKind", button: true},
	{
		prefix: "report.title.",
		names: "cover cover.single approval approval.single contents opening planning results problems strategy closing " +
			"business doing hurdles statement statement.single attachments plan plan.single book notas proofs tools activities deposits signed",
	},
	{
		prefix: "report.text.",
		names:  "approval approval.single plan plan.single statement.true statement.use statement.proof statement.keep statement.law",
		given:  "Name Group Program Year Received Spent Deposited Left Place From To",
	},
	{prefix: "report.section.", names: "latar tujuan manfaat rencana hasil masalah strategi penutup"},
	{prefix: "record.",
		names: "annex seal approval broadcast complaint consent entry file handover invite letter person plan snapshot initiative receipt recipient program remark report chapter visit", given: "Number"},
	{
		prefix: "event.",
		names: "annex.added annex.dropped book.approved book.signed book.checked book.disowned handover.agreed handover.refused handover.objected handover.upheld handover.restored receipt.owned " +
			"person.frozen person.restored person.tied receipt.disowned visit.unsaid report.joined report.unsigned chapter.written chapter.advised " +
			"chapter.left consent.given consent.withdrawn entry.added entry.cancelled file.kept file.moved file.placed " +
			"file.fetched handover.asked handover.done person.added person.changed person.joined person.left " +
			"person.appointed person.retired person.returned person.unbound person.roots plan.added plan.proposed plan.changed " +
			"plan.agreed plan.declined plan.withdrawn receipt.begun receipt.page receipt.parked receipt.submitted " +
			"receipt.changed receipt.cancelled receipt.restored receipt.reversed receipt.verified receipt.returned receipt.undone " +
			"recipient.added recipient.changed recipient.moved recipient.returned remark.asked remark.objected " +
			"remark.answered remark.moved report.begun report.sent report.returned report.verified report.signed " +
			"report.reopened report.uploaded report.accepted report.refused report.opened report.sealed snapshot.added " +
			"snapshot.corrected visit.planned visit.held visit.missed visit.moved visit.corrected visit.cancelled " +
			"visit.solved visit.confirmed visit.denied file.held initiative.added initiative.closed invite.added " +
			"invite.made invite.revoked invite.used invite.claimed invite.unproven invite.refused letter.written letter.sent letter.asked letter.answered " +
			"letter.moved letter.withdrawn recipient.lent",
	},
	{prefix: "join.", names: "revoked used expired twice own"}, // why an invitation does not fit
	// the kinds of events that no question and no flow takes
	{prefix: "unknown.", names: "location sticker contact other"},
	{prefix: "bahasa.choice.", names: "id en", button: true},
	{prefix: "duty.", of: "duty", given: "Count About"},
	{prefix: "duty.", of: "duty", suffix: ".do", given: "Group", button: true},
	{prefix: "remind.", of: "reminder", given: "About Count Day Today Past"},
	{prefix: "remind.", of: "reminder", suffix: ".do", given: "Group", button: true},
	{prefix: "pengingat.", of: "reminder"},
	{prefix: "pengingat.", names: "tomorrow week done", given: "Day"},
	{prefix: "menu.", of: "flows", button: true},
	{prefix: "command.", of: "flows"},
	// What the border to Telegram says.
	{prefix: "command.", names: "start batal"},
	{prefix: "manners.", names: `salam hello here praise sorry wait who complaint saldo lacking wrong how lpj when mentor phone stop nota role language broken help`, given: "Name Role"},
	{prefix: "group.", names: "private anonymous elsewhere", given: "Bot"},
	{prefix: "bot.", names: "description about"},
	{prefix: "file.", names: "toolarge"},
}

// spoken is every way in which each sentence is said, those whose ids are put together too.
func spoken(t *testing.T) *source {
	s := code(t)
	s.values["flows"] = s.flows
	add := func(id string, button bool, how said) {
		s.says[id] = append(s.says[id], how)
		s.buttons[id] = s.buttons[id] || button
	}
	for _, f := range families {
		names := strings.Fields(f.names)
		if f.of != "" {
			names = s.values[f.of]
		}
		if len(names) == 0 {
			t.Errorf("%s: there is no constant of type %s", f.prefix, f.of)
		}
		for _, name := range names {
			add(f.prefix+name+f.suffix, f.button, said{at: "by convention", fields: strings.Fields(f.given)})
		}
	}
	for form, questions := range s.forms {
		at := "form " + form
		add(form+".review", false, said{at: at})
		add(form+".confirm", true, said{at: at})
		add(form+".cancelled", false, said{at: at})
		for _, q := range questions {
			id := form + "." + q.words
			add(id, false, said{at: at})
			add(id+".again", false, said{at: at})
			add(id+".label", false, said{at: at, fields: []string{"Value", "Old"}, maybe: []string{"Old"}})
			add(id+".change", true, said{at: at})
			switch q.how {
			case "Ask":
				add(id+".which", false, said{at: at, fields: []string{"Said"}})
				add(id+".choice", true, said{at: at, fields: []string{"Value"}})
			case "Photo":
				add(id+".without", true, said{at: at})
			}
		}
	}
	return s
}

func TestEverySentenceIsSaid(t *testing.T) {
	l, s := load(t), spoken(t)
	if len(s.forms) == 0 || len(s.flows) == 0 {
		t.Fatal("no forms or no flows were found in the code")
	}
	for _, lang := range l.Languages() {
		for _, forms := range forms(t, lang) {
			for _, words := range forms {
				for _, m := range says.FindAllStringSubmatch(words, -1) {
					s.literals[m[1]] = true
				}
			}
		}
	}
	for _, id := range l.Keys(locales.Default) {
		if !s.literals[id] && s.says[id] == nil {
			t.Errorf("%q is never said", id)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(s.says)) {
		if !l.Find(locales.Default, id) {
			t.Errorf("%s: %q is said, but is not in the files", s.says[id][0].at, id)
		}
	}
	for prefix, at := range s.built {
		if !slices.ContainsFunc(families, func(f family) bool { return f.prefix == prefix }) {
			t.Errorf("%s: ids that begin with %q are put together, but families does not list them", at, prefix)
		}
	}
}

// A sentence may ask only for data that it is given, and must do without data that may be missing.
func TestDataIsGiven(t *testing.T) {
	l, s := load(t), spoken(t)
	for _, lang := range l.Languages() {
		for id, forms := range forms(t, lang) {
			for _, sentence := range forms {
				for _, f := range fields(sentence) {
					given, missing := false, ""
					for _, how := range s.says[id] {
						if slices.Contains(how.fields, f) {
							given = true
						}
						if !slices.Contains(how.fields, f) || slices.Contains(how.maybe, f) {
							missing = how.at
						}
					}
					switch {
					case !given:
						t.Errorf("%s: %q asks for %s, which nothing gives", lang, id, f)
					case missing != "" && !guarded(sentence, f):
						t.Errorf("%s: %q needs {{with .%s}} or {{if .%s}}: it may be missing (%s)", lang, id, f, f,
							missing)
					}
				}
			}
		}
	}
}

func guarded(sentence, field string) bool {
	return regexp.MustCompile(`{{(else )?(if|with) [^}]*\.` + field + `\b`).MatchString(sentence)
}

func TestButtons(t *testing.T) {
	l, s := load(t), spoken(t)
	for _, lang := range l.Languages() {
		menu, sentences := map[string]string{}, forms(t, lang)
		for _, id := range l.Keys(lang) {
			if !s.buttons[id] {
				continue
			}
			for _, words := range sentences[id] {
				first, _ := utf8.DecodeRuneInString(words)
				switch n := len(strings.Fields(words)); {
				case strings.ContainsAny(words, "<>\n"):
					t.Errorf("%s: %q is a button: no tags, one line", lang, id)
				case strings.Contains(words, "{{"): // a record's own words
				case unicode.IsLetter(first) || n < 2 || n > 4:
					t.Errorf("%s: %q: %q is not an emoji and a few words", lang, id, words)
				}
				if strings.HasPrefix(id, "menu.") {
					// Typed words press a button whatever its emoji.
					_, plain, _ := strings.Cut(strings.ToLower(words), " ")
					if menu[plain] != "" {
						t.Errorf("%s: %q and %q have the same words", lang, id, menu[plain])
					}
					menu[plain] = id
				}
			}
		}
	}
}

var (
	numbered = regexp.MustCompile(`(\S* )?#{{`)
	machine  = regexp.MustCompile(`(?i)\b(error|invalid|sistem|system|input|submit|disetujui|approved|gagal|failed)\b`)
	example  = regexp.MustCompile(`<i>(.*?)</i>`)
)

func TestTone(t *testing.T) {
	l := load(t)
	for _, lang := range l.Languages() {
		for id, forms := range forms(t, lang) {
			for _, words := range forms {
				if m := machine.FindString(words); m != "" {
					t.Errorf("%s: %q says %q", lang, id, m)
				}
				for _, m := range numbered.FindAllString(words, -1) {
					if !strings.HasSuffix(strings.TrimPrefix(m, "<b>"), "Nota #{{") {
						t.Errorf("%s: %q names a nota other than Nota #N", lang, id)
					}
				}
			}
		}
		if version := spokenNotice(t); !strings.Contains(l.Text(lang, "privacy.notice", nil), version) {
			t.Errorf("%s: the privacy notice is not of version %s", lang, version)
		}
		for id, most := range map[string]int{"bot.about": 120, "bot.description": 512} { // Telegram's limits
			if n := utf8.RuneCountInString(l.Text(lang, id, nil)); n > most {
				t.Errorf("%s: %q has %d letters, Telegram takes %d", lang, id, n, most)
			}
		}
	}
}

// spokenNotice is the version of the notice that flows keeps consents to.
func spokenNotice(t *testing.T) string {
	t.Helper()
	v := code(t).values["Notice"]
	if len(v) != 1 {
		t.Fatal("flows has no Notice")
	}
	return v[0]
}

// An example that a person is given must be understood when they type it.
func TestExamples(t *testing.T) {
	l := load(t)
	for _, c := range []struct {
		like string
		read func(string) int
	}{
		{".amount.again", func(s string) int { return len(parse.Rupiah(s)) }},
		{".part.again", func(s string) int { return len(parse.Rupiah(s)) }},
		{"change.unread", func(s string) int { return len(parse.Rupiah(s)) }},
		{".day.again", func(s string) int { return len(parse.Date(store.Day("2026-11-23"))(s)) }},
		{".volume.again", func(s string) int { return len(parse.Volume(s)) }},
	} {
		found := 0
		for _, lang := range l.Languages() {
			for _, id := range l.Keys(lang) {
				if !strings.HasSuffix(id, c.like) {
					continue
				}
				for _, m := range example.FindAllStringSubmatch(l.Text(lang, id, nil), -1) {
					found++
					if n := c.read(m[1]); n != 1 {
						t.Errorf("%s: %q: the example %q has %d meanings", lang, id, m[1], n)
					}
				}
			}
		}
		if found == 0 {
			t.Errorf("no example is given by sentences like %s", c.like)
		}
	}
}
