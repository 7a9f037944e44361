package faketelegram

import (
	"context"
	"strings"
	"sync"
)

// method is one Bot API method: the parameters it knows and what it does. do runs under the server's lock, wait does
// not.
type method struct {
	name   string
	fields []string
	do     func(*call) (any, error)
	wait   func(*call, context.Context) (any, error)
}

const (
	target  = " chat_id business_connection_id message_thread_id direct_messages_topic_id"
	sending = target + " disable_notification protect_content allow_paid_broadcast message_effect_id" +
		" suggested_post_parameters reply_parameters reply_to_message_id allow_sending_without_reply reply_markup"
	captioned = " caption parse_mode caption_entities"
	above     = " show_caption_above_media"
	preview   = " link_preview_options disable_web_page_preview"
	editing   = " chat_id message_id inline_message_id business_connection_id reply_markup"
	copying   = target + " from_chat_id message_id video_start_timestamp disable_notification protect_content" +
		" suggested_post_parameters message_effect_id"
	scoped = " scope language_code"
)

// methods returns the table of methods by their lower-case names; Telegram does not mind the case.
var methods = sync.OnceValue(func() map[string]method {
	table := map[string]method{}
	add := func(name, fields string, do func(*call) (any, error)) {
		table[strings.ToLower(name)] = method{name: name, fields: strings.Fields(fields), do: do}
	}
	updates := "offset limit timeout allowed_updates"
	table["getupdates"] = method{name: "getUpdates", fields: strings.Fields(updates), wait: getUpdates}
	add("setWebhook", "url certificate ip_address max_connections allowed_updates drop_pending_updates secret_token",
		setWebhook)
	add("deleteWebhook", "drop_pending_updates", deleteWebhook)
	add("getWebhookInfo", "", getWebhookInfo)
	add("getMe", "", getMe)

	add("sendMessage", "text parse_mode entities"+preview+sending, sendMessage)
	add("sendPhoto", "photo has_spoiler"+captioned+above+sending, sendPhoto)
	add("sendDocument", "document thumbnail disable_content_type_detection"+captioned+sending, sendDocument)
	add("sendVoice", "voice duration"+captioned+sending, sendVoice)
	add("sendMediaGroup", "media"+sending, sendMediaGroup)
	add("sendLocation", "latitude longitude horizontal_accuracy live_period heading proximity_alert_radius"+sending,
		sendLocation)
	add("sendPoll", "question question_parse_mode question_entities options is_anonymous type allows_multiple_answers"+
		" correct_option_id explanation explanation_parse_mode explanation_entities open_period close_date is_closed"+
		sending, sendPoll)
	add("sendChatAction", target+" action", sendChatAction)
	add("copyMessage", copying+captioned+above+" allow_paid_broadcast reply_parameters reply_to_message_id"+
		" allow_sending_without_reply reply_markup", copyMessage)
	add("forwardMessage", copying, forwardMessage)

	add("editMessageText", "text parse_mode entities"+preview+editing, editMessageText)
	add("editMessageCaption", captioned+above+editing, editMessageCaption)
	add("editMessageMedia", "media"+editing, editMessageMedia)
	add("editMessageReplyMarkup", editing, editMessageReplyMarkup)
	add("deleteMessage", "chat_id message_id", deleteMessage)
	add("deleteMessages", "chat_id message_ids", deleteMessages)
	add("answerCallbackQuery", "callback_query_id text show_alert url cache_time", answerCallbackQuery)
	add("setMessageReaction", "chat_id message_id reaction is_big", setMessageReaction)
	add("pinChatMessage", "business_connection_id chat_id message_id disable_notification", pinChatMessage)
	add("unpinChatMessage", "business_connection_id chat_id message_id", unpinChatMessage)

	add("getFile", "file_id", getFile)
	add("getChat", "chat_id", getChat)
	add("getChatMember", "chat_id user_id", getChatMember)
	add("getChatAdministrators", "chat_id", getChatAdministrators)

	add("setMyCommands", "commands"+scoped, setMyCommands)
	add("getMyCommands", scoped, getMyCommands)
	add("deleteMyCommands", scoped, deleteMyCommands)
	for _, n := range names {
		add("setMy"+n.method, n.field+" language_code", n.set)
		add("getMy"+n.method, "language_code", n.get)
	}
	return table
})
