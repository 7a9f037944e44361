package faketelegram

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"slices"
	"sort"
	"strconv"
	"strings"
)

// maxUpload is the size of a file that the Bot API takes, in bytes.
const maxUpload = 50 << 20

type upload struct {
	name, mime string
	data       []byte
}

// call is one method call with its parameters as text, as every encoding delivers them.
type call struct {
	s     *Server
	name  string
	m     method
	args  map[string]string
	files map[string]upload
}

// read takes the parameters of a call from wherever they are and refuses those that the method does not know.
func (s *Server) read(r *http.Request, name string) (*call, error) {
	m, ok := methods()[strings.ToLower(name)]
	if !ok {
		io.Copy(io.Discard, r.Body)
		return nil, fail(404, "Not Found: method not found")
	}
	c := &call{s: s, name: m.name, m: m, args: map[string]string{}, files: map[string]upload{}}
	for k, v := range r.URL.Query() {
		c.args[k] = v[0]
	}
	if err := c.readBody(r); err != nil {
		return nil, err
	}
	if unknown := c.unknown(); len(unknown) > 0 {
		return nil, bad("faketelegram: " + m.name + " has no parameter " + strings.Join(unknown, ", "))
	}
	return c, nil
}

func (c *call) readBody(r *http.Request) error {
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch kind {
	case "application/json":
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return bad("can't read the request")
		}
		if len(bytes.TrimSpace(body)) == 0 {
			return nil
		}
		var fields map[string]json.RawMessage
		if json.Unmarshal(body, &fields) != nil {
			return bad("can't parse request JSON object")
		}
		for k, raw := range fields {
			var text string
			if json.Unmarshal(raw, &text) != nil {
				text = string(raw)
			}
			if string(raw) != "null" {
				c.args[k] = text
			}
		}
		return nil
	case "multipart/form-data":
		return c.readMultipart(r)
	default:
		if err := r.ParseForm(); err != nil {
			return bad("can't parse the form")
		}
		for k, v := range r.PostForm {
			c.args[k] = v[0]
		}
		io.Copy(io.Discard, r.Body)
		return nil
	}
}

func (c *call) readMultipart(r *http.Request) error {
	parts, err := r.MultipartReader()
	if err != nil {
		return bad("can't parse the multipart form")
	}
	for n := 0; ; n++ {
		p, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			io.Copy(io.Discard, r.Body) // else net/http does not notice that a client leaves
			return nil
		}
		if err != nil {
			if n == 0 && r.ContentLength <= 0 && errors.Is(err, io.ErrUnexpectedEOF) {
				return nil // a form without fields
			}
			return bad("can't parse the multipart form")
		}
		data, err := io.ReadAll(io.LimitReader(p, maxUpload+1))
		if err != nil {
			return bad("can't parse the multipart form")
		}
		if len(data) > maxUpload {
			return fail(413, "Request Entity Too Large")
		}
		if p.FileName() == "" {
			c.args[p.FormName()] = string(data)
			continue
		}
		c.files[p.FormName()] = upload{p.FileName(), p.Header.Get("Content-Type"), data}
	}
}

func (c *call) unknown() []string {
	var names []string
	for k := range c.args {
		if !slices.Contains(c.m.fields, k) {
			names = append(names, k)
		}
	}
	for k := range c.files {
		if !slices.Contains(c.m.fields, k) && !c.attached(k) {
			names = append(names, k)
		}
	}
	sort.Strings(names)
	return names
}

func (c *call) attached(name string) bool {
	for _, v := range c.args {
		if strings.Contains(v, "attach://"+name) {
			return true
		}
	}
	return false
}

func (c *call) run(ctx context.Context) (any, error) {
	if c.m.wait != nil {
		return c.m.wait(c, ctx)
	}
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	return c.m.do(c)
}

// integer reads a whole number; what is missing is 0.
func (c *call) integer(name string) (int64, error) {
	text := strings.TrimSpace(c.args[name])
	if text == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return 0, bad(`parameter "` + name + `" must be a valid Integer`)
	}
	return n, nil
}

func (c *call) number(name string) (float64, error) {
	f, err := strconv.ParseFloat(strings.TrimSpace(c.args[name]), 64)
	if err != nil {
		return 0, bad(name + " is empty")
	}
	return f, nil
}

func (c *call) flag(name string) bool {
	v := strings.ToLower(c.args[name])
	return v == "true" || v == "yes" || v == "1"
}

// decode reads a parameter that holds JSON and reports whether it was there. Unknown fields are refused.
func (c *call) decode(name string, into any) (bool, error) {
	text := strings.TrimSpace(c.args[name])
	if text == "" || text == "null" {
		return false, nil
	}
	return true, strict([]byte(text), into, name)
}

func strict(raw []byte, into any, what string) error {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	err := d.Decode(into)
	if err == nil {
		return nil
	}
	if _, field, ok := strings.Cut(err.Error(), "unknown field "); ok {
		return bad("faketelegram: " + what + " has no field " + field)
	}
	if e := new(apiError); errors.As(err, &e) {
		return e
	}
	return bad("can't parse " + strings.ReplaceAll(what, "_", " ") + " JSON object")
}
