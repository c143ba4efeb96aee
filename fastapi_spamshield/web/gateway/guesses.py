"""Whose key it is, and a stop for whoever tries one after another."""

import ipaddress
from collections import deque

from cachetools import LRUCache

from ...errors import ConfigurationError, DetectorError
from .keys import Keys
from .limits import Clock

MINUTE = 60.0
PLACES = 10_000
"""So many places are remembered; those that were seen longest ago are forgotten."""


class Guesses:
    """Looks keys up, and refuses to where too many wrong ones came from.

    It has to refuse right ones too, or they would be found out as quickly as ever. But whoever has
    shown a key at a place before may go on with it there: behind a proxy all have one address, and
    nobody there shall be able to shut the others out.

    Args:
        keys: Those that are good.
        allowed: Wrong keys in any 60 seconds from one address, or from one /64 network of IPv6.
        clock: Tells the time.

    Raises:
        ConfigurationError: `allowed` is below 1.
    """

    def __init__(self, keys: Keys, allowed: int, clock: Clock) -> None:
        if allowed < 1:
            raise ConfigurationError(f"wrong_keys={allowed}: write at least 1.")
        self._keys = keys
        self._allowed = allowed
        self._clock = clock
        self._wrong: LRUCache[str, deque[float]] = LRUCache(PLACES)
        self._shown: LRUCache[tuple[str, int], bool] = LRUCache(PLACES)

    def owner(self, key: str | None, host: str) -> int:
        """Whose key it is.

        Args:
            key: As a client sent it; none at all is no guess.
            host: The client's address.

        Raises:
            DetectorError: `auth`: nobody's; `rate_limited`: too many wrong ones came from there.
        """
        owner = self._keys.owner(key)
        if self._keys.open:
            return owner or 0
        if not key:
            raise DetectorError("auth")
        place = place_of(host)
        if owner is None or (place, owner) not in self._shown:
            self._require_patience(place)
        if owner is None:
            self._wrong.setdefault(place, deque(maxlen=self._allowed)).append(self._clock())
            raise DetectorError("auth")
        self._shown[place, owner] = True
        return owner

    def _require_patience(self, place: str) -> None:
        wrong = self._wrong.get(place)
        if wrong is not None and len(wrong) == self._allowed:
            wait = wrong[0] + MINUTE - self._clock()
            if wait > 0:
                raise DetectorError("rate_limited", retry_after=wait)


def place_of(host: str) -> str:
    """What somebody can't change about an address: of IPv6 they have a whole network.

    Args:
        host: An address, or whatever a server puts there.
    """
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((int(address), 64), strict=False))
    return host
