"""Ten people who do not exist, and what they might write: for years that are lived in tests."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time

#: Invented answers by the pattern that they are about; {who} is somebody of the person's.
ANSWERS: Mapping[str, tuple[str, ...]] = {
    "sudden_space": (
        "drove round the block twice before going up to {who}",
        "{who} stayed for breakfast and by ten I needed everybody out of the flat",
        "put my phone in the drawer after the nice message from {who}",
        "left the table to look for a charger. I did not need a charger",
        "told {who} I had to be up early. I did not have to be up early",
        "we had such a good day that I went to bed at nine to have it over",
    ),
    "pulling_back": (
        "{who} asked how I was and I heard myself go flat",
        "{who} held my hand and I was suddenly thinking about the bins",
        "nice words from {who}, and I felt nothing at all, like a switched off radio",
        "went cold in the middle of the film and could not say what it was",
        "answered {who} in one word, and another word",
    ),
    "joking_away": (
        "{who} asked what I wanted and I said a pony",
        "told the parking story instead. It is a good story",
        "when {who} got serious I did the voice",
        "said my doctor is the dog",
        "made {who} laugh so that we would not get to it",
    ),
    "avoiding_eyes": (
        "talked with {who} for an hour, all of it into the sink",
        "looked at the menu when {who} said thank you",
        "easier in the car, where we both look at the road",
        "checked my phone the moment {who} looked up",
    ),
    "logical_excuses": (
        "wrote a list of reasons why it is not the right year for this",
        "explained to {who} how the trains run, so that I would not have to stay over",
        "decided that it is only sensible to see {who} less before the move",
        "had five arguments ready. {who} had only asked about Sunday",
    ),
    "closeness_alarm": (
        "heart going like mad when {who} said come in",
        "a hug from {who} and my shoulders were up at my ears",
        "could not sleep beside {who}, I listened to every breath",
        "it felt like a test when {who} sat down next to me",
    ),
    "curated_self": (
        "sent {who} the photo where the kitchen is tidy",
        "rewrote a two line message to {who} four times",
        "told the holiday without the crying part",
        "cleaned for an hour before {who} came for ten minutes",
    ),
    "hiding_weakness": (
        "had a fever and told {who} I was busy",
        "carried it all up by myself although {who} stood there",
        "said fine. I was not fine, my back was gone",
        "did not tell {who} about the letter from the bank",
    ),
    "what_if": (
        "{who} was late and I had the whole funeral ready",
        "nice evening, and all the way home I thought about how it will end",
        "checked three times whether {who} had read it",
        "what if {who} finds out that this is all there is",
    ),
    "leaving_early": (
        "said I would not come to the wedding, so nobody could tell me not to",
        "started a quarrel with {who} an hour before the train",
        "gave the key back to {who} before anybody asked",
        "wrote that we should stop seeing each other, then deleted it",
    ),
    "surface_social": (
        "five people at lunch and none of them knows I have a brother",
        "was very funny at the party. Went home and nobody had met me",
        "know all about {who}, and {who} knows what I like for lunch",
        "two hours of talking with {who} about other people",
    ),
    "old_wound": (
        "{who} shut the door loudly and I was nine years old again",
        "that song. My father used to leave the room when it came",
        "nobody said anything bad, and still it hurt in the old place",
        "{who} forgot to call back and it felt like then",
    ),
    "naming_fear": (
        "told {who} that I get scared when it is nice",
        "said it out loud: I am afraid you will go",
        "wrote to {who} that I needed a moment, and why",
        "I said to {who}: this is hard for me, keep talking please",
    ),
    "staying_present": (
        "wanted to go at nine and stayed until the end of the record",
        "told {who} I was tired and let {who} make the tea",
        "stayed on the sofa with {who}, though my legs wanted to leave",
        "called {who} back the same evening",
        "did not look away when {who} cried",
    ),
    "felt_safe": (
        "{who} read a book and I read a book and that was the evening",
        "fell asleep in the car while {who} drove",
        "with {who} I do not have to be quick",
        "{who} saw the mess and sat down in it",
    ),
}
#: Answers that are about nothing of the kind.
PLAIN = (
    "soup, and an early night",
    "rain all day, I liked it",
    "long day at work. Nothing to tell",
    "went swimming before breakfast",
    "we fixed the bicycle",
    "not much. The cat is better",
    "walked home the long way, past the bakery",
    "called my aunt about the chairs",
    "don't know",
    "it was all right",
    "tired, good tired",
    "saw {who} at the market, we talked about onions",
)
#: What follows now and then, where somebody has more to tell.
MORE = (
    "I noticed it only later, on the stairs, when the light went out and I stood there for a while with the bag.",
    "It was one of those evenings in which everything is fine and I am somewhere else, and only the dog can tell.",
    "I do not know what to make of it. I wrote it down because otherwise it will be gone tomorrow.",
)
#: Read as crisis by the content of every language that is tested here.
CRISIS = "i really want to die, {who} is asleep next door"


@dataclass(frozen=True, slots=True)
class Manner:
    """How somebody lives with the bot. Shares are of 1; spans are of days since the beginning, both ends inside."""

    number: int
    name: str
    zone: str
    wall: time
    lately: tuple[tuple[int, Mapping[str, float]], ...]
    others: tuple[str, ...]
    writes: float = 0.85
    taps: float = 0.25
    declines: float = 0.03
    tells_more: float = 0.15
    silent: tuple[tuple[int, int], ...] = ()
    crisis: tuple[int, ...] = ()
    mutes: tuple[tuple[int, str], ...] = ()
    every: int = 1
    quotes: bool = True
    confirms: float = 0.8


PEOPLE = (
    Manner(
        1,
        "Mira",
        "Europe/Berlin",
        time(20, 30),
        (
            (0, {"sudden_space": 0.3, "joking_away": 0.15, "staying_present": 0.06}),
            (150, {"sudden_space": 0.18, "logical_excuses": 0.12, "staying_present": 0.15, "naming_fear": 0.05}),
            (270, {"sudden_space": 0.08, "what_if": 0.1, "staying_present": 0.22, "felt_safe": 0.15}),
        ),
        ("Jonas", "my sister", "Ada"),
    ),
    Manner(
        2,
        "Tomasz",
        "Europe/Warsaw",
        time(7, 0),
        ((0, {"curated_self": 0.2, "surface_social": 0.2, "hiding_weakness": 0.1}),),
        ("Kasia", "Marek", "my boss"),
        writes=0.6,
        taps=0.6,
    ),
    Manner(
        3,
        "Ines",
        "Europe/Lisbon",
        time(22, 0),
        (
            (0, {"what_if": 0.45, "closeness_alarm": 0.2}),
            (180, {"what_if": 0.2, "felt_safe": 0.3}),
        ),
        ("Rui", "my mother", "Bea"),
        tells_more=0.5,
        crisis=(95, 96, 240),
    ),
    Manner(
        4,
        "Noor",
        "Asia/Kathmandu",
        time(6, 45),
        ((0, {"pulling_back": 0.3, "avoiding_eyes": 0.2, "staying_present": 0.1}),),
        ("Sita", "my brother"),
        silent=((60, 199),),
    ),
    Manner(
        5,
        "Elif",
        "Europe/Istanbul",
        time(2, 30),
        ((0, {"joking_away": 0.5, "surface_social": 0.2}),),
        ("Deniz", "the others", "Can"),
        writes=0.95,
        taps=0.1,
        mutes=((120, "joking_away"),),
    ),
    Manner(
        6,
        "Bo",
        "America/Nuuk",
        time(23, 30),
        ((0, {"hiding_weakness": 0.25, "naming_fear": 0.1, "felt_safe": 0.1}),),
        ("Pipaluk", "my son"),
        every=2,
        declines=0.15,
    ),
    Manner(
        7,
        "Ruth",
        "Australia/Lord_Howe",
        time(12, 0),
        ((0, {"old_wound": 0.25, "leaving_early": 0.2, "naming_fear": 0.12}),),
        ("Hal", "my daughter", "Win"),
        quotes=False,
    ),
    Manner(
        8,
        "Yusuf",
        "Africa/Cairo",
        time(21, 30),
        (
            (0, {"logical_excuses": 0.3}),
            (120, {"logical_excuses": 0.1, "staying_present": 0.3}),
        ),
        ("Hana", "my cousin"),
        writes=0.35,
        silent=((200, 215), (300, 320)),
    ),
    Manner(
        9,
        "Lou",
        "America/New_York",
        time(18, 0),
        ((0, dict.fromkeys(ANSWERS, 0.06)),),
        ("Sam", "my flatmate", "Gia"),
        writes=1.0,
        taps=0.0,
        tells_more=0.3,
    ),
    Manner(
        10,
        "Anselm",
        "Pacific/Auckland",
        time(19, 15),
        ((0, {"sudden_space": 0.2}),),
        ("Tui",),
        writes=0.9,
        taps=1.0,
        silent=((30, 364),),
    ),
)
