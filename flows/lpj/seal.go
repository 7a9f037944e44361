package lpj

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/flows/invite"
	"pendamping/flows/report"
	"pendamping/store"
)

// Sealed is an LPJ as it was printed with a seal.
func Sealed(s store.Seal) (r report.Report, err error) {
	if err := json.Unmarshal([]byte(s.Data), &r); err != nil {
		return r, fmt.Errorf("data of an LPJ: %w", err)
	}
	return r, nil
}

// Genuine tells whether a seal is of what it says: its figures and its code follow from its data.
func Genuine(s store.Seal) bool {
	r, err := Sealed(s)
	return err == nil && r.Hash() == s.Hash && report.ShortCode(s.Hash) == s.Code && r.Code == s.Code &&
		r.Received == s.Received && r.Spent == s.Spent && r.Deposited == s.Deposited
}

// Seal keeps what is printed now, with all that its paper says about the printing itself; data that was printed before
// has its seal already.
func Seal(ctx context.Context, tx store.Tx, set dialog.Setting, of store.Recipient, by store.ID) (store.Seal, error) {
	r, err := ReadReport(ctx, tx, set, of)
	if err != nil {
		return store.Seal{}, err
	}
	hash := r.Hash()
	r.Code, r.At = report.ShortCode(hash), tx.Now().In(dialog.Placed(of.Zone, set.Zone))
	if kept, err := tx.SealByCode(ctx, r.Code); !errors.Is(err, store.ErrNotFound) {
		return kept, err
	}
	if set.Bot != "" {
		r.Link = "https://t.me/" + set.Bot + "?start=" + strings.ToLower(codePrefix) + bare(r.Code)
	}
	root, err := tx.NewestRoot(ctx)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return store.Seal{}, err
	}
	r.Root = report.Root{Day: root.Day(), Hour: root.Hour(), Hash: root.Hash}
	b, err := json.Marshal(r)
	if err != nil {
		return store.Seal{}, fmt.Errorf("data of an LPJ: %w", err)
	}
	s := store.Seal{
		Recipient: of.ID, Edition: r.Edition, Code: r.Code, Hash: hash,
		Received: r.Received, Spent: r.Spent, Deposited: r.Deposited, Data: string(b), By: by, At: tx.Now(),
	}
	return s, tx.AddSeal(ctx, "report.sealed", &s)
}

// codePrefix begins each code, where people see it.
const codePrefix = "LPJ-"

// codeLength is how many letters come after it, without hyphens.
const codeLength = 12

// bare is a code without its beginning and hyphens.
func bare(code string) string {
	return strings.ReplaceAll(strings.TrimPrefix(code, codePrefix), "-", "")
}

// Plainly is a code as it is kept, however it was typed: no letter looks like a digit there (Crockford's base 32).
func Plainly(typed string) string {
	code := strings.NewReplacer("-", "", " ", "").Replace(strings.ToUpper(dialog.Unaccented(typed)))
	if len(code) > codeLength {
		code = strings.TrimPrefix(code, "LPJ")
	}
	code = strings.NewReplacer("O", "0", "I", "1", "L", "1").Replace(code)
	if len(code) != codeLength {
		return typed
	}
	return codePrefix + code[:4] + "-" + code[4:8] + "-" + code[8:]
}

// printedCode is how a code looks in a message: in three parts, or with its beginning, as at the end of its link.
var printedCode = regexp.MustCompile(
	`(?i)\b(?:LPJ[- ]?)?[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b|\bLPJ[- ]?[0-9A-Z]{4} ?[0-9A-Z]{4} ?[0-9A-Z]{4}\b`)

// dashes are written as one.
var dashes = strings.NewReplacer("‐", "-", "‑", "-", "–", "-", "—", "-", "−", "-")

// FindPrinted is the first code of an LPJ in a message, in whatever sentence it stands. There a telephone number is
// none, nor are words that only have its length: what is not written as it is printed has two digits.
func FindPrinted(text string) (code string, ok bool) {
	text = strings.TrimSpace(dashes.Replace(dialog.Unaccented(text)))
	for _, found := range printedCode.FindAllString(text, -1) {
		found = strings.ToUpper(found)
		letters, digits := invite.LetterCount(found)
		whole := strings.Count(strings.TrimPrefix(found, codePrefix), "-") == 2
		switch {
		case strings.HasPrefix(found, codePrefix), whole && len(found) == len(text), whole && letters > 0 && digits > 0,
			letters > 0 && digits > 1:
			return Plainly(found), true
		}
	}
	return "", false
}

// SealCode is the code of an LPJ that somebody asks about: in a start link, after the command, or in a message that is
// no answer.
func SealCode(t *dialog.Turn) (string, bool) {
	text := strings.TrimSpace(t.Event.Text)
	if t.Event.Kind != form.Words {
		return "", false
	}
	if code, ok := strings.CutPrefix(text, "/start lpj-"); ok {
		return Plainly(code), true
	}
	if typed, ok := strings.CutPrefix(text, "/lpj "); ok {
		if code, ok := FindPrinted(typed); ok {
			return code, true
		}
		if len(t.Account.People) > 0 && !strings.ContainsAny(typed, "0123456789") {
			return "", false // a group's name, which only who has several needs to say
		}
		return Plainly(typed), true
	}
	if t.Session.Form.Form != "" || t.Event.Replied != 0 || strings.HasPrefix(text, "/") {
		return "", false
	}
	return FindPrinted(text)
}

// Codes that an account may ask about in an hour, right or wrong. Each right one is compared with the whole report as
// it is now, so somebody whom the bot doesn't know gets only a few. Nothing is cached, since that costs little: 1.4 ms
// of a processor for a group with 45 notas, 5 ms for one with 300 (BenchmarkCode), so 30 ms an hour for a stranger. It
// would take 120,000 accounts an hour to keep one processor busy.
const (
	strangersCodes = 6
	peoplesCodes   = 60
)

// spendCode counts a code, or says in how many minutes, in tens, the account may ask again.
func spendCode(t *dialog.Turn) (minutes int) {
	most := strangersCodes
	if slices.ContainsFunc(t.Account.People, func(p store.Person) bool { return p.Consent != "" }) {
		most = peoplesCodes
	}
	now, c := t.Tx.Now(), t.Session.Codes
	if age := now.Sub(c.From); age < 0 || age >= time.Hour {
		c = dialog.Codes{From: now}
	}
	if c.Many >= most {
		return (int((time.Hour-now.Sub(c.From))/(10*time.Minute)) + 1) * 10
	}
	c.Many++
	t.Session.Codes = c
	return 0
}

// CheckSeal tells anyone what an LPJ with that code said, when it was printed, and whether it is the newest.
func CheckSeal(ctx context.Context, t *dialog.Turn, code string) error {
	t.Outside(dialog.Anybody)
	if minutes := spendCode(t); minutes > 0 {
		t.Outside(dialog.Stranger) // who goes on asking has a stranger's few answers
		t.Show(form.Screen{Body: []store.Text{store.Say("lpjcode.later", "Minutes", strconv.Itoa(minutes))}})
		return nil
	}
	s, err := t.Tx.SealByCode(ctx, code)
	if errors.Is(err, store.ErrNotFound) {
		t.Show(form.Screen{Body: []store.Text{store.Say("lpjcode.unknown", "Code", code)}})
		return nil
	}
	if err != nil {
		return err
	}
	of, err := t.Tx.Recipient(ctx, s.Recipient)
	if err != nil {
		return err
	}
	now, err := ReadReport(ctx, t.Tx, t.Setting, of)
	if err != nil {
		return err
	}
	zone := dialog.Placed(of.Zone, t.Setting.Zone)
	state := "old"
	switch {
	case !Genuine(s):
		state = "altered"
	case now.Hash() == s.Hash:
		state = "current"
	}
	screen := form.Screen{Body: []store.Text{
		store.Say("lpjcode.head", "Group", of.Name, "Regency", of.Regency, "Edition", strconv.Itoa(s.Edition),
			"Code", s.Code, "At", dialog.Who{Zone: zone}.Moment(s.At)),
		store.Say("lpj.money", "Received", s.Received.String(), "Spent", s.Spent.String(),
			"Deposited", s.Deposited.String(), "Left", (s.Received - s.Spent - s.Deposited).String()),
		store.Say("lpjcode.state", "State", state),
		store.Say("lpj.promise"),
	}}
	if mayPrint(t.Account, of) {
		screen.Buttons = [][]store.Button{
			{{Text: store.Say("lpjcode.print"), Data: dialog.Data("lpjagain", bare(s.Code))}},
		}
	}
	t.Show(screen)
	return nil
}

// FieldReports are the LPJ that wait for a coordinator.
func FieldReports(ctx context.Context, t *dialog.Turn, _ dialog.Args) (form.Screen, error) {
	list, err := t.Tx.ReportsToReview(ctx, t.Who.Person, t.Who.Hands())
	if err != nil {
		return form.Screen{}, err
	}
	s := form.Screen{Body: []store.Text{store.Say("lpjcek.head", "Count", strconv.Itoa(len(list)))}}
	for _, r := range list {
		of, err := t.Tx.Recipient(ctx, r.Recipient)
		if err != nil {
			return s, err
		}
		s.Buttons = append(s.Buttons, []store.Button{{
			Text: store.Say("desk.report", "Group", dialog.Clip(of.Name, 24)), Data: dialog.Data("lpjcard", r.ID),
		}})
	}
	return s, nil
}
