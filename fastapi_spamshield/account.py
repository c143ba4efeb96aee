"""A verdict in words, for whoever moderates; never for the sender."""

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

from .errors import ErrorCode

LONGEST_QUOTE = 80
"""Characters of a quotation."""

ADDS_UP = "local"
"""The detector whose weights add up to its score."""

_ERRORS: dict[ErrorCode, str] = {
    "unconfigured": "the detector is not set up",
    "auth": "the service refused its key",
    "quota": "the service's quota is used up",
    "rate_limited": "the service was asked too often",
    "bad_request": "it could not be read, or the service refused it",
    "payload_too_large": "it is too large",
    "unavailable": "the service was down",
    "timeout": "there was no answer in time",
    "connection": "the service could not be reached",
    "protocol": "the detector failed, or answered what nobody understands",
}
_STATUSES = {
    "bypassed": "the sender is trusted",
    "skipped": "there was nothing to check, or nobody was asked",
}
_LESS_READ = frozenset(("sampled", "cut"))

Quote = Callable[[str, tuple[int, int]], str | None]
"""The characters of a field of the submission; `None` where the submission is not known."""


class Evidence(Protocol):
    """What is needed of a `Signal`."""

    @property
    def name(self) -> str: ...  # noqa: D102 - as of the signal, and so are the others
    @property
    def weight(self) -> float: ...  # noqa: D102
    @property
    def detail(self) -> str | None: ...  # noqa: D102
    @property
    def source(self) -> str: ...  # noqa: D102
    @property
    def field(self) -> str: ...  # noqa: D102
    @property
    def span(self) -> tuple[int, int] | None: ...  # noqa: D102


class Judgement(Protocol):
    """What is needed of a `SpamVerdict`."""

    @property
    def id(self) -> str: ...  # noqa: D102 - as of the verdict, and so are the others
    @property
    def status(self) -> str: ...  # noqa: D102
    @property
    def label(self) -> str: ...  # noqa: D102
    @property
    def action(self) -> str: ...  # noqa: D102
    @property
    def score(self) -> float | None: ...  # noqa: D102
    @property
    def threshold(self) -> float: ...  # noqa: D102
    @property
    def review_threshold(self) -> float: ...  # noqa: D102
    @property
    def confidence(self) -> float | None: ...  # noqa: D102
    @property
    def toxicity(self) -> float | None: ...  # noqa: D102
    @property
    def category(self) -> str | None: ...  # noqa: D102
    @property
    def reason(self) -> str | None: ...  # noqa: D102
    @property
    def signals(self) -> Sequence[Evidence]: ...  # noqa: D102
    @property
    def detector(self) -> str | None: ...  # noqa: D102
    @property
    def cached(self) -> bool: ...  # noqa: D102
    @property
    def shadow_action(self) -> str | None: ...  # noqa: D102
    @property
    def error(self) -> ErrorCode | None: ...  # noqa: D102


def account_of(verdict: Judgement, quote: Quote) -> str:
    """A verdict in words.

    Args:
        verdict: The verdict.
        quote: Gives the characters that a signal points to.
    """
    lines = [_headline(verdict), _origin(verdict)]
    if verdict.category is not None:
        lines.append(f"category: {printable(verdict.category)}")
    if verdict.reason is not None and not verdict.signals:
        lines.append(f"reason: {printable(verdict.reason)}")
    if verdict.signals:
        lines += ["", "evidence, heaviest first:", *_evidence(verdict, quote)]
    lines += ["", "not measured:", *(list(_unmeasured(verdict)) or ["- nothing is missing"])]
    return "\n".join(lines)


def _headline(verdict: Judgement) -> str:
    score = "not measured" if verdict.score is None else f"score {verdict.score:.3f}"
    return (
        f"{verdict.label}, {verdict.action}: {score}; spam above {verdict.threshold:g}, "
        f"suspicious from {verdict.review_threshold:g}"
    )


def _origin(verdict: Judgement) -> str:
    who = "nobody" if verdict.detector is None else printable(verdict.detector)
    parts = [f"{verdict.status} by {who}", f"verdict {verdict.id}"]
    if verdict.cached:
        parts.append("a remembered answer")
    if verdict.shadow_action is not None:
        parts.append(f"in shadow mode, else {verdict.shadow_action}")
    return ", ".join(parts)


def _evidence(verdict: Judgement, quote: Quote) -> Iterator[str]:
    total = 0.0
    for signal in verdict.signals:
        total += signal.weight
        line = f"{signal.weight:+6.2f}  {printable(signal.name)}"
        if signal.span is not None:
            start, end = signal.span
            line += f" in {printable(signal.field)} {start}-{end}"
            words = quote(signal.field, signal.span)
            if words is not None:
                line += f" {quoted(words)}"
        if signal.detail is not None:
            line += f": {printable(signal.detail)}"
        if signal.source != verdict.detector:
            line += f" ({printable(signal.source)})"
        yield line
    if verdict.detector == ADDS_UP and verdict.category != "test_string":
        yield f"{total:+6.2f}  in all; the score is 1 / (1 + e^(4 - {total:.2f}))"


def _unmeasured(verdict: Judgement) -> Iterator[str]:
    why = "nobody was asked" if verdict.detector is None else "the detector does not say"
    if verdict.score is None:
        known = _STATUSES.get(verdict.status)
        if verdict.error is not None:
            known = _ERRORS[verdict.error]
        yield f"- the submission: {known or 'nobody says why'}"
        why = "as above"
    for signal in verdict.signals:
        if signal.name in _LESS_READ:
            yield f"- all of the text: {printable(signal.detail or signal.name)}"
    if verdict.confidence is None:
        yield f"- confidence: {why}"
    if verdict.toxicity is None:
        yield f"- toxicity: {why}"


def quoted(words: str) -> str:
    """Some of a sender's words between quotation marks, on one line, and harmless in a terminal.

    Args:
        words: As they were sent.
    """
    cut = words if len(words) <= LONGEST_QUOTE else f"{words[: LONGEST_QUOTE - 1]}…"
    return f'"{printable(cut)}"'


def printable(words: str) -> str:
    """Words on one line, with escapes for characters that are not to be seen.

    Line breaks, control codes, and what turns the direction of writing around: with them, somebody
    could write a line of the account.

    Args:
        words: Anything.
    """
    if words.isprintable():
        return words
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape").decode() for char in words
    )
