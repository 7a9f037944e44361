package bot_test

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"testing"

	"go.uber.org/goleak"

	"pendamping/store/embedded/testdb"
)

func TestMain(m *testing.M) {
	if plan := os.Getenv(childPlan); plan != "" {
		os.Exit(beChild(plan))
	}
	flag.Parse()
	_ = flag.Set("test.parallel", "16") // tests wait more than they work
	code := m.Run()
	err := houses.Close()
	// The threads that hold this package's PostgreSQL and Redis remain, and end with the process.
	testdb.CloseIdle()
	err = errors.Join(err, goleak.Find(goleak.IgnoreAnyFunction("pendamping/store/embedded.(*child).wait")))
	if err != nil && code == 0 {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}
