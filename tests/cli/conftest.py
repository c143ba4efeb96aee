from collections.abc import Callable
from typing import NamedTuple

import pytest

from fastapi_spamshield.cli import main


class Ended(NamedTuple):
    """How a command ended."""

    status: object
    out: str
    err: str


Run = Callable[..., Ended]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs the command in this process, on a terminal as wide as it likes."""
    monkeypatch.setenv("COLUMNS", "200")

    def command(*arguments: str) -> Ended:
        with pytest.raises(SystemExit) as end:
            main(arguments)
        written = capsys.readouterr()
        return Ended(end.value.code, written.out, written.err)

    return command
