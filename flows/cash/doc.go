// Package cash keeps the cash book (buku kas), and the movements in it that are no notas.
package cash
