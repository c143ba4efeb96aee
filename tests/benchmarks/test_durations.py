from collections.abc import Callable, Sequence

import pytest

from benchmarks import durations


def test_texts_of_a_length() -> None:
    found = durations.texts(130)
    assert {len(text) for text in found} == {130}
    assert len(set(found)) > durations.TEXTS


def test_the_engine_and_another_are_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(durations, "RUNS", 1)
    monkeypatch.setattr(durations, "ROUNDS", 1)
    asked: list[str] = []
    [(ours, theirs)] = durations.medians([130], asked.append)
    assert ours > 0
    assert theirs >= 0
    assert {len(text) for text in asked} == {130}


def measured(lengths: Sequence[int], _other: Callable[[str], object]) -> list[tuple[float, float]]:
    return [(60.0, 600.0) for _ in lengths]


def test_the_table(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(durations, "pipeline", lambda: len)
    monkeypatch.setattr(durations, "medians", measured)
    durations.main()
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].split() == ["130", "60", "600", "10.0"]
