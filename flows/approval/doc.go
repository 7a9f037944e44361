// Package approval is what the ketua agrees to: the book, papers signed by hand, objections and remarks.
package approval
