package faketelegram

import (
	"archive/tar"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

const (
	stateFile     = "state.json"
	contentFolder = "content/"
)

// Save writes everything the server knows, files included, as a tar archive: chats, updates that wait, menus, the
// webhook. Faults, and presses that somebody waits on, are not part of it.
func (s *Server) Save(w io.Writer) error {
	s.mu.Lock()
	raw, err := json.Marshal(s.state)
	content := maps.Clone(s.state.Content)
	s.mu.Unlock()
	if err != nil {
		return fmt.Errorf("save the chats: %w", err)
	}
	t := tar.NewWriter(w)
	put := func(name string, data []byte) error {
		if err := t.WriteHeader(&tar.Header{Name: name, Mode: 0o600, Size: int64(len(data))}); err != nil {
			return err
		}
		_, err := t.Write(data)
		return err
	}
	err = put(stateFile, raw)
	for _, hash := range slices.Sorted(maps.Keys(content)) {
		if err == nil {
			err = put(contentFolder+hash, content[hash])
		}
	}
	if err == nil {
		err = t.Close()
	}
	if err != nil {
		return fmt.Errorf("save the chats: %w", err)
	}
	return nil
}

// Load puts what Save wrote in place of everything the server knows. On an error the server stays as it was.
func (s *Server) Load(r io.Reader) error {
	st := newState()
	found := false
	for t := tar.NewReader(r); ; {
		h, err := t.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		var data bytes.Buffer
		if err == nil {
			_, err = io.Copy(&data, t)
		}
		if err == nil && h.Name == stateFile {
			err, found = json.Unmarshal(data.Bytes(), &st), true
		} else if err == nil {
			st.Content[strings.TrimPrefix(h.Name, contentFolder)] = data.Bytes()
		}
		if err != nil {
			return fmt.Errorf("load the chats: %w", err)
		}
	}
	if !found {
		return errors.New("load the chats: no " + stateFile + " in the archive")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for id, c := range st.Chats {
		if old := s.state.Chats[id]; old != nil {
			c.Version = max(c.Version, old.Version) + 1
		} else {
			c.Version++
		}
	}
	s.state = st
	s.forced, s.twice, s.presses = nil, 0, map[string]*Press{}
	s.touch(0)
	return nil
}
