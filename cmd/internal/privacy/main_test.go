package privacy_test

import (
	"testing"

	"pendamping/cmd/internal/officetest"
)

func TestMain(m *testing.M) { officetest.Main(m) }
