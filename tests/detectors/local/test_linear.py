"""No text makes the engine slow: its work grows as the text does, counted, not timed."""

import importlib
import pkgutil
import random
import re
import sys
from collections.abc import Iterator
from types import FrameType
from typing import Any

import pytest

from fastapi_spamshield.detectors import local
from fastapi_spamshield.detectors.local import LocalDetector
from fastapi_spamshield.models import Submission
from tests.detectors.local.steps import SINGLE, Counter, takes, tree

LENGTH = 1000
EFFORT = 150
"""Steps for each character, at most: some repetitions look at up to 64 characters before they fail.

A pattern that looks at all that follows needs half of `LENGTH`.
"""

GROWTH = 2.4
"""Twice the text is twice the work; the rest is for work that comes once a text."""

HOSTILE = (
    *(
        "a",
        "A",
        " ",
        "\n",
        ".",
        "1",
        "!",
        "$",
        "@",
        "[",
        "<",
        "{",
        "|",
        "-",
        "\u200b",
        "\u00ad",
        "я",
        "İ",
    ),
    *(
        "a ",
        "a.",
        "1.",
        "1,",
        "a@",
        "a@a.",
        "a-",
        "{a|",
        "{|",
        "<a ",
        "[url=",
        "http://",
        "www.",
        "t.me ",
    ),
    *("аb", "aаa", "a\u200b", "a\u00ad", "e\u0301", "\U0001d400", "\U0001d400 ", "😀", "加", "👉"),
    *(
        "\U000e0061",
        "\U0001f3f4\U000e0061",
        "\U0001f3f4" + "\U000e0061" * 5 + "\U000e007f",
        "\u202e",
    ),
    *(
        "bc1",
        "0x0",
        "casino ",
        "whatsapp ",
        "call a ",
        "1 a day ",
        "$1 ",
        "80% ",
        "150p ",
        "line\n",
    ),
    *("https://a.b/ ", "https://x@8.8.8.8 ", "a.com ", "bit.ly/a ", "first second third\n"),
)


def patterns() -> dict[str, re.Pattern[str]]:
    found: dict[str, re.Pattern[str]] = {}
    for module in pkgutil.iter_modules(local.__path__):
        loaded = importlib.import_module(f"{local.__name__}.{module.name}")
        for name, value in vars(loaded).items():
            if isinstance(value, re.Pattern):
                found[f"{module.name}.{name}"] = value
    return found


PATTERNS = patterns()
ALPHABET = "aZ0 1.@/-[{|}<=!$£é\u200bя\U0001d400加,:&'p\n%"


def one_of(op: str, argument: Any) -> str:
    """A character that an operation takes."""
    if op == "LITERAL":
        return chr(argument)
    candidates: list[str] = [*ALPHABET]
    if op == "IN":
        candidates += [
            chr(v if k == "LITERAL" else v[0]) for k, v in named(argument) if k in RANGED
        ]
    return next(character for character in candidates if takes(op, argument, character))


RANGED = {"LITERAL", "RANGE"}


def named(ops: Any) -> list[tuple[str, Any]]:
    return [(str(op), argument) for op, argument in ops]


def example(ops: list[tuple[str, Any]], chance: random.Random) -> str:
    """A text that a pattern matches, or nearly."""
    text = ""
    for op, argument in ops:
        if op in SINGLE:
            text += one_of(op, argument)
        elif op == "BRANCH":
            text += example(named(chance.choice(argument[1])), chance)
        elif op == "SUBPATTERN":
            text += example(named(argument[3]), chance)
        elif op == "MAX_REPEAT":
            least, most, body = argument
            for _ in range(chance.choice([least, min(most, least + 3), min(most, 40)])):
                text += example(named(body), chance)
    return text


def attacks(pattern: re.Pattern[str]) -> Iterator[str]:
    """What is repeated to make a pattern slow: nearly matches, cut short anywhere."""
    chance = random.Random(7)
    for _ in range(4):
        text = example(tree(pattern.pattern), chance)
        yield text
        yield text[: chance.randrange(len(text)) + 1]
        yield text[chance.randrange(len(text)) :]


def steps(pattern: re.Pattern[str], text: str) -> int:
    counter = Counter(pattern, text)
    places = list(counter.spans())
    assert places == [match.span() for match in pattern.finditer(text)]
    return counter.steps


def effort(pattern: re.Pattern[str], seed: str) -> float:
    """Steps for each character of a long text."""
    text = (seed * LENGTH)[:LENGTH] + "\n"
    return steps(pattern, text) / len(text)


def test_all_patterns_are_found() -> None:
    assert len(PATTERNS) > 25


@pytest.mark.parametrize("name", sorted(PATTERNS))
def test_a_pattern_is_linear(name: str) -> None:
    pattern = PATTERNS[name]
    for seed in {*attacks(pattern), "a", " ", ".", "1", "-", "{a|", "a\u200b", "1 ", "a."}:
        assert effort(pattern, seed) < EFFORT, seed


@pytest.mark.parametrize(
    ("slow", "seed"), [(r"a+b", "a"), (r"\w+@", "a"), (r"[^|]*\|\d", "a"), (r"<[^>]+>", "<")]
)
def test_a_pattern_that_is_not_linear_is_seen(slow: str, seed: str) -> None:
    assert effort(re.compile(slow), seed) > 4 * EFFORT


def calls(text: str) -> int:
    """How many functions, of Python and of C, one judgement calls."""
    submission = Submission(text=text, author=text, email=text, subject=text, honeypot=text)
    detector = LocalDetector(max_characters=1_000_000)
    count = 0

    def profile(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(profile)
    try:
        detector.judge(submission)
    finally:
        sys.setprofile(before)
    return count


@pytest.mark.parametrize("seed", HOSTILE)
def test_a_judgement_is_linear(seed: str) -> None:
    short, long = ((seed * 8000)[:size] for size in (4000, 8000))
    assert calls(long) < GROWTH * calls(short)
