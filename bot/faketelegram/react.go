package faketelegram

import (
	"slices"
	"strings"
)

type reaction struct {
	Type  string `json:"type"`
	Emoji string `json:"emoji,omitempty"`
	ID    string `json:"custom_emoji_id,omitempty"`
}

func setMessageReaction(c *call) (any, error) {
	ch, err := c.writable()
	if err != nil {
		return nil, err
	}
	e, err := c.messageArg(ch, "message_id", "message to react not found")
	if err != nil {
		return nil, err
	}
	var given []reaction
	if _, err := c.decode("reaction", &given); err != nil {
		return nil, err
	}
	if len(given) > 1 {
		return nil, bad("REACTIONS_TOO_MANY")
	}
	var emoji []string
	for _, r := range given {
		if r.Type != "emoji" || !slices.Contains(reactions, r.Emoji) {
			return nil, bad("REACTION_INVALID")
		}
		emoji = append(emoji, r.Emoji)
	}
	if e.Reaction == nil {
		e.Reaction = map[int64][]string{}
	}
	e.Reaction[c.s.bot.ID] = emoji
	c.s.touch(ch.Ref.ID)
	return true, nil
}

// reactions are the emoji that Telegram allows as reactions, see ReactionTypeEmoji in the Bot API.
var reactions = strings.Fields(
	"❤ 👍 👎 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 🤡 🥱 🥴 😍 🐳 ❤‍🔥 🌚 🌭 💯 🤣 ⚡ 🍌 🏆 💔 🤨 😐 🍓 🍾 💋 🖕 😈 😴 😭 🤓 👻 " +
		"👨‍💻 👀 🎃 🙈 😇 😨 🤝 ✍ 🤗 🫡 🎅 🎄 ☃ 💅 🤪 🗿 🆒 💘 🙉 🦄 😘 💊 🙊 😎 👾 🤷‍♂ 🤷 🤷‍♀ 😡")
