import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fastapi_spamshield.detectors.local.links import links_of, masks_of
from fastapi_spamshield.detectors.local.ngrams import BUCKETS, SIZES, buckets_of, coded


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
    assert buckets_of(coded(low).codes).tolist() == expected


@given(st.text())
def test_buckets_are_within_the_table(text: str) -> None:
    buckets = buckets_of(coded(text).codes)
    assert len(buckets) > 0
    assert buckets.max() < BUCKETS


@pytest.mark.parametrize(
    ("one", "other"), [("call 0800", "call 1234"), ("a\tb\nc", "a b c"), ("№ 5 ü", "№ 7 ü")]
)
def test_digits_are_alike_and_so_are_spaces(one: str, other: str) -> None:
    assert coded(one).codes.tolist() == coded(other).codes.tolist()


def test_what_is_masked_is_one_character_however_long() -> None:
    codes, places = coded("abc", [(1, 3, 7)])
    assert codes.tolist() == [32, ord("a"), 7, 32]
    assert places.tolist() == [-1, 0, 1, 3]
    assert coded("abcde", [(1, 5, 7)]).codes.tolist() == codes.tolist()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("see https://www.shop.example/a", "see http://shop.com/a"),
        ("write to joe@shop.example now", "write to joe@shop.de now"),
        ("write to joe@example.org now", "write to joe@example.com now"),
    ],
)
def test_what_a_host_ends_in_is_not_seen(one: str, other: str) -> None:
    first, second = (coded(low, masks_of(low, links_of(low))).codes for low in (one, other))
    assert first.tolist() == second.tolist()


def test_the_text_with_a_wide_character_reads_the_same() -> None:
    assert coded("ab 1語").codes.tolist()[:5] == coded("ab 1").codes.tolist()[:5]
    assert coded("ab").codes.dtype == coded("語").codes.dtype == np.uint32
