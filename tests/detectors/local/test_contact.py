import pytest

from fastapi_spamshield.detectors.local.contact import find_contacts
from fastapi_spamshield.detectors.local.pieces import pieces_of
from fastapi_spamshield.detectors.local.wording import vocabulary_of
from tests.detectors.local.judging import names, seen


@pytest.mark.parametrize(
    ("text", "name", "weight", "words"),
    [
        ("See https://t.me/somebody", "messenger", 1.0, "t.me"),
        ("Join discord.gg/abc please", "messenger", 1.0, "discord.gg"),
        ("my Telegram: @deals_today", "messenger", 1.4, "Telegram: @"),
        ("WhatsApp me on +44 7700 900123", "messenger", 1.4, "WhatsApp me on +4"),
        ("пишите, телеграм @vasya_pro", "messenger", 1.4, "телеграм @"),
        ("有意者加V信abc123", "messenger", 1.4, "V信a"),
        ("Call now on 0800 123 4567 today", "call_number", 1.0, "Call now on 0800 123 4567"),
        ("text 80086 for it", "call_number", 1.0, "text 80086"),
        ("costs 150p per msg they say", "premium_rate", 2.2, "150p per msg"),
        ("only £1.50/msg from us", "premium_rate", 2.2, "£1.50/msg"),
        ("T&Cs apply as ever", "premium_rate", 2.2, "T&Cs"),
        ("text WIN to 80086 for it", "premium_rate", 2.2, "text WIN to 80086"),
        (f"send to bc1{'q' * 38} soon", "wallet", 1.5, "bc1" + "q" * 38),
        (f"or 0x{'aB' * 20}.", "wallet", 1.5, "0x" + "aB" * 20),
    ],
)
def test_what_it_sees(text: str, name: str, weight: float, words: str) -> None:
    assert (name, weight, words) in seen(text)


@pytest.mark.parametrize(
    "text",
    [
        "I read about it on Telegram, and on WhatsApp too.",
        "Does the signal reach you at 8?",
        "Call me when you are home, or text me back.",
        "I called 3 times and sent 2 letters.",
        "@anna the fix is in 0x7fff5fbff8c8, see line 12",
        "Meet at 19:30 in room 204, platform 7.",
        "The bug is in commit 0xdeadbeef, 12p wide",
        "微信公众号的文章写得很好",
    ],
)
def test_what_it_leaves_alone(text: str) -> None:
    assert names(text).isdisjoint({"messenger", "call_number", "premium_rate", "wallet"})


def test_together_they_are_limited() -> None:
    low = "t&cs. txt win to 80086. whatsapp +1. call 08001234567. t.me/x 150p/msg"
    found = find_contacts(low, vocabulary_of(pieces_of(low)))
    assert sum(finding.weight for finding in found) == pytest.approx(3.0)
