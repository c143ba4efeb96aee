import pytest
from hypothesis import given
from hypothesis import strategies as st

from fastapi_spamshield.detectors.masking import mask

TEXT = "Hi ann@example.org, is it ann@example.org or +49 30 1234567? Bye"
WORDS = st.sampled_from(["ann@example.org", "+49 30 1234567", "hello", "[EMAIL_1]", " ", "é", "9"])


def test_personal_data_becomes_placeholders() -> None:
    masked = mask(TEXT)
    assert masked.text == "Hi [EMAIL_1], is it [EMAIL_1] or [PHONE_2]? Bye"
    assert masked.restored(masked.text) == TEXT
    assert (
        masked.restored("[PHONE_2]: [REMOVED] [EMAIL_3]") == "+49 30 1234567: [REMOVED] [EMAIL_3]"
    )


@pytest.mark.parametrize(
    ("part", "original"),
    [
        ("Hi", "Hi"),
        ("[EMAIL_1]", "ann@example.org"),
        ("MAIL", "ann@example.org"),
        ("Hi [EM", "Hi ann@example.org"),
        ("L_1], is", "ann@example.org, is"),
        (", is it ", ", is it "),
        ("[PHONE_2]", "+49 30 1234567"),
        ("2]? Bye", "+49 30 1234567? Bye"),
        ("Bye", "Bye"),
    ],
)
def test_spans_lead_back(part: str, original: str) -> None:
    masked = mask(TEXT)
    at = masked.text.index(part)
    start, end = masked.original((at, at + len(part)))
    assert TEXT[start:end] == original


def test_a_text_without_any_stays_as_it_is() -> None:
    masked = mask("hello")
    assert (masked.text, masked.pieces) == ("hello", ())
    assert masked.original((1, 3)) == (1, 3)
    assert masked.restored("[EMAIL_1]") == "[EMAIL_1]"


def test_nobody_gets_it_by_writing_a_placeholder() -> None:
    masked = mask("[EMAIL_1] [EMAIL_1_10] ann@example.org")
    assert masked.text == "[EMAIL_1] [EMAIL_1_10] [EMAIL_1_100]"
    assert masked.restored("[EMAIL_1] [EMAIL_1_100]") == "[EMAIL_1] ann@example.org"


@given(st.lists(WORDS, max_size=12).map("".join))
def test_it_can_always_be_put_back(text: str) -> None:
    masked = mask(text)
    assert masked.restored(masked.text) == text
    assert masked.original((0, len(masked.text))) == (0, len(text))
    for piece in masked.pieces:
        span = (piece.at, piece.at + len(piece.placeholder))
        assert text[slice(*masked.original(span))] == piece.original


def test_nothing_personal_is_shown() -> None:
    assert "ann" not in repr(mask(TEXT))
    assert "1234567" not in repr(mask(TEXT).pieces)
