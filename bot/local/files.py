"""Files that were sent: bytes by file id, kept in memory only."""

import itertools
import mimetypes
from dataclasses import dataclass
from typing import Any

from bot.local import pictures


@dataclass(frozen=True, slots=True)
class StoredFile:
    """One uploaded file. `path` is what getFile answers."""

    file_id: str
    unique_id: str
    name: str
    mime: str
    data: bytes
    path: str

    def as_json(self) -> dict[str, Any]:
        """Shaped as the Bot API's File."""
        return {**self.reference(), "file_path": self.path}

    def reference(self) -> dict[str, Any]:
        """The fields that every kind of media has."""
        return {"file_id": self.file_id, "file_unique_id": self.unique_id, "file_size": len(self.data)}


class Files:
    """All files of one Telegram, found by id or by path."""

    def __init__(self) -> None:
        self._by_id: dict[str, StoredFile] = {}
        self._by_path: dict[str, StoredFile] = {}
        self._numbers = itertools.count(1)

    def keep(self, data: bytes, name: str, folder: str) -> StoredFile:
        """Store `data` under a new id."""
        number = next(self._numbers)
        mime = mimetypes.guess_type(name)[0] or pictures.mime_of(data)
        ending = name.rsplit(".", 1)[-1] if "." in name else "bin"
        path = f"{folder}/file_{number}.{ending}"
        stored = StoredFile(f"local-{folder}-{number}", f"u{number}", name, mime, data, path)
        self._by_id[stored.file_id] = self._by_path[path] = stored
        return stored

    def by_id(self, file_id: str) -> StoredFile | None:
        """The file of that id, if there is one."""
        return self._by_id.get(file_id)

    def by_path(self, path: str) -> StoredFile | None:
        """The file of that path, if there is one."""
        return self._by_path.get(path)
