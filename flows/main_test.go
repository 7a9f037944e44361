package flows_test

import (
	"fmt"
	"os"
	"testing"

	"pendamping/flows/look"
	"pendamping/flows/sandbox"
)

// box runs what reads pictures.
var box *sandbox.Box

func TestMain(m *testing.M) {
	box = sandbox.Start(look.Jobs())
	code := m.Run()
	if err := worlds.Close(); err != nil && code == 0 {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}
