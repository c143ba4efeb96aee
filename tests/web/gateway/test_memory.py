import pytest

from fastapi_spamshield import ConfigurationError, Submission
from fastapi_spamshield.web.gateway.memory import Memory, Source

MINE, THEIRS = Source("akismet", 0), Source("akismet", 1)
COMMENT = Submission(text="secret", author="Ada", ip="203.0.113.9")


def test_it_remembers_for_whom() -> None:
    memory = Memory(10_000, 60)
    memory.keep(MINE, "v1", COMMENT, 100)
    found = memory.by_id(MINE, "v1")
    assert found is not None
    assert found.submission is COMMENT
    assert memory.id_of(MINE, COMMENT.model_copy(update={"extra": {"more": "1"}})) == "v1"
    assert memory.id_of(MINE, COMMENT.model_copy(update={"author": "Eve"})) is None
    assert memory.by_id(THEIRS, "v1") is None
    assert memory.id_of(THEIRS, COMMENT) is None
    assert "secret" not in f"{memory!r} {found!r}"


def test_it_forgets_after_a_while() -> None:
    now = [0.0]
    memory = Memory(10_000, 60, lambda: now[0])
    memory.keep(MINE, "v1", COMMENT, 100)
    now[0] = 61
    assert memory.by_id(MINE, "v1") is None
    assert memory.id_of(MINE, COMMENT) is None


def test_it_forgets_the_oldest_when_it_is_full() -> None:
    memory = Memory(10_000, 60)
    for number in range(20):
        memory.keep(MINE, f"v{number}", Submission(text=f"{number}"), 1_000)
    kept = [number for number in range(20) if memory.by_id(MINE, f"v{number}")]
    assert kept == [16, 17, 18, 19]
    memory.keep(MINE, "large", COMMENT, 10_000)
    assert memory.by_id(MINE, "large") is None


@pytest.mark.parametrize(("size", "seconds"), [(0, 1), (1, 0), (1, float("nan"))])
def test_what_is_no_memory(size: int, seconds: float) -> None:
    with pytest.raises(ConfigurationError):
        Memory(size, seconds)
