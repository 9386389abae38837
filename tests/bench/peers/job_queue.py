"""python-telegram-bot's JobQueue with a daily job for each user, as its examples show it."""

from datetime import UTC, datetime

from telegram.ext import Application, ContextTypes

from tests.bench.peers.asked import TEXT, asked


async def ask(context: ContextTypes.DEFAULT_TYPE) -> None:
    """One user's job."""
    assert context.job is not None
    assert context.job.chat_id is not None
    await context.bot.send_message(context.job.chat_id, TEXT)


def main() -> None:
    """Runs until it is told to end."""
    told = asked()
    made = Application.builder().token(told.token).base_url(f"{told.url}/bot").build()
    wall = datetime.fromtimestamp(told.at, UTC).timetz()
    assert made.job_queue is not None
    for chat in told.chats:
        made.job_queue.run_daily(ask, wall, chat_id=chat)
    made.run_polling()


if __name__ == "__main__":
    main()
