"""A file sealed as a stream, for backups: nobody without the key learns even who is in it.

The words NEARER-BACKUP 1, the mark of the key (4 bytes) and a salt (16). Then zlib-compressed plain text in chunks:
length (4 bytes, big-endian, its highest bit set on the last), AES-256-GCM under a key made from key and salt for this
file alone, with the chunk's number as nonce; what stands before the chunks, and whether it is the last, is bound in.
At the end SHA-256 of all before.
"""

import hashlib
import os
import zlib
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bot.domain.errors import BackupTrouble, WrongKey
from bot.storage.sealing import fingerprint

_MAGIC, _ANY_MAGIC = b"NEARER-BACKUP 1\n", b"NEARER-BACKUP "
_MARK, _SALT, _LENGTH, _TAG, _DIGEST = 4, 16, 4, 16, 32
_CHUNK = 1 << 18
_LAST = 1 << 31

CUT_SHORT = "is cut short: its end is missing. Copy it again, or take another backup."
_CHANGED = "was changed or damaged: it does not open where it stands. Take another backup."


class SealedWriter:
    """Writes plain bytes, compressed and sealed, with the newest key; `finish` writes the end."""

    def __init__(self, file: BinaryIO, key: bytes) -> None:
        salt = os.urandom(_SALT)
        self._file = file
        self._head = _MAGIC + bytes.fromhex(fingerprint(key)) + salt
        self._cipher = AESGCM(_file_key(key, salt))
        self._digest = hashlib.sha256()
        self._press = zlib.compressobj(3)
        self._waiting = bytearray()
        self._number = 0
        self._put(self._head)

    def write(self, plain: bytes) -> None:
        """Some more."""
        self._waiting += self._press.compress(plain)
        while len(self._waiting) > _CHUNK:
            self._seal(bytes(self._waiting[:_CHUNK]), last=False)
            del self._waiting[:_CHUNK]

    def finish(self) -> None:
        """No more: without this the file is known as cut short."""
        self._waiting += self._press.flush()
        for at in range(0, len(self._waiting), _CHUNK):
            part = bytes(self._waiting[at : at + _CHUNK])
            self._seal(part, last=at + _CHUNK >= len(self._waiting))
        self._file.write(self._digest.digest())

    def _seal(self, pressed: bytes, *, last: bool) -> None:
        sealed = self._cipher.encrypt(_nonce(self._number), pressed, _place(self._head, last=last))
        self._number += 1
        self._put((len(sealed) | (_LAST if last else 0)).to_bytes(_LENGTH, "big"))
        self._put(sealed)

    def _put(self, part: bytes) -> None:
        self._digest.update(part)
        self._file.write(part)


def read_sealed(file: BinaryIO, keys: Sequence[bytes], name: str) -> Iterator[bytes]:
    """The plain bytes again, in parts; the last one comes only after the whole file has proved to be sound.

    Raises WrongKey for a key that is not at hand, and BackupTrouble for what is no backup, cut short or changed.
    """
    head = file.read(len(_MAGIC) + _MARK + _SALT)
    cipher = AESGCM(_key_of(head, keys, name))
    digest, press, number, last, held = hashlib.sha256(head), zlib.decompressobj(), 0, False, b""
    while not last:
        written = _exactly(file, _LENGTH, name)
        length = int.from_bytes(written, "big")
        last, length = bool(length & _LAST), length & ~_LAST
        if not _TAG < length <= _CHUNK + _TAG:
            raise BackupTrouble(f"{name} {_CHANGED}")
        sealed = _exactly(file, length, name)
        digest.update(written + sealed)
        yield held
        held = press.decompress(_opened(cipher, number, sealed, _place(head, last=last), name))
        number += 1
    if _exactly(file, _DIGEST, name) != digest.digest() or file.read(1):
        raise BackupTrouble(f"{name} {_CHANGED}")
    yield held + press.flush()


def _key_of(head: bytes, keys: Sequence[bytes], name: str) -> bytes:
    if not head.startswith(_MAGIC):
        newer = head.startswith(_ANY_MAGIC)
        raise BackupTrouble(
            f"{name} was made by a newer Nearer. Use that one." if newer else f"{name} is not a backup of Nearer."
        )
    if len(head) < len(_MAGIC) + _MARK + _SALT:
        raise BackupTrouble(f"{name} {CUT_SHORT}")
    mark = head[len(_MAGIC) : len(_MAGIC) + _MARK].hex()
    for key in keys:
        if fingerprint(key) == mark:
            return _file_key(key, head[-_SALT:])
    there = ", ".join(fingerprint(key) for key in keys)
    raise WrongKey(f"{name} is sealed with key {mark}, which is not in NEARER_KEY (there: {there}).")


def _opened(cipher: AESGCM, number: int, sealed: bytes, place: bytes, name: str) -> bytes:
    try:
        return cipher.decrypt(_nonce(number), sealed, place)
    except InvalidTag:
        raise BackupTrouble(f"{name} {_CHANGED}") from None


def _exactly(file: BinaryIO, length: int, name: str) -> bytes:
    read = file.read(length)
    if len(read) < length:
        raise BackupTrouble(f"{name} {CUT_SHORT}")
    return read


def _file_key(key: bytes, salt: bytes) -> bytes:
    return hashlib.blake2b(salt, key=key, digest_size=32, person=b"nearer backup").digest()


def _nonce(number: int) -> bytes:
    return number.to_bytes(12, "big")


def _place(head: bytes, *, last: bool) -> bytes:
    return head + (b"\x01" if last else b"\x00")
