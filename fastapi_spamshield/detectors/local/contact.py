"""Ways to get in touch that lead away from the site: messengers, premium numbers, wallets."""

import re
from collections.abc import Set as AbstractSet

from .finding import Finding, find_after, find_all, limited

_LINK = re.compile(r"(?:(?:t|telegram|wa|line)\.me|discord\.gg)\b")
_WAYS = frozenset(
    (
        *(
            "telegram",
            "tele",
            "tg",
            "whatsapp",
            "whats",
            "wasap",
            "wechat",
            "weixin",
            "vx",
            "viber",
        ),
        *("skype", "zalo", "kik", "snapchat", "ig", "imo", "телеграмм", "телеграм", "тг"),
        *(
            "вотсап",
            "ватсап",
            "вайбер",
            "واتساب",
            "واتس",
            "تلگرام",
            "تلجرام",
            "카톡",
            "텔레",
            "텔레그램",
        ),
    )
)
_HANDLE = re.compile(
    rf"(?:whats app|{'|'.join(sorted(_WAYS - {'whats'}, key=len, reverse=True))})"
    r"\b[^\w\n]{0,4}(?:(?:id|no|me|us|on|at|number|nr|только)\b[^\w\n]{0,4}){0,2}[@+\d]"
)
_UNSPACED_HANDLE = re.compile(r"(?:微信|薇信|威信|v信|加v|加q|飞机)号?[^\w\n]{0,3}[a-z0-9@]")
_CALLS = frozenset(("call", "txt", "text", "sms", "send", "reply", "ring", "dial", "contact"))
_CALL = re.compile(
    r"(?:call|txt|text|sms|send|reply|ring|dial|contact)\b(?:[^\w\n]{1,3}[a-z]{1,12}){0,4}"
    r"[^\w\n+]{1,3}\+?\d(?:[ ()-]?\d){4,14}(?!\w)"
)
_PENCE = re.compile(
    r"[0-9](?<!\w.)[0-9]{1,2}p"
    r"(?:[^\w\n]{0,3}(?:per|a)?[^\w\n]{0,3}(?:msg|min|text|txt|sms|wk|week)|pm\b)"
)
_RATE = re.compile(r"[\u00a3$\u20ac]\d(?:\.\d\d)?[^\w\n]{0,2}(?:per |a )?(?:msg|min|wk)\b")
_TERMS = re.compile(r"t(?<!\w.)(?:s?&c|&amp;c|'s ?& ?c)(?:'?s)?\b")
_KEYWORD = re.compile(r"te?xt [a-z]{2,12} to \d{4,6}\b")
_WALLET = re.compile(r"\b(?:bc1[a-z0-9]{25,60}|0x[a-f0-9]{40})\b")

_LINKED = ("t.me", "telegram.me", "wa.me", "line.me", "discord.gg")
_UNITS = frozenset(("msg", "min", "wk"))
_TEXTS = frozenset(("txt", "text"))

TOTAL = 3.0


_MESSENGER = Finding("messenger", 1.4, "It asks to write by a messenger.")
_MESSENGER_LINK = _MESSENGER._replace(weight=1.0)
_NUMBER = Finding("call_number", 1.0, "It asks to call or to text a number.")
_PREMIUM = Finding("premium_rate", 2.2, "Wording of messages that cost money.")


def find_contacts(
    low: str, vocabulary: AbstractSet[str], *, unspaced: bool = True
) -> list[Finding]:
    """The ways to get in touch that a text names.

    Args:
        low: The text in lower case.
        vocabulary: Its words.
        unspaced: Whether it could hold words without spaces between them.
    """
    found: list[Finding] = []
    if ".me" in low or ".gg" in low:
        found += find_after(_LINKED, _LINK, low, _MESSENGER_LINK)
    if unspaced:
        found += find_all(_UNSPACED_HANDLE, low, *_MESSENGER[:3])
    found += find_after(_WAYS & vocabulary, _HANDLE, low, _MESSENGER)
    found += find_after(_CALLS & vocabulary, _CALL, low, _NUMBER)
    found += find_all(_PENCE, low, *_PREMIUM[:3])
    if not _UNITS.isdisjoint(vocabulary):
        found += find_all(_RATE, low, *_PREMIUM[:3])
    if "&" in low:
        found += find_all(_TERMS, low, *_PREMIUM[:3])
    found += find_after(_TEXTS & vocabulary, _KEYWORD, low, _PREMIUM)
    if "bc1" in low or "0x" in low:
        found += find_all(_WALLET, low, "wallet", 1.5, "It holds the number of a wallet.")
    return limited(found, TOTAL, 6)
