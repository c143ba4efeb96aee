"""The whole way from texts to weights, on a few texts."""

import math
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from fastapi_spamshield.detectors.local.evidence import weigh
from fastapi_spamshield.detectors.local.model import Model, default_model, write
from fastapi_spamshield.detectors.local.reading import reading_of
from fastapi_spamshield.training.fitting import Fit, Penalties
from fastapi_spamshield.training.matrix import matrix_of
from training import __main__ as command
from training.learning import Texts, learn, ordinary, prior_of, texts_of, unseen, weights_of
from training.rows import Row, digest_of, own_rows
from training.variants import Variants, joined

HAM = (
    "I think the bug is in the parser, see line {}.",
    "We fed the ducks at the river for {} hours.",
)
SPAM = (
    "Buy cheap backlinks now, {} dollars only!",
    "Online casino with a bonus of {} for you, act now",
)


def rows() -> list[Row]:
    made = [
        Row(text.format(number), spam, source, f"{source}/{number}", "en")
        for number in range(12)
        for source in ("own/en", "ham_reddit_goemotions" if number % 2 else "sms_uci")
        for texts, spam in ((HAM, False), (SPAM, True))
        for text in texts
    ]
    return list(dict.fromkeys(row for row in made if not (row.spam and "reddit" in row.source)))


QUICK = Penalties(steps=4)


@pytest.fixture(scope="module")
def texts() -> Texts:
    return texts_of(rows(), 1)


@pytest.fixture(scope="module")
def model() -> Model:
    return learn(rows(), 1, QUICK)


def test_it_learns(model: Model) -> None:
    def log_odds(text: str) -> float:
        return weigh(reading_of(text), model).weight

    assert log_odds("cheap backlinks, buy now") > log_odds("the parser has a bug at the river") + 1


def test_the_same_texts_give_the_same_file(
    tmp_path: Path, model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "own_rows", rows)
    monkeypatch.setattr(command, "learn", partial(learn, penalties=QUICK))
    command.main(["--out", str(tmp_path / "weights.bin"), "--seed", "1"])
    assert (tmp_path / "weights.bin").read_bytes() == write(model)
    assert model.about["seed"] == 1


def test_factors_are_never_negative(model: Model) -> None:
    assert min(model.factors.values()) >= 0
    assert model.weights.any()


def test_sources_count_by_the_root_of_their_size() -> None:
    many = [Row("a", True, "x", "x", "en")] * 16 + [Row("b", True, "y", "y", "en")]
    weights = weights_of(many)
    assert weights[:16].sum() == pytest.approx(4 * weights[16])


def test_variants_are_made_of_ham_and_spam_alike() -> None:
    ham = [
        Row(f"We fed the {n} ducks at the river, all of them", False, "own/en", "g", "en")
        for n in range(300)
    ]
    spam = [row._replace(spam=True) for row in ham]
    variants = Variants(ham, 3)
    made = [one for row in [*ham, *spam] for one in variants.of(row)]
    kinds = {(one.variant, one.spam) for one in made}
    both = {("disguise", False), ("disguise", True)}
    assert kinds == {("link", False), ("contact", False), ("padded", True), *both}
    assert not any(one.variant == "padded" for one in Variants([], 3).of(spam[0]))
    assert all(one.text for one in made)
    again = Variants(ham, 3)
    assert made == [one for row in [*ham, *spam] for one in again.of(row)]


def test_long_ham_is_made_of_paragraphs_of_one_source() -> None:
    paragraphs = [
        Row(f"Paragraph {n}.", False, "ham_en/posts_x", "posts_x", "en") for n in range(40)
    ]
    made = list(joined(paragraphs, 1))
    assert {one.variant for one in made} == {"long"}
    assert all(4 <= one.text.count("\n\n") + 1 <= 14 for one in made)
    assert sum(one.text.count("Paragraph") for one in made) <= 40
    assert list(joined([Row("Hi", False, "sms_uci", "sms_uci", "en")] * 40, 1)) == []


def test_what_is_unseen_was_not_learned_from(texts: Texts) -> None:
    fits, log_odds = unseen(texts, QUICK)
    folds = np.array([row.fold for row in texts.rows])
    assert len(log_odds) == len(texts.rows)
    for fold, fit in enumerate(fits):
        assert fit.log_odds(texts.matrix)[folds == fold] == pytest.approx(log_odds[folds == fold])


def test_the_threshold_is_set_by_false_positives() -> None:
    plain = [Row(f"{n}", False, "ham_reddit_goemotions", "g", "en") for n in range(1000)]
    spam = [Row(f"s{n}", True, "own/en", "g", "en") for n in range(1000)]
    every = [*plain, *spam]
    log_odds = np.concatenate([np.linspace(-4, 0, 1000), np.linspace(-1, 5, 1000)])
    texts = Texts(every, matrix_of(["a"]), np.array([row.spam for row in every]), np.ones(2000))
    above = log_odds[:1000] + prior_of(texts, log_odds) > math.log(0.7 / 0.3)
    assert above.sum() == 4


def test_the_threshold_of_own_texts_alone() -> None:
    own = [Row(f"{n}", n >= 1000, "own/en", "g", "en") for n in range(2000)]
    log_odds = np.concatenate([np.linspace(-4, 0, 1000), np.linspace(-1, 5, 1000)])
    texts = Texts(own, matrix_of(["a"]), np.array([row.spam for row in own]), np.ones(2000))
    above = log_odds[:1000] + prior_of(texts, log_odds) > math.log(0.7 / 0.3)
    assert above.sum() == 4


def test_own_texts_are_enough() -> None:
    own = list(own_rows())[:200]
    learned = learn([row for row in own if row.own], 1, QUICK)
    assert learned.about["own_sha256"] == digest_of(own)
    assert digest_of(own) != digest_of(own[:-1])


def test_the_shipped_weights_are_those_of_the_texts() -> None:
    assert default_model().about["own_sha256"] == digest_of(own_rows())


def test_edited_prose_is_not_ordinary() -> None:
    assert ordinary(Row("a", False, "ham_multi/tatoeba_laser", "g", "de"))
    assert not ordinary(Row("a", False, "ham_multi/docs_fastapi", "g", "de"))
    assert not ordinary(Row("a", True, "sms_uci", "g", "en"))


def test_a_fit_judges_as_it_was_learned() -> None:
    matrix = matrix_of(["casino", "good morning"])
    fit = Fit(np.zeros(matrix.grams.shape[1]), np.ones(len(matrix.names)), -1.0)
    assert fit.log_odds(matrix) == pytest.approx([0.8, -1.0])
