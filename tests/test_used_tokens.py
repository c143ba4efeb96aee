import asyncio
from concurrent.futures import ThreadPoolExecutor

from fastapi_spamshield.deadline import at_once
from fastapi_spamshield.used_tokens import MemoryUsedTokens
from tests.support import Clock


def claim(used: MemoryUsedTokens, token_id: str, seconds: float = 100.0) -> bool:
    return at_once(used.claim(token_id, seconds))


def test_a_token_is_used_once() -> None:
    used = MemoryUsedTokens()
    assert claim(used, "a")
    assert not claim(used, "a")
    assert claim(used, "b")


def test_a_released_token_can_be_used_again() -> None:
    used = MemoryUsedTokens()
    claim(used, "a")
    at_once(used.release("a"))
    assert claim(used, "a")
    at_once(used.release("never claimed"))


def test_each_is_remembered_for_as_long_as_it_would_be_good() -> None:
    clock = Clock()
    used = MemoryUsedTokens(clock=clock)
    claim(used, "short", 10.0)
    claim(used, "long", 1_000.0)
    clock.now += 11
    assert claim(used, "short")
    assert not claim(used, "long")


def test_a_flood_takes_no_more_room_than_there_is() -> None:
    used = MemoryUsedTokens(size=3)
    assert all(claim(used, f"{number}") for number in range(100))
    assert [claim(used, f"{number}") for number in (99, 98, 97)] == [False] * 3
    assert claim(used, "0")


def test_of_many_threads_one_gets_it() -> None:
    used = MemoryUsedTokens()
    with ThreadPoolExecutor(8) as pool:
        for number in range(200):
            got = list(pool.map(claim, [used] * 8, [f"{number}"] * 8))
            assert got.count(True) == 1


async def test_of_many_tasks_one_gets_it() -> None:
    used = MemoryUsedTokens()
    assert sum(await asyncio.gather(*(used.claim("a", 100.0) for _ in range(50)))) == 1
