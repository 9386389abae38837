"""What is said to one person: the one place that keeps private mode. Files from /export go past it."""

from dataclasses import dataclass, replace

from bot.domain.records import Subscriber
from bot.journeys.messenger import Message, Messenger, Picture


@dataclass(frozen=True, slots=True)
class Voice:
    """A messenger that speaks to this person only."""

    messenger: Messenger
    person: Subscriber

    async def send(self, message: Message) -> int:
        """Sends; in private mode it can be neither forwarded nor copied, unless somebody's safety may need that."""
        if self.person.preferences.private and not message.shareable:
            message = replace(message, protected=True)
        return await self.messenger.send(self.person.chat_id, message)

    async def send_picture(self, picture: Picture) -> int:
        """Sends a picture in the same way."""
        private = replace(picture, protected=self.person.preferences.private)
        return await self.messenger.send_picture(self.person.chat_id, private)
