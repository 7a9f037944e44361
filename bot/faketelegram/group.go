package faketelegram

import "slices"

// Group is a group or, after Migrate, a supergroup that the bot is a member of.
type Group struct {
	s  *Server
	id int64
}

// Group returns the group with this id, which is below zero: a supergroup if the id starts with -100, else a basic
// group. A new group is made by the first of its members, who owns it, with the bot among them. An existing one takes
// in those that are new.
func (s *Server) Group(id int64, title string, members ...*User) *Group {
	if id >= 0 {
		panic("faketelegram: a group's id is below zero")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	g := &Group{s, id}
	if s.state.Chats[id] != nil {
		for _, u := range members {
			g.join(u)
		}
		return g
	}
	if len(members) == 0 {
		panic("faketelegram: a group has at least one person")
	}
	kind := "group"
	if id <= supergroups {
		kind = "supergroup"
	}
	owner := *s.state.Users[members[0].id]
	c := &chat{Ref: chatRef{ID: id, Type: kind, Title: title}, Started: true, BotLeft: true, Admins: []int64{owner.ID}}
	s.state.Chats[id] = c
	for _, u := range members {
		c.Members = append(c.Members, u.id)
	}
	s.changeMember(c, owner.ID, func() { c.BotLeft = false })
	note := message{From: &owner, GroupChatCreated: true}
	if kind == "supergroup" {
		note = message{From: &owner, NewChatMembers: []user{s.bot}}
	}
	s.note(c, note)
	return g
}

// supergroups is where the ids of supergroups begin, downwards.
const supergroups = -1_000_000_000_000

// note puts a service message into a chat and tells the bot.
func (s *Server) note(c *chat, m message) {
	e := s.add(c, m, 0)
	s.emit("message", c.Ref.ID, c.wire(e))
	s.touch(c.Ref.ID)
}

// now returns the chat, after all migrations. It needs the lock.
func (g *Group) now() *chat { return (&User{s: g.s, chat: g.id}).in() }

func (g *Group) join(u *User) {
	c := g.now()
	if slices.Contains(c.Members, u.id) {
		return
	}
	c.Members = append(c.Members, u.id)
	from := *g.s.state.Users[u.id]
	g.s.note(c, message{From: &from, NewChatMembers: []user{from}})
}

// ID returns the group's id, which changes when it migrates.
func (g *Group) ID() int64 {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	return g.now().Ref.ID
}

// As returns the person acting in this group; they join it if they were not in it.
func (g *Group) As(u *User) *User {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	g.join(u)
	return &User{s: g.s, id: u.id, chat: g.id}
}

// In returns the person acting in a topic of this group, which is a forum.
func (g *Group) In(topic int, u *User) *User {
	in := g.As(u)
	in.topic = topic
	return in
}

// AsGroup returns an administrator who acts anonymously: messages show the group in their place.
func (g *Group) AsGroup(u *User) *User {
	in := g.As(u)
	in.anon = true
	return in
}

// CloseGeneral closes the General topic, so that a message to no topic is refused.
func (g *Group) CloseGeneral() {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	g.now().Closed = true
}

// Leave lets a person leave the group.
func (g *Group) Leave(u *User) {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	c := g.now()
	mine := func(id int64) bool { return id == u.id }
	c.Members, c.Admins = slices.DeleteFunc(c.Members, mine), slices.DeleteFunc(c.Admins, mine)
	from := *g.s.state.Users[u.id]
	g.s.note(c, message{From: &from, LeftChatMember: &from})
}

// Promote makes a member an administrator.
func (g *Group) Promote(u *User) {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	if c := g.now(); !slices.Contains(c.Admins, u.id) {
		c.Admins = append(c.Admins, u.id)
	}
}

// PromoteBot makes the bot an administrator, who sees all messages, or with false a plain member again.
func (g *Group) PromoteBot(admin bool) {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	c := g.now()
	g.s.changeMember(c, c.Members[0], func() { c.BotAdmin = admin })
	g.s.touch(c.Ref.ID)
}

// RemoveBot throws the bot out of the group.
func (g *Group) RemoveBot() {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	c := g.now()
	g.s.changeMember(c, c.Members[0], func() { c.BotLeft, c.BotAdmin = true, false })
	g.s.touch(c.Ref.ID)
}

// Migrate turns a basic group into a supergroup with a new id and returns that id. The bot gets the two service
// messages; calls with the old id are refused with the new one in parameters.migrate_to_chat_id.
func (g *Group) Migrate() int64 {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	old := g.now()
	if old.Ref.Type == "supergroup" {
		return old.Ref.ID
	}
	id := supergroups + old.Ref.ID
	next := &chat{
		Ref: chatRef{ID: id, Type: "supergroup", Title: old.Ref.Title}, Started: true, Members: old.Members,
		Admins:  old.Admins,
		BotLeft: old.BotLeft, BotAdmin: old.BotAdmin,
	}
	from := *g.s.state.Users[old.Members[0]]
	g.s.state.Chats[id] = next
	g.s.note(old, message{From: &from, MigrateToChatID: id})
	g.s.note(next, message{From: &from, MigrateFromChatID: old.Ref.ID})
	old.Migrated = id
	return id
}

// SetPrivacy switches the bot's privacy mode, which is on at first: in groups the bot then sees only commands,
// mentions, replies to its messages and service messages.
func (s *Server) SetPrivacy(on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.state.PrivacyOff = !on
}
