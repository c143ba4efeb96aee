from importlib import resources

import numpy as np
import pytest

from fastapi_spamshield.detectors import local
from fastapi_spamshield.detectors.local.model import (
    MAGIC,
    Model,
    default_model,
    read,
    write,
)
from fastapi_spamshield.detectors.local.ngrams import (
    BUCKETS,
    ENOUGH_ROOT,
    buckets_of,
    coded,
    counting,
    divisor_of,
)

FILE = resources.files(local).joinpath("weights.bin")


def model(**changes: int) -> Model:
    weights = np.zeros(BUCKETS, np.int8)
    for bucket, weight in changes.items():
        weights[int(bucket.removeprefix("_"))] = weight
    return Model(
        bias=-2.0, scale=0.5, weights=weights, factors={"b": 1.5, "a": 2.0}, about={"x": 1}
    )


def test_what_is_written_is_read() -> None:
    written = model(_7=-127, _8=127)
    again = read(write(written))
    assert (again.bias, again.scale, dict(again.factors), dict(again.about)) == (
        -2.0,
        0.5,
        {"a": 2.0, "b": 1.5},
        {"x": 1},
    )
    assert np.array_equal(again.weights, written.weights)
    assert write(again) == write(written)


def test_a_file_of_another_version() -> None:
    for data in (b"", b"PK\x03\x04", write(model()).replace(b"weights 2", b"weights 3", 1)):
        with pytest.raises(ValueError, match="no file of weights, or one of another version"):
            read(data)


def test_a_model_of_another_kind() -> None:
    with pytest.raises(ValueError, match="a model of toxicity, not of spam"):
        read(write(model(), "toxicity"))
    assert read(write(model(), "toxicity"), "toxicity").bias == -2.0


def test_a_damaged_file() -> None:
    data = write(model(_7=5))
    for place in range(len(MAGIC), len(data), 7):
        with pytest.raises(ValueError, match="damaged"):
            read(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])


def test_an_ngram_counts_its_weight_over_the_root_of_their_number() -> None:
    buckets = buckets_of(coded("ab").codes)
    assert len(buckets) == 5
    heavy = model(**{f"_{buckets[0]}": 6, f"_{buckets[4]}": -2})
    assert heavy.wording(buckets) == pytest.approx((6 - 2) * 0.5 / ENOUGH_ROOT)
    assert heavy.parts(buckets).sum() == pytest.approx(heavy.wording(buckets))


def test_an_ngram_counts_at_most_twice() -> None:
    once, often = (buckets_of(coded(text).codes) for text in ("ab" * 90, "ab" * 900))
    heavy = model(**{f"_{bucket}": 1 for bucket in set(often.tolist())})
    assert len(counting(often)) == len(counting(once)) == 3 * (2 + 2 * 2)
    assert heavy.wording(often) == heavy.wording(once) == 18 * 0.5 / divisor_of(18)
    parts = heavy.parts(often)
    assert len(parts) == len(often)
    assert parts.sum() == pytest.approx(heavy.wording(often))


def test_the_shipped_weights_are_small_and_read_once() -> None:
    data = FILE.read_bytes()
    assert len(data) < 2_000_000
    assert default_model() is default_model()
    assert write(read(data)) == data
    assert default_model().about["spam"] > 5_000


def test_they_tell_spam_from_ham() -> None:
    def log_odds(low: str) -> float:
        return default_model().wording(buckets_of(coded(low).codes))

    assert log_odds("buy cheap seo backlinks for your website now") > log_odds(
        "i think the bug is in the parser, see line twelve"
    )
