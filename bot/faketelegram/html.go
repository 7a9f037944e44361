package faketelegram

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// styles are the tags of the HTML parse mode and the entities they make; "a", "span" and "tg-emoji" depend on
// attributes.
var styles = map[string]string{
	"b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
	"s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "tg-spoiler": "spoiler", "span": "spoiler",
	"code": "code", "pre": "pre", "blockquote": "blockquote", "a": "text_link", "tg-emoji": "custom_emoji",
}

type openTag struct {
	name, argument string
	offset, start  int // in UTF-16 units and in bytes of the text
}

// htmlParser reads Telegram's HTML. Offsets in its errors are bytes of the source, as in Telegram's.
type htmlParser struct {
	src      string
	pos      int
	out      strings.Builder
	units    int
	open     []openTag
	entities []Entity
}

// parseHTML returns the plain text and its entities, or Telegram's complaint.
func parseHTML(src string) (string, []Entity, error) {
	p := &htmlParser{src: src}
	if !utf8.ValidString(src) {
		return "", nil, bad("strings must be encoded in UTF-8")
	}
	for p.pos < len(src) {
		if err := p.step(); err != nil {
			return "", nil, bad("can't parse entities: " + err.Error())
		}
	}
	if n := len(p.open); n > 0 {
		return "", nil, bad(fmt.Sprintf(`can't parse entities: Can't find end tag corresponding to start tag "%s"`,
			p.open[n-1].name))
	}
	slices.Reverse(p.entities) // the outer of two on the same stretch comes first
	sortEntities(p.entities)
	return p.out.String(), mergePre(p.entities), nil
}

func (p *htmlParser) step() error {
	switch p.src[p.pos] {
	case '&':
		r, n := htmlEntity(p.src[p.pos:])
		p.write(r)
		p.pos += n
		return nil
	case '<':
		if strings.HasPrefix(p.src[p.pos:], "</") {
			return p.end()
		}
		return p.start()
	}
	r, n := utf8.DecodeRuneInString(p.src[p.pos:])
	p.write(r)
	p.pos += n
	return nil
}

func (p *htmlParser) write(r rune) {
	p.out.WriteRune(r)
	p.units += width(r)
}

// at returns the byte at the position, 0 at the end.
func (p *htmlParser) at() byte {
	if p.pos < len(p.src) {
		return p.src[p.pos]
	}
	return 0
}

func (p *htmlParser) more() bool { return p.pos < len(p.src) }

func (p *htmlParser) skip(ok func(byte) bool) string {
	from := p.pos
	for p.more() && ok(p.at()) {
		p.pos++
	}
	return p.src[from:p.pos]
}

func (p *htmlParser) start() error {
	begin := p.pos
	p.pos++
	name := strings.ToLower(p.skip(func(c byte) bool { return !isSpace(c) && c != '>' }))
	if !p.more() {
		return fmt.Errorf("Unclosed start tag at byte offset %d", begin)
	}
	if styles[name] == "" {
		return fmt.Errorf(`Unsupported start tag "%s" at byte offset %d`, name, begin)
	}
	tag := openTag{name: name, offset: p.units, start: p.out.Len()}
	for p.skip(isSpace); p.at() != '>'; p.skip(isSpace) {
		if err := p.attribute(&tag, begin); err != nil {
			return err
		}
	}
	p.pos++
	if name == "span" && tag.argument != "spoiler" {
		return fmt.Errorf(`Tag "span" must have class "tg-spoiler" at byte offset %d`, begin)
	}
	p.open = append(p.open, tag)
	return nil
}

func (p *htmlParser) attribute(tag *openTag, begin int) error {
	name := p.skip(func(c byte) bool { return !isSpace(c) && c != '=' && c != '>' })
	if name == "" && p.more() {
		return fmt.Errorf(`Empty attribute name in the tag "%s" at byte offset %d`, tag.name, begin)
	}
	p.skip(isSpace)
	value := ""
	if p.at() == '=' {
		p.pos++
		p.skip(isSpace)
		if !p.more() {
			return fmt.Errorf("Unclosed start tag at byte offset %d", begin)
		}
		var err error
		if value, err = p.value(); err != nil {
			return err
		}
	}
	if !p.more() {
		return fmt.Errorf(`Unclosed start tag "%s" at byte offset %d`, tag.name, begin)
	}
	name = strings.ToLower(name)
	switch {
	case tag.name == "a" && name == "href", tag.name == "tg-emoji" && name == "emoji-id":
		tag.argument = value
	case tag.name == "code" && name == "class" && strings.HasPrefix(value, "language-"):
		tag.argument = value[len("language-"):]
	case tag.name == "span" && name == "class" && strings.HasPrefix(value, "tg-"):
		tag.argument = value[len("tg-"):]
	case tag.name == "blockquote" && name == "expandable":
		tag.argument = "1"
	}
	return nil
}

// value reads an attribute's value: a name token or a quoted text.
func (p *htmlParser) value() (string, error) {
	quote := p.at()
	if quote != '"' && quote != '\'' {
		begin := p.pos
		token := p.skip(func(c byte) bool { return isAlnum(c) || c == '.' || c == '-' })
		if p.more() && !isSpace(p.at()) && p.at() != '>' {
			return "", fmt.Errorf("Unexpected end of name token at byte offset %d", begin)
		}
		return strings.ToLower(token), nil
	}
	p.pos++
	var b strings.Builder
	for p.more() && p.at() != quote {
		if p.at() == '&' {
			r, n := htmlEntity(p.src[p.pos:])
			b.WriteRune(r)
			p.pos += n
			continue
		}
		b.WriteByte(p.at())
		p.pos++
	}
	p.pos++
	return b.String(), nil
}

func (p *htmlParser) end() error {
	begin := p.pos
	if len(p.open) == 0 {
		return fmt.Errorf("Unexpected end tag at byte offset %d", begin)
	}
	p.pos += 2
	name := strings.ToLower(p.skip(func(c byte) bool { return !isSpace(c) && c != '>' }))
	p.skip(isSpace)
	if p.at() != '>' {
		return fmt.Errorf("Unclosed end tag at byte offset %d", begin)
	}
	p.pos++
	tag := p.open[len(p.open)-1]
	if name != "" && name != tag.name {
		return fmt.Errorf(`Unmatched end tag at byte offset %d, expected "</%s>", found "</%s>"`, begin, tag.name, name)
	}
	p.open = p.open[:len(p.open)-1]
	if e, ok := p.entity(tag); ok {
		p.entities = append(p.entities, e)
	}
	return nil
}

// entity makes the entity of a closed tag; an empty stretch or a link that leads nowhere makes none.
func (p *htmlParser) entity(tag openTag) (Entity, bool) {
	e := Entity{Type: styles[tag.name], Offset: tag.offset, Length: p.units - tag.offset}
	switch tag.name {
	case "a":
		e.URL = tag.argument
		if e.URL == "" {
			e.URL = p.out.String()[tag.start:]
		}
		if !linkable(e.URL) {
			return e, false
		}
		if !strings.Contains(e.URL, ":") {
			e.URL = "http://" + e.URL + "/"
		}
	case "code":
		e.Language = tag.argument
	case "blockquote":
		if tag.argument != "" {
			e.Type = "expandable_blockquote"
		}
	case "tg-emoji":
		e.CustomEmojiID = tag.argument
	}
	return e, e.Length > 0
}

func sortEntities(es []Entity) {
	slices.SortStableFunc(es, func(a, b Entity) int {
		if a.Offset != b.Offset {
			return a.Offset - b.Offset
		}
		return b.Length - a.Length
	})
}

// mergePre makes one entity of <pre><code class="language-x">, and drops languages elsewhere.
func mergePre(es []Entity) []Entity {
	var out []Entity
	for _, e := range es {
		if e.Type == "code" {
			if n := len(out); n > 0 && out[n-1].Type == "pre" && out[n-1].Offset == e.Offset &&
				out[n-1].Length == e.Length {
				out[n-1].Language = e.Language
				continue
			}
			e.Language = ""
		}
		out = append(out, e)
	}
	return out
}
