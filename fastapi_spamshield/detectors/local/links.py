"""Links: how many there are, and what they hide."""

import re
import string
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from .finding import Finding, limited

# Every repetition is bounded or takes what no alternative could take, and each pattern starts with
# characters that most texts do not hold: `re` skips what lies between them at little cost.
_BEHIND = r"[^\s<>\"'\]\[)]"
_SCHEME = re.compile(rf"https?://[^\s<>\"'\]\[)/?#:]{_BEHIND}{{0,2000}}")
_WWW = re.compile(rf"www\.(?<!\w....)[^\s<>\"'\]\[)/?#:]{_BEHIND}{{0,2000}}")
_KNOWN_END = re.compile(
    r"\.(?:com|net|org|info|biz|xyz|top|site|online|shop|club|click|link|live|icu|vip|win|bet|io|co"
    rf"|me|ru|cn|ly|gg|tk|su|example|test)(?![\w.(-])(?:/{_BEHIND}{{0,500}})?"
)
_LABELS = re.compile(r"(?<![\w.@/-])(?:[a-z0-9-]{1,63}\.){0,3}[a-z0-9-]{1,63}\Z")
_OF_HOSTS = f"{string.ascii_lowercase}{string.digits}.-"
_LONGEST_HOST = 256
_HEAD = re.compile(r"(?:https?://)?(?:www\.)?")
_AUTHORITY_END = re.compile(r"[/?#]")
_IP_HOST = re.compile(r"\A\d{1,3}(?:\.\d{1,3}){3}\Z")
_OWN_NETWORK = re.compile(r"\A(?:0|10|127|192\.168|169\.254|172\.(?:1[6-9]|2\d|3[01]))\.")
_MAIL_NAME = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}\Z")
_MAIL_HOST = re.compile(r"@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,4}")
_LONGEST_NAME = 64
_SHORTENERS = frozenset(
    [
        *("bit.ly", "cutt.ly", "goo.gl", "is.gd", "ow.ly", "rb.gy", "rebrand.ly", "s.id"),
        *("shorturl.at", "t.co", "t.ly", "tiny.cc", "tinyurl.com"),
    ]
)

_PLACEHOLDER = "example"
SCHEME = 2
"""What the model reads instead of `https://` and `www.`."""
TOP_DOMAIN = 3
"""What it reads instead of the last part of a host: `.com` and `.example` are the same."""

OTHER_HOST = 0.4
SAME_HOST = 0.15
MANY_TOTAL = 2.0
SHADY_TOTAL = 3.0


class Link(NamedTuple):
    """A link in a text.

    Attributes:
        start: Its first character.
        end: One past its last.
        body: Where it begins without scheme and `www.`.
        path: Where what follows the host begins.
        host: In lower case, without `www.`.
        login: Whether a user name stands before the host.
    """

    start: int
    end: int
    body: int
    path: int
    host: str
    login: bool


def links_of(low: str) -> list[Link]:
    """The links in a text, in their order.

    Args:
        low: The text in lower case.
    """
    if "." not in low and "://" not in low:
        return []
    spans = [match.span() for match in _SCHEME.finditer(low)] if "://" in low else []
    if "www." in low:
        spans += [match.span() for match in _WWW.finditer(low)]
    spans += _bare(low)
    found: list[Link] = []
    behind = 0
    for start, end in sorted(spans):
        if start >= behind:
            found.append(_link(low, start, end))
            behind = end
    return found


def _bare(low: str) -> Iterator[tuple[int, int]]:
    """Hosts without a scheme: known by how they end, thus read from there."""
    behind = 0
    for end in _KNOWN_END.finditer(low):
        before = low[max(behind, end.start() - _LONGEST_HOST) : end.start()]
        start = end.start() - len(before) + len(before.rstrip(_OF_HOSTS))
        host = _LABELS.search(low, start, end.start())
        if host:
            yield host.start(), end.end()
            behind = end.end()


def _link(low: str, start: int, end: int) -> Link:
    head = _HEAD.match(low, start, end)
    body = head.end() if head else start
    slash = _AUTHORITY_END.search(low, body, end)
    path = slash.start() if slash else end
    login, _, host = low[body:path].rpartition("@")
    host = host.partition(":")[0].removeprefix("www.").rstrip(".")
    return Link(start, end, body, path, host, login != "")


def find_links(low: str, links: Sequence[Link]) -> list[Finding]:
    """What the links of a text say about it. One link in ordinary prose says nothing.

    Args:
        low: The text in lower case.
        links: Those in it.
    """
    if not links:
        return []
    shady = [finding for link in links for finding in _shady(link)]
    if sum(link.end - link.start for link in links) * 2 > len(low):
        detail = "It is a link and little else."
        shady.append(Finding("mostly_links", 0.7, detail, links[0].start, links[0].end))
    return [*_many(links), *limited(shady, SHADY_TOTAL, 6)]


def find_addresses(low: str) -> list[tuple[int, int]]:
    """Where e-mail addresses stand in a text.

    Args:
        low: The text in lower case.
    """
    found: list[tuple[int, int]] = []
    at = low.find("@")
    while at >= 0:
        name = _MAIL_NAME.search(low, max(at - _LONGEST_NAME, 0), at)
        host = _MAIL_HOST.match(low, at)
        if name and host:
            found.append((name.start(), host.end()))
        at = low.find("@", host.end() if host else at + 1)
    return found


def masks_of(low: str, links: Sequence[Link]) -> Iterator[tuple[int, int, int]]:
    """What says nothing about a text: schemes and top-level domains.

    Args:
        low: The text in lower case.
        links: Those in it.
    """
    for link in links:
        if link.body > link.start:
            yield link.start, link.body, SCHEME
        if low.rfind(".", link.body, link.path) >= 0:
            yield _top(low, link.body, link.path), link.path, TOP_DOMAIN
    for start, end in find_addresses(low):
        yield _top(low, start, end), end, TOP_DOMAIN


def _top(low: str, start: int, end: int) -> int:
    """Where the top-level domain of a host begins, or `example.com` and the like as a whole."""
    dot = low.rindex(".", start, end)
    name = dot - len(_PLACEHOLDER)
    return name if name >= start and low.startswith(_PLACEHOLDER, name) else dot


def _many(links: Sequence[Link]) -> list[Finding]:
    detail = f"{len(links)} links."
    seen = {links[0].host}
    found: list[Finding] = []
    for link in links[1:]:
        weight = SAME_HOST if link.host in seen else OTHER_HOST
        seen.add(link.host)
        found.append(Finding("many_urls", weight, detail, link.start, link.end))
    return limited(found, MANY_TOTAL, 6)


def _shady(link: Link) -> list[Finding]:
    span = (link.start, link.end)
    found: list[Finding] = []
    if link.login:
        found.append(Finding("url_login", 2.0, "A link with a user name hides its host.", *span))
    if _IP_HOST.match(link.host) and not _OWN_NETWORK.match(link.host):
        found.append(Finding("ip_host", 1.2, "A link to a bare address.", *span))
    if link.host in _SHORTENERS:
        found.append(Finding("shortener", 1.2, "A shortened link hides its host.", *span))
    if "xn--" in link.host:
        found.append(Finding("punycode", 0.8, "A host written in punycode.", *span))
    return found
