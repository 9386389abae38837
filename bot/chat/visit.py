"""One update from one person, unwrapped: who, where, when, and what handlers are given."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.records import Stage, Subscriber
from bot.journeys.awaiting import forget_words
from bot.journeys.kit import Kit
from bot.journeys.messenger import Message
from bot.journeys.resting import resume, resumed_message
from bot.journeys.subscribing import arrive, start_message
from bot.tongues import Tongue

#: What a tapped button says in the small bubble over the chat; None says nothing.
Toast = str | None
#: Instead of a toast: the button no longer fits.
OLD = "old"


@dataclass(slots=True)
class Visit:
    """A person in their private chat. `person` is None until they have arrived; `tap` is the id of a tap."""

    kit: Kit
    chat_id: int
    language: str
    at: datetime
    person: Subscriber | None
    message_id: int | None = None
    tap: str = ""

    @property
    def tongue(self) -> Tongue:
        """The language to speak here."""
        return self.kit.tongue_of(self.person) if self.person else self.kit.tongue(self.language)

    @property
    def subscribed(self) -> bool:
        """Whether they finished settling and have not stopped."""
        return self.person is not None and self.person.stage is Stage.ACTIVE

    async def turn_elsewhere(self) -> None:
        """A command or a tap: what was opened to be typed is left as it is."""
        if self.person is not None:
            self.person = await forget_words(self.kit, self.person)

    async def say(self, message: Message) -> int:
        """Sends an answer."""
        if self.person is None:
            return await self.kit.messenger.send(self.chat_id, message)
        return await self.kit.to(self.person).send(message)

    async def show(self, message: Message) -> None:
        """Puts a message in the place of the one whose button was tapped."""
        if self.message_id is None:
            await self.say(message)
        else:
            await self.kit.messenger.edit(self.chat_id, self.message_id, message)

    async def resumed(self) -> Message:
        """Comes back after /stop; who stopped on the way in goes on there."""
        assert self.person is not None
        self.person = await resume(self.kit, self.person)
        if self.person.stage is Stage.SETTLING:
            return start_message(self.kit, self.person)
        return resumed_message(self.kit, self.person)

    async def welcome(self, invite: str | None = None) -> None:
        """Shows where they are on the way in, or that they are subscribed."""
        self.person = self.person or await arrive(self.kit, self.chat_id, self.language, invite)
        if self.person is None:
            await self.say(Message(self.tongue.words.say("not_open")))
        else:
            await self.say(start_message(self.kit, self.person))
