import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fastapi_spamshield.detectors.local.ngrams import BUCKETS, SIZES, buckets_of, codes_of


def gram(text: str) -> int:
    """The bucket of one n-gram, worked out number by number."""
    hashed = ord(text[0])
    for character in text[1:]:
        hashed = (hashed * 0x9E3779B1 + ord(character)) % 2**32
    return ((hashed * 0x85EBCA6B) % 2**32) >> 14


@given(st.text("abcé語\U0001d400 -", max_size=30))
def test_every_ngram_has_its_bucket(low: str) -> None:
    text = f" {low} "
    expected = [
        gram(text[start : start + size]) for size in SIZES for start in range(len(text) - size + 1)
    ]
    assert buckets_of(codes_of(low)).tolist() == expected


@given(st.text())
def test_buckets_are_within_the_table(text: str) -> None:
    buckets = buckets_of(codes_of(text))
    assert len(buckets) > 0
    assert buckets.max() < BUCKETS


@pytest.mark.parametrize(
    ("one", "other"), [("call 0800", "call 1234"), ("a\tb\nc", "a b c"), ("№ 5 ü", "№ 7 ü")]
)
def test_digits_are_alike_and_so_are_spaces(one: str, other: str) -> None:
    assert codes_of(one).tolist() == codes_of(other).tolist()


def test_what_is_masked() -> None:
    assert codes_of("abc", [(1, 3, 7)]).tolist() == [32, ord("a"), 7, 7, 32]


def test_the_text_with_a_wide_character_reads_the_same() -> None:
    assert codes_of("ab 1語").tolist()[:5] == codes_of("ab 1").tolist()[:5]
    assert codes_of("ab").dtype == codes_of("語").dtype == np.uint32
