import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fastapi_spamshield.detectors.local.curve import PRIOR, score_of
from fastapi_spamshield.detectors.local.evidence import weigh
from fastapi_spamshield.detectors.local.model import Model, default_model
from fastapi_spamshield.detectors.local.ngrams import BUCKETS, buckets_of, coded
from fastapi_spamshield.detectors.local.reading import reading_of

SPAM = (
    "Buy cheap SEO backlinks now, first page of Google guaranteed: https://a.example/ 👉 act now!!!"
)


def empty(bias: float, factor: float = 1.0) -> Model:
    return Model(
        bias=bias,
        scale=1.0,
        weights=np.zeros(BUCKETS, np.int8),
        factors={"trigger_phrase": factor},
        about={},
    )


@pytest.mark.parametrize(
    "text", [SPAM, "Good morning to all of you.", "", "👉" * 50, "加微信abc 兼职"]
)
def test_the_contributions_add_up(text: str) -> None:
    reading = reading_of(text, "casino")
    evidence = weigh(reading, default_model())
    assert math.fsum(one.weight for one in evidence.findings) == pytest.approx(evidence.weight)


@given(st.text())
def test_they_add_up_for_every_text(text: str) -> None:
    evidence = weigh(reading_of(text), default_model())
    assert math.fsum(one.weight for one in evidence.findings) == pytest.approx(evidence.weight)
    assert evidence.weight > 0


def test_the_weight_is_the_log_odds_where_they_speak_for_spam() -> None:
    reading = reading_of("They opened a casino.")
    for log_odds in (-1.0, 0.0, 2.0):
        weight = weigh(reading, empty(log_odds - 1.8)).weight
        assert score_of(weight) == pytest.approx(1 / (1 + math.exp(-log_odds)), rel=1e-3)


def test_no_text_weighs_less_than_nothing() -> None:
    assert weigh(reading_of("They opened a casino."), empty(-50.0)).weight == pytest.approx(0)


def test_a_better_text_always_weighs_less() -> None:
    reading = reading_of("They opened a casino.")
    weights = [weigh(reading, empty(bias / 4)).weight for bias in range(-40, 40)]
    assert weights == sorted(set(weights))


def test_a_named_signal_counts_what_the_model_says() -> None:
    reading = reading_of("They opened a casino.")
    found = {one.name: one.weight for one in weigh(reading, empty(-9.0, 0.5)).findings}
    assert found["trigger_phrase"] == pytest.approx(0.9)
    assert "trigger_phrase" not in {one.name for one in weigh(reading, empty(-9.0, 0.0)).findings}


def test_words_are_told_where_the_text_is_doubtful() -> None:
    findings = weigh(reading_of(SPAM), default_model()).findings
    shown = {
        SPAM[one.start : one.end] for one in findings if one.name == "wording" and one.start >= 0
    }
    assert shown
    assert all(SPAM.count(words) for words in shown)


def test_a_word_that_is_disguised_is_pointed_to_in_the_original() -> None:
    text = "so via\u200bgra and nothing else of note"
    buckets = buckets_of(coded("viagra").codes[1:-1])
    weights = np.zeros(BUCKETS, np.int8)
    weights[buckets] = 50
    model = Model(bias=0.0, scale=1.0, weights=weights, factors={}, about={})
    findings = weigh(reading_of(text), model).findings
    assert "via\u200bgra" in {
        text[one.start : one.end] for one in findings if one.name == "wording"
    }


def test_the_prior_is_that_of_the_curve() -> None:
    assert score_of(PRIOR) == 0.5
