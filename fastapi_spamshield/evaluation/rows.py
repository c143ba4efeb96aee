"""One labelled text, of whatever was read."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple, cast

from pydantic import ValidationError

from ..models import Submission
from ..policy import readable

LABELS: Final = ("spam", "ham")
BESIDE: Final = frozenset(("label", "source", "group", "lang"))
"""What a row may have besides the fields of a submission."""


class Labelled(NamedTuple):
    """A text, and what it is.

    Attributes:
        submission: The text, and what is known beside it.
        spam: Whether it is spam.
        source: Where it comes from; empty where that is not given.
        group: What must not be split, such as a campaign or a page; empty where it is not given.
        file: The file it stands in.
        line: Its line there, from 1 on.
    """

    submission: Submission
    spam: bool
    source: str
    group: str
    file: str
    line: int


def labelled(row: object, file: str, line: int) -> Labelled:
    """A row as a labelled text.

    Args:
        row: What was read.
        file: Where from.
        line: And from which line.

    Raises:
        ValueError: It is none; the message says why, and quotes nothing.
    """
    if not isinstance(row, Mapping):
        raise ValueError('this is no object; write {"text": ..., "label": "spam"}')  # noqa: TRY004 - bad data, not a bug
    values = dict(cast("Mapping[str, Any]", row))
    for name in ("text", "label"):
        if name not in values:
            raise ValueError(f'"{name}" is missing; write {{"text": ..., "label": "spam"}}')
    if values["label"] not in LABELS:
        raise ValueError('"label" is neither "spam" nor "ham"; write one of them, in lower case')
    beside: dict[str, str] = {}
    for name in ("source", "group", "lang"):
        value = values.get(name)
        if not isinstance(value, str | int | None) or isinstance(value, bool):
            raise ValueError(f'"{name}" is no string; write a short name')  # noqa: TRY004 - bad data, not a bug
        beside[name] = "" if value is None else f"{value}"
    given = {name: values[name] for name in Submission.model_fields if name in values}
    if beside["lang"] and not given.get("language"):
        given["language"] = beside["lang"]
    try:
        submission = Submission.model_validate(given)
    except ValidationError as error:
        raise ValueError(f"{readable(error)}; see the fields of a submission") from None
    spam = values["label"] == "spam"
    return Labelled(submission, spam, beside["source"], beside["group"], file, line)


def unknown(row: Mapping[str, Any]) -> list[str]:
    """The names in a row that mean nothing here.

    Args:
        row: What was read.
    """
    return [name for name in row if name not in BESIDE and name not in Submission.model_fields]
