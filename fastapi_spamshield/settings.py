"""`SPAMSHIELD_*` environment variables: the same options that can be written in code."""

import os
import re
from collections.abc import Iterable
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, cast

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from .detectors.base import Detector
from .detectors.cascade import Cascade
from .detectors.fallback import Fallback
from .detectors.local import LocalDetector
from .detectors.local.model import default_model
from .detectors.remote import RemoteDetector
from .dialects.base import Dialect
from .errors import ConfigurationError, UnknownOption
from .models import Score
from .policy import OnError, OnSpam, SpamPolicy, Strictness, readable
from .vendors import Vendor, make_dialect

PREFIX = "SPAMSHIELD_"

BESIDE_SPAM = ("detect_toxicity", "detect_pii", "return_sanitized")
"""What a detector may be asked for beside spam."""
SHORTEST_SECRET = 16
"""Characters of a secret: whoever guesses it can make form tokens."""

# What Kubernetes and the links of Docker set in other containers for a service that is called
# `spamshield` or `spamshield-...`; see "Environment variables" in
# https://kubernetes.io/docs/concepts/services-networking/service/ and in
# https://docs.docker.com/engine/network/links/.
_OF_A_SERVICE = re.compile(
    r"(?:\w+_)?"
    r"(?:SERVICE_HOST=.*"
    r"|SERVICE_PORT(?:_\w+)?=\d+"
    r"|PORT=(?:tcp|udp|sctp)://.*"
    r"|PORT_\d+_(?:TCP|UDP|SCTP)(?:_(?:PROTO|PORT|ADDR))?=.*"
    r"|NAME=/.*"
    r"|ENV_\w+=.*)",
    re.DOTALL,
)


def _split(value: object) -> object:
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    return value


def _network(given: object) -> object:
    if not isinstance(given, str):
        return given
    try:
        return ip_network(given)
    except ValueError as error:
        raise ValueError(f"{error}; write a network, such as 10.0.0.0/8, or an address") from None


class SpamShieldSettings(BaseSettings):
    """Everything that can be set from outside, from keywords or from `SPAMSHIELD_<NAME>`.

    Raises:
        ConfigurationError: A value is out of range, or a keyword or a variable does not exist.
    """

    model_config: ClassVar[SettingsConfigDict] = SettingsConfigDict(
        env_prefix=PREFIX, frozen=True, extra="forbid"
    )

    detector: Literal["local", Vendor] = Field(
        default="local", description="Who judges: the embedded engine, or a hosted service."
    )
    site_url: str | None = Field(
        default=None, description="Address of the protected site; Akismet demands it."
    )
    threshold: Score | None = Field(default=None, description="A score above it is spam.")
    review_threshold: Score | None = Field(default=None, description="From here up: suspicious.")
    strictness: Strictness | None = Field(default=None, description="Preset for both thresholds.")
    on_spam: OnSpam | None = Field(default=None, description="What happens to spam.")
    on_error: OnError | None = Field(
        default=None, description="What an unmeasured submission gets."
    )
    shadow: bool | None = Field(default=None, description="Decide nothing, only record.")
    status_code: int | None = Field(default=None, description="HTTP status of a refusal.")
    timeout: float = Field(
        default=2.0, gt=0, le=60, allow_inf_nan=False, description="Seconds for one whole check."
    )
    max_characters: int = Field(
        default=20_000, ge=1_000, description="A longer text is read at its head, middle and tail."
    )
    detect_toxicity: bool = Field(
        default=False, description="Look for insults, threats and hate, where the detector can."
    )
    detect_pii: bool = Field(
        default=False, description="Look for personal data, where the detector can."
    )
    return_sanitized: bool = Field(
        default=False, description="Make a text without these, where the detector can."
    )
    model: Path | None = Field(
        default=None, description="A file of `spamshield train`, instead of the shipped weights."
    )
    mode: Literal["only", "fallback", "cascade"] = Field(
        default="fallback",
        description="A hosted service alone; before the embedded engine, which answers when the "
        "service can't; or behind it, asked only about what it is unsure of.",
    )
    cascade_low: Score = Field(default=0.2, description="From this score of the engine on ...")
    cascade_high: Score = Field(default=0.8, description="... up to this one it is unsure.")
    api_key: SecretStr | None = Field(default=None, description="The service's key.")
    base_url: str | None = Field(
        default=None, description="Where the service is, if not at its usual place."
    )
    egress: Literal["allowed", "none"] = Field(
        default="allowed", description="`none`: refuse to start where anything would leave."
    )
    send: Annotated[tuple[str, ...], NoDecode] = Field(
        default=("text",), description="Fields of a submission that the service may see."
    )
    mask_pii: bool = Field(
        default=False, description="Replace personal numbers and addresses in texts before."
    )
    verify: Literal["error", "warn", "skip"] = Field(
        default="error", description="What a refused key does at start-up."
    )
    retries: int = Field(default=2, ge=0, description="Further tries of a failed request.")
    remember: float = Field(
        default=259_200.0,
        ge=0,
        allow_inf_nan=False,
        description="Seconds that a verdict can be corrected; 0: nothing is remembered of any.",
    )
    remember_most: int = Field(
        default=10_000, ge=1, description="Verdicts that can be corrected; the oldest go first."
    )
    learning_path: str | None = Field(
        default=None, description="File that keeps what was learned; without one it ends with us."
    )
    cache_size: int = Field(default=1_024, ge=0, description="Answers to remember; 0: none.")
    cache_ttl: float = Field(
        default=300.0, gt=0, allow_inf_nan=False, description="Seconds to remember them."
    )
    per_minute: int | None = Field(default=None, ge=1, description="Requests in 60 seconds.")
    per_month: int | None = Field(
        default=None, ge=1, description="Requests in a calendar month, UTC."
    )
    trust_env: bool = Field(
        default=False, description="Take proxies and certificates from the environment."
    )
    trusted_proxies: Annotated[tuple[IPv4Network | IPv6Network, ...], NoDecode] = Field(
        default=(), description="Networks whose X-Forwarded-For or Forwarded header is believed."
    )
    keys: Annotated[tuple[SecretStr, ...], NoDecode] = Field(
        default=(), description="Of the gateway: whoever sends one of them may ask it."
    )
    secret: Annotated[tuple[SecretStr, ...], NoDecode] = Field(
        default=(), description="Signs form tokens; a new one comes before the old."
    )
    form_token_lifetime: float = Field(
        default=28_800.0, gt=0, allow_inf_nan=False, description="Seconds that a form is good for."
    )
    concurrency: int = Field(
        default=8, ge=1, description="Checks at a time in `check_many` and among those for later."
    )
    backlog: int = Field(default=1_000, ge=1, description="Checks for later that may wait.")
    drain_timeout: float = Field(
        default=10.0, ge=0, allow_inf_nan=False, description="Seconds to finish them at shutdown."
    )

    def __init__(self, **options: Any) -> None:
        known = type(self).model_fields
        for option in options:
            if option not in known:
                raise UnknownOption("SpamShieldSettings", option, known)
        for variable, value in os.environ.items():
            name = variable.upper().removeprefix(PREFIX)
            if variable.upper() == name or _OF_A_SERVICE.fullmatch(f"{name}={value}"):
                continue
            if name.lower() not in known:
                raise UnknownOption("The environment (SPAMSHIELD_...)", name.lower(), known)
        try:
            super().__init__(**options)
        except ValidationError as error:
            raise ConfigurationError(readable(error)) from None

    @field_validator("send", "keys", "secret", mode="before")
    @classmethod
    def _split_at_commas(cls, value: object) -> object:
        return _split(value)

    @field_validator("secret")
    @classmethod
    def _long_enough(cls, value: tuple[SecretStr, ...]) -> tuple[SecretStr, ...]:
        if any(len(secret) < SHORTEST_SECRET for secret in value):
            raise ValueError(
                f"write at least {SHORTEST_SECRET} random characters, such as `openssl rand -hex "
                "32` prints"
            )
        return value

    @field_validator("trusted_proxies", mode="before")
    @classmethod
    def _read_networks(cls, value: object) -> object:
        value = _split(value)
        if not isinstance(value, Iterable):
            raise ValueError("write networks, such as 10.0.0.0/8")  # noqa: TRY004 - pydantic's kind
        return tuple(map(_network, cast("Iterable[object]", value)))

    def make_detector(self) -> Detector:
        """The detector that `detector` names, composed as `mode` says.

        Raises:
            ConfigurationError: An option is missing, or does not suit the service, or `model` can't
                be used.
        """
        if self.detector == "local":
            return self._local()
        dialect = make_dialect(
            self.detector,
            self.site_url,
            detect_toxicity=self.detect_toxicity,
            detect_pii=self.detect_pii,
            return_sanitized=self.return_sanitized,
        )
        return self.make_remote(dialect)

    def make_remote(self, dialect: Dialect) -> Detector:
        """A hosted service with all the options that are set here, composed as `mode` says.

        Args:
            dialect: The service's language.

        Raises:
            ConfigurationError: An option does not suit the service.
        """
        remote = RemoteDetector(
            dialect,
            api_key=self.api_key,
            base_url=self.base_url,
            send=self.send,
            mask_pii=self.mask_pii,
            verify=self.verify,
            retries=self.retries,
            cache_size=self.cache_size,
            cache_ttl=self.cache_ttl,
            per_minute=self.per_minute,
            per_month=self.per_month,
        )
        local = self._local()
        if self.mode == "fallback":
            return Fallback(remote, local)
        if self.mode == "cascade":
            return Cascade(local, remote, between=(self.cascade_low, self.cascade_high))
        return remote

    def _local(self) -> LocalDetector:
        return LocalDetector(
            max_characters=self.max_characters,
            model=self.model or default_model(),
            detect_toxicity=self.detect_toxicity,
            detect_pii=self.detect_pii,
            return_sanitized=self.return_sanitized,
        )

    def make_policy(self) -> SpamPolicy:
        """The policy made of the options that were given.

        Raises:
            ConfigurationError: `review_threshold` lies above `threshold`.
        """
        given = {name: getattr(self, name) for name in SpamPolicy.model_fields}
        return SpamPolicy(**{name: value for name, value in given.items() if value is not None})
