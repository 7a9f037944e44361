package lpj

import (
	"context"
	"slices"
	"strconv"

	"pendamping/flows/approval"
	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/flows/receipt"
	"pendamping/store"
)

// status is how an item of the checklist stands: part of whole is done, and count, about and sum say what is not.
type status struct {
	part, whole int64
	count       int
	about       string // a code for its words
	sum         store.Rupiah
	data        string // of the button that closes the gap, for who may press it; "" for none
}

func (f status) done() bool { return f.part >= f.whole }

// share is how much is done, in thousandths.
func (f status) share() int64 {
	if f.done() {
		return 1000
	}
	return max(f.part, 0) * 1000 / f.whole
}

// either is all or nothing.
func either(done bool) status {
	f := status{whole: 1}
	if done {
		f.part = 1
	}
	return f
}

// Checks are how each item is looked at; its words are lpj.check.CODE, lpj.gap.CODE and lpj.do.CODE. A programme's
// rules choose among them.
func Checks() map[string]func(Report, dialog.Who) status {
	return map[string]func(Report, dialog.Who) status{
		"rab": func(l Report, who dialog.Who) status {
			f := either(len(l.plan.Lines) > 0)
			f.data = ifMay(who, dialog.EnterBook, dialog.Shut(l.of), dialog.Data("rab"))
			return f
		},
		"money": func(l Report, who dialog.Who) status {
			b := l.balance
			f := status{
				part: int64(b.Spent + b.Deposited), whole: max(int64(b.Received), 1), sum: b.Left,
				data: dialog.Data("nota", "p0"),
			}
			if b.Received == 0 {
				f.data = ifMay(who, dialog.EnterBook, dialog.Shut(l.of), dialog.Data("entry", store.EntryGrant))
			}
			if b.Left < 0 {
				f.part, f.about, f.data = 0, "over", ifMay(who, dialog.EnterBook, dialog.Shut(l.of), dialog.Data("kas"))
			}
			return f
		},
		"evidence": evidence,
		"notas":    notasChecked,
		"stamps": func(l Report, _ dialog.Who) status {
			f := status{}
			for _, r := range l.notas {
				if !r.State.Counts() || !receipt.NeedsStamp(l.rules, r.Kind, r.Total) && r.Kind != store.KindKuitansi {
					continue
				}
				f.whole++
				if slices.Contains(r.Flags, "stamp") || slices.Contains(r.Flags, "signed") {
					f.count++
					f.data = dialog.Data("n", r.ID)
					continue
				}
				f.part++
			}
			return f.ofNone(l)
		},
		"tool":     pictured(store.AnnexTool),
		"activity": pictured(store.AnnexActivity),
		"chapters": func(l Report, who dialog.Who) status {
			f := status{data: ifMay(who, dialog.WriteReport, string(l.report.State), dialog.Data("parts"))}
			for _, p := range sections(l.rules.Template) {
				f.whole++
				if l.chapter(p.code).Text != "" {
					f.part++
				} else {
					f.count++
				}
			}
			return f
		},
		"rest": func(l Report, who dialog.Who) status {
			f := either(l.balance.Left <= 0)
			f.sum, f.data = max(l.balance.Left, 0), ifMay(
				who, dialog.EnterBook, dialog.Shut(l.of), dialog.Data("entry", store.EntryDeposit),
			)
			for _, e := range l.entries {
				if e.Kind == store.EntryDeposit && e.State == store.EntryStands && !l.proven(e) {
					f.part, f.about, f.data = 0, "proof", dialog.Data("kas")
				}
			}
			return f
		},
		"chair": func(l Report, who dialog.Who) status {
			f := either(l.book == approval.BookStands)
			f.about, f.data = l.book, dialog.Data("saldo")
			if who.May(dialog.ApproveBook, dialog.None) {
				f.data = dialog.Data("approve")
			}
			return f
		},
		"statement": func(l Report, who dialog.Who) status {
			f := either(slices.ContainsFunc(l.annexed(store.AnnexSigned),
				func(a store.Annex) bool { return a.Stamped }))
			f.data = ifMay(who, dialog.KeepPage, string(l.report.State), dialog.Data("annex", store.AnnexSigned))
			return f
		},
		"copy": func(l Report, who dialog.Who) status {
			f := either(len(l.annexed(store.AnnexCopy)) > 0)
			f.data = ifMay(who, dialog.KeepPage, string(l.report.State), dialog.Data("annex", store.AnnexCopy))
			return f
		},
		"upload": func(l Report, who dialog.Who) status {
			f := either(l.report.Upload.By != 0)
			f.data = ifMay(who, dialog.UploadReport, string(l.report.State), dialog.Data("lpjupload", l.report.ID))
			return f
		},
	}
}

// ifMay is a button's data for somebody who may do it, and "" for others.
func ifMay(w dialog.Who, d dialog.Deed, state, data string) string {
	if w.May(d, state) {
		return data
	}
	return ""
}

// evidence is the part of the rupiah that came, or of what was spent where that is more, that stands on verified notas,
// or on the treasury's receipt.
func evidence(l Report, _ dialog.Who) status {
	var f status // the button is that of the notas
	for _, r := range l.notas {
		if r.State.Counts() {
			f.whole += int64(r.Total)
		}
		if r.State == store.Verified {
			f.part += int64(r.Total)
		}
	}
	for _, e := range l.entries {
		if e.Kind == store.EntryDeposit && e.State == store.EntryStands {
			f.whole += int64(e.Amount)
			if l.proven(e) {
				f.part += int64(e.Amount)
			}
		}
	}
	f.whole = max(f.whole, int64(l.balance.Received))
	f.sum = store.Rupiah(f.whole - f.part)
	return f
}

// ofNone is how an item about notas stands before there is one: not done, unless no money is left that wants one.
func (f status) ofNone(l Report) status {
	if l.balance.Submitted+l.balance.Unfinished == 0 && (l.balance.Left > 0 || l.balance.Received == 0) {
		f.whole, f.about = f.whole+1, "none"
	}
	return f
}

// lacks are what a nota can't do without, in the order in which it is asked.
var lacks = []string{"amount", "seller", "day", "line"}

// notasChecked is how many notas are verified. What all others lack is named: "2 nota tanpa tanggal".
func notasChecked(l Report, who dialog.Who) status {
	var f status
	same := map[string]bool{}
	first := map[store.ReceiptState]store.Receipt{}
	for _, r := range l.notas {
		if r.State == store.Cancelled {
			continue
		}
		f.whole++
		if r.State == store.Verified {
			f.part++
			continue
		}
		f.count++
		same[lackOf(r)] = true
		if first[r.State].ID == 0 {
			first[r.State] = r
		}
	}
	if len(same) == 1 {
		for f.about = range same {
		}
	}
	f.data = dialog.Data("nota", "p0")
	switch r, u := first[store.Returned], first[store.Unfinished]; {
	case r.ID != 0:
		f.data = dialog.Data("n", r.ID)
	case u.ID != 0 && who.MayNota(dialog.FinishNota, u):
		f.data = dialog.Data("receipt", u.ID)
	case who.Role == store.Mentor:
		f.data = dialog.Data("tinjau")
	}
	return f.ofNone(l)
}

// lackOf is what keeps a nota from being verified: the one thing that is not said yet, or its state.
func lackOf(r store.Receipt) string {
	if r.State != store.Unfinished {
		return string(r.State)
	}
	var missing []string
	answers := receipt.Said(r)
	for _, name := range lacks {
		if !slices.ContainsFunc(answers, func(a form.Answer) bool { return a.Name == name }) {
			missing = append(missing, name)
		}
	}
	if len(missing) == 1 {
		return missing[0]
	}
	return string(r.State)
}

// pictured counts the pictures of a kind; how many there are to be, the programme says.
func pictured(kind store.AnnexKind) func(Report, dialog.Who) status {
	return func(l Report, who dialog.Who) status {
		f := status{
			part: int64(len(l.annexed(kind))), whole: 1,
			data: ifMay(who, dialog.WriteReport, string(l.report.State), dialog.Data("annex", kind)),
		}
		for _, c := range l.rules.Checklist() {
			if c.Code == string(kind) {
				f.whole = int64(max(c.Least, 1))
			}
		}
		f.count = int(max(f.whole-f.part, 0))
		return f
	}
}

// item is an item of the checklist as it stands.
type item struct {
	store.Check
	status
}

// items are the programme's, in its order.
func (l Report) items(who dialog.Who) []item {
	var list []item
	known := Checks()
	for _, c := range l.rules.Checklist() {
		if find := known[c.Code]; find != nil {
			list = append(list, item{c, find(l, who)})
		}
	}
	return list
}

// percent is how far an LPJ has come, by the weights of its items; 100 only when nothing is left.
func percent(list []item) int {
	var sum, weights int64
	for _, i := range list {
		sum += i.share() * int64(i.Weight)
		weights += int64(i.Weight)
	}
	if weights == 0 {
		return 0
	}
	return int(sum / weights / 10)
}

// HowFar is how far a recipient's LPJ has come, in percent, as its checklist says.
func HowFar(ctx context.Context, tx store.Tx, of store.Recipient) (int, error) {
	l, err := Read(ctx, tx, of)
	return percent(l.items(dialog.Who{})), err
}

// gaps are the items that are not done.
func gaps(list []item) []item {
	return slices.DeleteFunc(slices.Clone(list), func(i item) bool { return i.done() })
}

// line is the item's line on a screen.
func (i item) line() store.Text {
	return store.Say("lpj.line", "What", "lpj.check."+i.Code, "Done", dialog.Mark(i.done()),
		"Part", strconv.FormatInt(i.part, 10),
		"Whole", strconv.FormatInt(i.whole, 10), "Percent", strconv.FormatInt(i.share()/10, 10),
		"Count", dialog.Count(i.count), "About", i.about,
		"Amount", i.sum.String())
}

// button closes the gap.
func (i item) button() store.Button {
	return store.Button{Text: store.Say("lpj.do", "What", "lpj.do."+i.Code, "Count", dialog.Count(i.count),
		"About", i.about), Data: i.data}
}
