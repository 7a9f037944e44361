// Package report prints the LPJ: the PDF to bind, the workbook whose formulas add up, and the ZIP of the originals.
package report

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"pendamping/store"
)

// Report is all that an LPJ says, as it was at one moment. It may be kept as JSON: the same Report gives the same
// papers at any later time. Every day is one at the recipient's place, every name is as it is to be printed.
type Report struct {
	Code string    `json:"code,omitempty"` // by which anybody finds it, on each page; see ShortCode
	At   time.Time `json:"at,omitzero"`    // when it was made, at the recipient's place
	Link string    `json:"link,omitempty"` // what the QR on each page says; "" is the code

	Template string `json:"template"` // of the programme's rules; see Outline
	Program  string `json:"program"`
	Year     int    `json:"year"`
	Edition  int    `json:"edition"` // of this recipient's LPJ, from 1; a refusal opens the next

	Name     string    `json:"name"`  // of the recipient
	Group    string    `json:"group"` // its code
	Single   bool      `json:"single,omitempty"`
	Village  string    `json:"village,omitempty"`
	Regency  string    `json:"regency,omitempty"`
	Province string    `json:"province,omitempty"`
	Wave     string    `json:"wave,omitempty"`
	Members  int       `json:"members,omitempty"`
	Officers []Officer `json:"officers,omitempty"` // ketua first; a single person as store.Owner
	Bank     string    `json:"bank,omitempty"`     // masked: "BRI ****1234"

	Mentor       string `json:"mentor,omitempty"`
	MentorCode   string `json:"mentor_code,omitempty"`
	Organisation string `json:"organisation,omitempty"` // the mentor's

	Grant     store.Rupiah `json:"grant"`
	Tranches  []Tranche    `json:"tranches,omitempty"` // in the order in which they came
	From      store.Day    `json:"from,omitempty"`     // the period of activity
	To        store.Day    `json:"to,omitempty"`
	Due       store.Day    `json:"due,omitempty"` // with the extension
	Extension Extension    `json:"extension,omitzero"`
	Late      bool         `json:"late,omitempty"`

	// The book added up. Received = Spent + Deposited + Left, and Spent = what Lines say + Fees - Refunds.
	Received  store.Rupiah `json:"received"`
	Spent     store.Rupiah `json:"spent"`
	Fees      store.Rupiah `json:"fees,omitempty"`
	Refunds   store.Rupiah `json:"refunds,omitempty"`
	Deposited store.Rupiah `json:"deposited,omitempty"`
	Left      store.Rupiah `json:"left"`

	Chapters []Chapter `json:"chapters,omitempty"`
	Lines    []Line    `json:"lines,omitempty"` // of the RAB, in its order, then what was bought outside it
	Pos      []Pos     `json:"pos,omitempty"`
	Book     []BookRow `json:"book,omitempty"`  // buku kas, in the order of its days
	Notas    []Nota    `json:"notas,omitempty"` // those in the book and the cancelled ones, by number

	Tools      []Proof    `json:"tools,omitempty"`      // photographs of what was bought
	Activities []Proof    `json:"activities,omitempty"` // and of the work
	Deposits   []Deposit  `json:"deposits,omitempty"`   // of the rest, to the treasury
	Approval   Decision   `json:"approval,omitzero"`    // the ketua's
	Verified   Decision   `json:"verified,omitzero"`    // the mentor's
	Signed     []Proof    `json:"signed,omitempty"`     // pages with signatures and stamps
	HardCopies []HardCopy `json:"hard_copies,omitempty"`
	Root       Root       `json:"root,omitzero"`
}

// Officer is somebody who answers for a recipient.
type Officer struct {
	Role store.Role `json:"role"`
	Name string     `json:"name"`
	// Sponsors say who of the programme proposed the officer, helped to bind the account or is the same human: they
	// verify nothing that the officer enters.
	Sponsors []string `json:"sponsors,omitempty"`
}

// Tranche is a part of the grant as it came in.
type Tranche struct {
	Day    store.Day    `json:"day"`
	Amount store.Rupiah `json:"amount"`
	Text   string       `json:"text,omitempty"`
	Proofs []Proof      `json:"proofs,omitempty"`
}

// Extension is more time that the programme granted by a letter.
type Extension struct {
	Number string    `json:"number"` // of the letter
	Day    store.Day `json:"day"`    // of the letter
	Until  store.Day `json:"until"`
	Proofs []Proof   `json:"proofs,omitempty"`
}

// Chapter is a part of the report in the group's own words; Outline lists the codes of a template.
type Chapter struct {
	Code string `json:"code"`
	Text string `json:"text"`
}

// Line is a line of the RAB with what was spent on it. What was bought outside the RAB is a line with Outside, one for
// each pos.
type Line struct {
	Number  int          `json:"number,omitempty"` // in the RAB, from 1
	Pos     string       `json:"pos"`
	Item    string       `json:"item,omitempty"`
	Volume  store.Volume `json:"volume,omitempty"`
	Unit    string       `json:"unit,omitempty"`
	Price   store.Rupiah `json:"price,omitempty"`
	Total   store.Rupiah `json:"total,omitempty"` // that it may cost
	Spent   store.Rupiah `json:"spent"`
	Outside bool         `json:"outside,omitempty"`
	Reason  string       `json:"reason,omitempty"` // of a difference
}

// Pos is a pos against the programme's split: what the rules mean for it, what the RAB plans, what was spent less
// refunds.
type Pos struct {
	Pos     string       `json:"pos"`
	Name    string       `json:"name,omitempty"` // "" is the code
	Percent int          `json:"percent,omitempty"`
	Allowed store.Rupiah `json:"allowed,omitempty"`
	Planned store.Rupiah `json:"planned"`
	Spent   store.Rupiah `json:"spent"`
}

// BookRow is a row of the buku kas.
type BookRow struct {
	Day     store.Day    `json:"day"`
	Number  string       `json:"number,omitempty"` // of the proof: "7", "M2"
	Text    string       `json:"text"`
	In      store.Rupiah `json:"in,omitempty"`
	Out     store.Rupiah `json:"out,omitempty"`
	Balance store.Rupiah `json:"balance"` // after it
}

// Nota is a proof of spending with its pictures.
type Nota struct {
	Number   int                `json:"number"`
	State    store.ReceiptState `json:"state"`
	Kind     store.Kind         `json:"kind,omitempty"`
	Payment  string             `json:"payment,omitempty"`
	Seller   string             `json:"seller,omitempty"`
	Day      store.Day          `json:"day,omitempty"` // on the paper
	Total    store.Rupiah       `json:"total"`
	Items    []Bought           `json:"items,omitempty"`
	Reason   string             `json:"reason,omitempty"`  // why there is no paper, or why it was cancelled
	Remarks  []string           `json:"remarks,omitempty"` // whatever a reader is to know, in words
	By       string             `json:"by,omitempty"`      // who recorded it
	Behalf   bool               `json:"behalf,omitempty"`  // atas nama
	Verified Decision           `json:"verified,omitzero"`
	Proofs   []Proof            `json:"proofs,omitempty"`
}

// Bought is an item of a nota.
type Bought struct {
	Item   string       `json:"item,omitempty"`
	Volume store.Volume `json:"volume,omitempty"`
	Unit   string       `json:"unit,omitempty"`
	Price  store.Rupiah `json:"price,omitempty"`
	Amount store.Rupiah `json:"amount"`
	Pos    string       `json:"pos"`
	Line   int          `json:"line,omitempty"` // its number in the RAB; 0: outside it
}

// Proof is a picture or a document, known by the hash of its bytes.
type Proof struct {
	SHA256 string    `json:"sha256,omitempty"` // hex; "" while the bytes are not here
	Name   string    `json:"name,omitempty"`   // of the file, where it has one
	Text   string    `json:"text,omitempty"`   // said with it
	Day    store.Day `json:"day,omitempty"`
}

// Deposit is money paid back to the treasury.
type Deposit struct {
	Day    store.Day    `json:"day"`
	Amount store.Rupiah `json:"amount"`
	Number string       `json:"number,omitempty"` // that the treasury gave (NTPN)
	Text   string       `json:"text,omitempty"`
	Proofs []Proof      `json:"proofs,omitempty"`
}

// Decision is somebody's word on something; the zero Decision is none yet.
type Decision struct {
	Name  string     `json:"name"`
	Role  store.Role `json:"role,omitempty"`
	Day   store.Day  `json:"day"`
	Text  string     `json:"text,omitempty"`
	Paper []Proof    `json:"paper,omitempty"` // signed on paper, entered by another
}

// HardCopy is where a bound and signed copy is.
type HardCopy struct {
	Place  string    `json:"place"`
	Holder string    `json:"holder,omitempty"`
	Day    store.Day `json:"day"`
	Proofs []Proof   `json:"proofs,omitempty"`
}

// Root is the newest root of the audit trail when the report was made.
type Root struct {
	Day  store.Day `json:"day"`
	Hour string    `json:"hour,omitempty"` // in UTC, "05"; "" of a root that was made once a day
	Hash string    `json:"hash"`
}

// Hash is the SHA-256, in hex, of all that the report says and of its pictures' hashes. A report read back from JSON
// has the same.
func (r Report) Hash() string {
	sum := sha256.Sum256(r.Canonical())
	return hex.EncodeToString(sum[:])
}

// Canonical is the data that the hash is of. What belongs to a printing is left out: its code, its link, its time, and
// the root of the audit trail at that time.
func (r Report) Canonical() []byte {
	r.Code, r.At, r.Link, r.Root = "", time.Time{}, "", Root{}
	b, err := json.Marshal(r)
	if err != nil {
		panic(fmt.Sprintf("report: a report that is no JSON: %v", err)) // it holds nothing but words and numbers
	}
	return b
}

// crockford are digits and letters of which no two look alike on paper.
var crockford = base32.NewEncoding("0123456789ABCDEFGHJKMNPQRSTVWXYZ").WithPadding(base32.NoPadding)

// ShortCode is a hash as people read and type it: its first 60 bits, "LPJ-7K3M-Q9TX-2BVC". It is "" for what is no
// hash.
func ShortCode(hash string) string {
	b, err := hex.DecodeString(hash)
	if err != nil || len(b) < 8 {
		return ""
	}
	s := crockford.EncodeToString(b[:8])
	return "LPJ-" + s[:4] + "-" + s[4:8] + "-" + s[8:12]
}

// Agrees tells whether the figures of the report agree with each other to the rupiah, and where they first do not.
func (r Report) Agrees() error {
	var came, lines, notas, pos, balance store.Rupiah
	for _, t := range r.Tranches {
		came += t.Amount
	}
	for _, l := range r.Lines {
		lines += l.Spent
	}
	for _, p := range r.Pos {
		pos += p.Spent
	}
	for _, n := range r.Notas {
		var items store.Rupiah
		for _, it := range n.Items {
			items += it.Amount
		}
		if items != n.Total && n.State.Counts() {
			return fmt.Errorf("report: nota %d is %d, its items %d", n.Number, n.Total, items)
		}
		if n.State.Counts() {
			notas += n.Total
		}
	}
	for i, b := range r.Book {
		if balance += b.In - b.Out; balance != b.Balance {
			return fmt.Errorf("report: row %d of the book has %d, not %d", i+1, b.Balance, balance)
		}
	}
	for _, c := range []struct {
		what      string
		one, same store.Rupiah
	}{
		{"what came in tranches", came, r.Received},
		{"what is accounted for", r.Spent + r.Deposited + r.Left, r.Received},
		{"the notas and fees less refunds", notas + r.Fees - r.Refunds, r.Spent},
		{"the lines and fees less refunds", lines + r.Fees - r.Refunds, r.Spent},
		{"the pos and fees", pos + r.Fees, r.Spent},
		{"the book", balance, r.Left},
	} {
		if c.one != c.same {
			return fmt.Errorf("report: %s: %d, not %d", c.what, c.one, c.same)
		}
	}
	return nil
}
