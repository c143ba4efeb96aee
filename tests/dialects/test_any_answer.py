"""What holds for every answer that there is: a detection, or a `DetectorError`; nothing else."""

import copy
import json
from collections.abc import Callable
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fastapi_spamshield.dialects.base import Answer, Dialect
from fastapi_spamshield.errors import DetectorError
from fastapi_spamshield.models import Detection
from fastapi_spamshield.policy import SpamPolicy
from tests.dialects.speaking import ANSWERS, BATCHES, COUNTING, FEEDBACK, VERIFYING, attempt, label

CANARY = "canary-5d1"
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(-2, 101)
    | st.floats()
    | st.sampled_from([10**400, -1, 0, 1, 6.01, 1e308, "spam", "false", CANARY, "\ud800", ""])
    | st.text(max_size=10),
    lambda inside: (
        st.lists(inside, max_size=3)
        | st.dictionaries(st.sampled_from([CANARY, "name", "error", "codes"]), inside, max_size=3)
    ),
    max_leaves=6,
)
HEADERS = st.dictionaries(
    st.sampled_from(
        [
            *("retry-after", "date", "x-ratelimit-reset", "x-ratelimit-remaining", "content-type"),
            *("x-akismet-error", "x-akismet-debug-help", "x-akismet-alert-code"),
            *("x-akismet-pro-tip", "x-akismet-recheck-after", "x-request-id"),
        ]
    ),
    st.sampled_from(
        [
            *("0", "7", "nan", "inf", "1e999", "-1", "discard", "10508", "key", CANARY),
            *("", "²"),
            *("Wed, 25 Nov 2026 02:00:00 GMT", "Wed, 31 Feb 2026 02:00:00 GMT"),
        ]
    ),
    max_size=4,
)
STATUSES = st.sampled_from([200, 200, 200, 201, 204, 301, 400, 401, 402, 404, 413, 429, 500, 503])


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    if not isinstance(value, (dict, list)):
        return [path]
    nodes = cast("dict[str, Any] | list[Any]", value)
    inside = nodes.items() if isinstance(nodes, dict) else enumerate(nodes)
    return [path, *(place for name, item in inside for place in places(item, (*path, name)))]


@st.composite
def nearly(draw: st.DrawFn, answers: list[Answer]) -> bytes:
    """A vendor's answer with one place of it replaced or gone."""
    body = draw(st.sampled_from(answers)).body
    try:
        value = {"whole": json.loads(body)}
    except ValueError:
        return draw(st.sampled_from([body, b" " + body + b"\n", body.upper(), body + b"x"]))
    *outer, last = draw(st.sampled_from(places(value)[1:]))
    changed = inside = copy.deepcopy(value)
    for name in outer:
        inside = inside[name]
    if draw(st.booleans()) or last == "whole":
        inside[last] = draw(JSON)
    else:
        del inside[last]
    return json.dumps(changed["whole"]).encode()


def bodies(answers: list[Answer]) -> st.SearchStrategy[bytes]:
    return (
        nearly(answers)
        | st.binary(max_size=50)
        | JSON.map(lambda value: json.dumps(value).encode())
        | st.sampled_from(
            [
                b"",
                b"<html>canary-5d1</html>",
                b'{"a":' * 33 + b"1" + b"}" * 33,
                b'{"success": true, "success": false}',
                b"\xff\xfe",
                b"invalid",
                b"true",
            ]
        )
    )


def check(detection: Detection) -> None:
    assert 0 <= detection.score <= 1
    verdict = SpamPolicy().judge(detection)
    assert type(verdict).model_validate_json(verdict.model_dump_json()) == verdict
    assert CANARY not in repr(detection)
    assert "body" in detection.raw


def check_error(error: DetectorError) -> None:
    assert CANARY not in f"{error} {error!r}"
    assert error.detector
    assert error.__context__ is None
    assert error.retry_after is None or 0 <= error.retry_after < float("inf")


@pytest.mark.parametrize("dialect", ANSWERS, ids=label)
@given(data=st.data())
def test_any_answer_is_a_detection_or_an_error(dialect: Dialect, data: st.DataObject) -> None:
    answer = Answer(data.draw(STATUSES), data.draw(bodies(ANSWERS[dialect])), data.draw(HEADERS))
    found = attempt(dialect.detection, answer)
    if isinstance(found, DetectorError):
        check_error(found)
    else:
        assert answer.status in (200, 201)
        check(found)


@pytest.mark.parametrize("dialect", ANSWERS, ids=label)
def test_the_vendors_own_answers_are_detections(dialect: Dialect) -> None:
    for answer in ANSWERS[dialect]:
        check(dialect.detection(answer))


OTHERS: dict[str, Callable[[Answer], object]] = {
    **{f"feedback {n}": dialect.fed_back for n, dialect in enumerate(FEEDBACK)},
    **{f"key {n}": dialect.verified for n, dialect in enumerate(VERIFYING)},
    **{f"usage {n}": dialect.used for n, dialect in enumerate(COUNTING)},
    **{f"batch {n}": dialect.detections for n, dialect in enumerate(BATCHES)},
}


@pytest.mark.parametrize("what", OTHERS)
@given(data=st.data())
def test_any_other_answer_is_understood_or_an_error(what: str, data: st.DataObject) -> None:
    examples = [
        Answer(200, json.dumps(value).encode())
        for value in (
            {"success": True, "data": {"credits_remaining": 3}},
            {"data": {"usage": {"total_requests": 10}, "period": {"type": "monthly"}}},
            {"limit": 5, "usage": 4},
            {"received": 1},
            {"results": [{"is_spam": True, "total_score": 3}, {"is_spam": 1}]},
        )
    ]
    answer = Answer(data.draw(STATUSES), data.draw(bodies(examples)), data.draw(HEADERS))
    found = attempt(OTHERS[what], answer)
    for item in cast("list[object]", found) if isinstance(found, list) else [found]:
        if isinstance(item, DetectorError):
            check_error(item)
        elif isinstance(item, Detection):
            check(item)
