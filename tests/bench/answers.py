"""How soon people are answered who write and tap while a morning's questions leave."""

import time

from bot.console.seed import FIRST_CHAT
from tests.bench.ours import home, soon
from tests.bench.stage import LATENCY_S, Telegram, telegram, until, until_delivered
from tests.bench.table import Row
from tests.bench.witness import Witness, percentile

A_SECOND = 50
#: For seeding, starting, and opening menus one after another.
AHEAD_S = 40
SECONDS = 12
#: Questions that leave for longer are not waited for.
PATIENCE_S = 60
#: What is done in turn, and the call that answers it.
COMMAND, REPLY, TAP = "sendMessage", "setMessageReaction", "editMessageText"
KINDS = (COMMAND, REPLY, TAP)
TEXT = "drove round the ring road twice before going up"


def answers(name: str, engine: str, count: int = 10_000, rate: float = 1_000) -> list[Row]:
    """From an update's coming in to our answer's arrival, less Telegram's own wait before it hands an update out."""
    asking = A_SECOND * SECONDS
    with home(engine) as place, telegram("--pace", "30", "--stars", "1e9") as where:
        at = soon(AHEAD_S)
        place.seed(count, at, among=count + 4 * asking)
        bot = place.start(where, rate=rate)
        chats = [FIRST_CHAT + count + 2 * number for number in range(asking)]
        menus = _open_menus(where, chats[2 :: len(KINDS)])
        until(at)
        said = _ask(where, chats, menus)
        saw = _seen(where, count, rate)
        bot.end()
    took: dict[str, list[float]] = {kind: [] for kind in KINDS}
    for number, (chat, moment) in enumerate(said.items()):
        kind = KINDS[number % len(KINDS)]
        first = saw.first_to({chat}, kind, moment).get(chat)
        if first is not None:
            took[kind].append(1000 * (first[0] - moment - LATENCY_S))
    all_took = [one for each in took.values() for one in each]
    late = [one.at - at for one in saw.delivered() if one.chat < FIRST_CHAT + count]
    return [
        Row(name, "answered", len(all_took), f"of {asking}"),
        Row(name, "answer, p50", percentile(all_took, 0.5), "ms"),
        Row(name, "answer, p99", percentile(all_took, 0.99), "ms"),
        *(Row(name, f"{kind}, p99", percentile(took[kind], 0.99), "ms") for kind in KINDS),
        Row(name, "questions a second meanwhile", len(late) / max(late), ""),
    ]


def _seen(where: Telegram, count: int, rate: float) -> Witness:
    """What Telegram saw; where the questions take minutes, while they still leave."""
    if count / rate < PATIENCE_S:
        return until_delivered(where, count, within=count / rate * 3 + 60)
    until(time.time() + 3)
    return where.witness()


def _open_menus(where: Telegram, chats: list[int]) -> dict[int, int]:
    """Each of these opens the settings, slowly; the message they stand in."""
    began = time.time()
    for chat in chats:
        where.say([(chat, "/settings")])
        time.sleep(1 / 25)
    until(time.time() + 1)
    return {chat: message for chat, (_, message) in where.witness().first_to(set(chats), COMMAND, began).items()}


def _ask(where: Telegram, chats: list[int], menus: dict[int, int]) -> dict[int, float]:
    """Evenly spaced: a command, a reply, a tap, and again; the moment of each chat's."""
    said, began = {}, time.time()
    for number, chat in enumerate(chats):
        until(began + number / A_SECOND)
        said[chat] = time.time()
        match KINDS[number % len(KINDS)]:
            case "sendMessage":
                where.say([(chat, "/help")])
            case "setMessageReaction":
                where.say([(chat, f"{TEXT} {number}")])
            case _:
                where.say([(chat, ("g:weekdays", menus.get(chat, 0)))])
    return said
