//go:build !linux

package sandbox

import (
	"os"
	"os/exec"
	"runtime/debug"
)

// Enforced reports whether the system itself holds children to their memory and processor limits. Here it does not: the
// deadline, the size of the output and what jobs check themselves are all that holds, and a program that a job starts
// may outlive it.
const Enforced = false

func self() (string, error) { return os.Executable() }

func apart(*exec.Cmd) {}

func endGroup(int) {}

func confine(o order) error {
	debug.SetMemoryLimit(o.Memory + 24<<20)
	return nil
}

// Program makes a program that a job starts end with the job, where the system can do that.
func Program(cmd *exec.Cmd) *exec.Cmd { return cmd }
