import pytest

from benchmarks import hostile


def test_filled() -> None:
    assert hostile.filled("abc", 7) == "abcabca"
    assert hostile.filled("abc", 3) == "abc"


def test_growths() -> None:
    assert hostile.growths([1.0, 2.0, 8.0]) == [2.0, 4.0]


def test_the_table(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hostile, "MEGABYTE", 2000)
    monkeypatch.setattr(hostile, "SIZES", (100, 200, 400))
    monkeypatch.setattr(hostile, "SEEDS", {"letters": "a", "dots": "a."})
    hostile.main()
    table = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in table] == ["text", "letters", "dots", "Slowest"]
