package locales

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"

	"github.com/BurntSushi/toml"
	"github.com/nicksnyder/go-i18n/v2/i18n"
)

// read reads a file of sentences, sorted by id. The keys are flat and quoted, because go-i18n's own reader takes dots
// for nested tables: "task.count" = "…", or "task.count" = {one = "…", other = "…"} where a language tells one from
// many.
func read(fsys fs.FS, name string) ([]*i18n.Message, error) {
	var table map[string]any
	if _, err := toml.DecodeFS(fsys, name, &table); err != nil {
		return nil, err
	}
	sentences := make([]*i18n.Message, 0, len(table))
	for _, id := range slices.Sorted(maps.Keys(table)) {
		m := &i18n.Message{ID: id}
		if err := fill(m, table[id]); err != nil {
			return nil, fmt.Errorf("%q: %w", id, err)
		}
		sentences = append(sentences, m)
	}
	return sentences, nil
}

func fill(m *i18n.Message, value any) error {
	switch v := value.(type) {
	case string:
		m.Other = v
	case map[string]any:
		for form, words := range v {
			s, ok := words.(string)
			switch {
			case ok && form == "one":
				m.One = s
			case ok && form == "other":
				m.Other = s
			default:
				return fmt.Errorf("%q is neither one nor other: put a key with dots in quotes", form)
			}
		}
	default:
		return errors.New("is not text")
	}
	if m.Other == "" {
		return errors.New("is empty")
	}
	if m.One == "" { // or go-i18n would answer a count of one with an error
		m.One = m.Other
	}
	return nil
}
