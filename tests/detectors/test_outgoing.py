from typing import Any

import pytest

from fastapi_spamshield.detectors.outgoing import LONGEST_FIELD, SHORTEST, Outgoing, fit, pack
from fastapi_spamshield.models import Detection, Pii, Signal, Submission

FULL = Submission(
    text="Write to ann@example.org",
    author="Ann, ann@example.org",
    email="ann@example.org",
    subject="Call +49 30 1234567",
    url="https://example.org",
    ip="8.8.8.8",
    user_agent="Browser",
    kind="contact",
    tenant="shop",
    extra={"a": 1},
)
LONG = Submission(text="".join(f"{number:05} " for number in range(1_000)))


def packed(submission: Submission, *fields: str, **options: Any) -> Outgoing:
    options = {"characters": None, "mask_pii": False, **options}
    return pack(submission, fields, **options)


def test_only_what_is_listed_leaves() -> None:
    sent = packed(FULL, "email").submission
    assert sent == Submission(text=FULL.text, kind="contact", email="ann@example.org")
    assert packed(FULL).submission == Submission(text=FULL.text, kind="contact")


@pytest.mark.parametrize(
    ("address", "leaves"),
    [
        ("8.8.8.8", True),
        ("2001:4860:4860::8888", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("192.168.0.1", False),
        ("169.254.1.1", False),
        ("100.64.0.1", False),
        ("::1", False),
        ("fd00::1", False),
        ("::ffff:10.0.0.1", False),
        ("testclient", False),
        (None, False),
    ],
)
def test_a_private_address_never_leaves(address: str | None, leaves: bool) -> None:
    sent = packed(Submission(text="x", ip=address), "ip").submission
    assert sent.ip == (address if leaves else None)


def test_masking_reaches_all_free_text() -> None:
    sent = packed(FULL, "subject", "author", "email", "url", mask_pii=True).submission
    assert (sent.text, sent.subject) == ("Write to [EMAIL_1]", "Call [PHONE_1]")
    assert (sent.author, sent.email) == ("Ann, [EMAIL_1]", "ann@example.org")
    assert sent.url == "https://example.org"


def test_no_part_of_an_address_is_left_where_a_field_is_cut() -> None:
    subject = "x" * (LONGEST_FIELD - 9) + " ann@example.org"
    sent = packed(Submission(text="", subject=subject), "subject", mask_pii=True).submission
    assert sent.subject is not None
    assert len(sent.subject) <= LONGEST_FIELD
    assert "ann" not in sent.subject


def test_a_cut_counts_the_characters_of_the_original() -> None:
    text = "joe.average@shop.example " * 100
    outgoing = pack(Submission(text=text), (), characters=500, mask_pii=True)
    [cut] = outgoing.incoming(Detection(score=0.5), "plain").signals
    assert f"Of {len(text)} characters" in str(cut.detail)


def test_a_long_text_is_cut_and_says_so() -> None:
    outgoing = packed(LONG, characters=1_000)
    assert len(outgoing.submission.text) <= 1_000
    assert outgoing.submission.text.startswith("00000 00001")
    assert outgoing.submission.text.endswith("00999 ")
    [cut] = outgoing.incoming(Detection(score=0.5), "plain").signals
    assert (cut.name, cut.weight, cut.source) == ("cut", 0.0, "plain")
    assert "6000" in str(cut.detail)


@pytest.mark.parametrize("word", ["00003 ", "00550", "00999"])
def test_spans_in_a_cut_text_lead_back(word: str) -> None:
    outgoing = packed(LONG, characters=2_000)
    at = outgoing.submission.text.index(word)
    found = Detection(
        score=0.5,
        signals=(
            Signal(name="a", weight=1, span=(at, at + len(word))),
            Signal(name="b", weight=1, span=(at, at)),
            Signal(name="c", weight=1, span=(1, 2), field="subject"),
            Signal(name="d", weight=1),
        ),
        pii=(Pii(type="phone", span=(at, at + len(word))),),
    )
    back = outgoing.incoming(found, "plain")
    [a, b, c, d, cut] = back.signals
    assert a.span is not None
    assert LONG.text[slice(*a.span)] == word
    assert b.span == (a.span[0], a.span[0])
    assert (c.span, d.span, cut.name) == ((1, 2), None, "cut")
    assert back.pii[0].span == a.span


def test_what_was_masked_is_put_back() -> None:
    outgoing = packed(FULL, mask_pii=True)
    found = Detection(
        score=0.5,
        sanitized_text="[REMOVED] to [EMAIL_1]",
        signals=(Signal(name="a", weight=1, span=(9, 18)),),
    )
    back = outgoing.incoming(found, "plain")
    assert back.sanitized_text == "[REMOVED] to ann@example.org"
    assert back.signals[0].span == (9, len(FULL.text))


def test_an_unchanged_text_needs_no_way_back() -> None:
    found = Detection(score=0.5, sanitized_text="x")
    assert packed(FULL, mask_pii=False).incoming(found, "plain") is found


def test_masked_and_cut() -> None:
    text = "ann@example.org " + "word " * 500 + "bob@example.org"
    outgoing = packed(Submission(text=text), characters=200, mask_pii=True)
    at = outgoing.submission.text.index("[EMAIL_2]")
    found = Detection(score=0.5, signals=(Signal(name="a", weight=1, span=(at, at + 9)),))
    [signal, _] = outgoing.incoming(found, "plain").signals
    assert signal.span is not None
    assert text[slice(*signal.span)] == "bob@example.org"


@pytest.mark.parametrize("letter", ["a", "é", "加", "\N{GRINNING FACE}"])
def test_a_text_is_cut_until_its_request_fits(letter: str) -> None:
    def size(outgoing: Outgoing) -> int:
        return 50 + len(outgoing.submission.text.encode())

    outgoing = packed(Submission(text=letter * 10_000), characters=9_000)
    fitting = fit(outgoing, size, 5_000)
    assert fitting is not None
    assert 3_500 < size(fitting) <= 5_000
    assert fit(fitting, size, 5_000) is fitting


def test_a_request_that_is_too_large_without_the_text() -> None:
    assert fit(packed(LONG), lambda outgoing: 5_000, 100 + SHORTEST) is None
