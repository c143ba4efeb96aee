"""Links: how many there are, and what they hide."""

import re

from .finding import Finding, limited

# Every repetition is bounded or takes what no alternative could take, and a name starts where no
# name goes on: no text makes these patterns look at a character more than a fixed number of times.
_LINK = re.compile(
    r"(?:https?://|\bwww\.)[^\s<>\"'\]\[)/?#:][^\s<>\"'\]\[)]{0,2000}"
    r"|(?<![\w.@/-])(?:[a-z0-9-]{1,63}\.){1,4}"
    r"(?:com|net|org|info|biz|xyz|top|site|online|shop|club|click|link|live|icu|vip|win|bet|io|co|me"
    r"|ru|cn|ly|gg|tk|su|example|test)(?![\w.(-])(?:/[^\s<>\"'\]\[)]{0,500})?"
)
_DOTTED = re.compile(r"\.[a-z]")
_AUTHORITY_END = re.compile(r"[/?#]")
_IP_HOST = re.compile(r"\A\d{1,3}(?:\.\d{1,3}){3}\Z")
_OWN_NETWORK = re.compile(r"\A(?:0|10|127|192\.168|169\.254|172\.(?:1[6-9]|2\d|3[01]))\.")
_MAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,4}")
_SHORTENERS = frozenset(
    [
        *("bit.ly", "cutt.ly", "goo.gl", "is.gd", "ow.ly", "rb.gy", "rebrand.ly", "s.id"),
        *("shorturl.at", "t.co", "t.ly", "tiny.cc", "tinyurl.com"),
    ]
)

OTHER_HOST = 0.4
SAME_HOST = 0.15
MANY_TOTAL = 2.0
SHADY_TOTAL = 3.0


def find_links(low: str) -> list[Finding]:
    """What the links of a text say about it. One link in ordinary prose says nothing.

    Args:
        low: The text in lower case.
    """
    if not _may_link(low):
        return []
    links = list(_LINK.finditer(low))
    hosts = [_host(link.group()) for link in links]
    shady: list[Finding] = []
    for link, (login, host) in zip(links, hosts, strict=True):
        shady += _shady(link, host, login=login)
    if links and sum(link.end() - link.start() for link in links) * 2 > len(low):
        start, end = links[0].span()
        shady.append(Finding("mostly_links", 0.7, "It is a link and little else.", start, end))
    return [*_many(links, [host for _, host in hosts]), *limited(shady, SHADY_TOTAL, 6)]


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
    return _may_link(low) and _LINK.search(low) is not None


def _may_link(low: str) -> bool:
    return "://" in low or _DOTTED.search(low) is not None


def _host(link: str) -> tuple[bool, str]:
    rest = link.removeprefix("https://").removeprefix("http://")
    login, _, host = _AUTHORITY_END.split(rest, maxsplit=1)[0].rpartition("@")
    return login != "", host.partition(":")[0].removeprefix("www.").rstrip(".")


def _many(links: list[re.Match[str]], hosts: list[str]) -> list[Finding]:
    detail = f"{len(links)} links."
    seen = set(hosts[:1])
    found: list[Finding] = []
    for link, host in zip(links[1:], hosts[1:], strict=True):
        weight = SAME_HOST if host in seen else OTHER_HOST
        seen.add(host)
        found.append(Finding("many_urls", weight, detail, *link.span()))
    return limited(found, MANY_TOTAL, 6)


def _shady(link: re.Match[str], host: str, *, login: bool) -> list[Finding]:
    span = link.span()
    found: list[Finding] = []
    if login:
        found.append(Finding("url_login", 2.0, "A link with a user name hides its host.", *span))
    if _IP_HOST.match(host) and not _OWN_NETWORK.match(host):
        found.append(Finding("ip_host", 1.2, "A link to a bare address.", *span))
    if host in _SHORTENERS:
        found.append(Finding("shortener", 1.2, "A shortened link hides its host.", *span))
    if "xn--" in host:
        found.append(Finding("punycode", 0.8, "A host written in punycode.", *span))
    return found
