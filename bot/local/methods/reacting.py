"""sendChatAction, setMessageReaction, answerCallbackQuery: small signs that are no messages."""

from bot.local.cloud import Cloud, Happening
from bot.local.methods.calls import Call, message_in, reachable
from bot.local.refusals import bad

_EMOJI = (
    "👍 👎 ❤ 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 🤡 🥱 🥴 😍 🐳 ❤\ufe0f\u200d🔥 🌚 "
    "🌭 💯 🤣 ⚡ 🍌 🏆 💔 🤨 😐 🍓 🍾 💋 🖕 😈 😴 😭 🤓 👻 👨\u200d💻 👀 🎃 🙈 😇 😨 🤝 ✍ "
    "🤗 🫡 🎅 🎄 ☃ 💅 🤪 🗿 🆒 💘 🙉 🦄 😘 💊 🙊 😎 👾 🤷\u200d♂\ufe0f 🤷 🤷\u200d♀\ufe0f 😡"
)
#: telegram.constants.ReactionEmoji of python-telegram-bot 22.8, in its order; a test holds the two equal.
REACTIONS = tuple(_EMOJI.split())
_KINDS = (
    "typing upload_photo record_video upload_video record_voice upload_voice upload_document choose_sticker "
    "find_location record_video_note upload_video_note"
)
_ACTIONS = frozenset(_KINDS.split())


def send_chat_action(cloud: Cloud, call: Call) -> bool:
    """ "typing …" for five seconds or until the next message."""
    chat = reachable(cloud, call.params["chat_id"])
    if call.params["action"] not in _ACTIONS:
        raise bad("wrong parameter action in request")
    cloud.tell(Happening("typing", chat.id, data={"action": call.params["action"]}))
    return True


def set_message_reaction(cloud: Cloud, call: Call) -> bool:
    """The bot's one reaction under a message, or none."""
    chat = reachable(cloud, call.params["chat_id"])
    message = message_in(chat, call.params["message_id"], "react")
    wanted = [reaction["emoji"] for reaction in call.params.get("reaction") or []]
    if len(wanted) > 1 or not set(wanted) <= set(REACTIONS):
        raise bad("REACTION_INVALID")
    message.reactions = wanted
    cloud.tell(Happening("message", chat.id, message.message_id))
    return True


def answer_callback_query(cloud: Cloud, call: Call) -> bool:
    """The waiting circle on a button ends, perhaps with words."""
    query = cloud.query(str(call.params["callback_query_id"]))
    query.answered = True
    query.toast = call.params.get("text") or None
    query.alert = bool(call.params.get("show_alert"))
    query.url = call.params.get("url")
    data = {"query": query.id, "text": query.toast, "alert": query.alert}
    cloud.tell(Happening("toast", query.chat_id, data=data))
    return True
