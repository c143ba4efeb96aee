"""Lessons in a file, for the next start."""

import base64
import errno
import hashlib
import json
import os
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from types import ModuleType
from typing import Any, BinaryIO, Final

from ..detectors.local.features import fingerprint, unpacked
from ..detectors.local.lessons import Lesson
from ..errors import ConfigurationError

try:
    import fcntl as _fcntl
except ImportError:  # pragma: no cover - Windows, where two processes are only seen when they write
    locks: ModuleType | None = None
else:
    locks = _fcntl

FORMAT: Final = "spamshield lessons 1"


class LessonFile:
    """A file of lessons, which one process has.

    A line of JSON with the format, the features that the engine learns from, and the SHA-256 of all
    that follows; then a line of JSON for each lesson, the oldest first: the feedback's id, the
    verdict's id, the label, a digest of the reporter and the features, both in base64, and which
    services were told. There are no texts and no names of people in it.

    Args:
        path: Where it is; its folder has to exist. Beside it stands an empty file of the same name
            and `.lock`.
    """

    def __init__(self, path: str | Path) -> None:
        self.path: Path = Path(path)
        self._lock: BinaryIO | None = None
        self._process = 0
        self._seen: tuple[int, ...] | None = None

    def open(self) -> list[Lesson]:
        """Take the file for this process and read it.

        Returns:
            The lessons in it; none where there is no file yet.

        Raises:
            ConfigurationError: Another process has it, it can't be read or written, it is damaged,
                or it was written for another version of the engine.
        """
        try:
            lock = self.path.with_name(f"{self.path.name}.lock").open("ab")
        except OSError as error:
            raise self._wrong(f"it can't be used: {error.strerror}") from None
        try:
            self._take(lock)
            lessons = self._read()
        except BaseException:
            lock.close()
            raise
        self._lock, self._process = lock, os.getpid()
        return lessons

    def close(self) -> None:
        """Leave the file to others."""
        if self._lock is not None:
            # Not by closing it alone: a forked process may hold it open, and must not release it.
            if locks is not None and self._process == os.getpid():
                locks.flock(self._lock, locks.LOCK_UN)
            self._lock.close()
            self._lock = None

    def write(self, lessons: Iterable[Lesson]) -> None:
        """Replace the file, as a whole or not at all.

        Args:
            lessons: All of them, the oldest first.

        Raises:
            OSError: It can't be written, or another process has written it meanwhile.
        """
        if self._process != os.getpid() or self._stamp() != self._seen:
            raise OSError(errno.EBUSY, "another process writes to the file")
        data = encoded(lessons)
        new = self.path.with_name(f"{self.path.name}.new")
        with new.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        new.replace(self.path)
        self._seen = self._stamp()

    def _take(self, lock: BinaryIO) -> None:
        if locks is None:
            return
        try:
            locks.flock(lock, locks.LOCK_EX | locks.LOCK_NB)
        except OSError:
            raise self._wrong(
                "another process has it open. One process learns at a time: run one worker, or "
                "give each a file of its own"
            ) from None

    def _read(self) -> list[Lesson]:
        self._seen = self._stamp()
        if self._seen is None:
            return []
        try:
            return decoded(self.path.read_bytes())
        except OSError as error:
            raise self._wrong(f"it can't be read: {error.strerror}") from None
        except ValueError as error:
            raise self._wrong(f"{error} Move it away to begin anew") from None

    def _stamp(self) -> tuple[int, ...] | None:
        with suppress(FileNotFoundError):
            found = self.path.stat()
            return found.st_ino, found.st_mtime_ns, found.st_size
        return None

    def _wrong(self, what: str) -> ConfigurationError:
        return ConfigurationError(f"learning_path={str(self.path)!r}: {what}")


def encoded(lessons: Iterable[Lesson]) -> bytes:
    """Lessons as the bytes of a file.

    Args:
        lessons: The oldest first; those without features are left out.
    """
    lines = [
        json.dumps([one.id, one.verdict_id, one.spam, _text(one.reporter), _text(packed), one.told])
        for one in lessons
        if one.features is not None
        for packed in [one.features.packed()]
    ]
    body = "".join(f"{line}\n" for line in lines).encode()
    head = {
        "format": FORMAT,
        "features": fingerprint(),
        "lessons": len(lines),
        "sha256": hashlib.sha256(body).hexdigest(),
    }
    return json.dumps(head).encode() + b"\n" + body


def decoded(data: bytes) -> list[Lesson]:
    """Lessons from the bytes of a file.

    Args:
        data: What `encoded` made.

    Raises:
        ValueError: It is no such file, of another version, or damaged.
    """
    line, _, body = data.partition(b"\n")
    try:
        head: Any = json.loads(line)
        known = head["format"] == FORMAT
        intact = known and hashlib.sha256(body).hexdigest() == head["sha256"]
    except (ValueError, TypeError, KeyError):
        raise ValueError("it is no file of lessons.") from None
    if not known:
        raise ValueError("it is of another version.")
    if not intact:
        raise ValueError("it is damaged.")
    if head["features"] != fingerprint():
        raise ValueError("it was learned by an engine that reads texts in another way.")
    return [_lesson(json.loads(row)) for row in body.splitlines()]


def _lesson(row: Sequence[Any]) -> Lesson:
    feedback_id, verdict_id, spam, reporter, features, told = row
    who = None if reporter is None else base64.b64decode(reporter)
    read = unpacked(base64.b64decode(features))
    return Lesson(feedback_id, verdict_id, spam, who, read, tuple(told))


def _text(data: bytes | None) -> str | None:
    return None if data is None else base64.b64encode(data).decode()
