package faketelegram

import (
	"html"
	"regexp"
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// Telegram's limits for texts, in UTF-16 units after the tags are gone.
const (
	maxText    = 4096
	maxCaption = 1024
)

// formatted reads a text parameter with its parse mode or entities.
func (c *call) formatted(text, mode string, entities []Entity) (string, []Entity, error) {
	var found []Entity
	switch strings.ToLower(mode) {
	case "html":
		var err error
		if text, found, err = parseHTML(text); err != nil {
			return "", nil, err
		}
	case "", "none":
		if !utf8.ValidString(text) {
			return "", nil, bad("strings must be encoded in UTF-8")
		}
		n := units(text)
		for _, e := range entities {
			if e.Offset < 0 || e.Length <= 0 || e.Offset+e.Length > n {
				return "", nil, bad("can't parse entities: entity beyond the end of the text")
			}
		}
		found = slices.Clone(entities)
		sortEntities(found)
	case "markdown", "markdownv2":
		return "", nil, bad("faketelegram: parse_mode " + mode + " is not supported")
	default:
		return "", nil, bad("unsupported parse_mode")
	}
	text, found = trim(strings.ReplaceAll(text, "\r", ""), found)
	return text, automatic(text, found), nil
}

// trim takes away the space around a text, as Telegram does, and moves the entities along.
func trim(text string, es []Entity) (string, []Entity) {
	right := strings.TrimRight(text, " \n\t")
	left := strings.TrimLeft(right, " \n\t")
	gone := units(right) - units(left)
	n := units(left)
	var out []Entity
	for _, e := range es {
		from, to := max(e.Offset-gone, 0), min(e.Offset+e.Length-gone, n)
		if from < to {
			e.Offset, e.Length = from, to-from
			out = append(out, e)
		}
	}
	return left, out
}

var finders = []struct {
	kind string
	re   *regexp.Regexp
}{
	{"bot_command", regexp.MustCompile(`(?:^|[^\w/@])(/[A-Za-z0-9_]{1,64}(?:@\w{3,32})?)`)},
	{"url", regexp.MustCompile(`(?:^|\W)((?i:https?)://[^\s<>"]+[^\s<>".,;:!?)])`)},
	{"email", regexp.MustCompile(`(?:^|[^\w.@])([\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,})`)},
	{"mention", regexp.MustCompile(`(?:^|[^\w@./])(@\w{4,32})`)},
	{"hashtag", regexp.MustCompile(`(?:^|[^\w#/])(#[\pL\d_]*[\pL_][\pL\d_]*)`)},
}

// automatic adds the entities that Telegram finds by itself: commands, addresses, mentions and hashtags.
func automatic(text string, es []Entity) []Entity {
	if !strings.ContainsAny(text, "/@#") {
		return es
	}
	taken := slices.DeleteFunc(slices.Clone(es), func(e Entity) bool {
		return !slices.Contains([]string{"code", "pre", "text_link", "text_mention"}, e.Type)
	})
	for _, f := range finders {
		for _, m := range f.re.FindAllStringSubmatchIndex(text, -1) {
			e := Entity{Type: f.kind, Offset: units(text[:m[2]]), Length: units(text[m[2]:m[3]])}
			clash := func(t Entity) bool { return e.Offset < t.Offset+t.Length && t.Offset < e.Offset+e.Length }
			same := func(t Entity) bool { return t.Type == e.Type && t.Offset == e.Offset }
			if !slices.ContainsFunc(taken, clash) && !slices.ContainsFunc(es, same) {
				taken, es = append(taken, e), append(es, e)
			}
		}
	}
	sortEntities(es)
	return es
}

// renderHTML writes a text with its styles and links as HTML of the parse mode; automatic entities stay plain.
func renderHTML(text string, es []Entity) string {
	if len(es) == 0 {
		return escape(text)
	}
	u := utf16.Encode([]rune(text))
	var b strings.Builder
	var open []Entity
	at := 0
	plain := func(to int) {
		to = min(to, len(u))
		if to > at {
			b.WriteString(escape(string(utf16.Decode(u[at:to]))))
			at = to
		}
	}
	closeUntil := func(to int) {
		for len(open) > 0 && open[len(open)-1].Offset+open[len(open)-1].Length <= to {
			e := open[len(open)-1]
			plain(e.Offset + e.Length)
			b.WriteString("</" + tagOf(e) + ">")
			open = open[:len(open)-1]
		}
	}
	for _, e := range es {
		if tagOf(e) == "" {
			continue
		}
		closeUntil(e.Offset)
		plain(e.Offset)
		b.WriteString(startTag(e))
		open = append(open, e)
	}
	closeUntil(len(u))
	plain(len(u))
	return b.String()
}

var tags = map[string]string{
	"bold": "b", "italic": "i", "underline": "u", "strikethrough": "s", "spoiler": "tg-spoiler", "code": "code",
	"pre":        "pre",
	"blockquote": "blockquote", "expandable_blockquote": "blockquote", "text_link": "a",
}

func tagOf(e Entity) string { return tags[e.Type] }

func startTag(e Entity) string {
	switch e.Type {
	case "text_link":
		return `<a href="` + html.EscapeString(e.URL) + `">`
	case "expandable_blockquote":
		return "<blockquote expandable>"
	}
	return "<" + tagOf(e) + ">"
}

var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

func escape(s string) string { return escaper.Replace(s) }

// text reads the text of a message.
func (c *call) text(m *message) error {
	if c.args["text"] == "" {
		return bad("message text is empty")
	}
	var given []Entity
	if _, err := c.decode("entities", &given); err != nil {
		return err
	}
	text, es, err := c.formatted(c.args["text"], c.args["parse_mode"], given)
	if err != nil {
		return err
	}
	switch n := units(text); {
	case n == 0:
		return bad("text must be non-empty")
	case n > maxText:
		return bad("message is too long")
	}
	m.Text, m.Entities = text, es
	return nil
}

// caption reads the caption of a message.
func (c *call) caption(m *message) error {
	var given []Entity
	if _, err := c.decode("caption_entities", &given); err != nil {
		return err
	}
	return c.setCaption(m, c.args["caption"], c.args["parse_mode"], given)
}

func (c *call) setCaption(m *message, text, mode string, given []Entity) error {
	text, es, err := c.formatted(text, mode, given)
	if err != nil {
		return err
	}
	if units(text) > maxCaption {
		return bad("message caption is too long")
	}
	m.Caption, m.CaptionEntities = text, es
	return nil
}
