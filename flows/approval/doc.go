// Package approval lets the ketua approve the book, on screen or by a signature on paper, and lets the group object to
// a nota.
package approval
