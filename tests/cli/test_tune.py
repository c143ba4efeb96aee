import json
from pathlib import Path

import pytest

from fastapi_spamshield import Detection, SpamPolicy, Submission
from tests.cli.conftest import Run
from tests.evaluation.texts import always, write
from tests.support import Broken

DETECTOR = "fastapi_spamshield.settings.SpamShieldSettings.make_detector"


class Numbers:
    """The text is the score."""

    name = "numbers"

    async def detect(self, submission: Submission) -> Detection:
        return Detection(score=float(submission.text))


def corpus(path: Path, ham: int) -> str:
    rows = [{"text": f"{0.5 * n / ham}", "label": "ham"} for n in range(ham)]
    rows += [{"text": f"{n / 100}", "label": "spam"} for n in range(100)]
    return write(path / "texts.jsonl", rows)


@pytest.fixture(autouse=True)
def numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(DETECTOR, always(Numbers()))


def test_thresholds_to_paste(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = corpus(tmp_path, 2_000)
    ended = run("tune", path)
    assert ended.status == 0
    lines = ended.out.splitlines()
    values = dict(line.split("=", 1) for line in lines if line.startswith("SPAMSHIELD_"))
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    as_json = run("eval", path, "--json", "--max-fpr", "0.005")
    assert as_json.status == 0
    found = json.loads(as_json.out)
    assert found["figures"]["false_positive_rate"]["high"] <= 0.005
    policy = eval(lines[-1], {"SpamPolicy": SpamPolicy})  # noqa: S307 - it is to be pasted
    assert policy.threshold == found["threshold"]
    assert policy.review_threshold == found["review_threshold"] == pytest.approx(0.48, abs=0.01)


def test_as_json(run: Run, tmp_path: Path) -> None:
    options = ["--max-fpr", "0.02", "--review-fpr", "0.1", "--json"]
    ended = run("tune", corpus(tmp_path, 2_000), *options)
    assert ended.status == 0
    found = json.loads(ended.out)
    assert (found["spam"], found["ham"], found["detector"]) == (100, 2_000, "numbers")
    assert found["reject"]["false_positive_rate"]["high"] <= 0.02
    assert found["review"]["false_positive_rate"]["high"] <= 0.1
    assert found["review"]["recall"]["value"] > found["reject"]["recall"]["value"]


def test_too_little_ham_for_the_promise(run: Run, tmp_path: Path) -> None:
    ended = run("tune", corpus(tmp_path, 300))
    assert ended.status == 1
    assert "no promise of 0.50%: it takes 765 ham at the least, and 300 are there" in ended.out
    assert "no promise of 5.00%" not in ended.out
    assert "SPAMSHIELD_THRESHOLD=" in ended.out


def test_too_many_equal_scores(run: Run, tmp_path: Path) -> None:
    rows = [{"text": "1.0", "label": label} for label in ["ham"] * 1_000 + ["spam"]]
    ended = run("tune", write(tmp_path / "texts.jsonl", rows))
    assert ended.status == 1
    assert "no promise of 5.00%: too many ham have the same score" in ended.out


def test_what_can_not_be_tuned_on(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for label, missing in (("ham", "spam"), ("spam", "ham")):
        path = write(tmp_path / "texts.jsonl", [{"text": "0.5", "label": label}])
        ended = run("tune", path)
        assert ended.status == 2
        assert f"has no {missing} that could be measured" in ended.err
    path = corpus(tmp_path, 100)
    assert "Write a larger --review-fpr" in run("tune", path, "--review-fpr", "0.001").err
    monkeypatch.setattr(DETECTOR, always(Broken()))
    assert run("tune", path).status == 2
