import pytest

from fastapi_spamshield.dialects.base import Call
from fastapi_spamshield.dialects.reading import Wire
from fastapi_spamshield.dialects.serving import (
    FIELDS,
    WrongRequest,
    as_headers,
    bearer,
    form,
    listed,
    path_of,
    query,
    request,
)
from fastapi_spamshield.errors import DetectorError


class Asked(Wire):
    text: str


def problem(call: Call) -> WrongRequest:
    with pytest.raises(WrongRequest) as caught:
        request(Asked, call)
    assert caught.value.__context__ is None
    return caught.value


def test_what_is_wrong_is_listed_as_fastapi_does() -> None:
    assert request(Asked, Call("/", b'{"text": "a", "more": 1}')).text == "a"
    assert listed(problem(Call("/", b"{"))) == [
        {"loc": ["body"], "msg": "JSON decode error", "type": "json_invalid"}
    ]
    assert listed(problem(Call("/", b"{}"))) == [
        {"loc": ["body", "text"], "msg": "Field required", "type": "missing"}
    ]
    error = problem(Call("/", b'{"text": ["secret"]}'))
    assert str(error) == "bad_request: string_type"
    assert listed(error)[0]["msg"] == "Input should be a valid string"
    assert listed(DetectorError("bad_request")) == [
        {"loc": ["body"], "msg": "This can't be judged", "type": "value_error"}
    ]


@pytest.mark.parametrize(
    ("value", "token"),
    [("Bearer k", "k"), ("bearer  k ", "k"), ("Bearer", None), ("Basic k", None), (None, None)],
)
def test_a_bearer_token(value: str | None, token: str | None) -> None:
    headers = {} if value is None else {"AUTHORIZATION": value}
    assert bearer(Call("/", headers=headers)) == token


def test_a_path_and_its_query() -> None:
    call = Call("/check?api_key=k%21&x=1")
    assert path_of(call) == "/check"
    assert query(call, "api_key") == "k!"
    assert query(call, "y") is None


def test_a_form() -> None:
    assert form(Call("/", b"a=1&b=&a=2&c=%C3%A9")) == {"a": "1", "b": "", "c": "é"}
    for body in (b"\xff", b"a=1&" * (FIELDS + 1)):
        assert form(Call("/", body)) is None


def test_headers() -> None:
    assert as_headers({"a": 1.2, "b": None, "c": "x", "d": 0}) == {"a": "2", "c": "x", "d": "0"}
