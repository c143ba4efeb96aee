"""A model of somebody's own, from their texts to the comparison with the shipped one."""

import numpy as np
import pytest

from fastapi_spamshield.detectors.local import LocalDetector
from fastapi_spamshield.detectors.local.model import Model, default_model, write
from fastapi_spamshield.errors import CorpusError
from fastapi_spamshield.models import Submission
from fastapi_spamshield.training import matrix as reading
from fastapi_spamshield.training.comparison import compare
from fastapi_spamshield.training.learning import STEPS, Learned, Plan, learn
from fastapi_spamshield.training.matrix import matrix_of
from tests.evaluation.texts import row
from tests.training.corpus import WORDS, rows

PLAN = Plan(default_model(), seed=1, rate=0.01, share=None)
SPAM = "Plosh the vimble, snarfer! Frimp it at grubles only."


@pytest.fixture(scope="module")
def learned() -> Learned:
    return learn(rows(2), PLAN)


def score(text: str, learned: Learned) -> float:
    return LocalDetector(model=learned.model).judge(Submission(text=text)).score


def test_it_learns_what_it_is_told(learned: Learned) -> None:
    assert LocalDetector().judge(Submission(text=SPAM)).score < 0.3
    assert score(SPAM, learned) > 0.7
    assert score("I think the parser of the ducks is at the river.", learned) < 0.3


def test_it_still_knows_what_the_shipped_one_knows(learned: Learned) -> None:
    known = "Buy cheap SEO backlinks for your website now, casino bonus inside!"
    assert score(known, learned) > 0.9
    alone = learn(rows(2), PLAN._replace(start=None))
    assert score(SPAM, alone) > 0.7
    assert set(default_model().factors) <= set(learned.model.factors)
    assert alone.model.about["own_only"] is True


def test_the_same_texts_and_seed_give_the_same_file(learned: Learned) -> None:
    steps: list[None] = []
    again = learn(rows(2), PLAN, lambda: steps.append(None))
    assert write(again.model) == write(learned.model)
    assert len(steps) == STEPS
    other = learn(rows(2), PLAN._replace(seed=2))
    assert write(other.model) != write(learned.model)
    assert learned.model.about["texts"] == len(rows(2))


def test_each_is_judged_by_what_had_not_seen_its_group() -> None:
    # Ordinary thanks, which only this group calls spam.
    thanks = "Kiitos paljon, {} oli oikein hyvä."
    odd = [row(thanks.format(word), spam=True, group="odd") for word in WORDS]
    found = learn([*rows(2), *odd], PLAN)
    assert np.median(found.unseen[-len(odd) :]) < 0.3
    assert score(thanks.format("kahvi"), found) > 0.4


@pytest.mark.parametrize("start", [default_model(), None])
def test_what_is_strange_is_not_spam(start: Model | None) -> None:
    # Ham that is easy to tell would otherwise let the constant grow.
    found = learn(rows(2), PLAN._replace(start=start))
    assert found.model.bias <= default_model().bias + 0.1


def test_unseen_ham_lies_below_the_threshold(learned: Learned) -> None:
    ham = learned.unseen[~learned.spam]
    assert np.mean(ham > 0.7) <= 0.03
    assert np.mean(learned.unseen[learned.spam] > 0.7) > 0.9


def test_the_prior_can_be_a_share() -> None:
    rare = learn(rows(1), PLAN._replace(share=0.01))
    often = learn(rows(1), PLAN._replace(share=0.9))
    assert often.model.bias > rare.model.bias + 2
    assert (rare.model.about["share"], rare.model.about["max_fpr"]) == (0.01, None)


def test_signals_of_the_subject_are_learned_from() -> None:
    with_subject = matrix_of(["hello", "hello"], subjects=["casino bonus", ""])
    names = list(with_subject.names)
    assert with_subject.strengths[:, names.index("trigger_phrase")].tolist()[1] == 0
    assert with_subject.strengths[:, names.index("trigger_phrase")].tolist()[0] > 0


def test_only_the_signals_that_are_named() -> None:
    found = matrix_of(["casino bonus", "hello"], ["honeypot", "trigger_phrase"])
    assert found.names == ("honeypot", "trigger_phrase")
    assert found.strengths[:, 0].tolist() == [0, 0]
    assert found.strengths[0, 1] > 0


def test_many_texts_are_read_by_several_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [f"Free casino bonus number {n}" for n in range(9)]
    alone = matrix_of(texts)
    monkeypatch.setattr(reading, "AT_ONCE", 8)
    together = matrix_of(texts)
    assert np.array_equal(alone.grams.toarray(), together.grams.toarray())
    assert np.array_equal(alone.strengths, together.strengths)


def test_nothing_to_tell_them_apart() -> None:
    same = [
        row("hello there", spam=spam, group=f"{spam}{n}")
        for spam in (True, False)
        for n in range(30)
    ]
    with pytest.raises(CorpusError, match="they hold the same texts"):
        learn(same, PLAN._replace(start=None))


def test_too_few_texts() -> None:
    some = rows(1)
    few = [one for one in some if not one.spam] + [one for one in some if one.spam][:19]
    with pytest.raises(CorpusError, match="There are 19 texts of spam, and it takes 20"):
        learn(few, PLAN)
    alike = [one for one in some if not one.spam] + [row("the same", spam=True)] * 30
    with pytest.raises(CorpusError, match="Almost all texts of spam begin alike"):
        learn(alike, PLAN)


def test_a_better_model(learned: Learned) -> None:
    found = compare(learned, PLAN)
    assert (found.verdict, found.texts, found.spam) == ("better", 192, 96)
    assert 0 < found.low <= found.high
    assert (found.own.roc_auc or 0) - (found.shipped.roc_auc or 0) == pytest.approx(
        (found.low + found.high) / 2, abs=0.05
    )
    assert found.groups == 64
    assert len(found.warnings) == 3  # Few of each label, and too little ham for the promise.
    assert compare(learned, PLAN) == found
    assert len(compare(learned, PLAN._replace(share=0.5)).warnings) == 2


def test_a_worse_one_and_one_that_may_be_either(learned: Learned) -> None:
    worse = learned._replace(unseen=learned.shipped, shipped=learned.unseen)
    assert compare(worse, PLAN).verdict == "worse"
    same = learned._replace(shipped=learned.unseen)
    assert compare(same, PLAN).verdict == "unsure"


def test_a_corpus_that_is_large_enough(learned: Learned) -> None:
    times = 10
    large = Learned(
        learned.model,
        np.tile(learned.unseen, times),
        np.tile(learned.shipped, times),
        np.tile(learned.spam, times),
        learned.folds._replace(groups=np.tile(learned.folds.groups, times)),
    )
    assert compare(large, PLAN).warnings == ()


def test_a_corpus_with_little_spam_is_one_sided(learned: Learned) -> None:
    spam = np.zeros(192, np.bool_)
    spam[:5] = True
    folds = learned.folds._replace(too_few=True, groups=np.repeat(np.arange(6), 32))
    lopsided = learned._replace(spam=spam, folds=folds)
    warnings = compare(lopsided, PLAN).warnings
    assert any("one-sided: 5 spam, 187 ham" in warning for warning in warnings)
    assert any("too few groups or sources" in warning for warning in warnings)
