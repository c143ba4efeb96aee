"""The page of signals says what the embedded engine does: every row is judged."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from fastapi_spamshield import LocalDetector, Submission
from fastapi_spamshield.detectors import local
from fastapi_spamshield.detectors.local import corrections, wording
from fastapi_spamshield.detectors.local.model import default_model

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "signals.md"
ENGINE = Path(local.__file__).parent

_ROW = re.compile(
    r"\| `(?P<name>\w+)` \| (?P<weight>[\d.]+|above 0|above or below 0) \|"
    r"(?: (?P<factor>\d\.\d\d) \|)? .+ \|(?P<example>[^|]*)\|\Z"
)
_CONTEXT = re.compile(r"(?P<field>honeypot|elapsed|form_token|author|email)=(?P<value>.+)")
_ESCAPE = re.compile(r"\\(?:u([0-9a-f]{4})|U([0-9a-f]{8}))")


class Row(NamedTuple):
    name: str
    weight: str
    factor: str
    text: str
    context: dict[str, Any]


def rows() -> Iterator[Row]:
    for line in PAGE.read_text("utf-8").splitlines():
        found = _ROW.match(line.replace(r"\|", "\N{BROKEN BAR}"))
        if found:
            text = "Thank you for this recipe"
            context: dict[str, Any] = {}
            for code in re.findall(r"`([^`]+)`", found["example"]):
                if known := _CONTEXT.fullmatch(code):
                    context[known["field"]] = ast.literal_eval(known["value"])
                else:
                    text = _ESCAPE.sub(lambda match: chr(int(match[1] or match[2], 16)), code)
            text = text.replace("\N{BROKEN BAR}", "|")
            if found["name"] == "sampled":
                text = "A walk by the river. " * 5_000
            yield Row(found["name"], found["weight"], found["factor"] or "1.00", text, context)


ROWS = list(rows())


WEIGHED = [row for row in ROWS if row.name not in {"wording", "learned"}]


@pytest.mark.parametrize("row", WEIGHED, ids=lambda row: f"{row.name} {row.weight}")
def test_an_example_has_its_signal_with_its_weight(row: Row) -> None:
    factor = default_model().factors.get(row.name, 1.0)
    assert row.factor == f"{factor:.2f}"
    detection = LocalDetector().judge(Submission(text=row.text, **row.context))
    weights = [signal.weight for signal in detection.signals if signal.name == row.name]
    assert pytest.approx(float(row.weight) * factor) in weights


def test_the_wording_is_shown_in_words_and_a_rest() -> None:
    some, rest = (row for row in ROWS if row.name == "wording")
    assert (some.weight, rest.weight) == ("above 0", "above or below 0")
    shown = LocalDetector().judge(Submission(text=some.text)).signals
    assert any(one.name == "wording" and one.span and one.weight > 0 for one in shown)
    [only] = LocalDetector().judge(Submission(text=rest.text)).signals
    assert (only.name, only.span) == ("wording", None)


def test_what_was_learned_weighs_no_more_than_it_says() -> None:
    [row] = (row for row in ROWS if row.name == "learned")
    page = " ".join(PAGE.read_text("utf-8").split())
    assert row.weight == "above or below 0"
    assert f"at most {corrections.LIMIT_REPEATED:.0f} |" in page


def names_in_the_engine() -> Iterator[str]:
    """The names of signals that are written in its source."""
    places = {"Finding": 0, "find_all": 2}
    for path in ENGINE.glob("*.py"):
        for call in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name):
                continue
            given: list[ast.expr] = [
                keyword.value for keyword in call.keywords if keyword.arg == "name"
            ]
            place = places.get(call.func.id)
            if place is not None:
                given += call.args[place : place + 1]
            for name in given:
                if isinstance(name, ast.Constant) and isinstance(name.value, str):
                    yield name.value
    yield from wording._DETAILS


def test_no_signal_is_missing() -> None:
    assert {row.name for row in ROWS} == set(names_in_the_engine())
