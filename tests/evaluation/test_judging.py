import numpy as np
import pytest

from fastapi_spamshield.evaluation import judging
from fastapi_spamshield.evaluation.judging import NAME, NOT_GIVEN, Dimension, Recorder, judge
from fastapi_spamshield.evaluation.mistakes import Mistakes
from fastapi_spamshield.models import Detection
from fastapi_spamshield.policy import Bands, SpamPolicy
from fastapi_spamshield.shield import Shield
from tests.evaluation.texts import judged, row
from tests.support import SPAM, Broken, Keyword


async def test_a_corpus_is_asked_about_in_parts_and_in_order(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(judging, "AT_ONCE", 4)
    detector, told = Keyword(), list[int]()
    rows = [row(f"{SPAM if n % 3 else 'fine'} {n}", spam=bool(n % 2), line=n) for n in range(10)]
    asked: list[int] = []

    def reading() -> object:
        for one in rows:
            asked.append(len(detector.seen))
            yield one

    async with Shield(detector) as shield:
        found = await judge(reading(), shield, Recorder(), on_progress=told.append)  # type: ignore[arg-type]
    assert told == [4, 4, 2]
    assert [one.text for one in detector.seen] == [one.submission.text for one in rows]
    assert asked == [0, 0, 0, 0, 4, 4, 4, 4, 8, 8]  # No more is read than is needed.
    assert found.called.tolist() == [bool(n % 3) for n in range(10)]
    assert found.spam.tolist() == [bool(n % 2) for n in range(10)]
    assert found.answered == {"keyword": 10}
    assert found.bands == {Bands(0.3, 0.7): 10}
    assert (found.milliseconds >= 0).all()


async def test_what_can_not_be_measured_is_neither() -> None:
    async with Shield(Broken()) as shield:
        found = await judge([row(SPAM, spam=True), row("x")], shield, Recorder())
    assert np.isnan(found.scores).all()
    assert not found.measured.any()
    assert found.errors == {"unavailable": 2}
    assert (found.mistakes.refused, found.mistakes.missed, found.bands) == ([], [], {})


async def test_a_policy_of_its_own() -> None:
    async with Shield(Keyword()) as shield:
        found = await judge([row(SPAM)], shield, Recorder(), policy=SpamPolicy(threshold=1))
    assert found.called.tolist() == [False]


def test_slices() -> None:
    rows = [
        row(language="de", kind="chat", source="a"),
        row(language="x" * 100),
        row(language="de", source="a"),
    ]
    found = judged([(0.1, False)] * 3, rows, list(Dimension))
    names, places = found.slices[Dimension.LANG]
    assert (names, places.tolist()) == (["de", "x" * NAME], [0, 1, 0])
    names, places = found.slices[Dimension.SOURCE]
    assert (names, places.tolist()) == (["a", NOT_GIVEN], [0, 1, 0])
    assert found.slices[Dimension.KIND][0] == ["chat", "comment"]


def test_the_worst_mistakes_are_kept_and_no_others() -> None:
    mistakes, policy = Mistakes(2), SpamPolicy()
    for line, (score, spam) in enumerate(
        [(0.8, False), (0.9, False), (0.75, False), (0.9, False), (0.1, True), (0.9, True)]
    ):
        verdict = policy.judge(Detection(score=score))
        mistakes.see(row(f"{line}", spam=spam, line=line), verdict)
    assert [(one.score, one.row.line) for one in mistakes.refused] == [(0.9, 1), (0.9, 3)]
    assert [(one.score, one.row.line) for one in mistakes.missed] == [(0.1, 4)]
    none = Mistakes(0)
    none.see(row(), policy.judge(Detection(score=0.9)))
    assert none.refused == []
