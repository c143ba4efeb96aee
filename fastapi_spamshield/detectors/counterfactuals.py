"""Judging a submission again without some of its parts."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any, Final

from ..explanation import Counterfactual, Explanation, Part
from ..models import SpamVerdict, Submission
from ..policy import SpamPolicy
from .base import Detector, NamesParts

MOST_PARTS: Final = 20
"""Parts that are left out, one at a time; with the search that is at most 60 judgements."""

Judge = Callable[[Submission], Awaitable[SpamVerdict]]

_PARTS_OF_TEXT = ("text", "subject")


async def explained(
    submission: Submission, detector: Detector, policy: SpamPolicy, judge: Judge
) -> Explanation:
    """A verdict, and what `compare` finds, unless asking again may cost something.

    Args:
        submission: What is to be judged.
        detector: Who judges.
        policy: By what.
        judge: Judges a version of the submission with both.
    """
    if not isinstance(detector, NamesParts):
        return Explanation(
            verdict=policy.without_score("skipped", reason="For an explanation: not asked."),
            reason=f"{detector.name} is not asked again, which may cost something each time",
        )
    verdict = await judge(submission)
    parts = detector.removable_parts(submission, verdict.signals)
    found = await compare(submission, verdict, parts, judge)
    return found.model_copy(update={"judgements": found.judgements + 1})


async def compare(
    submission: Submission, verdict: SpamVerdict, parts: Sequence[Part], judge: Judge
) -> Explanation:
    """What each part does, and without which of them the submission would pass.

    Every figure is a judgement of its own: caps and pairs see to it that no weight says what the
    score would be without a part. The smallest change is searched greedily. Parts are left out one
    after another, the one first whose absence alone lowers the score most, until the rest is
    allowed. Then each is put back, if it is allowed with it too. What is left is minimal, though
    there may be another set that is smaller.

    Args:
        submission: What was judged.
        verdict: What it got.
        parts: What could be left out; only the first `MOST_PARTS` are looked at.
        judge: Judges another version of it.
    """
    tried = _Tried(submission, judge)
    singles = [await tried.without([part]) for part in parts[:MOST_PARTS]]
    singles.sort(key=lambda one: 2.0 if one.score is None else one.score)
    changing = tuple(one for one in singles if one.score != verdict.score)
    change = None
    if verdict.action != "allow":
        change = await _smallest([one.without[0] for one in singles], tried)
    return Explanation(
        verdict=verdict,
        counterfactuals=changing,
        smallest_change=change,
        judgements=len(tried.known),
        reason=None if changing else "there is no part whose absence alone changes the score",
    )


async def _smallest(ranked: Sequence[Part], tried: "_Tried") -> Counterfactual | None:
    left_out: list[Part] = []
    found = None
    for part in ranked:
        left_out.append(part)
        found = await tried.without(left_out)
        if found.action == "allow":
            break
    if found is None or found.action != "allow":
        return None
    for part in left_out[-2::-1]:  # Not the last one, without which it was not yet allowed.
        fewer = [one for one in found.without if one != part]
        without = await tried.without(fewer)
        if without.action == "allow":
            found = without
    return found


class _Tried:
    """What was judged already."""

    def __init__(self, submission: Submission, judge: Judge) -> None:
        self.known: dict[frozenset[Part], Counterfactual] = {}
        self._submission = submission
        self._judge = judge

    async def without(self, parts: Sequence[Part]) -> Counterfactual:
        key = frozenset(parts)
        if key not in self.known:
            await _let_others_run()
            verdict = await self._judge(left(self._submission, parts))
            self.known[key] = Counterfactual(
                without=tuple(parts),
                score=verdict.score,
                label=verdict.label,
                action=verdict.action,
            )
        return self.known[key]


def left(submission: Submission, parts: Iterable[Part]) -> Submission:
    """What is left of a submission without some of its parts.

    Args:
        submission: The whole.
        parts: What to leave out: characters of the text and the subject, or whole fields.
    """
    changes: dict[str, Any] = {}
    spans: dict[str, list[tuple[int, int]]] = {}
    for part in parts:
        if part.span is None:
            changes[part.field] = None
        else:
            spans.setdefault(part.field, []).append(part.span)
    for field in _PARTS_OF_TEXT:
        if field in spans and field not in changes:
            changes[field] = _cut(getattr(submission, field), spans[field])
    return submission.model_copy(update=changes)


def _cut(text: str, spans: Iterable[tuple[int, int]]) -> str:
    kept: list[str] = []
    behind = 0
    for start, end in sorted(spans):
        if start > behind:
            kept.append(text[behind:start])
        behind = max(behind, end)
        # A word goes with one of the spaces around it.
        if kept and kept[-1][-1:].isspace() and text[behind : behind + 1].isspace():
            behind += 1
    return "".join([*kept, text[behind:]])


async def _let_others_run() -> None:
    try:
        asyncio.get_running_loop()
    except RuntimeError:  # In `at_once` there is nobody else.
        return
    await asyncio.sleep(0)
