package store

import (
	"encoding/json"
	"maps"
	"slices"
	"time"
)

// Receipt is a nota: one proof of spending, numbered without gaps within its recipient. Nothing submitted is edited or
// deleted: a change is a new version, a cancellation keeps the number.
type Receipt struct {
	ID        ID           `json:"id"`
	Version   int          `json:"version"`
	Recipient ID           `json:"recipient"`
	Number    int          `json:"number"`
	State     ReceiptState `json:"state"`
	Kind      Kind         `json:"kind,omitempty"`
	Payment   string       `json:"payment,omitempty"`
	Seller    string       `json:"seller,omitempty"`
	Day       Day          `json:"day,omitempty"` // on the paper, not of the upload
	Total     Rupiah       `json:"total,omitempty"`
	Items     []Item       `json:"items,omitempty"`
	Reason    string       `json:"reason,omitempty"` // why there is no paper, or why it was cancelled
	Flags     []string     `json:"flags,omitempty"`  // for the mentor's eye: "period", "split", "grant"
	By        ID           `json:"by"`               // the person who began it
	Behalf    bool         `json:"behalf,omitempty"` // entered by a mentor atas nama
	// who entered or changed it, and their sponsors: none of them may verify it
	Hands []ID `json:"hands,omitempty"`
	// those of Hands who only proposed an officer that entered it; see Person
	Sponsors  []ID            `json:"sponsors,omitempty"`
	Review    Review          `json:"review,omitzero"` // the last decision on it
	Begun     time.Time       `json:"begun"`
	Submitted time.Time       `json:"submitted,omitzero"`
	Draft     json.RawMessage `json:"draft,omitempty"`   // answers of an unfinished one that was put aside
	Sources   []Source        `json:"sources,omitempty"` // which messages said it
	Locked    bool            `json:"-"`                 // its book is closed; read only
}

// ReceiptState is how far a nota has come.
type ReceiptState string

// The states of a nota: begun and numbered; sent, to be looked at; returned to be mended; verified by somebody who had
// no hand in it; or cancelled with its number kept.
const (
	Unfinished ReceiptState = "unfinished"
	Submitted  ReceiptState = "submitted"
	Returned   ReceiptState = "returned"
	Verified   ReceiptState = "verified"
	Cancelled  ReceiptState = "cancelled"
)

// Counts tells whether a nota in that state is in the book.
func (s ReceiptState) Counts() bool { return s == Submitted || s == Returned || s == Verified }

// Kind is the kind of proof.
type Kind string

// The kinds of proof.
const (
	KindNota        Kind = "nota"
	KindStruk       Kind = "struk"
	KindKuitansi    Kind = "kuitansi"
	KindFaktur      Kind = "faktur"
	KindTransfer    Kind = "transfer"
	KindMarketplace Kind = "marketplace"
	KindNone        Kind = "none" // tanpa nota: a reason, and the mentor's check
)

// Item is one thing bought. A nota's items sum to its total.
type Item struct {
	Item   string `json:"item,omitempty"`
	Volume Volume `json:"volume,omitempty"`
	Unit   string `json:"unit,omitempty"`
	Price  Rupiah `json:"price,omitempty"`
	Amount Rupiah `json:"amount"`
	Line   ID     `json:"line,omitempty"` // of the RAB
	Pos    string `json:"pos"`
}

// Source says which of a person's messages answered which question.
type Source struct {
	Person  ID     `json:"person"`
	Message int    `json:"message"`
	Name    string `json:"name"`
}

// File is a picture, document or voice note that came by chat. Its bytes are fetched later and known by their hash.
type File struct {
	ID        ID        `json:"id"`
	Version   int       `json:"version"`
	Recipient ID        `json:"recipient"`
	Receipt   ID        `json:"receipt,omitempty"`
	Entry     ID        `json:"entry,omitempty"`
	Visit     ID        `json:"visit,omitempty"`
	Kind      string    `json:"kind"`      // photo, document, voice
	FileID    string    `json:"file_id"`   // Telegram's, of the largest size
	UniqueID  string    `json:"unique_id"` // Telegram's, the same for every bot
	Name      string    `json:"name,omitempty"`
	Words     string    `json:"words,omitempty"` // said with it
	MIME      string    `json:"mime,omitempty"`
	Size      int64     `json:"size,omitempty"` // bytes, as Telegram says until the file is here
	Width     int       `json:"width,omitempty"`
	Height    int       `json:"height,omitempty"`
	SHA256    string    `json:"sha256,omitempty"`  // hex; "" until the bytes are here
	By        ID        `json:"by,omitempty"`      // the person who sent it
	Album     string    `json:"album,omitempty"`   // Telegram's media group
	Message   int       `json:"message,omitempty"` // that brought it, in the private chat with that person
	At        time.Time `json:"at"`
}

// EntryKind is a movement of the book that is not a nota.
type EntryKind string

// The kinds of entry: money in, cash drawn, the bank's fee, goods returned for money, the rest paid back to the
// treasury.
const (
	EntryGrant    EntryKind = "grant"    // dana masuk
	EntryWithdraw EntryKind = "withdraw" // tarik tunai: from bank to cash, no change in the sum
	EntryFee      EntryKind = "fee"      // biaya bank
	EntryRefund   EntryKind = "refund"   // retur barang
	EntryDeposit  EntryKind = "deposit"  // setor sisa ke kas negara
)

// Entry is one movement of the book with its proof.
type Entry struct {
	ID        ID         `json:"id"`
	Version   int        `json:"version"`
	Recipient ID         `json:"recipient"`
	Number    int        `json:"number"`
	Kind      EntryKind  `json:"kind"`
	State     EntryState `json:"state"`
	Amount    Rupiah     `json:"amount"`
	Day       Day        `json:"day"`
	Pos       string     `json:"pos,omitempty"` // of a refund: where the money goes back to
	Note      string     `json:"note,omitempty"`
	By        ID         `json:"by"`
	At        time.Time  `json:"at"`
}

// EntryState tells a standing entry from a cancelled one.
type EntryState string

// The states of an entry.
const (
	EntryStands    EntryState = "stands"
	EntryCancelled EntryState = "cancelled"
)

// Balance is a recipient's book added up. Received = Spent + Deposited + Left at any time, where Spent has fees added
// and refunds taken off.
type Balance struct {
	Received   Rupiah
	Spent      Rupiah
	Deposited  Rupiah
	Left       Rupiah
	Fees       Rupiah
	Refunds    Rupiah
	ByPos      []PosSum // spent by pos, refunds taken off
	ByLine     map[ID]Rupiah
	Submitted  int // notas sent, whatever became of them but cancelling
	Returned   int // of these, to be mended
	Verified   int // of these, verified
	Unfinished int // notas begun
}

// PosSum is what was spent under a pos.
type PosSum struct {
	Pos   string
	Spent Rupiah
}

// With is the book after a nota took the place of an older version of itself, which is the zero Receipt for a new one.
func (b Balance) With(older, newer Receipt) Balance {
	sums := map[string]Rupiah{}
	for _, p := range b.ByPos {
		sums[p.Pos] += p.Spent
	}
	for _, r := range []struct {
		Receipt
		sign Rupiah
	}{{older, -1}, {newer, 1}} {
		if !r.State.Counts() {
			continue
		}
		for _, it := range r.Items {
			sums[it.Pos] += r.sign * it.Amount
			b.Spent += r.sign * it.Amount
			b.Left -= r.sign * it.Amount
		}
	}
	b.ByPos = nil
	for _, pos := range slices.Sorted(maps.Keys(sums)) {
		b.ByPos = append(b.ByPos, PosSum{Pos: pos, Spent: sums[pos]})
	}
	return b
}
