"""Links and ways to get in touch: how many there are, and what they hide."""

import re

from .finding import Finding, limited

# Every repetition is bounded or takes what no alternative could take, and a name starts where no
# name goes on: no text makes these patterns look at a character more than a fixed number of times.
_LINK = re.compile(
    r"(?:https?://|\bwww\.)[^\s<>\"'\]\[)]{1,2000}"
    r"|(?<![\w.@/-])(?:[a-z0-9-]{1,63}\.){1,4}"
    r"(?:com|net|org|info|biz|xyz|top|site|online|shop|club|click|link|live|icu|vip|win|bet|io|co|me|ru|cn|ly|gg|tk|su"
    r"|example|test)(?![\w.-])(?:/[^\s<>\"'\]\[)]{0,500})?"
)
_HOST = re.compile(r"(?:https?://)?(?P<login>[^/@\s]{1,200}@)?(?P<host>[^/:?#\s]{1,253})")
_IP_HOST = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}\Z")
_MAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,4}")
_MESSENGER = re.compile(
    r"\b(?:t\.me|telegram\.me|wa\.me|discord\.gg|bit\.ly/wa)\b|\b(?:telegram|whatsapp|wechat|viber)\b[^\w\n]{0,3}[@+]"
)
_WALLET = re.compile(r"\b(?:bc1[a-z0-9]{25,60}|0x[a-f0-9]{40})\b")
_SHORTENERS = frozenset(
    ["bit.ly", "cutt.ly", "goo.gl", "is.gd", "ow.ly", "rb.gy", "rebrand.ly", "s.id", "shorturl.at", "t.co", "t.ly", "tiny.cc", "tinyurl.com"]
)

MANY_TOTAL = 2.5
SHADY_TOTAL = 3.0


def find_links(low: str) -> list[Finding]:
    """What the links of a text say about it. One link in ordinary prose says nothing.

    Args:
        low: The text in lower case.
    """
    if "." not in low and "@" not in low and "0x" not in low and "bc1" not in low:
        return []
    links = list(_LINK.finditer(low))
    findings = _many(links)
    shady: list[Finding] = []
    for link in links:
        shady += _shady(link)
    for match in _MESSENGER.finditer(low):
        shady.append(Finding("messenger", 1.0, "It asks to write by a messenger.", *match.span()))
    for match in _WALLET.finditer(low):
        shady.append(Finding("wallet", 1.5, "It holds the number of a wallet.", *match.span()))
    if links and sum(link.end() - link.start() for link in links) * 2 > len(low):
        start, end = links[0].span()
        shady.append(Finding("mostly_links", 0.7, "It is a link and little else.", start, end))
    return findings + limited(shady, SHADY_TOTAL, 6)


def find_addresses(low: str) -> list[tuple[int, int]]:
    """Where e-mail addresses stand in a text.

    Args:
        low: The text in lower case.
    """
    return [match.span() for match in _MAIL.finditer(low)] if "@" in low else []


def has_link(low: str) -> bool:
    """Whether a text holds a link.

    Args:
        low: The text in lower case.
    """
    return "." in low and _LINK.search(low) is not None


def _many(links: list[re.Match[str]]) -> list[Finding]:
    if len(links) < 2:
        return []
    detail = f"{len(links)} links."
    found = [
        Finding("many_urls", 0.6 if number < 2 else 0.5, detail, *link.span())
        for number, link in enumerate(links[1:], 1)
    ]
    return limited(found, MANY_TOTAL, 6)


def _shady(link: re.Match[str]) -> list[Finding]:
    found: list[Finding] = []
    parts = _HOST.match(link.group())
    if parts is None:
        return found
    host = parts["host"].removeprefix("www.").rstrip(".")
    if parts["login"]:
        found.append(
            Finding("url_login", 2.0, "A link with a user name hides its host.", *link.span())
        )
    if _IP_HOST.match(host):
        found.append(Finding("ip_host", 1.2, "A link to a bare address.", *link.span()))
    if host in _SHORTENERS:
        found.append(Finding("shortener", 1.2, "A shortened link hides its host.", *link.span()))
    if "xn--" in host:
        found.append(Finding("punycode", 0.8, "A host written in punycode.", *link.span()))
    return found
