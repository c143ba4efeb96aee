import pytest
from hypothesis import given
from hypothesis import strategies as st

from fastapi_spamshield.detectors.local.sampling import Sample, sample


def test_a_short_text_is_read_whole() -> None:
    assert sample("abc", 8) == Sample("abc")
    assert sample("a" * 8, 8).pieces == ()
    assert sample("abc", 8).original(2) == 2


def test_head_middle_and_tail_of_a_long_one() -> None:
    text = "H" * 50 + "M" * 100 + "T" * 50
    read = sample(text, 42).text
    assert read == "H" * 20 + "\n" + "M" * 10 + "\n" + "T" * 10
    assert len(read) == 42


@given(st.integers(8, 60), st.integers(1, 300))
def test_every_character_is_found_again(limit: int, length: int) -> None:
    text = "".join(chr(0x4E00 + number) for number in range(length))
    read = sample(text, limit)
    assert len(read.text) <= limit
    for place, character in enumerate(read.text):
        if character != "\n":
            assert text[read.original(place)] == character


@pytest.mark.parametrize("limit", [1000, 1001, 1002, 1003])
def test_the_ends_are_read_for_every_limit(limit: int) -> None:
    text = "<" + "x" * 5000 + ">"
    read = sample(text, limit)
    assert read.text[0] == "<"
    assert read.text[-1] == ">"
    assert len(read.text) in (limit, limit - 1, limit - 2, limit - 3)
