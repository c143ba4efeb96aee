"""What was written, and what became of it: kept in memory, for as long as the process runs.

A real application would put this into its database. Everything else could stay as it is.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Literal

from fastapi_spamshield import SpamVerdict

State = Literal["published", "held", "refused", "removed"]


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One comment or chat message, as it was sent, with the shield's verdict on it."""

    kind: Literal["comment", "chat"]
    name: str
    text: str
    verdict: SpamVerdict
    state: State
    email: str = ""
    homepage: str = ""
    at: datetime = field(default_factory=_now)

    @property
    def id(self) -> str:
        """The reference that a refused sender is told, too."""
        return self.verdict.id


def state_after(verdict: SpamVerdict) -> State:
    """Where a verdict puts a submission."""
    match verdict.action:
        case "allow":
            return "published"
        case "review":
            return "held"
        case "reject":
            return "refused"


class Wall:
    """The newest entries; the oldest make room."""

    def __init__(self, room: int = 200) -> None:
        self._room = room
        self._entries: dict[str, Entry] = {}

    def add(self, entry: Entry) -> None:
        self._entries[entry.id] = entry
        if len(self._entries) > self._room:
            del self._entries[next(iter(self._entries))]

    def get(self, entry_id: str) -> Entry | None:
        return self._entries.get(entry_id)

    def move(self, entry: Entry, state: State) -> Entry:
        """The entry in its new state. A moderator does this."""
        moved = self._entries[entry.id] = replace(entry, state=state)
        return moved

    def newest(self) -> Iterator[Entry]:
        yield from reversed(self._entries.values())

    def published(self) -> Iterator[Entry]:
        for entry in self.newest():
            if entry.kind == "comment" and entry.state == "published":
                yield entry
