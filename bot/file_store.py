"""Where received files lie: under the data folder, each content once, by its hash. Nobody else may look in."""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

from storage.files import content_path

_MB = 1024 * 1024
_PRIVATE = 0o700
_ROOM = 200 * _MB  # left free on the disk: the database must go on being written
_PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class FileStore:
    """A folder and what may go into it: files of `largest` bytes, `a_day` of one person within 24 hours.

    Every method touches the disk: call it in a thread.
    """

    folder: Path
    largest: int = 20 * _MB
    a_day: int = 100

    def scratch(self, ending: str = "") -> Path:
        """Return the path of a file that does not exist yet, on the same disk; OSError where that has no room.

        Whoever asks removes what is there in the end.
        """
        folder = self._room("incoming")
        if shutil.disk_usage(folder).free < _ROOM:
            raise OSError("the disk is full")
        return folder / f"{secrets.token_hex(8)}{ending}"

    def digest(self, path: Path) -> str:
        """Return the SHA-256 of a file."""
        found = hashlib.sha256()
        with path.open("rb") as file:
            while piece := file.read(_PIECE):
                found.update(piece)
        return found.hexdigest()

    def secure(self, scratch: Path, sha256: str) -> None:
        """Bring a file, and the folder its content belongs in, to the disk: whatever of `put` takes long."""
        scratch.chmod(0o600)
        with scratch.open("rb") as file:
            os.fsync(file.fileno())
        folder = self._room(str(Path(content_path(sha256)).parent))
        for each in (folder.parent, folder.parent.parent):
            _sync(each)

    def put(self, scratch: Path, sha256: str) -> None:
        """Move a file that is `secure` to where its content belongs; once there it survives a power cut."""
        path = self.folder / content_path(sha256)
        scratch.replace(path)
        _sync(path.parent)

    def erase(self, sha256: str) -> None:
        """Remove a content, if it is there."""
        (self.folder / content_path(sha256)).unlink(missing_ok=True)

    def clear(self) -> None:
        """Remove what programs that died have left unfinished: what is older than a day, for another may be at it."""
        for path in (self.folder / "incoming").glob("*"):
            try:
                if path.stat().st_mtime < time.time() - 86_400:
                    path.unlink()
            except OSError:
                continue

    def _room(self, name: str) -> Path:
        folder = self.folder
        folder.mkdir(mode=_PRIVATE, parents=True, exist_ok=True)
        for part in name.split("/"):
            folder /= part
            folder.mkdir(mode=_PRIVATE, exist_ok=True)
        return folder


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
