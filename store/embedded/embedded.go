// Package embedded runs a real PostgreSQL and a Redis as children of this process, so that the demo and the tests need
// no server set up by hand.
//
// Servers are taken from the machine where it has them and fetched where it has not. They listen on loopback only,
// under a port below the ephemeral range, run without root's rights, and end with this process, however it ends.
package embedded

import (
	"fmt"
	"io"
)

// Options say where a server keeps its data and how careful it is with them.
type Options struct {
	// Dir is the folder for the data, made where it is missing; each server takes a subfolder of its own. Where the
	// server's user cannot enter it (root's home), the subfolder is a link to a place that it can. Throwaway ignores
	// it.
	Dir string
	// Throwaway keeps the data in memory or a temporary folder, never waits for a disk, and forgets them at the end.
	Throwaway bool
	// Cluster makes a throwaway Redis one node of a Redis Cluster.
	Cluster bool
	// Log hears in plain lines about what takes long, such as a download. Nil: nobody does.
	Log io.Writer
	// Fetched passes over what is installed on the machine, so that fetching can be tried.
	Fetched bool
}

// say writes one line to the log, where there is one.
func (o Options) say(format string, args ...any) {
	if o.Log != nil {
		fmt.Fprintf(o.Log, format+"\n", args...)
	}
}
