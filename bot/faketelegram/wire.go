package faketelegram

import "encoding/json"

// The types here are what goes over the wire, with the field names of the Bot API.

type user struct {
	ID           int64  `json:"id"`
	IsBot        bool   `json:"is_bot"`
	FirstName    string `json:"first_name"`
	LastName     string `json:"last_name,omitempty"`
	Username     string `json:"username,omitempty"`
	LanguageCode string `json:"language_code,omitempty"`
}

type chatRef struct {
	ID        int64  `json:"id"`
	Type      string `json:"type"`
	Title     string `json:"title,omitempty"`
	Username  string `json:"username,omitempty"`
	FirstName string `json:"first_name,omitempty"`
}

// Entity is a stretch of a text with a meaning or a style, in UTF-16 units as Telegram counts.
type Entity struct {
	Type          string          `json:"type"`
	Offset        int             `json:"offset"`
	Length        int             `json:"length"`
	URL           string          `json:"url,omitempty"`
	User          json.RawMessage `json:"user,omitempty"`
	Language      string          `json:"language,omitempty"`
	CustomEmojiID string          `json:"custom_emoji_id,omitempty"`
}

type photoSize struct {
	FileID       string `json:"file_id"`
	FileUniqueID string `json:"file_unique_id"`
	Width        int    `json:"width"`
	Height       int    `json:"height"`
	FileSize     int    `json:"file_size,omitempty"`
}

type fileRef struct {
	FileID       string `json:"file_id"`
	FileUniqueID string `json:"file_unique_id"`
	FileName     string `json:"file_name,omitempty"`
	MIMEType     string `json:"mime_type,omitempty"`
	FileSize     int    `json:"file_size"`
}

type voice struct {
	FileID       string `json:"file_id"`
	FileUniqueID string `json:"file_unique_id"`
	Duration     int    `json:"duration"`
	MIMEType     string `json:"mime_type,omitempty"`
	FileSize     int    `json:"file_size"`
}

type sticker struct {
	FileID       string `json:"file_id"`
	FileUniqueID string `json:"file_unique_id"`
	Type         string `json:"type"`
	Width        int    `json:"width"`
	Height       int    `json:"height"`
	IsAnimated   bool   `json:"is_animated"`
	IsVideo      bool   `json:"is_video"`
	Emoji        string `json:"emoji,omitempty"`
}

type contact struct {
	PhoneNumber string `json:"phone_number"`
	FirstName   string `json:"first_name"`
	UserID      int64  `json:"user_id,omitempty"`
}

type location struct {
	Latitude  float64 `json:"latitude"`
	Longitude float64 `json:"longitude"`
}

type pollOption struct {
	Text       string `json:"text"`
	VoterCount int    `json:"voter_count"`
}

type poll struct {
	ID                    string       `json:"id"`
	Question              string       `json:"question"`
	Options               []pollOption `json:"options"`
	TotalVoterCount       int          `json:"total_voter_count"`
	IsClosed              bool         `json:"is_closed"`
	IsAnonymous           bool         `json:"is_anonymous"`
	Type                  string       `json:"type"`
	AllowsMultipleAnswers bool         `json:"allows_multiple_answers"`
}

type origin struct {
	Type       string   `json:"type"`
	Date       int64    `json:"date"`
	SenderUser *user    `json:"sender_user,omitempty"`
	SenderChat *chatRef `json:"sender_chat,omitempty"`
}

type message struct {
	MessageID           int             `json:"message_id"`
	MessageThreadID     int             `json:"message_thread_id,omitempty"`
	IsTopicMessage      bool            `json:"is_topic_message,omitempty"`
	From                *user           `json:"from,omitempty"`
	SenderChat          *chatRef        `json:"sender_chat,omitempty"`
	Chat                chatRef         `json:"chat"`
	Date                int64           `json:"date"`
	EditDate            int64           `json:"edit_date,omitempty"`
	ForwardOrigin       *origin         `json:"forward_origin,omitempty"`
	ForwardFrom         *user           `json:"forward_from,omitempty"`
	ForwardDate         int64           `json:"forward_date,omitempty"`
	ReplyToMessage      *message        `json:"reply_to_message,omitempty"`
	ExternalReply       *externalReply  `json:"external_reply,omitempty"`
	MediaGroupID        string          `json:"media_group_id,omitempty"`
	HasProtectedContent bool            `json:"has_protected_content,omitempty"`
	Text                string          `json:"text,omitempty"`
	Entities            []Entity        `json:"entities,omitempty"`
	Caption             string          `json:"caption,omitempty"`
	CaptionEntities     []Entity        `json:"caption_entities,omitempty"`
	Photo               []photoSize     `json:"photo,omitempty"`
	Document            *fileRef        `json:"document,omitempty"`
	Voice               *voice          `json:"voice,omitempty"`
	Sticker             *sticker        `json:"sticker,omitempty"`
	Contact             *contact        `json:"contact,omitempty"`
	Location            *location       `json:"location,omitempty"`
	Poll                *poll           `json:"poll,omitempty"`
	NewChatMembers      []user          `json:"new_chat_members,omitempty"`
	LeftChatMember      *user           `json:"left_chat_member,omitempty"`
	GroupChatCreated    bool            `json:"group_chat_created,omitempty"`
	MigrateToChatID     int64           `json:"migrate_to_chat_id,omitempty"`
	MigrateFromChatID   int64           `json:"migrate_from_chat_id,omitempty"`
	PinnedMessage       *message        `json:"pinned_message,omitempty"`
	ReplyMarkup         json.RawMessage `json:"reply_markup,omitempty"`
}

// externalReply is a message of another chat to which one replies.
type externalReply struct {
	Origin origin      `json:"origin"`
	Photo  []photoSize `json:"photo,omitempty"`
}

type callbackQuery struct {
	ID           string `json:"id"`
	From         user   `json:"from"`
	Message      any    `json:"message,omitempty"`
	ChatInstance string `json:"chat_instance"`
	Data         string `json:"data"`
}

// inaccessible stands for a message that is gone; its date is always 0.
type inaccessible struct {
	Chat      chatRef `json:"chat"`
	MessageID int     `json:"message_id"`
	Date      int64   `json:"date"`
}

type member struct {
	Status    string `json:"status"`
	User      user   `json:"user"`
	UntilDate *int64 `json:"until_date,omitempty"`
}

type memberChange struct {
	Chat chatRef `json:"chat"`
	From user    `json:"from"`
	Date int64   `json:"date"`
	Old  member  `json:"old_chat_member"`
	New  member  `json:"new_chat_member"`
}
