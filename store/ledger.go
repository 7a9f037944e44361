package store

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"time"
)

// Ledger is what a recipient received and spent, with its proof.
type Ledger interface {
	// Receipt returns the nota with that id.
	Receipt(ctx context.Context, id ID) (Receipt, error)
	// ReceiptByNumber returns a recipient's nota with that number.
	ReceiptByNumber(ctx context.Context, recipient ID, number int) (Receipt, error)
	// ReceiptBySource returns the nota that one of an account's messages answered; name says which question.
	ReceiptBySource(ctx context.Context, account int64, message int) (r Receipt, name string, err error)
	// Receipts returns a recipient's notas in a state, newest number first; limit and offset page them. "" means every
	// state.
	Receipts(ctx context.Context, recipient ID, state ReceiptState, limit, offset int) ([]Receipt, error)
	// CountReceipts returns how many notas a recipient has in a state; "" means every state.
	CountReceipts(ctx context.Context, recipient ID, state ReceiptState) (int, error)
	// UnfinishedOf returns the unfinished notas that a person began (as themselves or atas nama), newest first.
	UnfinishedOf(ctx context.Context, person ID) ([]Receipt, error)
	// AddReceipt gives a nota the recipient's next number, gap-free, and adds it.
	AddReceipt(ctx context.Context, what string, r *Receipt) error
	// PutReceipt changes a nota.
	PutReceipt(ctx context.Context, what string, r *Receipt) error

	// File returns the file with that id.
	File(ctx context.Context, id ID) (File, error)
	// Files returns the pictures, documents and voice notes of a nota, in the order in which they came.
	Files(ctx context.Context, receipt ID) ([]File, error)
	// FilesOf returns a recipient's files that belong to its notas, entries and LPJ, in the order in which they came.
	FilesOf(ctx context.Context, recipient ID) ([]File, error)
	// FilesOfAlbum returns what a person sent in one media group, in the order in which it came.
	FilesOfAlbum(ctx context.Context, by ID, album string) ([]File, error)
	// FilesOfMessage returns what a message of an account's private chat brought, in the order in which it came:
	// several if its picture was exchanged.
	FilesOfMessage(ctx context.Context, account int64, message int) ([]File, error)
	// FileAgain returns the newest file with the same unique id as f that its recipient has, or that its very message
	// brought.
	FileAgain(ctx context.Context, f File) (File, error)
	// HeldFiles returns a person's files that wait for the answer to whose they are: with a recipient of 0, oldest
	// first.
	HeldFiles(ctx context.Context, by ID) ([]File, error)
	// AddFile adds what is known of a file; its bytes are fetched later.
	AddFile(ctx context.Context, what string, f *File) error
	// PutFile changes what is known of a file.
	PutFile(ctx context.Context, what string, f *File) error
	// PutFiles changes several at once; what names the event of each.
	PutFiles(ctx context.Context, what func(File) string, changed []File) error

	// Entries returns the book's movements that are not notas, newest number first.
	Entries(ctx context.Context, recipient ID) ([]Entry, error)
	// AddEntry gives an entry the recipient's next entry number, gap-free, and adds it.
	AddEntry(ctx context.Context, what string, e *Entry) error
	// PutEntry changes an entry.
	PutEntry(ctx context.Context, what string, e *Entry) error
	// Balance adds up a recipient's book.
	Balance(ctx context.Context, recipient ID) (Balance, error)
}

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

// Counts reports whether a nota in that state is in the book.
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
	EntryStands    EntryState = "stands"    // counts in the book
	EntryCancelled EntryState = "cancelled" // keeps its number and counts no more
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

// With returns the book after a nota took the place of an older version of itself, which is the zero Receipt for a new
// one.
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
