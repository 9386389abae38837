"""Seals and opens values with AES-256-GCM, bound to their owner and column.

One of two doors of `cryptography`, with `sealed_file`. The key never enters the database.
"""

import base64
import binascii
import hashlib
import json
import os
from collections.abc import Sequence
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bot.domain.errors import Damaged, WrongKey

_VERSION = b"\x01"
_NONCE = 12
_MARK = 4
_TAG = 16
_HEAD = len(_VERSION) + _MARK + _NONCE


def new_key() -> str:
    """A fresh 256-bit key as 44 characters of URL-safe base64."""
    return base64.urlsafe_b64encode(AESGCM.generate_key(256)).decode()


def read_keys(text: str) -> tuple[bytes, ...]:
    """The keys of `NEARER_KEY`: one or several, comma-separated, newest first.

    Raises WrongKey, without repeating the key, when one of them is not 32 bytes of URL-safe base64.
    """
    keys = []
    for position, part in enumerate(filter(None, (piece.strip() for piece in text.split(","))), start=1):
        try:
            key = base64.b64decode(part, altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            key = b""
        if len(key) != 32:
            raise WrongKey(f"NEARER_KEY: key {position} is not a key. `nearer keys new` prints one.")
        keys.append(key)
    if not keys:
        raise WrongKey("NEARER_KEY is empty. `nearer keys new` prints a key.")
    return tuple(keys)


def fingerprint(key: bytes) -> str:
    """Eight hex digits that tell keys apart and say nothing of the key."""
    return _mark(key).hex()


def sealed_with(sealed: bytes) -> str:
    """The fingerprint of the key that sealed a value."""
    return bytes(sealed[len(_VERSION) : len(_VERSION) + _MARK]).hex()


def _mark(key: bytes) -> bytes:
    return hashlib.blake2b(key, digest_size=_MARK, person=b"nearer key mark").digest()


class Sealer:
    """Seals with the first key, opens with whichever key the value names.

    A sealed value is version (1) | key mark (4) | nonce (12) | ciphertext and tag. Nonces are random 96 bits:
    one key is good for 2**32 values (NIST SP 800-38D, 8.3), some thirty thousand people for ten years.
    """

    def __init__(self, keys: Sequence[bytes]) -> None:
        self._newest = _mark(keys[0])
        self._ciphers = {_mark(key): AESGCM(key) for key in keys}

    @property
    def newest(self) -> str:
        """The fingerprint of the key that seals."""
        return self._newest.hex()

    @property
    def begins(self) -> bytes:
        """What every value sealed with the newest key begins with."""
        return _VERSION + self._newest

    @property
    def at_hand(self) -> tuple[str, ...]:
        """The fingerprints of all keys, the newest first."""
        return tuple(mark.hex() for mark in self._ciphers)

    def seal(self, value: Any, *, column: str, owner: int | str) -> bytes:
        """Seals any JSON value for one column ("replies.text") of one owner (a row's id or name)."""
        written = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        # JSON may hold half a surrogate pair, and Telegram's sometimes does; json.loads takes it back.
        return self._seal(written.encode("utf-8", "surrogatepass"), _place(column, owner))

    def _seal(self, plain: bytes, place: bytes) -> bytes:
        nonce = os.urandom(_NONCE)
        sealed = self._ciphers[self._newest].encrypt(nonce, plain, place)
        return _VERSION + self._newest + nonce + sealed

    def open(self, sealed: bytes, *, column: str, owner: int | str) -> Any:
        """The value again.

        Raises WrongKey when its key is not at hand, Damaged when it was changed or stands in another place.
        """
        return json.loads(self._opened(sealed, column, owner))

    def reseal(self, sealed: bytes, *, column: str, owner: int | str) -> bytes:
        """The same value under the newest key, in the same place. Raises as `open` does."""
        return self._seal(self._opened(sealed, column, owner), _place(column, owner))

    def _opened(self, sealed: bytes, column: str, owner: int | str) -> bytes:
        damaged = Damaged(f"A sealed value in {column} of {owner} does not open: changed, cut or moved.")
        if len(sealed) < _HEAD + _TAG or not sealed.startswith(_VERSION):
            raise damaged
        cipher = self._ciphers.get(bytes(sealed[1 : 1 + _MARK]))
        if cipher is None:
            raise WrongKey(f"{column} is sealed with key {sealed_with(sealed)}, which is not in NEARER_KEY.")
        try:
            return cipher.decrypt(bytes(sealed[1 + _MARK : _HEAD]), bytes(sealed[_HEAD:]), _place(column, owner))
        except InvalidTag:
            raise damaged from None


def _place(column: str, owner: int | str) -> bytes:
    return f"{column}:{owner}".encode()
