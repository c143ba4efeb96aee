import pytest
from hypothesis import given
from hypothesis import strategies as st

from fastapi_spamshield.pii import find_pii


def found(text: str) -> list[tuple[str, str]]:
    return [(one.type, text[one.start : one.end]) for one in find_pii(text)]


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("email", "ann@example.org"),
        ("email", "ann.b+news@mail.ex-ample.co.uk"),
        ("email", "jörg@müller.de"),
        ("iban", "DE89 3704 0044 0532 0130 00"),
        ("iban", "GB82WEST12345698765432"),
        ("iban", "gb82 west 1234 5698 7654 32"),
        ("iban", "NO9386011117947"),
        ("iban", "MT84MALT011000012345MTLCAST001S"),
        ("card", "4111 1111 1111 1111"),
        ("card", "4111-1111-1111-1111"),
        ("card", "378282246310005"),
        ("card", "6011000990139424"),
        ("ssn", "078-05-1120"),
        ("ssn", "078 05 1120"),
        ("ip", "192.0.2.17"),
        ("ip", "2001:db8::1"),
        ("ip", "::1"),
        ("ip", "fe80:0:0:0:1:2:3:4"),
        ("phone", "+49 30 1234567"),
        ("phone", "+49 (0)30 123-4567"),
        ("phone", "+493012345678"),
        ("phone", "0044 20 7946 0958"),
        ("phone", "030 1234567"),
        ("phone", "(030) 123 45 67"),
        ("phone", "030/1234567"),
        ("phone", "(555) 234-5678"),
        ("phone", "555-234-5678"),
        ("phone", "+1 555.234.5678"),
    ],
)
@pytest.mark.parametrize("frame", ["{}", "I am {}, you?", "[{}]", "a: {}\nb"])
def test_what_is_found(kind: str, value: str, frame: str) -> None:
    assert found(frame.format(value)) == [(kind, value)]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nothing at all",
        "@ann and a@b",
        "ann@localhost",
        "4111 1111 1111 1112",
        "0000 0000 0000 0000",
        "DE88370400440532013000",
        "12345678901234567890123",
        "000-12-3456",
        "666-12-3456",
        "999.1.1.1",
        "version 1.2.3.4.5",
        "at 12:30 or 12:30:45",
        "std::vector :: x",
        "on 01.02.2024 or 2024-02-01",
        "order 123456789",
        "0,99 for 100 of 2000",
        "1 000 000",
    ],
)
def test_what_is_none(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize("text", ["078-00-1120", "078-05-0000", "078-05 1120", "978-05-1120"])
def test_what_is_no_ssn(text: str) -> None:
    assert "ssn" not in dict(found(text))


def test_the_words_behind_an_iban_are_none_of_it() -> None:
    assert found("DE89 3704 0044 0532 0130 00 THANKS A LOT") == [
        ("iban", "DE89 3704 0044 0532 0130 00")
    ]


def test_several_stand_in_order_and_none_in_another() -> None:
    assert found("ann@192.0.2.1.example.org, 192.0.2.1 or +49 30 1234567") == [
        ("email", "ann@192.0.2.1.example.org"),
        ("ip", "192.0.2.1"),
        ("phone", "+49 30 1234567"),
    ]


@given(st.text(st.sampled_from("a1.@-:+ ()0/Ä٣"), max_size=80))
def test_spans_lie_in_the_text_and_apart(text: str) -> None:
    end = 0
    for one in find_pii(text):
        assert end <= one.start < one.end <= len(text)
        end = one.end
