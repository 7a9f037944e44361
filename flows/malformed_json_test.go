package flows_test

import (
	"bytes"
	"encoding/json"
	"io"
	"slices"
	"strconv"
	"strings"
)

// tree is a JSON value that can be changed at any place into what no encoder writes: fields twice, numbers out of all
// bounds, text that is no text.
type tree struct {
	open byte   // '{' or '['; 0: raw is the value
	raw  string // as it is written
	keys []string
	kids []*tree
}

// parse reads a value that an encoder wrote.
func parse(raw []byte) *tree {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	return parseNext(d)
}

func parseNext(d *json.Decoder) *tree {
	token, err := d.Token()
	if err != nil && err != io.EOF {
		panic(err)
	}
	open, ok := token.(json.Delim)
	if !ok {
		return &tree{raw: text(token)}
	}
	n := &tree{open: byte(open)}
	for d.More() {
		if n.open == '{' {
			key, _ := d.Token()
			n.keys = append(n.keys, key.(string))
		}
		n.kids = append(n.kids, parseNext(d))
	}
	_, _ = d.Token()
	return n
}

func (n *tree) clone() *tree {
	c := *n
	c.keys, c.kids = slices.Clone(n.keys), make([]*tree, len(n.kids))
	for i, kid := range n.kids {
		c.kids[i] = kid.clone()
	}
	return &c
}

func (n *tree) String() string {
	if n.open == 0 {
		return n.raw
	}
	var b strings.Builder
	b.WriteByte(n.open)
	for i, kid := range n.kids {
		if i > 0 {
			b.WriteByte(',')
		}
		if n.open == '{' {
			b.WriteString(strconv.Quote(n.keys[i]) + ":")
		}
		b.WriteString(kid.String())
	}
	b.WriteByte(n.open + 2) // } or ]
	return b.String()
}

// at is what stands at a path; nil: nothing does.
func (n *tree) at(path ...string) *tree {
	for _, key := range path {
		if n == nil {
			return nil
		}
		i := slices.Index(n.keys, key)
		if i < 0 {
			return nil
		}
		n = n.kids[i]
	}
	return n
}

// put puts a value at a key of an object, once more if it has one.
func (n *tree) put(key, raw string) {
	n.keys, n.kids = append(n.keys, key), append(n.kids, &tree{raw: raw})
}

// all are the values in it that have values.
func (n *tree) all() []*tree {
	var list []*tree
	if n.open != 0 {
		list = append(list, n)
	}
	for _, kid := range n.kids {
		list = append(list, kid.all()...)
	}
	return list
}

// rename writes another value in place of one wherever it stands behind a key.
func (n *tree) rename(key, from, to string) {
	for i, kid := range n.kids {
		if kid.raw == from && n.open == '{' && n.keys[i] == key {
			n.kids[i] = &tree{raw: to}
		}
		kid.rename(key, from, to)
	}
}
