"""Any service that takes JSON and answers JSON, described by where things stand in it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice, permutations
from typing import Any, cast

from ..errors import ConfigurationError, DetectorError
from ..models import Detection, Submission
from ..policy import Bands
from . import reading, sending
from .base import Answer, Call, Facts

Scalar = str | int | float | bool
"""What an answer may say in the place of a yes or a no."""


@dataclass(frozen=True, kw_only=True)
class GenericJson:
    """A service that has no dialect of its own.

    A path such as `check.score` or `results.0.score` names an entry: names of objects and numbers
    of lists, with a dot between.

    Attributes:
        name: Of the service, in verdicts and signals.
        base_url: Where it is.
        path: Of the endpoint, with a slash in front.
        auth_header: The header that carries the key; `None`: none does.
        auth_scheme: The word before the key in it, or nothing.
        key_field: The path in the request that carries the key instead.
        request: Path in the request to the field of `Submission` that goes there.
        constants: Path in the request to a value that is always the same.
        score: Path in the answer to a number, the higher the more spam.
        scale: The number that means 1.
        clamp: Take what lies outside of 0 to `scale` as the nearer end; otherwise it is an error.
        spam: Path in the answer to what says yes or no; it counts where there is no score.
        spam_values: What says that it is spam there.
        ham_values: What says that it is none; anything else is an error.
        inverted: The number is the higher the less spam, and a yes means none.
        success: Path in the answer to what must be true.
        confidence: Path in the answer to a number from 0 to 1: how sure it is, not the score.
        category: Path in the answer to a word.
        reasons: Path in the answer to a sentence, or to a list of them.
        detection_id: Path in the answer to the service's own id.
        bands: From which score on it advises to review and to refuse.
        characters: Of text that it takes.
        body_bytes: Of one request.
        timeout: Seconds that it is known to need at most.

    Raises:
        ConfigurationError: Something is described that can't be.
    """

    name: str
    base_url: str
    path: str
    auth_header: str | None = "Authorization"
    auth_scheme: str = "Bearer"
    key_field: str | None = None
    request: Mapping[str, str] = field(default_factory=lambda: {"text": "text"}, hash=False)
    constants: Mapping[str, Any] = field(default_factory=dict[str, Any], hash=False)
    score: str | None = None
    scale: float = 1.0
    clamp: bool = False
    spam: str | None = None
    spam_values: tuple[Scalar, ...] = (True,)
    ham_values: tuple[Scalar, ...] = (False,)
    inverted: bool = False
    success: str | None = None
    confidence: str | None = None
    category: str | None = None
    reasons: str | None = None
    detection_id: str | None = None
    bands: Bands | None = None
    characters: int | None = None
    body_bytes: int | None = None
    timeout: float = 10.0

    def __post_init__(self) -> None:
        unknown = sorted(set(self.request.values()) - set(Submission.model_fields))
        if unknown:
            raise ConfigurationError(f"request={unknown!r}: these are no fields of Submission.")
        places = [*self.request, *self.constants, *filter(None, [self.key_field])]
        for place, other in permutations(places, 2):
            if f"{other}.".startswith(f"{place}."):
                raise ConfigurationError(f"{place!r} and {other!r} are the same place.")
        if self.score is None and self.spam is None:
            raise ConfigurationError("Write score= or spam=: where the answer says whether it is.")
        sending.require_path(self.path)
        if self.bands is not None and not 0 <= self.bands[0] <= self.bands[1] <= 1:
            raise ConfigurationError(
                f"bands={tuple(self.bands)!r}: write two scores from 0 to 1, review before refuse; "
                "divide the service's own numbers by scale"
            )
        if not 0 < self.scale < float("inf"):
            raise ConfigurationError(f"scale={self.scale!r}: write the number that means 1.")

    @property
    def facts(self) -> Facts:
        sends = tuple(dict.fromkeys(self.request.values()))
        return Facts(
            base_url=self.base_url,
            bands=self.bands,
            characters=self.characters,
            body_bytes=self.body_bytes,
            timeout=self.timeout,
            needs_key=self.auth_header is not None or self.key_field is not None,
            sends=sends,
            needs=("text",) if "text" in sends else (),
            needs_one_of=() if "text" in sends else sends,
        )

    def check(self, submission: Submission, key: str | None) -> Call:
        entries = dict(self.constants)
        entries |= {place: getattr(submission, name) for place, name in self.request.items()}
        if self.key_field:
            entries[self.key_field] = key
        body: dict[str, Any] = {}
        for place, value in sending.given(entries).items():
            *outer, last = place.split(".")
            inside = body
            for name in outer:
                inside = inside.setdefault(name, {})
            inside[last] = value
        header = self.auth_header and sending.key_header(key, self.auth_header, self.auth_scheme)
        return sending.post_json(self.path, body, header or {})

    def detection(self, answer: Answer) -> Detection:
        reading.succeeded(answer, self.name)
        body = reading.parsed(answer.body)
        if self.success and _at(body, self.success) is not True:
            raise self._undocumented(self.success)
        number = self._number(body, self.score, self.scale, clamp=self.clamp)
        word = self._word(body)
        if number is None and word is None:
            raise self._undocumented(self.score or self.spam)
        score = float(bool(word)) if number is None else number
        reasons = list(_words(_at(body, self.reasons)))
        category = next(_words(_at(body, self.category)), None)
        return Detection(
            score=1 - score if self.inverted else score,
            confidence=self._number(body, self.confidence, 1.0),
            category=reading.brief(category),
            reason=reading.brief(reasons[0] if reasons else None),
            signals=reading.signals(reasons, self.name),
            detection_id=next(_words(_at(body, self.detection_id)), None),
            raw=reading.kept(answer, body, **({"synthetic": True} if number is None else {})),
        )

    def _number(
        self, body: object, path: str | None, most: float, *, clamp: bool = False
    ) -> float | None:
        value = _at(body, path)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise self._undocumented(path)
        if not (clamp or 0 <= value <= most):
            raise self._undocumented(path)
        return min(max(value, 0), most) / most

    def _word(self, body: object) -> bool | None:
        value = _at(body, self.spam)
        if value is None:
            return None
        for values, means in ((self.spam_values, True), (self.ham_values, False)):
            # 1 is no True here, and 0 no False.
            if any(type(value) is type(known) and value == known for known in values):
                return means
        raise self._undocumented(self.spam)

    def _undocumented(self, place: str | None) -> DetectorError:
        return DetectorError("protocol", f"not as described: {place}", detector=self.name)


def _at(values: Any, path: str | None) -> Any:
    if path is None:
        return None
    for name in path.split("."):
        if isinstance(values, dict):
            values = cast("dict[str, Any]", values).get(name)
        elif isinstance(values, list) and name.isdecimal():
            values = next(islice(cast("list[object]", values), int(name), None), None)
        else:
            return None
    return values


def _words(value: object) -> Iterator[str]:
    for item in cast("list[object]", value) if isinstance(value, list) else [value]:
        if isinstance(item, (str, int, float)) and not isinstance(item, bool):
            yield f"{item}"
