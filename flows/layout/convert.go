package layout

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"time"
)

// Limits of what is made of a document.
const (
	mostSheets    = 20               // of a PDF that are printed
	sheetPixels   = 1754             // of a sheet's longer side: A4 at 150 to the inch
	convertWithin = 30 * time.Second // by a tool
)

// errNoTool says that nothing here makes pictures of such a document.
var errNoTool = errors.New("layout: no tool for such a document")

// errBroken says that the tool made no picture of a document.
var errBroken = errors.New("layout: a document that its tool can't open")

// sheets makes pictures of a PDF or HEIC, in the order of their pages, with the tools that are installed. more tells
// that there are further ones. errNoTool says that there is no tool.
func sheets(ctx context.Context, b []byte, kind string) (list [][]byte, more bool, err error) {
	var tool []string
	switch kind {
	case "pdf":
		tool = []string{"pdftoppm", "-jpeg", "-scale-to", strconv.Itoa(sheetPixels), "-l", strconv.Itoa(mostSheets + 1),
			"in", "out"}
	case "heic":
		tool = []string{"heif-convert", "-q", "90", "in", "out.jpg"}
	default:
		return nil, false, errNoTool
	}
	path, err := exec.LookPath(tool[0])
	if err != nil {
		return nil, false, errNoTool
	}
	dir, err := os.MkdirTemp("", "layout-")
	if err != nil {
		return nil, false, err
	}
	defer os.RemoveAll(dir)
	if err := os.WriteFile(filepath.Join(dir, "in"), b, 0o600); err != nil {
		return nil, false, err
	}
	ctx, stop := context.WithTimeout(ctx, convertWithin)
	defer stop()
	run := exec.CommandContext(ctx, path, tool[1:]...)
	run.Dir = dir
	if err := run.Run(); err != nil {
		return nil, false, fmt.Errorf("%w: %s: %w", errBroken, tool[0], err)
	}
	names, err := filepath.Glob(filepath.Join(dir, "out*"))
	if err != nil {
		return nil, false, err
	}
	slices.Sort(names) // their numbers are equally long
	for _, name := range names[:min(len(names), mostSheets)] {
		page, err := os.ReadFile(name)
		if err != nil {
			return nil, false, err
		}
		list = append(list, page)
	}
	if len(list) == 0 {
		return nil, false, fmt.Errorf("%w: %s made nothing", errBroken, tool[0])
	}
	return list, len(names) > mostSheets, nil
}
