// Package documents holds what a file is made from: the records, the words and the kept pictures.
package documents
