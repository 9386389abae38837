"""The Bot API's methods that this Telegram carries out, by proper name.

Any other well-formed one is refused plainly.
"""

from bot.local.methods import chatting, describing, editing, reacting, sending
from bot.local.methods.calls import Call, Handler, Upload

__all__ = ["METHODS", "Call", "Handler", "Upload"]

METHODS: dict[str, Handler] = {
    "sendMessage": sending.send_message,
    "sendPhoto": sending.send_photo,
    "sendDocument": sending.send_document,
    "copyMessage": sending.copy_message,
    "forwardMessage": sending.forward_message,
    "editMessageText": editing.edit_text,
    "editMessageCaption": editing.edit_caption,
    "editMessageReplyMarkup": editing.edit_reply_markup,
    "deleteMessage": editing.delete_message,
    "deleteMessages": editing.delete_messages,
    "sendChatAction": reacting.send_chat_action,
    "setMessageReaction": reacting.set_message_reaction,
    "answerCallbackQuery": reacting.answer_callback_query,
    "getMe": describing.get_me,
    "getMyStarBalance": describing.get_my_star_balance,
    "setMyCommands": describing.set_my_commands,
    "getMyCommands": describing.get_my_commands,
    "deleteMyCommands": describing.delete_my_commands,
    "setMyName": describing.set_my_text,
    "getMyName": describing.get_my_text,
    "setMyDescription": describing.set_my_text,
    "getMyDescription": describing.get_my_text,
    "setMyShortDescription": describing.set_my_text,
    "getMyShortDescription": describing.get_my_text,
    "setChatMenuButton": describing.set_chat_menu_button,
    "getChatMenuButton": describing.get_chat_menu_button,
    "getFile": describing.get_file,
    "getChat": chatting.get_chat,
    "getChatMember": chatting.get_chat_member,
    "leaveChat": chatting.leave_chat,
    "pinChatMessage": chatting.pin_chat_message,
    "unpinChatMessage": chatting.pin_chat_message,
}
