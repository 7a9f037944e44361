// Package cash is the cash book (buku kas) and its movements.
package cash
