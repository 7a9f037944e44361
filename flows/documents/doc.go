// Package documents is what a file that is made of the records is made from.
package documents
