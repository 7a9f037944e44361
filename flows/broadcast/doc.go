// Package broadcast composes and aims announcements, has a second coordinator agree to large ones, corrects or takes
// them back, and reports whom they reached.
package broadcast
