package flows_test

import (
	"os"
	"testing"

	"pendamping/flows/look"
	"pendamping/flows/sandbox"
)

// box runs what reads pictures.
var box *sandbox.Box

func TestMain(m *testing.M) {
	box = sandbox.Start(look.Jobs())
	os.Exit(m.Run())
}
