import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fastapi_spamshield import LocalDetector, Submission
from fastapi_spamshield.detectors.local import features
from fastapi_spamshield.detectors.local.features import (
    DIGEST_BYTES,
    MOST,
    distinct,
    features_of,
    fingerprint,
    sorted_grams,
    unpacked,
)
from fastapi_spamshield.detectors.local.ngrams import BUCKETS, buckets_of, coded
from fastapi_spamshield.detectors.local.normalisation import normalised
from fastapi_spamshield.detectors.trace import Trace, begin, end


@given(st.text(max_size=300))
def test_they_survive_being_packed(text: str) -> None:
    found = features_of(text)
    again = unpacked(found.packed())
    assert again.digest == found.digest
    assert again.grams.tolist() == found.grams.tolist()
    assert again.grams.dtype == found.grams.dtype


@given(st.text("ab \u0436", max_size=60))
def test_the_n_grams_are_those_of_five_characters_each_once(text: str) -> None:
    codes = coded(text).codes
    found = distinct(sorted_grams(buckets_of(codes), len(codes)))
    padded = f" {text} "
    pieces = {padded[start : start + 5] for start in range(len(padded) - 4)}
    wanted = {int(buckets_of(coded(piece).codes[1:-1])[-1]) for piece in pieces}
    assert found.tolist() == sorted(wanted)


def test_of_a_long_text_the_lowest_are_kept() -> None:
    words = " ".join(f"word{chr(97 + one % 26)}{chr(97 + one // 26)}" for one in range(500))
    codes = coded(normalised(words).text).codes
    every = sorted_grams(buckets_of(codes), len(codes))
    assert len(every) > MOST
    assert features_of(words).grams.tolist() == distinct(every[:MOST]).tolist()


def test_disguise_and_case_make_no_other_text() -> None:
    plain = features_of("online casino")
    assert features_of("Online C\u0430sino").digest == plain.digest
    assert features_of("online casinos").digest != plain.digest


@pytest.mark.parametrize("text", ["Good evening to all of you", "x", "", "1 \ud83d 2", "a" * 5_000])
async def test_the_engine_notes_the_same_while_it_judges(text: str) -> None:
    submission = Submission(text=text)
    trace = Trace(None, wanted=True)
    token = begin(trace)
    detection = await LocalDetector().detect(submission)
    end(token)
    assert trace.features is not None
    assert unpacked(trace.features).packed() == features_of(submission.text).packed()
    assert (
        unpacked(await LocalDetector().features(submission)).packed()
        == unpacked(trace.features).packed()
    )
    assert detection == LocalDetector().judge(submission)


def test_nothing_is_noted_that_nobody_wants() -> None:
    trace = Trace(None, wanted=False)
    token = begin(trace)
    LocalDetector().judge(Submission(text="Good evening to all of you"))
    end(token)
    assert trace.features is None


@pytest.mark.parametrize(
    "data",
    [b"", b"short", b"x" * (DIGEST_BYTES + 3), b"x" * DIGEST_BYTES + b"\2\0\0\0\1\0\0\0"],
)
def test_what_are_no_features(data: bytes) -> None:
    with pytest.raises(ValueError, match="features"):
        unpacked(data)


def test_a_bucket_that_there_is_not() -> None:
    data = b"x" * DIGEST_BYTES + np.array([BUCKETS], "<u4").tobytes()
    with pytest.raises(ValueError, match="features"):
        unpacked(data)


def test_another_reading_has_another_fingerprint(monkeypatch: pytest.MonkeyPatch) -> None:
    before = fingerprint()
    assert before == fingerprint()
    monkeypatch.setattr(features, "SIZES", (2, 3, 4))
    assert fingerprint() != before
