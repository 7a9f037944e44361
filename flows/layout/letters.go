package layout

import (
	"strings"
	"unicode"

	"github.com/go-fonts/liberation/liberationsansregular"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/text/unicode/norm"
)

// lacking stands for a letter that the font does not have.
const lacking = '□'

// letters knows what the font can print.
type letters struct {
	font  *sfnt.Font
	buf   *sfnt.Buffer
	known map[rune]bool
}

func newLetters() letters {
	l := letters{buf: &sfnt.Buffer{}, known: map[rune]bool{}}
	l.font, _ = sfnt.Parse(liberationsansregular.TTF) // nil: nothing but ASCII is printed
	return l
}

func (l letters) has(r rune) bool {
	if r >= ' ' && r <= '~' {
		return true
	}
	has, known := l.known[r]
	if !known {
		if l.font != nil && r <= 0xffff { // the PDF writes two bytes a letter
			i, err := l.font.GlyphIndex(l.buf, r)
			has = err == nil && i != 0
		}
		l.known[r] = has
	}
	return has
}

// Clean makes words printable: composed, without what has no width, and with a box for each letter that the font lacks.
// A picture letter made of several (a family, a flag, a hand in its colour) is one box.
func (d *Doc) Clean(s string) string {
	var out strings.Builder
	joined := false // the letter before was a joiner
	boxed := false  // and the one before that a box
	for _, r := range norm.NFC.String(s) {
		switch {
		case r == '\n':
			out.WriteRune(r)
			boxed, joined = false, false
		case r == '\u200d':
			joined = true
		case unicode.IsSpace(r):
			out.WriteByte(' ')
			boxed, joined = false, false
		case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf, unicode.Cc, unicode.Cs) || r >= 0x1f3fb && r <= 0x1f3ff:
		case d.letters.has(r):
			out.WriteRune(r)
			boxed, joined = false, false
		default:
			flag := r >= 0x1f1e6 && r <= 0x1f1ff
			if !boxed || !joined && !flag {
				out.WriteRune(lacking)
			}
			boxed, joined = !flag || !boxed, false
		}
	}
	return out.String()
}

// Lines breaks words into lines of the font in hand that are no wider than that, in millimetres; a word that is wider
// alone is broken between letters. Words without anything printable are one empty line.
func (d *Doc) Lines(words string, width float64) []string {
	var out []string
	for part := range strings.SplitSeq(strings.TrimRight(d.Clean(words), "\n "), "\n") {
		line := ""
		for word := range strings.FieldsSeq(part) {
			if next := strings.TrimLeft(line+" "+word, " "); d.PDF.GetStringWidth(next) <= width {
				line = next
				continue
			}
			if line != "" {
				out = append(out, line)
			}
			for line = word; d.PDF.GetStringWidth(line) > width; {
				n := d.fitting(line, width)
				out = append(out, line[:n])
				line = line[n:]
			}
		}
		out = append(out, line)
	}
	return out
}

// fitting is how many bytes of a word fit, one letter at least.
func (d *Doc) fitting(word string, width float64) int {
	n := 0
	for i, r := range word {
		end := i + len(string(r))
		if n > 0 && d.PDF.GetStringWidth(word[:end]) > width {
			break
		}
		n = end
	}
	return n
}

// Fit is a line cut to a width, with a mark where it was cut.
func (d *Doc) Fit(line string, width float64) string {
	if d.PDF.GetStringWidth(line) <= width {
		return line
	}
	return line[:d.fitting(line, width-d.PDF.GetStringWidth("…"))] + "…"
}
