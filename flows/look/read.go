package look

import (
	"context"
	"errors"
	"io"
	"os/exec"
	"strings"
	"time"
)

// ErrNoReader says that tesseract, or its Indonesian, is not installed.
var ErrNoReader = errors.New("tesseract with Indonesian is not installed")

// CanRead tells whether pictures can be read here: tesseract is installed, with Indonesian.
func CanRead(ctx context.Context) bool {
	out, err := exec.CommandContext(ctx, "tesseract", "--list-langs").Output()
	return err == nil && strings.Contains(string(out)+"\n", "\nind\n")
}

// Read reads the printed words of a picture, line by line, with tesseract in a process of its own that gives way to everything
// else. Handwriting it cannot read.
func Read(ctx context.Context, picture io.Reader) (string, error) {
	// One thread: two would take the processor from replies. Mode 6 takes the paper for one block of lines.
	cmd := exec.CommandContext(ctx, "nice", "-n", "19", "tesseract", "stdin", "stdout", "-l", "ind", "--psm", "6")
	cmd.Env = append(cmd.Environ(), "OMP_THREAD_LIMIT=1")
	cmd.Stdin = picture
	cmd.WaitDelay = time.Second
	out, err := cmd.Output()
	if errors.Is(err, exec.ErrNotFound) {
		return "", ErrNoReader
	}
	return string(out), err
}
