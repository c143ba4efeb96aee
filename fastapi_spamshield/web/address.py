"""Whose address a connection comes from, when proxies stand between."""

import functools
import re
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from starlette.requests import HTTPConnection

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_FOR = re.compile(r'(?:^|;)\s*for\s*=\s*("[^"]*"|[^;\s"]*)', re.IGNORECASE)


def client_address(connection: HTTPConnection, trusted: Iterable[Network]) -> str | None:
    """The sender's address; `None` where the server does not know one.

    A header is believed only as far as trusted proxies wrote it: from the right, up to the first
    address that is not one of theirs. Where `X-Forwarded-For` and `Forwarded` disagree, one of the
    two is the sender's invention, and the connection's own address is all that is known.

    Args:
        connection: The request or the WebSocket.
        trusted: The networks of one's own proxies; empty: no header is read.

    See RFC 7239 for `Forwarded`.
    """
    client = connection.scope.get("client")
    if not client:
        return None
    networks = tuple(trusted)
    peer = _parse(client[0]) if networks else None
    if peer is None or not _is_trusted(peer, networks):
        return _text(client[0])
    chains = [
        _hops(connection.headers.getlist("x-forwarded-for")),
        [_forwarded_for(hop) for hop in _hops(connection.headers.getlist("forwarded"))],
    ]
    answers = {_last_untrusted(peer, chain, networks) for chain in chains if chain}
    return str(answers.pop() if len(answers) == 1 else peer)


def _hops(lines: Iterable[str]) -> list[str]:
    return [hop.strip() for line in lines for hop in line.split(",")]


def _forwarded_for(hop: str) -> str:
    found = _FOR.search(hop)
    return found.group(1).strip('"') if found else ""


def _last_untrusted(peer: Address, chain: list[str], trusted: tuple[Network, ...]) -> Address:
    nearest = peer
    for hop in reversed(chain):
        address = _parse(hop)
        if address is None:  # `unknown`, `_hidden` or junk: whoever stands behind it is not known
            break
        nearest = address
        if not _is_trusted(address, trusted):
            break
    return nearest


def _is_trusted(address: Address, trusted: tuple[Network, ...]) -> bool:
    return any(address in network for network in trusted)


@functools.lru_cache(maxsize=1024)
def _text(address: str) -> str | None:
    parsed = _parse(address)
    return None if parsed is None else str(parsed)


@functools.lru_cache(maxsize=1024)
def _parse(text: str) -> Address | None:
    if text.startswith("["):  # [2001:db8::1]:4711
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:  # 192.0.2.1:4711
        text = text.partition(":")[0]
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
