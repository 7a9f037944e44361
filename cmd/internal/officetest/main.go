// Package officetest is what tests of the commands share: a database, an operator's folder of files, and a group with
// a history. Only tests import it.
package officetest

import (
	"os"
	"testing"

	"pendamping/cmd/internal/roster"
	"pendamping/flows/layout"
	"pendamping/flows/look"
	"pendamping/flows/sandbox"
)

// Box runs what reads strangers' bytes. Main sets it.
var Box *sandbox.Box

// Main runs a package's tests with a Box. It ends the process.
func Main(m *testing.M) {
	Box = sandbox.Start(look.Jobs(), layout.Jobs(), roster.Jobs())
	os.Exit(m.Run())
}
