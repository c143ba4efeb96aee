"""What the tests of the evaluation share: labelled texts, and what was found in them."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from fastapi_spamshield.detectors.base import Detector
from fastapi_spamshield.evaluation.judging import Dimension, Judged, Recorder
from fastapi_spamshield.evaluation.rows import Labelled
from fastapi_spamshield.models import Detection, Signal, Submission
from fastapi_spamshield.policy import SpamPolicy

Found = tuple[float | None, bool]
"""A score, and whether it is spam."""


def row(text: str = "hello", *, spam: bool = False, line: int = 1, **fields: Any) -> Labelled:
    source, group = fields.pop("source", ""), fields.pop("group", "")
    return Labelled(Submission(text=text, **fields), spam, source, group, "texts.jsonl", line)


def write(path: Path, rows: Iterable[Mapping[str, Any]]) -> str:
    path.write_text("".join(f"{json.dumps(one)}\n" for one in rows), "utf-8")
    return str(path)


def judged(
    found: Iterable[Found],
    rows: Sequence[Labelled] | None = None,
    by: Sequence[Dimension] = (),
    signals: tuple[Signal, ...] = (),
) -> Judged:
    """What came of texts that got these scores."""
    recorder, policy = Recorder(by), SpamPolicy()
    for place, (score, spam) in enumerate(found):
        one = rows[place] if rows else row(f"text {place}", spam=spam, line=place + 1)
        if score is None:
            verdict = policy.without_score("degraded", error="timeout")
        else:
            detection = Detection(score=score, signals=signals, detector="keyword")
            verdict = policy.judge(detection, latency_ms=2.0)
        recorder.see(one._replace(spam=spam), verdict)
    return recorder.judged()


def always(detector: Detector) -> Callable[[object], Detector]:
    """Instead of `SpamShieldSettings.make_detector`."""
    return lambda _: detector
