"""Ways to get in touch that lead away from the site: messengers, premium numbers, wallets."""

import re
from collections.abc import Set as AbstractSet

from .finding import Finding, find_all, limited

_DIGIT = re.compile(r"[0-9]")
_LINK = re.compile(r"\b(?:t\.me|telegram\.me|wa\.me|discord\.gg|line\.me)\b")
_HANDLE = re.compile(
    r"\b(?:telegram|tele|tg|whats ?app|wasap|wechat|weixin|vx|viber|skype|zalo|kik|snapchat|ig|imo"
    r"|телеграмм?|тг|вотсап|ватсап|вайбер|واتساب|واتس|تلگرام|تلجرام|카톡|텔레|텔레그램)"
    r"\b[^\w\n]{0,4}(?:(?:id|no|me|us|on|at|number|nr|только)\b[^\w\n]{0,4}){0,2}[@+\d]"
)
_UNSPACED_HANDLE = re.compile(r"(?:微信|薇信|威信|v信|加v|加q|飞机)号?[^\w\n]{0,3}[a-z0-9@]")
_CALL = re.compile(
    r"\b(?:call|txt|text|sms|send|reply|ring|dial|contact)\b(?:[^\w\n]{1,3}[a-z]{1,12}){0,4}"
    r"[^\w\n+]{1,3}\+?\d(?:[ ()-]?\d){4,14}(?!\w)"
)
_PREMIUM = re.compile(
    r"\b\d{2,3}p(?:[^\w\n]{0,3}(?:per|a)?[^\w\n]{0,3}(?:msg|min|text|txt|sms|wk|week)|pm\b)"
    r"|[\u00a3$\u20ac]\d(?:\.\d\d)?[^\w\n]{0,2}(?:per |a )?(?:msg|min|wk)\b"
    r"|\bt(?:&amp;|&)c'?s?\b|\bt's ?& ?c's\b|\bts&cs\b|\b(?:txt|text) [a-z]{2,12} to \d{4,6}\b"
)
_WALLET = re.compile(r"\b(?:bc1[a-z0-9]{25,60}|0x[a-f0-9]{40})\b")

TOTAL = 3.0
_BY_MESSENGER = "It asks to write by a messenger."


_HANDLE_WORDS = frozenset(
    (
        *("telegram", "tele", "tg", "whatsapp", "whats", "wasap", "wechat", "weixin", "vx", "viber"),
        *("skype", "zalo", "kik", "snapchat", "ig", "imo", "телеграмм", "телеграм", "тг", "вотсап"),
        *("ватсап", "вайбер", "واتساب", "واتس", "تلگرام", "تلجرام", "카톡", "텔레", "텔레그램"),
    )
)
_CALL_WORDS = frozenset(
    ("call", "txt", "text", "sms", "send", "reply", "ring", "dial", "contact")
)
_PENCE = re.compile(r"[0-9]p")


def find_contacts(low: str, vocabulary: AbstractSet[str]) -> list[Finding]:
    """The ways to get in touch that a text names.

    Args:
        low: The text in lower case.
        vocabulary: Its words.
    """
    found: list[Finding] = []
    if ".me" in low or ".gg" in low:
        found += find_all(_LINK, low, "messenger", 1.0, _BY_MESSENGER)
    if not low.isascii():
        found += find_all(_UNSPACED_HANDLE, low, "messenger", 1.4, _BY_MESSENGER)
    # One look-up of all words tells that most texts hold nothing to look for.
    if not _HANDLE_WORDS.isdisjoint(vocabulary):
        found += find_all(_HANDLE, low, "messenger", 1.4, _BY_MESSENGER)
    if not _CALL_WORDS.isdisjoint(vocabulary) and _DIGIT.search(low):
        found += find_all(_CALL, low, "call_number", 1.0, "It asks to call or to text a number.")
    if _may_cost(low, vocabulary):
        found += find_all(
            _PREMIUM, low, "premium_rate", 2.2, "Wording of messages that cost money."
        )
    if "bc1" in low or "0x" in low:
        found += find_all(_WALLET, low, "wallet", 1.5, "It holds the number of a wallet.")
    return limited(found, TOTAL, 6)


def _may_cost(low: str, vocabulary: AbstractSet[str]) -> bool:
    if "&" in low or "txt" in vocabulary or "text" in vocabulary:
        return True
    if any(sign in low for sign in "\u00a3$\u20ac"):
        return True
    return _PENCE.search(low) is not None
