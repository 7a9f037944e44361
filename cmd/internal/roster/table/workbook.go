package table

import (
	"bytes"
	"errors"
	"fmt"
	"iter"
	"math"
	"regexp"
	"strconv"

	"github.com/xuri/excelize/v2"
)

// oddNumber is a raw value that may be a number in exponents or with three decimals, or a text that only looks so.
var oddNumber = regexp.MustCompile(`^-?\d+(\.\d+)?[eE][+-]?\d+$|^\d{1,3}\.\d{3}$`)

// What a workbook may unpack to, in bytes: all of it, and a part that is kept in memory. Longer parts go to a file.
const (
	largest     = 256 << 20
	largestPart = 16 << 20
)

// workbookRecords reads the first sheet of an XLSX file. It goes through the sheet twice, side by side: for text as
// the cells show it (a code 007 is the number 7 in a format), and for numbers and days as the cells hold them.
func workbookRecords(data []byte) iter.Seq2[record, error] {
	return func(yield func(record, error) bool) {
		if err := readSheet(data, yield); err != nil {
			yield(record{}, err)
		}
	}
}

func readSheet(data []byte, yield func(record, error) bool) error {
	limits := excelize.Options{UnzipSizeLimit: largest, UnzipXMLSizeLimit: largestPart}
	f, err := excelize.OpenReader(bytes.NewReader(data), limits)
	if err != nil {
		return fmt.Errorf("the workbook can't be read: %w", err)
	}
	defer f.Close()
	if props, err := f.GetWorkbookProps(); err == nil && props.Date1904 != nil && *props.Date1904 {
		return errors.New("the workbook counts its days from 1904: save the sheet as CSV")
	}
	sheet := f.GetSheetName(0)
	shown, err := f.Rows(sheet)
	if err != nil {
		return fmt.Errorf("the first sheet can't be read: %w", err)
	}
	defer shown.Close()
	held, err := f.Rows(sheet)
	if err != nil {
		return fmt.Errorf("the first sheet can't be read: %w", err)
	}
	defer held.Close()
	for line := 1; shown.Next() && held.Next(); line++ {
		rec := record{line: line}
		if rec.shown, err = shown.Columns(); err == nil {
			rec.raw, err = held.Columns(excelize.Options{RawCellValue: true})
		}
		if err != nil {
			return fmt.Errorf("row %d can't be read: %w", line, err)
		}
		rec.raw = append(rec.raw, make([]string, max(0, len(rec.shown)-len(rec.raw)))...)
		for i, value := range rec.raw {
			if !oddNumber.MatchString(value) && (i >= len(rec.shown) || !oddNumber.MatchString(rec.shown[i])) {
				continue
			}
			if err := spellOut(f, sheet, &rec, i); err != nil {
				return err
			}
		}
		if !yield(rec, nil) {
			return nil
		}
	}
	return shown.Error()
}

// spellOut writes an odd value that is a number in plain decimals: a whole one in all its digits, others with a last
// zero, so that nobody takes the 1.125 of a cell for one thousand one hundred twenty-five. A text stays as it is.
func spellOut(f *excelize.File, sheet string, rec *record, i int) error {
	cell, err := excelize.CoordinatesToCellName(i+1, rec.line)
	if err != nil {
		return err
	}
	kind, err := f.GetCellType(sheet, cell)
	if err != nil {
		return fmt.Errorf("cell %s can't be read: %w", cell, err)
	}
	n, err := strconv.ParseFloat(rec.raw[i], 64)
	if err != nil || kind != excelize.CellTypeNumber && kind != excelize.CellTypeUnset {
		return nil
	}
	plain := strconv.FormatFloat(n, 'f', -1, 64)
	if i < len(rec.shown) && oddNumber.MatchString(rec.shown[i]) {
		rec.shown[i] = plain
	}
	if n != math.Trunc(n) {
		plain += "0"
	}
	rec.raw[i] = plain
	return nil
}
