"""Who may ask: the keys of a gateway, and nobody from elsewhere where there are none."""

import hmac
import ipaddress
import secrets
from collections.abc import Iterable
from hashlib import blake2b

from starlette.types import Scope

from ...errors import ConfigurationError
from .wire import host_of

_FOREIGN = frozenset({b"forwarded", b"x-forwarded-for", b"x-real-ip", b"origin"})


class Keys:
    """The keys of a gateway, kept as digests only. Without any it is open to its own machine.

    Args:
        keys: As clients send them.

    Raises:
        ConfigurationError: A key is empty, or holds something that no header can carry.
    """

    def __init__(self, keys: Iterable[str]) -> None:
        if isinstance(keys, str):
            raise ConfigurationError("keys= takes a list of keys, and this is a single text.")
        given = list(dict.fromkeys(keys))
        if not all(key and key.isascii() and key.isprintable() and " " not in key for key in given):
            raise ConfigurationError("A key is made of ASCII letters, digits and signs; no blanks.")
        self._secret = secrets.token_bytes(32)
        self._digests = [self._digest(key) for key in given]

    def __repr__(self) -> str:
        return f"Keys({len(self._digests)})"

    @property
    def open(self) -> bool:
        """Whether there are none."""
        return not self._digests

    @property
    def owners(self) -> range:
        """A number for each key; open or not, there is at least one."""
        return range(len(self._digests) or 1)

    def owner(self, key: str | None) -> int | None:
        """Whose key this is; takes as long whatever it is.

        Args:
            key: As a client sent it.

        Returns:
            One of `owners`, or `None`: nobody's.
        """
        if self.open:
            return 0
        digest = self._digest(key or "")
        found = [hmac.compare_digest(digest, known) for known in self._digests]
        return found.index(True) if any(found) else None

    def _digest(self, key: str) -> bytes:
        return blake2b(key.encode("utf-8", "replace"), key=self._secret).digest()

    def admit(self, scope: Scope) -> bool:
        """Whether somebody may ask from where they are.

        With keys, from anywhere. Without, from this machine only: not through a proxy on it, behind
        which anybody may be, and not from a page in a browser on it, which anybody may have made.

        Args:
            scope: Of the request.
        """
        if not self.open:
            return True
        host = host_of(scope)
        names = {name.lower() for name, _ in scope["headers"]}
        return is_loopback(host) and not names & _FOREIGN


def is_loopback(host: str) -> bool:
    """Whether an address is one of this machine that no other reaches.

    Args:
        host: An address, or a name, of which only `localhost` is one.
    """
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host.lower() == "localhost"
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return address.is_loopback
