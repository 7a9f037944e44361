package faketelegram

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"image"
	_ "image/gif"  // photos in the formats that the standard library reads
	_ "image/jpeg" // see above
	_ "image/png"  // see above
	"net/http"
	"path"
	"strings"
	"time"
)

// maxDownload is the size of a file that getFile serves, in bytes.
const maxDownload = 20 << 20

// maxPhoto is the size of a photo that a bot may send, in bytes.
const maxPhoto = 10 << 20

// file is one file id: several may stand for the same content.
type file struct {
	ID     string
	Unique string
	Hash   string
	Kind   string // photo, document, voice, sticker
	Name   string
	MIME   string
	Path   string
	Width  int
	Height int
	Group  []string // for a photo, the ids of its sizes, small to large
}

var folders = map[string]string{"photo": "photos", "document": "documents", "voice": "voice", "sticker": "stickers"}

// store keeps content under a new file id.
func (s *Server) store(kind, name, mime string, data []byte) *file {
	sum := sha256.Sum256(data)
	hash := base64.RawURLEncoding.EncodeToString(sum[:])
	s.state.Content[hash] = data
	s.state.NextFile++
	n := s.state.NextFile
	ext := path.Ext(name)
	switch kind {
	case "photo":
		ext = ".jpg"
	case "voice":
		ext = ".oga"
	case "sticker":
		ext = ".webp"
	}
	f := &file{
		ID:     fmt.Sprintf("%s-%d-%s", strings.ToUpper(kind[:2]), n, hash[:24]),
		Unique: "U" + strings.ToUpper(kind[:1]) + hash[:14],
		Hash:   hash, Kind: kind, Name: name, MIME: mime,
		Path: fmt.Sprintf("%s/file_%d%s", folders[kind], n, ext),
	}
	s.state.Files[f.ID] = f
	return f
}

// edges are the longest sides of the smaller sizes of a photo, as Telegram makes them.
var edges = []int{90, 320, 800}

// storePhoto keeps a photo in two to four sizes. All carry the bytes that came in; Telegram would scale and recompress.
func (s *Server) storePhoto(data []byte, width, height int) []photoSize {
	var files []*file
	add := func(w, h int, tag string) {
		f := s.store("photo", "", "image/jpeg", data)
		f.Width, f.Height, f.Unique = max(w, 1), max(h, 1), f.Unique+tag
		files = append(files, f)
	}
	long := max(width, height)
	for i, edge := range edges {
		if edge < long || i == 0 {
			e := min(edge, max(long-1, 1))
			add(width*e/long, height*e/long, "smx"[i:i+1])
		}
	}
	add(width, height, "y")
	var ids []string
	for _, f := range files {
		ids = append(ids, f.ID)
	}
	for _, f := range files {
		f.Group = ids
	}
	return s.sizes(files[0])
}

func (s *Server) sizes(f *file) []photoSize {
	var sizes []photoSize
	for i, id := range f.Group {
		g := s.state.Files[id]
		p := photoSize{FileID: g.ID, FileUniqueID: g.Unique, Width: g.Width, Height: g.Height}
		if i == len(f.Group)-1 {
			p.FileSize = len(s.state.Content[g.Hash])
		}
		sizes = append(sizes, p)
	}
	return sizes
}

// newPhoto checks and keeps a photo that the bot uploads.
func (s *Server) newPhoto(data []byte) ([]photoSize, error) {
	if len(data) > maxPhoto {
		return nil, bad(fmt.Sprintf("file of size %d bytes is too big for a photo; the maximum size is %d bytes",
			len(data), maxPhoto))
	}
	c, _, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return nil, bad("IMAGE_PROCESS_FAILED")
	}
	if c.Width+c.Height > 10000 || c.Width > 20*c.Height || c.Height > 20*c.Width {
		return nil, bad("PHOTO_INVALID_DIMENSIONS")
	}
	return s.storePhoto(data, c.Width, c.Height), nil
}

// input resolves a file parameter: an upload, "attach://name" or a file id that is used again.
func (c *call) input(field, value, kind string) (*file, *upload, error) {
	if up, ok := c.files[field]; ok && value == "" {
		return nil, &up, nil
	}
	if name, ok := strings.CutPrefix(value, "attach://"); ok {
		up, ok := c.files[name]
		if !ok {
			return nil, nil, bad("can't parse InputMedia: media not found")
		}
		return nil, &up, nil
	}
	if value == "" {
		return nil, nil, bad("there is no " + kind + " in the request")
	}
	if strings.Contains(value, "://") {
		return nil, nil, bad("faketelegram: files by URL are not supported")
	}
	f := c.s.state.Files[value]
	if f == nil {
		return nil, nil, bad("wrong remote file identifier specified: Wrong string length")
	}
	if f.Kind != kind {
		return nil, nil, bad("can't use file of type " + title(f.Kind) + " as " + title(kind))
	}
	return f, nil, nil
}

func title(kind string) string { return strings.ToUpper(kind[:1]) + kind[1:] }

// put fills a message with the photo, document or voice of a parameter.
func (c *call) put(m *message, field, value, kind string) error {
	f, up, err := c.input(field, value, kind)
	if err != nil {
		return err
	}
	if up != nil && len(up.data) == 0 {
		return bad("file must be non-empty")
	}
	s := c.s
	if kind == "photo" {
		if up == nil {
			m.Photo = s.sizes(f)
			return nil
		}
		m.Photo, err = s.newPhoto(up.data)
		return err
	}
	if up != nil {
		mime := up.mime
		if mime == "" || mime == "application/octet-stream" {
			mime = mimeOf(up.name)
		}
		f = s.store(kind, up.name, mime, up.data)
	}
	s.attach(m, f)
	return nil
}

// attach shows a stored document or voice in a message.
func (s *Server) attach(m *message, f *file) {
	size := len(s.state.Content[f.Hash])
	if f.Kind == "voice" {
		m.Voice = &voice{FileID: f.ID, FileUniqueID: f.Unique, MIMEType: f.MIME, FileSize: size, Duration: 1}
		return
	}
	m.Document = &fileRef{FileID: f.ID, FileUniqueID: f.Unique, FileName: f.Name, MIMEType: f.MIME, FileSize: size}
}

var mimes = map[string]string{
	".pdf": "application/pdf", ".csv": "text/csv", ".txt": "text/plain", ".zip": "application/zip",
	".jpg":  "image/jpeg",
	".jpeg": "image/jpeg", ".png": "image/png", ".json": "application/json", ".html": "text/html",
	".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}

func mimeOf(name string) string {
	if m := mimes[strings.ToLower(path.Ext(name))]; m != "" {
		return m
	}
	return "application/octet-stream"
}

type fileInfo struct {
	FileID       string `json:"file_id"`
	FileUniqueID string `json:"file_unique_id"`
	FileSize     int    `json:"file_size"`
	FilePath     string `json:"file_path"`
}

func getFile(c *call) (any, error) {
	id := c.args["file_id"]
	if id == "" {
		return nil, bad("file_id not specified")
	}
	f := c.s.state.Files[id]
	if f == nil {
		return nil, bad("wrong file_id or the file is temporarily unavailable")
	}
	size := len(c.s.state.Content[f.Hash])
	if size > maxDownload {
		return nil, bad("file is too big")
	}
	return fileInfo{f.ID, f.Unique, size, f.Path}, nil
}

func (s *Server) download(w http.ResponseWriter, r *http.Request, token, name string) {
	if token != s.token {
		respond(w, nil, fail(401, "Unauthorized"))
		return
	}
	fault := s.fault("file", "")
	if fault != nil && s.disturb(w, r, fault) {
		return
	}
	data, ok := s.byPath(name)
	if !ok || len(data) > maxDownload {
		respond(w, nil, fail(404, "Not Found"))
		return
	}
	if fault != nil && (fault.f.Kind == FaultGhost || fault.f.Kind == FaultTruncate) {
		w.Header().Set("Content-Length", fmt.Sprint(len(data)))
		w.Write(data[:len(data)/2])
		cut(w, false)
		return
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(data))
}

func (s *Server) byPath(name string) ([]byte, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range s.state.Files {
		if f.Path == name {
			data, ok := s.state.Content[f.Hash]
			return data, ok
		}
	}
	return nil, false
}

// File returns the bytes behind a file id, for a page that shows the chat.
func (s *Server) File(id string) (data []byte, mime string, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.state.Files[id]
	if f == nil {
		return nil, "", false
	}
	data, ok = s.state.Content[f.Hash]
	mime = f.MIME
	if f.Kind == "photo" {
		mime = http.DetectContentType(data)
	}
	return data, mime, ok
}
