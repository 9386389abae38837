"""Everything that knows Telegram: what arrives, what is said and shown, how it is sent."""

import os

# Otherwise python-telegram-bot warns of its coming change whenever it builds a RetryAfter.
os.environ.setdefault("PTB_TIMEDELTA", "1")
