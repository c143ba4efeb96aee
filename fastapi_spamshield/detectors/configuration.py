"""How a hosted service is asked."""

from dataclasses import KW_ONLY, dataclass
from typing import Literal

from pydantic import SecretStr

from ..dialects.base import Dialect, Facts
from ..errors import ConfigurationError, DetectorError, nearest
from ..models import Submission
from ..transport import require_base_url

ALWAYS = ("text", "kind")
"""Fields that leave unasked: what is to be judged, and the developer's own word for it."""


@dataclass(frozen=True)
class Configuration:
    """The options of `RemoteDetector`, which describes them.

    Raises:
        ConfigurationError: A value is wrong, or the service needs a field that is not in `send`.
    """

    dialect: Dialect
    _: KW_ONLY
    api_key: SecretStr | str | None = None
    base_url: str | None = None
    send: tuple[str, ...] = ("text",)
    mask_pii: bool = False
    timeout: float | None = None
    retries: int = 2
    per_minute: int | None = None
    per_month: int | None = None
    concurrency: int = 100
    cache_size: int = 1_024
    cache_ttl: float = 300.0
    breaker_failures: int = 5
    breaker_cooldown: float = 10.0
    redirects: bool = False
    verify: Literal["error", "warn", "skip"] = "error"

    def __post_init__(self) -> None:
        _check_limits(_checked_dialect(self.dialect).facts)
        key = self.api_key
        if isinstance(key, SecretStr):
            key = key.get_secret_value()
        object.__setattr__(self, "api_key", None if key is None else SecretStr(_checked_key(key)))
        object.__setattr__(self, "base_url", require_base_url(self.address))
        object.__setattr__(self, "send", self._checked_fields())
        for option, least in (
            ("timeout", 0.001),
            ("retries", 0),
            ("per_minute", 1),
            ("per_month", 1),
            ("concurrency", 1),
            ("cache_size", 0),
            ("cache_ttl", 0.001),
            ("breaker_failures", 1),
            ("breaker_cooldown", 0.001),
        ):
            value = getattr(self, option)
            if value is not None and not value >= least:
                raise ConfigurationError(f"{option}={value!r}: write at least {least}")

    @property
    def address(self) -> str:
        """The base URL, without a slash at its end once the detector is made."""
        return self.base_url or self.dialect.facts.base_url

    @property
    def key(self) -> str | None:
        """The key in plain text: only for what goes to the service."""
        return self.api_key.get_secret_value() if isinstance(self.api_key, SecretStr) else None

    def require_key(self) -> str | None:
        """The same; `None` only where the service has no keys.

        Raises:
            DetectorError: `unconfigured`: there is none.
        """
        if self.key is None and self.dialect.facts.needs_key:
            raise DetectorError("unconfigured", "it needs an api_key", detector=self.dialect.name)
        return self.key

    @property
    def fields(self) -> tuple[str, ...]:
        """Fields of a submission that leave, besides those that always do."""
        known = self.dialect.facts.sends
        return tuple(name for name in self.send if name in known and name not in ALWAYS)

    def _checked_fields(self) -> tuple[str, ...]:
        send: object = self.send  # Whoever uses no type checker may have given one name.
        given = (send,) if isinstance(send, str) else tuple(self.send)
        known = list(Submission.model_fields)
        for name in given:
            if name not in known:
                close = nearest(name, known)
                hint = f"did you mean {close!r}? " if close else ""
                raise ConfigurationError(
                    f"send: a submission has no {name!r}; {hint}It has: {', '.join(known)}"
                )
        facts = self.dialect.facts
        missing = [name for name in facts.needs if name not in (*given, *ALWAYS)]
        without = ", ".join(missing)
        if not missing and facts.needs_one_of and not {*given, *ALWAYS} & {*facts.needs_one_of}:
            missing = [facts.needs_one_of[0]]
            without = " or ".join(facts.needs_one_of)
        if missing:
            wanted = ("text", *(name for name in given if name != "text"), *missing)
            raise ConfigurationError(
                f"{self.dialect.name} can't judge without {without}, which leaves this "
                f"machine only where you say so: write send={wanted!r}, or set "
                f"SPAMSHIELD_SEND={','.join(wanted)}"
            )
        return given


def _checked_dialect(dialect: Dialect) -> Dialect:
    given: object = dialect  # Whoever uses no type checker may have given a class or a name.
    if isinstance(given, type) or not isinstance(getattr(given, "facts", None), Facts):
        named = f"the class {given.__name__}" if isinstance(given, type) else repr(given)
        raise ConfigurationError(
            f"RemoteDetector: {named} is no dialect. Give it one that was made, such as "
            "RemoteDetector(SiftFy(), api_key=...); fastapi_spamshield.dialects has them"
        )
    return dialect


def _check_limits(facts: Facts) -> None:
    for limit in ("characters", "body_bytes"):
        value = getattr(facts, limit)
        if value is not None and not value >= 1:
            raise ConfigurationError(f"{limit}={value!r}: write at least 1, or None")


def _checked_key(key: str) -> str:
    # In a header anything else would break the request, with the key in the error.
    if not key or not key.isascii() or not key.isprintable() or " " in key:
        raise ConfigurationError(
            "api_key: a key has letters, digits and signs of ASCII only, without spaces or line "
            "breaks; look for one at its end"
        )
    return key
