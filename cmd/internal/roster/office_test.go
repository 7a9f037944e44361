package roster_test

import (
	"testing"

	"pendamping/cmd/internal/officetest"
)

// office is where an operator imports, and where people act in the chat meanwhile.
type office struct{ *officetest.Office }

func openOffice(t *testing.T) *office {
	t.Helper()
	return &office{officetest.Open(t)}
}
