"""The benchmarks run, on less than they are meant for."""

import pytest

from benchmarks import checks, footprint, routes


def test_routes(capsys: pytest.CaptureFixture[str]) -> None:
    routes.main(["--rounds", "1", "--requests", "64"])
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines[2:5]] == ["bare", "hand-written", "spam-check"]
    assert lines[2].split()[-1] == lines[2].split()[2] == "1.00"


def test_checks(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "TEXTS", 3)
    monkeypatch.setattr(checks, "LENGTHS", (20, 130))
    checks.main()
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines[2:]] == ["20", "130"]
    assert [len(text) for text in checks.texts(130)] == [130] * 3
    assert len(set(checks.texts(130))) == 3


def test_footprint(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(footprint, "RUNS", 1)
    footprint.main()
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 5
    assert all("MiB)" in line for line in lines[3:])
