"""A beginning of somebody's words where all of them would not fit. Only shows less; what is kept stays whole."""


def units(text: str) -> int:
    """The length as Telegram counts it: UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def excerpt(text: str, room: int) -> str:
    """The text where it fits `room` UTF-16 units, else as many whole words, and "…"."""
    if units(text) <= room:
        return text
    cut = text.encode("utf-16-le", "surrogatepass")[: 2 * (room - 1)].decode("utf-16-le", "ignore")
    whole = text[len(cut) : len(cut) + 1].isspace() or cut[-1:].isspace()
    return (cut if whole or " " not in cut.strip() else cut.rsplit(maxsplit=1)[0]).rstrip() + "…"
