package faketelegram

import (
	"encoding/json"
	"regexp"
	"strconv"
)

// Command is an entry of a bot's menu.
type Command struct {
	Command     string `json:"command"`
	Description string `json:"description"`
}

type scope struct {
	Type   string          `json:"type"`
	ChatID json.RawMessage `json:"chat_id,omitempty"`
	UserID int64           `json:"user_id,omitempty"`
}

var commandName = regexp.MustCompile(`^[a-z0-9_]{1,32}$`)

// scope reads the scope and language of a menu as the key it is kept under.
func (c *call) scope() (string, error) {
	sc := scope{Type: "default"}
	if _, err := c.decode("scope", &sc); err != nil {
		return "", err
	}
	var chatID, userID int64
	switch sc.Type {
	case "default", "all_private_chats", "all_group_chats", "all_chat_administrators":
	case "chat", "chat_administrators", "chat_member":
		id, err := strconv.ParseInt(string(trimQuotes(sc.ChatID)), 10, 64)
		if err != nil {
			return "", bad("can't parse BotCommandScope: Empty chat_id specified")
		}
		if c.s.state.Chats[id] == nil {
			return "", bad("chat not found")
		}
		chatID = id
		if sc.Type == "chat_member" {
			userID = sc.UserID
		}
	default:
		return "", bad("can't parse BotCommandScope: Unsupported type specified")
	}
	return menuKey(sc.Type, chatID, userID, c.args["language_code"]), nil
}

func trimQuotes(raw []byte) []byte {
	if n := len(raw); n > 1 && raw[0] == '"' {
		return raw[1 : n-1]
	}
	return raw
}

func menuKey(kind string, chat, user int64, language string) string {
	return kind + " " + strconv.FormatInt(chat, 10) + " " + strconv.FormatInt(user, 10) + " " + language
}

func setMyCommands(c *call) (any, error) {
	key, err := c.scope()
	if err != nil {
		return nil, err
	}
	var commands []Command
	if _, err := c.decode("commands", &commands); err != nil {
		return nil, err
	}
	if len(commands) > 100 {
		return nil, bad("too many commands specified")
	}
	for _, cmd := range commands {
		if !commandName.MatchString(cmd.Command) {
			return nil, bad("BOT_COMMAND_INVALID")
		}
		if n := units(cmd.Description); n < 1 || n > 256 {
			return nil, bad("BOT_COMMAND_DESCRIPTION_INVALID")
		}
	}
	c.s.state.Menus[key] = commands
	if len(commands) == 0 {
		delete(c.s.state.Menus, key)
	}
	c.s.touch(0)
	return true, nil
}

func getMyCommands(c *call) (any, error) {
	key, err := c.scope()
	if err != nil {
		return nil, err
	}
	return append([]Command{}, c.s.state.Menus[key]...), nil
}

func deleteMyCommands(c *call) (any, error) {
	key, err := c.scope()
	if err != nil {
		return nil, err
	}
	delete(c.s.state.Menus, key)
	c.s.touch(0)
	return true, nil
}

// Commands returns the menu that a person sees in a chat, by Telegram's rules of which scope wins; first in the given
// language, then without one. For a private chat the two ids are the same.
func (s *Server) Commands(chatID, userID int64, language string) []Command {
	s.mu.Lock()
	defer s.mu.Unlock()
	ch := s.state.Chats[chatID]
	if ch == nil {
		return nil
	}
	var keys [][3]any
	add := func(kind string, chat, user int64) { keys = append(keys, [3]any{kind, chat, user}) }
	if ch.private() {
		add("chat", chatID, 0)
		add("all_private_chats", 0, 0)
	} else {
		st := s.membership(ch, userID).Status
		admin := st == "creator" || st == "administrator"
		add("chat_member", chatID, userID)
		if admin {
			add("chat_administrators", chatID, 0)
		}
		add("chat", chatID, 0)
		if admin {
			add("all_chat_administrators", 0, 0)
		}
		add("all_group_chats", 0, 0)
	}
	add("default", 0, 0)
	for _, k := range keys {
		for _, l := range []string{language, ""} {
			if m := s.state.Menus[menuKey(k[0].(string), k[1].(int64), k[2].(int64), l)]; len(m) > 0 {
				return append([]Command(nil), m...)
			}
		}
	}
	return nil
}

// name is one of the texts that describe a bot.
type name struct {
	method, field string
	limit         int
}

var names = []name{
	{"Name", "name", 64}, {"Description", "description", 512}, {"ShortDescription", "short_description", 120},
}

func (n name) set(c *call) (any, error) {
	if units(c.args[n.field]) > n.limit {
		return nil, bad("faketelegram: " + n.field + " is too long")
	}
	c.s.state.Names[n.field+" "+c.args["language_code"]] = c.args[n.field]
	c.s.touch(0)
	return true, nil
}

func (n name) get(c *call) (any, error) {
	text := c.s.state.Names[n.field+" "+c.args["language_code"]]
	if text == "" {
		text = c.s.state.Names[n.field+" "]
	}
	return map[string]string{n.field: text}, nil
}

// Description returns the text that a person sees before they press Start, in the given language or the default one.
func (s *Server) Description(language string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if d := s.state.Names["description "+language]; d != "" {
		return d
	}
	return s.state.Names["description "]
}
