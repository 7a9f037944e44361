package parse_test

import (
	"fmt"
	"strings"
	"testing"

	"pendamping/flows/parse"
)

// fields prints what a caption told, in the order of the struct, without what it did not.
func fields(c parse.Caption) string {
	var out []string
	add := func(name, value string) {
		if value != "" {
			out = append(out, name+"="+value)
		}
	}
	add("amount", list(c.Amount))
	add("day", list(c.Day))
	add("seller", c.Seller)
	add("item", c.Item)
	if c.Volume != 0 {
		add("volume", strings.TrimSpace(fmt.Sprint(c.Volume, " ", c.Unit)))
	}
	if c.Price != 0 {
		add("price", c.Price.String())
	}
	add("kind", c.Kind)
	add("payment", c.Payment)
	add("pos", c.Pos)
	return strings.Join(out, "; ")
}

func TestCaption(t *testing.T) {
	read := func(text string) []string {
		return []string{fields(parse.ReadCaption("2026-11-23", text))}
	}
	checkTable(t, "captions.txt", 80, read)
	checkTable(t, "numbers.txt", 180, read)
}
