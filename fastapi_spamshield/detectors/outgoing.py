"""What of a submission leaves this machine, and where its findings are in the original."""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from ..dialects.sending import public_address
from ..models import Detection, Signal, Submission
from .local.sampling import Sample, sample
from .masking import Masked, mask

FREE_TEXT = ("subject", "author", "previous", "url", "referrer", "permalink", "honeypot")
"""Fields besides `text` in which somebody may have written personal data."""

LONGEST_FIELD = 1_000
"""Characters of any field but the text: a `User-Agent` may have as many as its sender likes."""

SHORTEST = 100
"""Characters below which a text is not cut: too little would be left to judge."""


_BLANK = dict(Submission(text=""))


class Outgoing(NamedTuple):
    """A submission as a service sees it.

    Attributes:
        submission: Only what may leave; its text masked and cut.
        masked: The text before it was cut.
        sample: The text, and where its parts come from.
    """

    submission: Submission
    masked: Masked
    sample: Sample

    def shorter(self, characters: int) -> "Outgoing":
        """The same with less text.

        Args:
            characters: How many may be left.
        """
        shorter = sample(self.masked.text, characters)
        changed = self.submission.model_copy(update={"text": shorter.text})
        return self._replace(submission=changed, sample=shorter)

    def incoming(self, detection: Detection, source: str) -> Detection:
        """What a service found, with the places where it stands in the original.

        Args:
            detection: What the service found in what it saw.
            source: The name of the detector.
        """
        changes: dict[str, Any] = {}
        if self.sample.pieces or self.masked.pieces:
            changes["signals"] = tuple(map(self._signal, detection.signals))
            changes["pii"] = tuple(
                found.model_copy(update={"span": found.span and self._span(found.span)})
                for found in detection.pii
            )
            if detection.sanitized_text is not None:
                changes["sanitized_text"] = self.masked.restored(detection.sanitized_text)
        if self.sample.pieces:
            cut = Signal(
                name="cut",
                weight=0.0,
                detail=f"Of {self.masked.length} characters the service got "
                f"{len(self.sample.text)}: head, middle and tail.",
                source=source,
            )
            changes["signals"] = (*changes["signals"], cut)
        return detection.model_copy(update=changes) if changes else detection

    def _signal(self, signal: Signal) -> Signal:
        if signal.span is None or signal.field != "text":
            return signal
        return signal.model_copy(update={"span": self._span(signal.span)})

    def _span(self, span: tuple[int, int]) -> tuple[int, int]:
        start, end = span
        sampled = self.sample.original(start), self.sample.original(max(end - 1, start)) + 1
        return self.masked.original(sampled if end > start else (sampled[0], sampled[0]))


def pack(
    submission: Submission, fields: Iterable[str], *, characters: int | None, mask_pii: bool
) -> Outgoing:
    """What of a submission may leave.

    Args:
        submission: What somebody sent.
        fields: Which fields may leave besides `text` and `kind`. An address of a private network
            or of this machine never does.
        characters: How much text the service takes.
        mask_pii: Whether personal data in free text is replaced by placeholders; a field that is
            personal data as a whole, such as `email`, leaves as it is once it is in `fields`.
    """
    values: dict[str, Any] = {name: getattr(submission, name) for name in fields}
    if "ip" in values:
        values["ip"] = public_address(values["ip"])
    masked = Masked(submission.text)
    if mask_pii:
        masked = mask(submission.text)
        for name in FREE_TEXT:
            if values.get(name):
                values[name] = mask(values[name]).text
    # After it was masked: of an address that was cut through nobody could tell what it was.
    for name, value in values.items():
        if isinstance(value, str):
            values[name] = value[:LONGEST_FIELD]
    sampled = Sample(masked.text) if characters is None else sample(masked.text, characters)
    values |= {"text": sampled.text, "kind": submission.kind}
    # All values are valid already, and a copy is made several times faster than a new one.
    return Outgoing(submission.model_copy(update={**_BLANK, **values}), masked, sampled)


def fit(outgoing: Outgoing, size_of: Callable[[Outgoing], int], limit: int) -> Outgoing | None:
    """The same with so little text that its request is small enough.

    Args:
        outgoing: What leaves.
        size_of: The bytes of its request.
        limit: How many it may have.

    Returns:
        `None` where even a short text is too long.
    """
    size = size_of(outgoing)
    while size > limit:
        characters = int(len(outgoing.sample.text) * limit / size * 0.95)
        if characters < SHORTEST:
            return None
        outgoing = outgoing.shorter(characters)
        size = size_of(outgoing)
    return outgoing
