import re
from ipaddress import ip_network
from typing import Any

import pytest

from fastapi_spamshield import ConfigurationError, LocalDetector, SpamShield, SpamShieldSettings


def test_without_anything_it_is_the_embedded_engine() -> None:
    shield = SpamShield()
    assert shield.detector == LocalDetector()
    assert (shield.policy.review_threshold, shield.policy.threshold) == (0.3, 0.7)


def test_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "SPAMSHIELD_DETECTOR": "local",
        "SPAMSHIELD_THRESHOLD": "0.9",
        "spamshield_on_error": "allow",
        "SPAMSHIELD_SHADOW": "true",
        "SPAMSHIELD_TIMEOUT": "0.5",
        "SPAMSHIELD_MAX_CHARACTERS": "5000",
        "SPAMSHIELD_KEYS": "first, second,",
        "SPAMSHIELD_TRUSTED_PROXIES": "10.0.0.0/8, 192.0.2.1,2001:db8::/32",
    }.items():
        monkeypatch.setenv(name, value)
    shield = SpamShield()
    assert shield.detector == LocalDetector(max_characters=5_000)
    assert (shield.policy.threshold, shield.policy.on_error) == (0.9, "allow")
    assert shield.policy.shadow is True
    assert shield.settings.timeout == 0.5
    assert [key.get_secret_value() for key in shield.settings.keys] == ["first", "second"]
    assert "first" not in repr(shield.settings)
    assert SpamShieldSettings(keys=["third"]).keys[0].get_secret_value() == "third"
    networks = [ip_network(text) for text in ("10.0.0.0/8", "192.0.2.1", "2001:db8::/32")]
    assert list(shield.settings.trusted_proxies) == networks


def test_keywords_come_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPAMSHIELD_THRESHOLD", "0.9")
    assert SpamShieldSettings(threshold=0.6).make_policy().threshold == 0.6


def test_strictness_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPAMSHIELD_STRICTNESS", "high")
    assert SpamShield().policy.threshold == 0.5


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("SPAMSHIELD_TRESHOLD", "0.5", "no option 'treshold'. Did you mean 'threshold'?"),
        ("SPAMSHIELD_THRESHOLD", "2", "threshold: Input should be less than or equal to 1"),
        ("SPAMSHIELD_DETECTOR", "remote", "detector: Input should be 'local'"),
        ("SPAMSHIELD_TIMEOUT", "0", "timeout: Input should be greater than 0"),
        ("SPAMSHIELD_TRUSTED_PROXIES", "proxy", "trusted_proxies"),
        ("SPAMSHIELD_CONCURRENCY", "0", "concurrency: "),
    ],
)
def test_a_slip_outside_is_told(
    name: str, value: str, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigurationError, match=re.escape(message)):
        SpamShield()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"treshold": 0.5}, "Did you mean 'threshold'"),
        ({"threshold": -1}, "threshold: "),
        ({"max_characters": 10}, "max_characters: "),
        ({"drain_timeout": float("inf")}, "drain_timeout: "),
        ({"trusted_proxies": ["10.0.0.1/8"]}, "trusted_proxies"),
    ],
)
def test_a_slip_in_code_is_told(options: Any, message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        SpamShieldSettings(**options)


def test_thresholds_that_clash() -> None:
    with pytest.raises(ConfigurationError, match=r"review_threshold=0\.8 lies above"):
        SpamShield(settings=SpamShieldSettings(review_threshold=0.8))
