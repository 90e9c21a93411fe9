"""Files on the servers, and the methods that send and fetch them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.botapi.world import World


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file: its id, where it is fetched, and its bytes."""

    file_id: str
    unique_id: str
    kind: str
    name: str
    mime: str
    data: bytes

    @property
    def path(self) -> str:
        """Where it is fetched, below the token."""
        ending = self.name.rpartition(".")[2] if "." in self.name else "bin"
        return f"{self.kind}s/file_{self.unique_id}.{ending}"


def store(world: World, kind: str, data: bytes, name: str, mime: str = "application/octet-stream") -> StoredFile:
    """Keep a file of the kind "photo" or "document" and return it."""
    number = len(world.files)
    file_id = f"{'AgACAgUAAxk' if kind == 'photo' else 'BQACAgUAAxk'}{number:06d}{world.chance.randrange(16**20):020x}"
    found = StoredFile(file_id, f"AQAD{number:08d}", kind, name, mime, data)
    world.files[file_id] = found
    return found


def describe(file: StoredFile) -> Any:
    """Return the field of a message that shows a file: the sizes of a photo, or a document."""
    shown = {"file_id": file.file_id, "file_unique_id": file.unique_id, "file_size": len(file.data)}
    if file.kind == "photo":
        return [{**shown, "width": 1280, "height": 960}]
    return {**shown, "file_name": file.name, "mime_type": file.mime}
