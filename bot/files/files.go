// Package files brings the bytes of what people send to the media folder, has pictures looked at, and reads them.
package files

import (
	"context"
	"io"
	"log/slog"
	"os"
	"time"

	"pendamping/bot/health"
	"pendamping/flows/receipt"
	"pendamping/store"
)

// Tx is the transaction in which something about files is kept.
type Tx interface {
	store.Tx
	// LockLooks waits until nobody else searches for similar pictures, and keeps others from it until the transaction
	// ends.
	LockLooks(ctx context.Context) error
	// Asked notes that the sender of a file was asked to send it again.
	Asked(f store.File)
	// Keep commits the records, their events, and messages that are sent as nudges.
	Keep(ctx context.Context, say []store.Message) error
	// Rollback ends the transaction. After Keep it does nothing.
	Rollback(ctx context.Context)
}

// Records know which files are still to be fetched, asked for and looked at.
type Records interface {
	// FilesToAsk returns at most limit pictures that came before a time and have no bytes here, whose senders were not
	// asked to send them again.
	FilesToAsk(ctx context.Context, before time.Time, limit int) ([]store.File, error)
	// FilesToFetch returns at most limit files without bytes here, in the order of their ids, beginning after one.
	FilesToFetch(ctx context.Context, after store.ID, limit int) ([]store.File, error)
	// FilesToLook returns at most limit pictures whose bytes are here and that nobody looked at, besides some.
	FilesToLook(ctx context.Context, without []store.ID, limit int) ([]store.File, error)
	// TryDecode counts an attempt at files before a process makes it, and returns how many there were by hash, this one
	// too.
	TryDecode(ctx context.Context, at time.Time, process int64, job string, hashes []string) (map[string]int, error)
	// Decoded forgets the attempts, because one succeeded.
	Decoded(ctx context.Context, job string, hashes []string) error
	// UndoDecode takes back a process's last attempt.
	UndoDecode(ctx context.Context, process int64, job string, hashes []string) error
	receipt.Gallery
}

// Media keeps the bytes of files by their hash.
type Media interface {
	// Put keeps what r has, and returns the SHA-256 in hexadecimal and the size in bytes.
	Put(ctx context.Context, r io.Reader) (sha256 string, size int64, err error)
	// Open opens what was kept under a hash; store.ErrNotFound if nothing was.
	Open(sha256 string) (*os.File, error)
}

// Config is what files are handled with.
type Config struct {
	Records  Records
	Begin    func() Tx // begins a transaction on the records, at the present time
	Media    Media
	Telegram interface {
		// Download opens a file at Telegram. It returns telegram.ErrTooLarge if a bot may not download it.
		Download(ctx context.Context, fileID string) (io.ReadCloser, error)
	}
	Process interface {
		// Number is this process's number among those that share the records.
		Number() int64
		// Lead takes a part that one process plays at a time, and reports whether this process has it.
		Lead(ctx context.Context, part string) (bool, error)
	}
	// Inspect looks at a picture, like receipt.Inspect. If it returns receipt.ErrLarge it is called again with large,
	// for one picture at a time. If nil, pictures are not looked at.
	Inspect func(ctx context.Context, f store.File, r io.Reader, large bool) (receipt.Seen, error)
	// Read reads the printed words of a picture. If nil, pictures are not read.
	Read func(ctx context.Context, picture io.Reader) (string, error)
	// Offer offers its sender what was read in a picture.
	Offer func(chat int64, f store.File, words string)

	Now        func() time.Time
	Log        *slog.Logger
	Heartbeats *health.Heartbeats
	MediaAway  *health.Episode // the media folder can't be written
	// Called counts a call of Telegram's that failed.
	Called func(method string, err error)
	// Warn logs what could not be done, unless the records are away.
	Warn func(ctx context.Context, what string, err error, args ...any)
}

// Files are the loops that files go through.
type Files struct {
	Config
	came  chan struct{} // there is a file to fetch
	looks chan struct{} // there is a picture to look at
	reads *readQueue    // pictures to read
}

// New returns the loops, which FetchAll, LookAll and ReadAll set going.
func New(c Config) *Files {
	return &Files{
		Config: c, came: make(chan struct{}, 1), looks: make(chan struct{}, 1), reads: newReadQueue(),
	}
}

// Came says that there is a file to fetch.
func (s *Files) Came() { wake(s.came) }

func wake(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}
