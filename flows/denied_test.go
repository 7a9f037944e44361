package flows_test

import (
	"strings"
	"testing"
	"time"

	"pendamping/flows"
	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/flows/join"
	"pendamping/store"
	"pendamping/store/postgres"
)

// court is a group with something of everything that may be decided, and people of every kind around it.
type court struct {
	t    *testing.T
	g    *ground
	acts map[string]int64 // accounts, by name
	ids  *strings.Replacer
}

// newCourt makes a nota by Sri (N), one by the mentor Rina (B), a plan that Rina proposed (P), a signature that she
// photographed (A), a bank fee (E) and the grant (F) in the book, a lost phone that Rina (O) and that Budi (Q) asked to
// be replaced and that the ketua agreed to, an objection of Wati's to N, which Rina is to answer (M), a letter of hers
// to Sri that waits for tomorrow (L), the LPJ that she sent (R) and that was printed with a code (S), Sri's request to
// be erased (D), and the book's hash (H). {I} is Rina's own number.
func newCourt(t *testing.T) *court {
	t.Helper()
	c := &court{t: t, g: newGround(t), acts: map[string]int64{}}
	ctx := t.Context()
	tx := c.g.db.Begin(walkStart, 0)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	person := func(name string, role store.Role, code string, of store.ID, province string) store.Person {
		c.acts[name] = int64(100 + len(c.acts))
		p := store.Person{
			Key: store.PersonKey("", role, code, name), Role: role, Code: code, Name: name, Recipient: of,
			Account: c.acts[name], Province: province,
		}
		must(tx.AddPerson(ctx, "person.added", &p))
		must(tx.AddConsent(ctx, "consent.given", &store.Consent{
			Person: p.ID, Notice: join.Notice, Given: tx.Now(), Source: "paper",
		}))
		return p
	}
	rina := person("Rina", store.Mentor, "PDP-1", 0, "")
	person("Budi", store.Coordinator, "KOR-1", 0, "Jawa Barat")
	person("Sari", store.Coordinator, "KOR-2", 0, "Jawa Timur")
	var groups []store.Recipient
	for _, code := range []string{"A", "B"} {
		r := store.Recipient{
			Code: code, Name: "Kelompok " + code, Program: c.g.program, Province: "Jawa Barat", Regency: "Bandung",
			Zone:  "Asia/Jakarta",
			Grant: 20_000_000, Disbursed: "2026-11-10", Mentor: rina.ID,
		}
		must(tx.AddRecipient(ctx, "recipient.added", &r))
		groups = append(groups, r)
	}
	of := groups[0].ID
	sri := person("Sri", store.Treasurer, "A", of, "")
	wati := person("Wati", store.Member, "A", of, "")
	joko := person("Joko", store.Chair, "A", of, "")
	person("Ani", store.Treasurer, "B", groups[1].ID, "")
	var notas []store.Receipt
	for _, by := range []store.Person{sri, rina} {
		r := store.Receipt{
			Recipient: of, State: store.Submitted, Kind: store.KindNota, Payment: "tunai", Seller: "TB Jaya",
			Day: "2026-11-20", Total: 50_000,
			Items: []store.Item{{Amount: 50_000, Pos: "ALAT"}}, By: by.ID, Behalf: by.ID == rina.ID,
			Hands: []store.ID{by.ID}, Begun: tx.Now(), Submitted: tx.Now(),
		}
		must(tx.AddReceipt(ctx, "receipt.submitted", &r))
		notas = append(notas, r)
	}
	plan := store.Plan{Recipient: of, State: store.PlanProposed, By: rina.ID, At: tx.Now(), Lines: []store.PlanLine{
		{Item: "Gerobak", Pos: "ALAT", Volume: 1000, Unit: "unit", Price: 5_000_000},
	}}
	must(tx.AddPlan(ctx, "plan.proposed", &plan))
	file := store.File{
		Recipient: of, Kind: "photo", FileID: "f", UniqueID: "u", Width: 9, Height: 9, By: rina.ID, At: tx.Now(),
	}
	must(tx.AddFile(ctx, "file.kept", &file))
	paper := store.Approval{Recipient: of, Book: "old", By: rina.ID, At: tx.Now(), Paper: file.ID}
	must(tx.AddApproval(ctx, "book.signed", &paper))
	fee := store.Entry{Recipient: of, Kind: store.EntryFee, Amount: 5000, Day: "2026-11-20", By: sri.ID, At: tx.Now()}
	must(tx.AddEntry(ctx, "entry.added", &fee))
	grant := store.Entry{Recipient: of, Kind: store.EntryGrant, Amount: 20_000_000, Day: "2026-11-10", At: tx.Now()}
	must(tx.AddEntry(ctx, "entry.added", &grant))
	remark := store.Remark{Recipient: of, Receipt: notas[0].ID, Kind: store.Objection, By: wati.ID, To: rina.ID,
		At: tx.Now(), Words: "bukan kami"}
	must(tx.AddRemark(ctx, "remark.objected", &remark))
	letter := store.Letter{
		Recipient: of, By: rina.ID, To: sri.ID, Words: "halo", At: tx.Now(), Due: tx.Now().AddDate(0, 0, 1),
	}
	must(tx.AddLetter(ctx, "letter.written", &letter))
	lpj := store.Report{Recipient: of, State: store.ReportSent, By: rina.ID, Hands: []store.ID{rina.ID}, At: tx.Now()}
	must(tx.AddReport(ctx, "report.sent", &lpj))
	var hands []store.Handover
	for _, by := range []string{"Rina", "Budi"} {
		p, err := tx.PersonByCode(ctx, map[string]store.Role{"Rina": store.Mentor, "Budi": store.Coordinator}[by],
			map[string]string{"Rina": "PDP-1", "Budi": "KOR-1"}[by])
		must(err)
		h := store.Handover{Recipient: of, Kind: store.PhoneLost, State: store.HandoverAsked, From: sri.ID,
			Reason: "hilang", By: p.ID, At: tx.Now()}
		must(tx.AddHandover(ctx, "handover.asked", &h))
		h.Agreed, h.AgreedAt = joko.ID, tx.Now()
		must(tx.PutHandover(ctx, "handover.agreed", &h))
		hands = append(hands, h)
	}
	data := store.DataRequest{Person: sri.ID, Kind: store.RequestErasure, At: tx.Now(), Recipient: of,
		Province: "Jawa Barat", Regency: "Bandung", Words: "semua"}
	must(tx.AddDataRequest(ctx, "data.asked", &data))
	_, err := tx.Commit(ctx, 0, nil, nil)
	must(err)
	tx = c.g.db.Begin(walkStart, 0)
	printed, err := flows.Seal(ctx, tx, c.g.setting, groups[0], sri.ID)
	must(err)
	// printed now, it is another
	must(tx.AddChapter(ctx, "chapter.written", &store.Chapter{
		Recipient: of, Code: "tujuan", Text: "Maju.", By: sri.ID, At: tx.Now(),
	}))
	_, err = tx.Commit(ctx, 0, nil, nil)
	must(err)
	id := func(id store.ID) string { return store.Rupiah(id).String() }
	c.ids = strings.NewReplacer("{N}", id(notas[0].ID), "{E}", id(fee.ID), "{F}", id(grant.ID), "{B}", id(notas[1].ID),
		"{P}", id(plan.ID), "{A}", id(paper.ID), "{M}", id(remark.ID), "{L}", id(letter.ID),
		"{I}", id(rina.ID), "{O}", id(hands[0].ID), "{Q}", id(hands[1].ID), "{G}", id(of),
		"{D}", id(data.ID), "{R}", id(lpj.ID),
		"{S}", strings.ReplaceAll(strings.TrimPrefix(printed.Code, "LPJ-"), "-", ""),
		"{H}", flows.BookHash(notas, []store.Entry{fee, grant})[:8])
	return c
}

// does is what somebody gets to read first, whether they are asked something, and whether anything is written.
func (c *court) does(name string, e form.Event) (said, asked string, wrote bool) {
	c.t.Helper()
	tx := c.g.db.Begin(walkStart.Add(time.Minute), 7)
	defer func(tx *postgres.Tx) { tx.Rollback(c.t.Context()) }(tx)
	e.Update, e.Account, e.Chat, e.Message = 7, c.acts[name], c.acts[name], 5
	e.Press, e.Card = c.ids.Replace(e.Press), c.ids.Replace(e.Card)
	res, err := flows.Turn(c.t.Context(), tx, c.g.setting, dialog.Session{Screen: 1, Taken: []int64{5, 6}}, e)
	if err != nil {
		c.t.Errorf("%s, %+v: %v", name, e, err)
		return "", "", false
	}
	if len(res.Messages) > 0 && len(res.Messages[0].Body) > 0 {
		said = res.Messages[0].Body[0].ID
	}
	return said, res.Session.Form.Form, tx.Written()
}

// TestDenied presses old buttons, and replies to old cards, as somebody whose role may not, and as somebody who may.
func TestDenied(t *testing.T) {
	c := newCourt(t)
	for _, d := range []struct{ who, press, says string }{
		// A member reads and objects; nothing else.
		{"Wati", "receipt:{N}:change", "stale"}, {"Wati", "void:{N}", "stale"}, {"Wati", "entry:fee", "stale"},
		{"Wati", "blank:", "stale"},
		{"Wati", "k:{E}", "stale"}, {"Wati", "strike:{E}", "stale"}, {"Ani", "k:{E}", "stale"},
		{"Ani", "strike:{E}", "stale"}, {"Budi", "strike:{E}", "stale"},
		{"Sri", "strike:{F}", "stale"}, {"Rina", "strike:{E}", "stale"},
		{"Wati", "planchange:", "stale"}, {"Wati", "planback:{P}:1", "stale"}, {"Wati", "plan:{P}:1", "stale"},
		{"Wati", "plandecline:{P}-1", "stale"},
		{"Wati", "approve:{H}", "stale"}, {"Wati", "papercheck:{A}:1", "stale"}, {"Wati", "verify:{N}:1", "stale"},
		{"Wati", "give:{N}:1:buram", "stale"},
		{"Wati", "remark:{M}", "stale"},
		// Who records does not judge, nor approve for the chair.
		{"Sri", "verify:{N}:1", "stale"}, {"Sri", "plan:{P}:1", "stale"}, {"Sri", "approve:{H}", "stale"},
		{"Sri", "papercheck:{A}:1", "stale"},
		{"Sri", "object:{N}", "stale"}, {"Sri", "remark:{M}", "stale"}, {"Joko", "plan:{P}:1", "stale"},
		{"Joko", "paper:{H}", "stale"},
		// A mentor's own work is for others to judge.
		{"Rina", "verify:{B}:1", "review.hand"}, {"Rina", "plan:{P}:1", "plan.own"},
		{"Rina", "plandecline:{P}-1", "plan.own"},
		{
			"Rina", "papercheck:{A}:1", "papercheck.own",
		}, {"Rina", "paperwrong:{A}", "papercheck.own"}, {"Rina", "object:{N}", "stale"},
		// A coordinator records nothing, and answers nothing that was put to somebody else.
		{"Budi", "receipt:{N}:change", "stale"}, {"Budi", "void:{N}", "stale"}, {"Budi", "planchange:", "stale"},
		{"Budi", "approve:{H}", "stale"},
		{"Budi", "remark:{M}", "stale"},
		// What is elsewhere doesn't exist.
		{"Sari", "n:{N}", "stale"}, {"Sari", "verify:{N}:1", "stale"}, {"Sari", "plan:{P}:1", "stale"},
		{"Sari", "papercheck:{A}:1", "stale"},
		{"Ani", "n:{N}", "stale"}, {"Ani", "receipt:{N}:change", "stale"}, {"Ani", "object:{N}", "stale"},
		{"Ani", "planback:{P}:1", "stale"},
		{"Ani", "photo:{N}", "stale"},
		// A letter is its writer's and its reader's, and only a mentor nudges.
		{"Joko", "reply:{L}", "stale"}, {"Joko", "thread:{L}", "stale"}, {"Ani", "reply:{L}", "stale"},
		{"Budi", "thread:{L}", "stale"},
		{"Sri", "nudge:semua", "stale"}, {"Sri", "nudges:{L}", "stale"}, {"Sri", "nudgestop:{L}", "stale"},
		{"Sri", "nudgemove:{L}", "stale"},
		{"Ani", "nudgetext:{L}", "stale"}, {"Budi", "nudge:semua", "stale"}, {"Rina", "nudges:{N}", "stale"},
		{"Rina", "nudge:halo", "stale"},
		{"Rina", "nudge:pilih:{N}", "stale"}, {"Rina", "nudgestop:{N}", "stale"},
		// Who stands for a group is for a coordinator of the place to say, who did not ask for it.
		{"Rina", "handover:{O}:2", "stale"}, {"Rina", "decline:{O}-2", "stale"}, {"Sri", "handover:{O}:2", "stale"},
		{"Sri", "phone:{G}", "stale"},
		{"Sari", "handover:{O}:2", "stale"}, {"Sari", "move:{G}", "stale"}, {"Sari", "serahterima:g{G}", "stale"},
		{"Joko", "officer:{G}", "stale"},
		// An LPJ is the group's to write and send, somebody else's to verify, and another group's not at all.
		{"Wati", "lpjsend:", "stale"}, {"Wati", "chapter:latar", "stale"}, {"Wati", "annex:tool", "stale"},
		{"Wati", "lpjprint:{G}:pdf", "stale"},
		{"Ani", "lpj:g{G}", "stale"}, {"Ani", "parts:g{G}:latar", "stale"}, {"Ani", "lpjprint:{G}:pdf", "stale"},
		{"Sari", "lpjprint:{G}:pdf", "stale"},
		{"Budi", "lpjsend:", "stale"}, {"Budi", "chapter:latar", "stale"}, {"Sri", "lpjverify:{R}:1:x", "stale"},
		{"Sri", "lpjreturn:{R}", "stale"},
		{"Sri", "advise:latar-words", "stale"}, {"Sari", "lpjcard:{R}", "stale"},
		{"Sari", "lpjverify:{R}:1:x", "stale"}, {"Rina", "lpjverify:{R}:1:x", "lpjcard.own"},
		{"Rina", "lpjreturn:{R}", "lpjcard.own"}, {"Sri", "lpjupload:{R}", "lpj.already"},
		{"Ani", "lpjupload:{R}", "stale"}, {"Budi", "lpjreopen:{R}", "lpj.already"},
		{"Sri", "lpjresult:{R}", "lpj.already"}, {"Sri", "annex:signed", "stale"},
		{"Wati", "lpjagain:{S}:pdf", "stale"}, {"Ani", "lpjagain:{S}:pdf", "stale"},
		{"Sari", "lpjagain:{S}:pdf", "stale"},
		// Nothing is erased but by the button of the question whether the coordinator is sure.
		{"Budi", "requestdo:{D}:gone", "request.card"}, {"Budi", "requestdo:{D}:erase", "request.card"},
		{"Budi", "requestdo:{D}:number", "request.card"},
		{"Sri", "requestgone:a{D}", "stale"}, {"Sari", "requestgone:a{D}", "stale"},
		{"Budi", "requestgone:n{D}", "stale"}, {"Sri", "erase:", "request.waits"},
		{"Budi", "handover:{Q}:2", "handover.own"}, {"Budi", "decline:{Q}-2", "handover.own"},
	} {
		said, asked, wrote := c.does(d.who, form.Event{Kind: form.Press, Press: d.press})
		if said != d.says || asked != "" || wrote {
			t.Errorf("%s presses %s: %q is said (want %q), %q is asked, written: %v", d.who, d.press, said, d.says,
				asked, wrote)
		}
	}
	for _, name := range []string{"Joko", "Ani"} {
		if said, asked, wrote := c.does(name, form.Event{
			Kind: form.Words, Card: "reply:{L}", Text: "ya",
		}); said != "unknown.record" || asked != "" || wrote {
			t.Errorf("%s replies to another's letter: %q is said, %q is asked, written: %v", name, said, asked, wrote)
		}
	}
	picture := form.Event{Kind: form.Picture, Card: "n:{N}", Files: []store.File{
		{Kind: "photo", FileID: "g", UniqueID: "v", Width: 9, Height: 9},
	}}
	for _, e := range []form.Event{picture, {
		Kind: form.Words, Card: "n:{N}", Text: "200rb",
	}, {Kind: form.Voice, Card: "n:{N}", Files: picture.Files}} {
		for _, name := range []string{"Wati", "Budi"} {
			if said, asked, wrote := c.does(name, e); said != "photo.notyours" || asked != "" || wrote {
				t.Errorf("%s replies with %s: %q is said, %q is asked, written: %v", name, e.Kind, said, asked, wrote)
			}
		}
	}
}

// TestAllowed is what TestDenied is worth: the same buttons do something for those who may.
func TestAllowed(t *testing.T) {
	c := newCourt(t)
	for _, d := range []struct {
		who, press, asked string
		writes            bool
	}{
		{"Rina", "verify:{N}:1", "", true}, {"Budi", "verify:{B}:1", "", true}, {"Budi", "plan:{P}:1", "", true},
		{"Budi", "papercheck:{A}:1", "", true},
		{"Joko", "approve:{H}", "", true}, {"Sri", "planback:{P}:1", "", true}, {
			"Budi", "plandecline:{P}-1", "plandecline", false,
		},
		{
			"Sri", "receipt:{N}:change", "receipt", false,
		}, {"Sri", "strike:{E}", "strike", false}, {
			"Sri", "planchange:", "planchange", false,
		}, {"Wati", "object:{B}", "object", false},
		{"Rina", "remark:{M}", "remark", false}, {"Sri", "reply:{L}", "reply", false},
		{"Rina", "reply:{L}", "reply", false},
		{"Rina", "nudge:semua", "nudge", false}, {
			"Rina", "nudgemove:{L}", "nudgemove", false,
		}, {"Rina", "nudgestop:{L}", "", true},
		{"Budi", "handover:{O}:2", "", true}, {
			"Budi", "decline:{O}-2", "decline", false,
		}, {"Rina", "officer:{G}", "officer", false},
		{"Budi", "requestgone:a{D}", "requestgone", false}, {"Sri", "correct:", "correct", false},
		{
			"Budi", "lpjreturn:{R}", "lpjreturn", false,
		}, {"Sri", "chapter:latar", "chapter", false}, {"Sri", "annex:tool", "annex", false},
		{"Sri", "lpjprint:{G}:pdf", "", true}, {"Budi", "lpjprint:{G}:pdf", "", true},
		{"Sri", "lpjagain:{S}:pdf", "", false}, {"Budi", "lpjagain:{S}:pdf", "", false},
	} {
		if said, asked, wrote := c.does(d.who, form.Event{Kind: form.Press, Press: d.press}); asked != d.asked ||
			wrote != d.writes {
			t.Errorf("%s presses %s: %q is said, %q is asked (want %q), written: %v", d.who, d.press, said, asked,
				d.asked, wrote)
		}
	}
}
