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
    first, requests = table[:4], table[5:]
    assert [line.split()[0] for line in first] == ["text", "letters", "dots", "Slowest"]
    assert len(requests) == len(hostile.REQUESTS) + 1
    assert requests[-1].startswith("Slowest request")
