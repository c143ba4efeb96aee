import pytest

from fastapi_spamshield.models import Signal
from tests.detectors.local.judging import WORDING, judge

TEXT = "I followed the guide yesterday and the second step failed."


def signals(text: str = TEXT, **context: object) -> tuple[Signal, ...]:
    """What is known beside the text."""
    return tuple(s for s in judge(text, **context).signals if s.name != WORDING)


def test_a_trap_that_was_filled_in_is_spam_by_itself() -> None:
    detection = judge(TEXT, honeypot="http://a.example")
    [signal] = signals(honeypot="http://a.example")
    assert (signal.name, signal.weight, signal.field, signal.span) == (
        "honeypot",
        5.0,
        "honeypot",
        (0, 16),
    )
    assert detection.score >= 0.731
    assert detection.category == "honeypot"


@pytest.mark.parametrize("honeypot", [None, "", "  \n"])
def test_a_trap_that_was_left_empty(honeypot: str | None) -> None:
    assert signals(honeypot=honeypot) == ()


@pytest.mark.parametrize(
    ("elapsed", "name", "detail"),
    [
        (0.0, "too_fast", "Sent after 0.0 seconds, by the sender's clock."),
        (2.99, "too_fast", "Sent after 3.0 seconds, by the sender's clock."),
        (-1.0, "implausible_time", "The time the sender claims is negative."),
    ],
)
def test_the_time_it_took(elapsed: float, name: str, detail: str) -> None:
    [signal] = signals(elapsed=elapsed)
    assert (signal.name, signal.weight, signal.detail, signal.span) == (name, 2.0, detail, None)


@pytest.mark.parametrize("elapsed", [None, 3.0, 86_400.0])
def test_time_enough(elapsed: float | None) -> None:
    assert signals(elapsed=elapsed) == ()


@pytest.mark.parametrize("author", ["Buy at shop.example", "http://a", "WWW.Shop.Example"])
def test_a_link_in_the_name(author: str) -> None:
    [signal] = signals(author=author)
    assert (signal.name, signal.weight, signal.field, signal.span) == (
        "url_in_name",
        2.5,
        "author",
        (0, len(author)),
    )


@pytest.mark.parametrize("author", ["", "J. R. Müller-Lüdenscheidt", "Dr. İnan", "St. John"])
def test_an_ordinary_name(author: str) -> None:
    assert signals(author=author) == ()


@pytest.mark.parametrize("email", ["nobody", "a@", "@b", "a b@c.example", "a@b@c"])
def test_an_address_that_is_none(email: str) -> None:
    [signal] = signals(email=email)
    assert (signal.name, signal.weight, signal.field, signal.span) == (
        "email_mismatch",
        0.8,
        "email",
        (0, len(email)),
    )


def test_another_address_than_the_senders() -> None:
    text = "I wrote from anna@home.example. Please answer to boss@work.example soon."
    [signal] = signals(text, email=" Anna@Home.example ")
    assert (signal.name, signal.weight, signal.field) == ("email_mismatch", 1.0, "text")
    assert signal.span is not None
    assert text[slice(*signal.span)] == "boss@work.example"


def test_the_senders_own_address() -> None:
    assert signals("Please answer to Anna@home.example.", email="anna@HOME.example") == ()
    assert signals(email="anna@home.example") == ()
    assert signals("Please answer to Anna@home.example.") == ()


def test_the_spans_of_long_values_stay_within_what_is_read() -> None:
    [signal] = signals(honeypot="x" * 5000)
    assert signal.span == (0, 1000)


@pytest.mark.parametrize(
    ("state", "weight"),
    [("missing", 2.0), ("forged", 2.0), ("expired", 0.8), ("foreign", 1.5), ("used", 2.0)],
)
def test_a_forms_token(state: str, weight: float) -> None:
    detection = judge(TEXT, form_token=state)
    [signal] = signals(form_token=state)
    assert (signal.name, signal.weight, signal.span) == (f"form_token_{state}", weight, None)
    # By itself it is not enough for a review.
    assert detection.score < 0.3


@pytest.mark.parametrize("state", [None, "valid"])
def test_a_good_token_and_none_that_was_asked_for(state: str | None) -> None:
    assert signals(form_token=state) == ()


@pytest.mark.parametrize(
    ("state", "clock"),
    [
        *((None, "the sender's"), ("missing", "the sender's"), ("forged", "the sender's")),
        *(("valid", "our"), ("used", "our"), ("foreign", "our")),
    ],
)
def test_whose_clock_it_was(state: str | None, clock: str) -> None:
    found = {signal.name: signal.detail for signal in signals(form_token=state, elapsed=1.0)}
    assert found["too_fast"] == f"Sent after 1.0 seconds, by {clock} clock."
