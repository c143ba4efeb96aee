"""`SPAMSHIELD_*` environment variables: the same options that can be written in code."""

import os
from collections.abc import Iterable
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Annotated, Any, Literal, cast

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from .detectors.base import Detector
from .detectors.local import LocalDetector
from .errors import ConfigurationError, UnknownOption
from .models import Score
from .policy import OnError, OnSpam, SpamPolicy, Strictness, readable

PREFIX = "SPAMSHIELD_"


def _network(given: object) -> object:
    if not isinstance(given, str):
        return given
    try:
        return ip_network(given.strip())
    except ValueError as error:
        raise ValueError(f"{error}; write a network, such as 10.0.0.0/8, or an address") from None


class SpamShieldSettings(BaseSettings):
    """Everything that can be set from outside, from keywords or from `SPAMSHIELD_<NAME>`.

    Raises:
        ConfigurationError: A value is out of range, or a keyword or a variable does not exist.
    """

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid")

    detector: Literal["local"] = Field(
        default="local", description="Who judges: the embedded engine."
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
    trusted_proxies: Annotated[tuple[IPv4Network | IPv6Network, ...], NoDecode] = Field(
        default=(), description="Networks whose X-Forwarded-For or Forwarded header is believed."
    )
    keys: Annotated[tuple[SecretStr, ...], NoDecode] = Field(
        default=(), description="Of the gateway: whoever sends one of them may ask it."
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
        for variable in os.environ:
            if variable.upper().startswith(PREFIX):
                option = variable.upper().removeprefix(PREFIX).lower()
                if option not in known:
                    raise UnknownOption("The environment (SPAMSHIELD_...)", option, known)
        try:
            super().__init__(**options)
        except ValidationError as error:
            raise ConfigurationError(readable(error)) from None

    @field_validator("trusted_proxies", mode="before")
    @classmethod
    def _read_networks(cls, value: object) -> object:
        if isinstance(value, str):
            value = [part for part in value.split(",") if part.strip()]
        if not isinstance(value, Iterable):
            raise ValueError("write networks, such as 10.0.0.0/8")  # noqa: TRY004 - pydantic's kind
        return tuple(map(_network, cast("Iterable[object]", value)))

    @field_validator("keys", mode="before")
    @classmethod
    def _read_keys(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    def make_detector(self) -> Detector:
        """The detector that `detector` names."""
        return LocalDetector(max_characters=self.max_characters)

    def make_policy(self) -> SpamPolicy:
        """The policy made of the options that were given.

        Raises:
            ConfigurationError: `review_threshold` lies above `threshold`.
        """
        given = {name: getattr(self, name) for name in SpamPolicy.model_fields}
        return SpamPolicy(**{name: value for name, value in given.items() if value is not None})
