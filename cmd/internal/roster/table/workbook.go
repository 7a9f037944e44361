package table

import (
	"archive/zip"
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"math"
	"regexp"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
)

// oddNumber is a raw value that may be a number in exponents or with three decimals, or a text that only looks so.
var oddNumber = regexp.MustCompile(`^-?\d+(\.\d+)?[eE][+-]?\d+$|^\d{1,3}\.\d{3}$`)

// What a workbook may unpack to, in bytes: all of it, and a part that is kept in memory. Longer parts go to a file.
const (
	largest     = 256 << 20
	largestPart = 16 << 20
)

// workbookRecords reads one sheet of an XLSX file: the one that shows when it is opened. It goes through the sheet
// twice, side by side: for text as the cells show it (a code 007 is the number 7 in a format), and for numbers and days
// as the cells hold them.
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
	sheet, err := openSheet(f)
	if err != nil {
		return err
	}
	formulas, err := hasFormulas(data)
	if err != nil {
		return fmt.Errorf("the workbook can't be read: %w", err)
	}
	shown, err := f.Rows(sheet)
	if err != nil {
		return fmt.Errorf("sheet %q can't be read: %w", sheet, err)
	}
	defer shown.Close()
	held, err := f.Rows(sheet)
	if err != nil {
		return fmt.Errorf("sheet %q can't be read: %w", sheet, err)
	}
	defer held.Close()
	several, width := f.SheetCount > 1, 0
	for line := 1; shown.Next() && held.Next(); line++ {
		rec := record{line: line}
		if several {
			rec.sheet = sheet
		}
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
		width = max(width, len(rec.shown))
		if formulas {
			if err := rec.markUncomputed(f, sheet, width); err != nil {
				return err
			}
		}
		if !yield(rec, nil) {
			return nil
		}
	}
	return shown.Error()
}

// openSheet is the sheet that shows when the workbook is opened; the first that can be seen if that one is hidden.
func openSheet(f *excelize.File) (string, error) {
	sheets := f.GetSheetList()
	if i := f.GetActiveSheetIndex(); i > 0 && i < len(sheets) {
		sheets = append([]string{sheets[i]}, sheets...)
	}
	for _, sheet := range sheets {
		if seen, err := f.GetSheetVisible(sheet); err != nil {
			return "", fmt.Errorf("sheet %q can't be read: %w", sheet, err)
		} else if seen {
			return sheet, nil
		}
	}
	return "", errors.New("all sheets of the workbook are hidden: show the one to import, and save it")
}

// formulaTag is how a sheet's XML says that a cell is computed.
var formulaTag = regexp.MustCompile(`[<:]f[ />]`)

// hasFormulas reports whether any sheet computes something. Only then is each empty cell looked at, for which the whole
// sheet has to be in memory.
func hasFormulas(data []byte) (bool, error) {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return false, err
	}
	for _, part := range z.File {
		if !strings.HasPrefix(part.Name, "xl/worksheets/") {
			continue
		}
		r, err := part.Open()
		if err != nil {
			return false, err
		}
		found := formulaTag.MatchReader(bufio.NewReaderSize(io.LimitReader(r, largest), 1<<16))
		r.Close()
		if found {
			return true, nil
		}
	}
	return false, nil
}

// markUncomputed marks the empty cells whose formula has no result in the file, as programs leave it that write
// workbooks without computing them.
func (rec *record) markUncomputed(f *excelize.File, sheet string, width int) error {
	for i := range width {
		if i < len(rec.shown) && rec.shown[i] != "" {
			continue
		}
		cell, err := excelize.CoordinatesToCellName(i+1, rec.line)
		if err != nil {
			return err
		}
		formula, err := f.GetCellFormula(sheet, cell)
		if err != nil {
			return fmt.Errorf("cell %s can't be read: %w", cell, err)
		}
		if formula == "" {
			continue
		}
		short := max(0, i+1-len(rec.shown))
		rec.shown = append(rec.shown, make([]string, short)...)
		rec.raw = append(rec.raw, make([]string, max(0, i+1-len(rec.raw)))...)
		rec.shown[i], rec.raw[i] = uncomputed, uncomputed
	}
	return nil
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
