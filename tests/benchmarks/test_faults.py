import asyncio

import pytest

from benchmarks import faults
from benchmarks.load import Load
from tests.faults import FAULTS


def test_a_row_tells_what_was_said() -> None:
    bodies = [b'{"said": "timeout"}', b'{"said": "timeout"}', b"{}"]
    result = Load([0.1, 0.2, 1.5], 2.0, [200, 200, 500], bodies)
    assert faults.row("hang", result, 1.25).split() == (
        ["hang", "2/3", "1.50", "s", "1.2", "MB", "2", "timeout"]
    )


def test_every_fault_has_its_turn() -> None:
    assert set(FAULTS) < set(faults.EVERY)


def test_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    asyncio.run(faults.measure(["ok", "nan"], 4))
    _, good, bad = capsys.readouterr().out.splitlines()
    assert good.split()[:2] == ["ok", "4/4"]
    assert good.endswith("4 spam")
    assert bad.split()[:2] == ["nan", "4/4"]
    assert "protocol" in bad
