import asyncio
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fastapi_spamshield.cache import Cache, fingerprint
from fastapi_spamshield.deadline import Patience
from fastapi_spamshield.errors import DetectorError
from tests.support import Clock

SECRET = bytes(32)
KEY = b"key"
FOR_EVER = Patience(math.inf)
VALUES = st.none() | st.text(max_size=5) | st.integers() | st.lists(st.text(max_size=3), max_size=3)
PARTS = st.lists(st.tuples(st.sampled_from(["a", "ab", "b"]), VALUES), max_size=4)


class Question:
    """Answers when it is told to."""

    def __init__(self, answer: str = "answer") -> None:
        self.asked = 0
        self.ended = 0
        self.go = asyncio.Event()
        self.answer: str | Exception = answer

    async def __call__(self) -> str:
        self.asked += 1
        try:
            await self.go.wait()
        finally:
            self.ended += 1
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


async def settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


@given(PARTS, PARTS)
def test_different_questions_have_different_fingerprints(one: Any, other: Any) -> None:
    same = fingerprint(SECRET, one) == fingerprint(SECRET, other)
    assert same == (one == other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ([("text", "ab"), ("author", "c")], [("text", "a"), ("author", "bc")]),
        ([("text", "a")], [("text", "a"), ("author", None)]),
        ([("author", None)], [("author", "null")]),
        ([("author", "")], [("author", None)]),
        ([("a", "x"), ("b", "")], [("a", ""), ("b", "x")]),
    ],
)
def test_parts_cannot_be_moved(one: Any, other: Any) -> None:
    assert fingerprint(SECRET, one) != fingerprint(SECRET, other)


def test_a_fingerprint_tells_nothing_without_the_secret() -> None:
    parts = [("text", "hello")]
    assert fingerprint(SECRET, parts) != fingerprint(bytes([1] * 32), parts)
    assert len(fingerprint(SECRET, parts)) == 32


def test_whatever_stands_in_extra() -> None:
    fingerprint(SECRET, [("extra", {"a": object(), "b": math.nan})])
    assert fingerprint(SECRET, [("extra", {"a": 1, "b": 2})]) == fingerprint(
        SECRET, [("extra", {"b": 2, "a": 1})]
    )


def test_it_forgets_the_oldest_and_the_old() -> None:
    clock = Clock()
    cache: Cache[str] = Cache(size=2, ttl=10, clock=clock)
    cache.keep(b"1", "one")
    cache.keep(b"2", "two")
    assert cache.find(b"1") == "one"
    cache.keep(b"3", "three")
    assert [cache.find(key) for key in (b"1", b"2", b"3")] == ["one", None, "three"]
    clock.now += 10
    assert cache.find(b"1") is None


def test_without_a_size_nothing_is_remembered() -> None:
    cache: Cache[str] = Cache(size=0, ttl=10)
    cache.keep(KEY, "one")
    assert cache.find(KEY) is None


async def test_many_at_once_are_one_question() -> None:
    cache: Cache[str] = Cache(size=9, ttl=10)
    question = Question()
    asking = [asyncio.create_task(cache.ask(KEY, question, FOR_EVER)) for _ in range(100)]
    await settle()
    assert cache.is_asking(KEY)
    question.go.set()
    assert await asyncio.gather(*asking) == ["answer"] * 100
    assert question.asked == 1
    assert not cache.is_asking(KEY)
    assert cache.find(KEY) == "answer"


async def test_a_failure_reaches_all_and_is_not_remembered() -> None:
    cache: Cache[str] = Cache(size=9, ttl=10)
    question = Question()
    question.answer = DetectorError("quota")
    question.go.set()
    asking = [cache.ask(KEY, question, FOR_EVER) for _ in range(3)]
    for result in await asyncio.gather(*asking, return_exceptions=True):
        assert isinstance(result, DetectorError)
    assert (cache.find(KEY), question.asked) == (None, 1)


async def test_who_gives_up_takes_nothing_from_the_others() -> None:
    cache: Cache[str] = Cache(size=9, ttl=10)
    question = Question()
    first, second, third = (
        asyncio.create_task(cache.ask(KEY, question, FOR_EVER)) for _ in range(3)
    )
    await settle()
    first.cancel()
    third.cancel()
    await settle()
    question.go.set()
    assert await second == "answer"
    assert first.cancelled()
    assert third.cancelled()
    assert question.asked == 1


async def test_who_can_wait_longer_is_waited_for() -> None:
    cache: Cache[str] = Cache(size=9, ttl=10)
    now = asyncio.get_running_loop().time()
    first, second = Patience(now + 0.02), Patience(now + 60)

    async def slow() -> str:
        async with first.timeout():
            await asyncio.sleep(0.1)
        return "answer"

    asking = [asyncio.create_task(cache.ask(KEY, slow, one)) for one in (first, second)]
    assert await asyncio.gather(*asking) == ["answer", "answer"]


async def test_who_comes_when_the_time_is_over_asks_anew() -> None:
    cache: Cache[str] = Cache(size=9, ttl=10)
    now = asyncio.get_running_loop().time()
    short = Patience(now)
    over = asyncio.Event()
    question = Question("second")

    async def late() -> str:
        async with short.timeout():
            try:
                await asyncio.Event().wait()
            finally:
                over.set()
                await question.go.wait()
        raise AssertionError

    first = asyncio.create_task(cache.ask(KEY, late, short))
    await over.wait()
    second = asyncio.create_task(cache.ask(KEY, question, Patience(now + 60)))
    await settle()
    assert question.asked == 1
    question.go.set()
    assert await second == "second"
    with pytest.raises(TimeoutError):
        await first


async def test_when_all_have_given_up_the_question_ends() -> None:
    cache: Cache[str] = Cache(size=9, ttl=10)
    question = Question()
    asking = [asyncio.create_task(cache.ask(KEY, question, FOR_EVER)) for _ in range(3)]
    await settle()
    for one in asking:
        one.cancel()
    await settle()
    assert (question.asked, question.ended) == (1, 1)
    assert not cache.is_asking(KEY)


async def test_who_comes_then_asks_anew() -> None:
    cache: Cache[str] = Cache(size=9, ttl=10)
    stubborn = asyncio.Event()

    async def clings() -> str:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            await stubborn.wait()
            raise
        raise AssertionError

    first = asyncio.create_task(cache.ask(KEY, clings, FOR_EVER))
    await settle()
    first.cancel()
    await settle()
    question = Question("second")
    second = asyncio.create_task(cache.ask(KEY, question, FOR_EVER))
    await settle()
    stubborn.set()
    await settle()
    assert cache.is_asking(KEY)
    question.go.set()
    assert await second == "second"


async def test_closing_ends_what_is_asked() -> None:
    cache: Cache[str] = Cache(size=9, ttl=10)
    question = Question()
    asking = asyncio.create_task(cache.ask(KEY, question, FOR_EVER))
    await settle()
    await cache.close()
    with pytest.raises(DetectorError, match="connection: closed meanwhile"):
        await asking
    assert question.ended == 1


def test_an_answer_that_is_dropped_is_not_known() -> None:
    cache: Cache[str] = Cache(size=2, ttl=60)
    cache.keep(KEY, "answer")
    cache.drop(KEY)
    cache.drop(KEY)
    assert cache.find(KEY) is None
