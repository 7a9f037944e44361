package roster

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"pendamping/cmd/internal/roster/table"
	"pendamping/flows/sandbox"
	"pendamping/store"
)

// largestFile is the size up to which files are imported, in bytes. A roster of 100,000 people has some 20 MB as CSV.
const largestFile = 32 << 20

// importLimits are those of reading one file.
var importLimits = sandbox.Limits{Memory: 512 << 20, CPU: time.Minute, Wall: 5 * time.Minute, Output: 128 << 20}

// tables are what columns a table of some kind may have.
func tables() map[string][]table.Column {
	return map[string][]table.Column{"roster": rosterColumns, "plans": planColumns}
}

// Jobs are what children of an importing process do, for sandbox.Start: they read files, and the parent judges what
// these hold.
func Jobs() sandbox.Jobs {
	return sandbox.Jobs{
		"table": func(c sandbox.Call) error {
			data, err := io.ReadAll(c.In[0])
			if err != nil {
				return err
			}
			var a tableRead
			a.Table, a.Problems = table.Read(c.Args[0], data, tables()[c.Args[1]])
			return json.NewEncoder(c.Out).Encode(a)
		},
		"program": func(c sandbox.Call) error {
			data, err := io.ReadAll(c.In[0])
			if err != nil {
				return err
			}
			var a programRead
			a.Program, err = ReadProgram(c.Args[0], data)
			if err != nil && !errors.As(err, &a.Problems) {
				return err
			}
			return json.NewEncoder(c.Out).Encode(a)
		},
	}
}

// tableRead is a table as a child hands it over.
type tableRead struct {
	Table    *table.Table
	Problems table.Problems
}

// programRead are a programme's rules as a child hands them over.
type programRead struct {
	Program  store.Program
	Problems table.Problems
}

// readTable reads a table in a child.
func readTable(ctx context.Context, box *sandbox.Box, path, kind string) (*table.Table, table.Problems, error) {
	var read tableRead
	if err := readIn(ctx, box, path, "table", []string{kind}, &read); err != nil {
		return nil, nil, err
	}
	return read.Table, read.Problems, nil
}

// readIn has a child read a file. Its errors are one line that says what to do.
func readIn(ctx context.Context, box *sandbox.Box, path, job string, args []string, into any) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	name := filepath.Base(path)
	if info, err := f.Stat(); err != nil {
		return err
	} else if info.Size() > largestFile {
		return fmt.Errorf("%s is larger than %d MB: import it in parts", name, largestFile>>20)
	}
	out, err := box.Run(ctx, job, importLimits, append([]string{name}, args...), f)
	if errors.Is(err, sandbox.ErrLimit) {
		return fmt.Errorf("%s can't be read: it takes far more memory or time than such a file should: "+
			"save it anew as CSV UTF-8 (%w)", name, err)
	}
	if err != nil {
		return fmt.Errorf("%s can't be read: %w", name, err)
	}
	if err := json.Unmarshal(out, into); err != nil {
		return fmt.Errorf("%s can't be read: %w", name, err)
	}
	return nil
}
