"""Form tokens: a form that was shown by this application, when, for what, and to whom.

A token is 66 bytes in 88 characters of base64url (RFC 4648, section 5):

    8 bytes     milliseconds since 1970, unsigned, most significant byte first
    14 bytes    a random id
    12 bytes    what it is bound to: the start of a keyed hash of purpose and session
    32 bytes    keyed BLAKE2b (RFC 7693) over the three, each with its length in front

It says nothing to whoever has no secret, and its length never changes, so that a longer one is
known to be forged before anything is computed.
"""

import base64
import hashlib
import logging
import re
import secrets
import time
from collections.abc import Callable, Iterable
from hmac import compare_digest
from typing import Final, NamedTuple, TypedDict
from uuid import UUID

from pydantic import SecretStr

from .cache import fingerprint
from .deadline import within
from .errors import ConfigurationError, describe
from .models import FormTokenState
from .used_tokens import MemoryUsedTokens, UsedTokens

logger: logging.Logger = logging.getLogger("fastapi_spamshield")

FormSession = str | int | UUID | None
"""What else a token is bound to: the id of a session or of a user; `None`: to nothing."""

SKEW: Final = 60.0
"""Seconds that the clock of another machine may be ahead."""

_ID = slice(8, 22)
_BOUND = slice(22, 34)
_MAC = slice(34, 66)
_WELL_FORMED = re.compile(r"[A-Za-z0-9_-]{88}")


class FormContext(TypedDict, total=False):
    """The fields of a `Submission` that a form's token fills."""

    form_token: FormTokenState
    elapsed: float


class FormTokenReading(NamedTuple):
    """What a form's token says.

    Attributes:
        state: What became of it.
        elapsed: Seconds since the form was shown, by the clocks of the application; `None` where
            there is no genuine token, or where two of these clocks do not agree.
        id: Its random id; `None` where there is no genuine token.
        seconds: How long it is still good.
    """

    state: FormTokenState
    elapsed: float | None = None
    id: str | None = None
    seconds: float = 0.0

    def context(self) -> FormContext:
        """The fields of a `Submission` that it fills: `shield.check(text, **reading.context())`."""
        if self.elapsed is None:
            return {"form_token": self.state}
        return {"form_token": self.state, "elapsed": self.elapsed}


class FormTokens:
    """Makes form tokens and reads them.

    Args:
        given: Secrets. The first one signs, all of them are good for reading, so that a new one can
            be put in front of the old. None: a random one, which only this process knows.
        lifetime: Seconds that a token is good for.
        timeout: Seconds that `used` may take.
        used: Remembers which were used. Default: one in memory.
        clock: Seconds since 1970.
    """

    def __init__(
        self,
        given: Iterable[SecretStr] = (),
        *,
        lifetime: float,
        timeout: float,
        used: UsedTokens | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        keys = [_key(secret.get_secret_value().encode()) for secret in given]
        self._is_random = not keys
        self._keys = keys or [_key(secrets.token_bytes(32))]
        self._lifetime = lifetime
        self._timeout = timeout
        self._used: UsedTokens = MemoryUsedTokens() if used is None else used
        self._clock = clock

    @property
    def never_waits(self) -> bool:
        """Whether `claim` and `release` need no event loop."""
        return type(self._used) is MemoryUsedTokens

    def make(self, purpose: str, *, session: FormSession = None, age: float = 0.0) -> str:
        """A new token, for a form that is being shown.

        Args:
            purpose: What the form is for.
            session: What else it is bound to.
            age: Seconds ago that the form was shown; for tests.

        Raises:
            ConfigurationError: `session` is of another type.
        """
        if self._is_random:
            self._is_random = False
            logger.warning(
                "SPAMSHIELD_SECRET is not set: form tokens are signed with a random secret of this "
                "process. Other workers will not know them, and neither will this one after a "
                "restart"
            )
        key = self._keys[0]
        made = max(round((self._clock() - age) * 1_000), 0).to_bytes(8)
        content = made + secrets.token_bytes(14) + _bound(key, purpose, session)
        return base64.urlsafe_b64encode(content + _mac(key, content)).decode()

    def read(
        self, token: str | None, purpose: str, *, session: FormSession = None
    ) -> FormTokenReading:
        """What a token says, without using it up; `claim` comes next.

        Args:
            token: What the form sent.
            purpose: What the form is for.
            session: What else it has to be bound to.

        Raises:
            ConfigurationError: `session` is of another type.
        """
        if not token:
            return FormTokenReading("missing")
        if not _WELL_FORMED.fullmatch(token):
            return FormTokenReading("forged")
        data = base64.urlsafe_b64decode(token)
        content = data[: _MAC.start]
        for key in self._keys:
            if compare_digest(_mac(key, content), data[_MAC]):
                is_bound = compare_digest(_bound(key, purpose, session), content[_BOUND])
                return self._read(content, is_bound=is_bound)
        return FormTokenReading("forged")

    def _read(self, content: bytes, *, is_bound: bool) -> FormTokenReading:
        age = self._clock() - int.from_bytes(content[:8]) / 1_000
        state: FormTokenState = "valid" if is_bound else "foreign"
        if not -SKEW <= age <= self._lifetime:
            state = "expired"
        # It was made by a clock that is ahead: how long ago is anybody's guess.
        elapsed = None if age < 0 else age
        return FormTokenReading(state, elapsed, content[_ID].hex(), self._lifetime - age)

    async def claim(self, reading: FormTokenReading) -> FormTokenReading:
        """Use a token up.

        Args:
            reading: From `read`; only a `valid` one can be used.

        Returns:
            The same, or that it was `used` before. Where nobody can tell, it was not.
        """
        if reading.state != "valid" or reading.id is None:
            return reading
        try:
            is_first = await within(self._timeout, self._used.claim(reading.id, reading.seconds))
        except Exception as failure:  # noqa: BLE001 - an outage refuses nobody
            logger.error("Used form tokens: claim raised %s", describe(failure))
            return reading
        return reading if is_first else reading._replace(state="used")

    async def release(self, reading: FormTokenReading) -> None:
        """Let a token be used once more, since what was sent with it was refused.

        Args:
            reading: From `claim`; one that was not used there is left alone.
        """
        if reading.state != "valid" or reading.id is None:
            return
        try:
            await within(self._timeout, self._used.release(reading.id))
        except Exception as failure:  # noqa: BLE001 - as for `claim`
            logger.error("Used form tokens: release raised %s", describe(failure))


def _key(secret: bytes) -> bytes:
    return hashlib.blake2b(secret, digest_size=32, person=b"spamshield form").digest()


def _mac(key: bytes, content: bytes) -> bytes:
    made, token_id, bound = content[:8], content[_ID], content[_BOUND]
    parts = [("made", made.hex()), ("id", token_id.hex()), ("bound", bound.hex())]
    return fingerprint(key, parts)


def _bound(key: bytes, purpose: str, session: FormSession) -> bytes:
    given: object = session  # Whoever uses no type checker may have given anything.
    if not isinstance(given, (str, int, UUID, type(None))):
        raise ConfigurationError(
            f"session is a {type(given).__name__}: a form token is bound to a str, an int or a "
            "UUID, such as the id of a session or of a user"
        )
    parts = [("purpose", _text(purpose)), ("session", None if given is None else _text(str(given)))]
    return fingerprint(key, parts)[: _BOUND.stop - _BOUND.start]


def _text(value: str) -> str:
    return value.encode(errors="backslashreplace").decode()  # Half a surrogate pair has no bytes.
