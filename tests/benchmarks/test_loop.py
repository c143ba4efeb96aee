import time

import pytest

from benchmarks import hostile, loop


async def test_held() -> None:
    async def hold() -> None:
        time.sleep(0.02)  # noqa: ASYNC251 - on purpose

    assert await loop.held(hold) > 10


def test_the_table(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop, "MEGABYTE", 2000)
    monkeypatch.setattr(loop, "TIMES", 1)
    monkeypatch.setattr(loop, "SEEDS", {"letters": "a", "dots": "a."})
    loop.main()
    table = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in table[:3]] == ["text", "letters", "dots"]
    assert len(table[4:]) == len(hostile.REQUESTS) + 1
    assert table[-1].startswith("The longest")
