package app_test

import (
	"os"
	"testing"

	"pendamping/cmd/internal/app"
	"pendamping/flows/sandbox"
)

// box runs what reads strangers' bytes.
var box *sandbox.Box

func TestMain(m *testing.M) {
	box = sandbox.Start(app.Jobs())
	os.Exit(m.Run())
}
