package look

import (
	"context"
	"errors"
	"io"
	"os/exec"
	"strings"
	"time"

	"pendamping/flows/picture"
	"pendamping/flows/sandbox"
)

// ErrNoReader says that tesseract, or its Indonesian, is not installed.
var ErrNoReader = errors.New("tesseract with Indonesian is not installed")

// CanRead tells whether pictures can be read here: tesseract is installed, with Indonesian.
func CanRead(ctx context.Context) bool {
	out, err := exec.CommandContext(ctx, "tesseract", "--list-langs").Output()
	return err == nil && strings.Contains(string(out)+"\n", "\nind\n")
}

// readLimits are those of tesseract: its model takes some 100 MB beside the picture, of which it makes four bytes a
// pixel and more.
var readLimits = sandbox.Limits{Memory: 192 << 20, CPU: 15 * time.Second, Wall: 60 * time.Second, Output: 64 << 10}

// maxReadPixels of a picture that is read; more tell no more words.
const maxReadPixels = 16_000_000

// Reads returns what reads the printed words of a picture, line by line, with tesseract in a child process that gives
// way to everything else. Handwriting it cannot read. The errors are ErrNoReader, those of At, and those of
// sandbox.Run.
func Reads(box *sandbox.Box) func(ctx context.Context, r io.Reader) (string, error) {
	return func(ctx context.Context, r io.Reader) (string, error) {
		f, done, err := sandbox.File(r, maxBytes)
		if err != nil {
			return "", err
		}
		defer done()
		out, err := box.Run(ctx, "read", readLimits, nil, f)
		if wrong := (*sandbox.JobError)(nil); errors.As(err, &wrong) {
			for _, known := range []error{ErrNoReader, picture.ErrNone, picture.ErrTooLarge} {
				if wrong.Text == known.Error() {
					return "", known
				}
			}
		}
		return string(out), err
	}
}

func readJob(c sandbox.Call) error {
	h, err := picture.Read(c.In[0])
	if err != nil {
		return err
	}
	if int64(h.Width)*int64(h.Height) > maxReadPixels || h.Memory > MaxMemory {
		return picture.ErrTooLarge
	}
	if _, err := c.In[0].Seek(0, io.SeekStart); err != nil {
		return err
	}
	// One thread: two would take the processor from replies. Mode 6 takes the paper for one block of lines.
	cmd := sandbox.Program(exec.Command("tesseract", "stdin", "stdout", "-l", "ind", "--psm", "6"))
	cmd.Env = append(cmd.Environ(), "OMP_THREAD_LIMIT=1")
	cmd.Stdin, cmd.Stdout = c.In[0], c.Out
	if err := cmd.Run(); errors.Is(err, exec.ErrNotFound) {
		return ErrNoReader
	} else if err != nil {
		return errors.New("tesseract: " + err.Error())
	}
	return nil
}
