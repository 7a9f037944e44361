package table

import (
	"bytes"
	"encoding/binary"
	"encoding/csv"
	"errors"
	"io"
	"iter"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// textRecords reads a CSV file with "," ";" or tabs, in UTF-8 with or without BOM, or in UTF-16 as a spreadsheet's
// "Unicode text" has it.
func textRecords(data []byte) iter.Seq2[record, error] {
	return func(yield func(record, error) bool) {
		text, err := utf8Text(data)
		if err != nil {
			yield(record{line: wrongLine(data)}, err)
			return
		}
		skipped := 0
		if first, rest, _ := strings.Cut(text, "\n"); strings.HasPrefix(strings.ToLower(first), "sep=") {
			text, skipped = rest, 1 // a hint for spreadsheets; the header itself tells
		}
		r := csv.NewReader(strings.NewReader(text))
		r.Comma, r.FieldsPerRecord = delimiter(text), -1
		for {
			cells, err := r.Read()
			if err == io.EOF {
				return
			}
			if wrong := (*csv.ParseError)(nil); errors.As(err, &wrong) {
				yield(record{line: wrong.Line + skipped}, quoteTrouble(wrong.Err))
				return
			}
			if err != nil {
				yield(record{}, err)
				return
			}
			line, _ := r.FieldPos(0)
			if !yield(record{line: line + skipped, shown: cells, raw: cells}, nil) {
				return
			}
		}
	}
}

var (
	errOldWorkbook = errors.New("this is an old Excel workbook (.xls): save it as .xlsx or CSV")
	errPassword    = errors.New("this workbook has a password: save it without one")
	errNotUTF8     = errors.New(`these letters are not UTF-8: save the file as "CSV UTF-8"`)
	errQuote       = errors.New("a quotation mark stands inside a cell: " +
		`put the cell in quotation marks and double the mark ("")`)
	errOpenQuote = errors.New("a quoted cell begins here or later and never ends")
)

func quoteTrouble(err error) error {
	switch {
	case errors.Is(err, csv.ErrBareQuote):
		return errQuote
	case errors.Is(err, csv.ErrQuote):
		return errOpenQuote
	}
	return err
}

// utf8Text is the file's text without its BOM and with plain line breaks.
func utf8Text(data []byte) (string, error) {
	switch {
	case bytes.HasPrefix(data, oldWorkbook) && bytes.Contains(data, utf16Bytes("EncryptedPackage")):
		return "", errPassword
	case bytes.HasPrefix(data, oldWorkbook):
		return "", errOldWorkbook
	case bytes.HasPrefix(data, []byte("\xff\xfe")):
		data = fromUTF16(data[2:], binary.LittleEndian)
	case bytes.HasPrefix(data, []byte("\xfe\xff")):
		data = fromUTF16(data[2:], binary.BigEndian)
	case len(data) >= 4 && data[1]|data[3] == 0 && data[0] != 0: // without a BOM: the header's first letters tell
		data = fromUTF16(data, binary.LittleEndian)
	case len(data) >= 4 && data[0]|data[2] == 0 && data[1] != 0:
		data = fromUTF16(data, binary.BigEndian)
	}
	if !utf8.Valid(data) {
		return "", errNotUTF8
	}
	text := strings.TrimPrefix(string(data), "\ufeff")
	if !strings.Contains(text, "\n") {
		text = strings.ReplaceAll(text, "\r", "\n") // as old Macs ended lines
	}
	return text, nil
}

// oldWorkbook begins a compound file: an old workbook, or a new one behind a password (MS-OFFCRYPTO).
var oldWorkbook = []byte("\xd0\xcf\x11\xe0")

// utf16Bytes is an ASCII text as a compound file's directory has it.
func utf16Bytes(s string) []byte { return []byte(strings.Join(strings.Split(s, ""), "\x00")) }

func fromUTF16(data []byte, order binary.ByteOrder) []byte {
	units := make([]uint16, len(data)/2)
	for i := range units {
		units[i] = order.Uint16(data[2*i:])
	}
	return []byte(string(utf16.Decode(units)))
}

// wrongLine is the first line with bytes that are not UTF-8, 0 when there is none.
func wrongLine(data []byte) int {
	if bytes.HasPrefix(data, oldWorkbook) {
		return 0
	}
	for i, line := range bytes.Split(data, []byte("\n")) {
		if !utf8.Valid(line) {
			return i + 1
		}
	}
	return 0
}

// delimiter is the sign that the header has most of.
func delimiter(text string) rune {
	head, _, _ := strings.Cut(strings.TrimLeft(text, "\r\n"), "\n")
	best := ','
	for _, sign := range ";\t" {
		if strings.Count(head, string(sign)) > strings.Count(head, string(best)) {
			best = sign
		}
	}
	return best
}
