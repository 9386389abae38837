"""Debian's Chromium, as the tests and the pictures start it."""

from pathlib import Path

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def has_chromium() -> bool:
    """Whether the browser tests can run here."""
    return Path(CHROMIUM).exists()
