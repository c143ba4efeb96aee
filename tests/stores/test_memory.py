import tracemalloc

import pytest

from fastapi_spamshield import Submission
from fastapi_spamshield.stores.base import Judged, Opinion
from fastapi_spamshield.stores.memory import FRAME, MemoryJudgements
from tests.support import Clock


def memory(clock: Clock | None = None, **options: int) -> MemoryJudgements:
    given = {"count": 10, "size": 1_000_000, "seconds": 60, **options}
    return MemoryJudgements(**given, clock=clock or Clock())


def judged(features: bytes = b"x" * 100) -> Judged:
    return Judged(features=features)


async def test_it_remembers_by_id() -> None:
    one = memory()
    await one.keep("v1", judged())
    assert await one.find("v1") == judged()
    assert await one.find("v2") is None
    await one.keep("v1", judged(b"other"))
    assert await one.find("v1") == judged(b"other")
    assert len(one) == 1


async def test_it_forgets_after_a_while() -> None:
    clock = Clock()
    one = memory(clock)
    await one.keep("v1", judged())
    clock.now += 60
    assert await one.find("v1") is None
    await one.keep("v2", judged())
    assert len(one) == 1


async def test_the_oldest_goes_first() -> None:
    one = memory(count=3)
    for number in range(5):
        await one.keep(f"v{number}", judged())
    assert [number for number in range(5) if await one.find(f"v{number}")] == [2, 3, 4]


async def test_bytes_are_counted_and_bounded() -> None:
    one = memory(size=3 * FRAME)
    for number in range(5):
        await one.keep(f"v{number}", judged())
        assert one.size <= 3 * FRAME
    assert [number for number in range(5) if await one.find(f"v{number}")] == [3, 4]
    await one.keep("v4", judged(b""))
    await one.keep("v5", judged(b"x" * 3 * FRAME))
    assert (len(one), one.size) == (0, 0)


async def test_the_texts_that_a_service_needs_are_counted() -> None:
    one = memory()
    submission = Submission(text="secret" * 1_000, author="Ada")
    opinion = Opinion(service="s", name="akismet", score=0.5, submission=submission)
    await one.keep("v1", Judged(opinions=(opinion,)))
    assert one.size > 6_000
    found = await one.find("v1")
    assert "secret" not in f"{one!r} {found!r}"
    assert repr(one) == f"MemoryJudgements(1 verdicts, {one.size} bytes)"


@pytest.mark.parametrize("size", [0, 500, 4_000])
async def test_it_takes_no_more_memory_than_it_says(size: int) -> None:
    one = memory(count=5_000, size=1 << 30)
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        for number in range(2_000):
            await one.keep(f"verdict {number:08}", judged(bytes(bytearray(size))))
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (after - before) / 2_000 < one.size / 2_000 < size + 2 * FRAME
