import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fastapi_spamshield.detectors.local.explanation import LEAST, MOST_WORDS, telling_words
from fastapi_spamshield.detectors.local.links import links_of, masks_of
from fastapi_spamshield.detectors.local.ngrams import buckets_of, coded


def words(low: str, heavy: str, weight: float = 1.0) -> list[tuple[str, float]]:
    """The telling words of a text if the n-grams of one word weigh and no others do."""
    text = coded(low)
    buckets = buckets_of(text.codes)
    marked = set(buckets_of(coded(heavy).codes[1:-1]).tolist())
    parts = np.array([weight if bucket in marked else 0.0 for bucket in buckets], np.float64)
    return [(low[start:end], added) for start, end, added in telling_words(low, text, parts)]


def test_the_word_that_weighs() -> None:
    [(word, weight)] = words("this is a casino, or what", "casino")
    assert word == "casino"
    assert weight == pytest.approx(5 + 4 + 2, abs=0.01)


def test_words_side_by_side_are_one() -> None:
    word, weight = max(words("we saw the online casino", "online casino"), key=lambda one: one[1])
    assert word == "the online casino"
    assert weight > 25


def test_what_speaks_for_ham_is_not_shown() -> None:
    assert words("this is a casino", "casino", -1.0) == []
    assert words("this is a casino", "casino", LEAST / 20) == []


def test_no_more_words_than_people_read() -> None:
    low = "casino x " * 20
    assert len(words(low, "casino")) == MOST_WORDS


def test_where_no_spaces_are_written_a_stretch_is_shown() -> None:
    text = "你好我们昨天在河边散步然后回家吃饭今天" * 2
    shown = words(text, text[6:12])
    assert text[6:12] in "".join(word for word, _ in shown)
    assert all(len(word) <= len(text) / 2 for word, _ in shown)


def test_marks_alone_are_shown_as_they_are() -> None:
    assert [word for word, _ in words("so *** it is", "***")] == ["***"]


@given(st.text(" ab語!\n", max_size=80), st.integers(0, 2**32))
def test_spans_lie_within_and_do_not_overlap(low: str, seed: int) -> None:
    text = coded(low)
    parts = np.random.default_rng(seed).normal(size=len(buckets_of(text.codes))).astype(np.float64)
    end = 0
    for start, last, weight in telling_words(low, text, parts):
        assert end <= start < last <= len(low)
        assert weight >= LEAST - 1e-6
        end = last


def test_a_link_is_shown_as_a_whole() -> None:
    low = "see https://www.casino.example today"
    text = coded(low, masks_of(low, links_of(low)))
    parts = np.ones(len(buckets_of(text.codes)), np.float64)
    shown = [low[start:end] for start, end, _ in telling_words(low, text, parts)]
    assert shown == [low]
