import re
from ipaddress import ip_network
from typing import Any

import pytest

from fastapi_spamshield import (
    Cascade,
    ConfigurationError,
    Fallback,
    LocalDetector,
    RemoteDetector,
    SpamShield,
    SpamShieldSettings,
    UnknownOption,
)
from fastapi_spamshield.dialects.rsflowhub import RSFlowHub
from tests.plain import Plain


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


def test_what_is_looked_for_beside_spam(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DETECT_TOXICITY", "DETECT_PII", "RETURN_SANITIZED"):
        monkeypatch.setenv(f"SPAMSHIELD_{name}", "true")
    assert SpamShield().detector == LocalDetector(
        detect_toxicity=True, detect_pii=True, return_sanitized=True
    )
    remote = SpamShieldSettings(detector="rsflowhub", api_key="key", mode="only").make_detector()
    assert isinstance(remote, RemoteDetector)
    assert remote.dialect == RSFlowHub(detect_toxicity=True, detect_pii=True, return_sanitized=True)


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
        ("SPAMSHIELD_DETECTOR", "remote", "detector: Input should be 'local', 'siftfy'"),
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


def test_what_kubernetes_and_docker_set_for_a_service_of_that_name_is_no_slip(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in {
        "SERVICE_HOST": "10.0.0.11",
        "SERVICE_PORT": "80",
        "SERVICE_PORT_HTTP_ALT": "8080",
        "PORT": "tcp://10.0.0.11:80",
        "PORT_80_TCP": "tcp://10.0.0.11:80",
        "PORT_80_TCP_PROTO": "tcp",
        "PORT_80_TCP_PORT": "80",
        "PORT_80_TCP_ADDR": "10.0.0.11",
        "PORT_53_UDP": "udp://10.0.0.11:53",
        "PORT_7_SCTP_ADDR": "10.0.0.11",
        "NAME": "/web/spamshield",
        "ENV_PASSWORD": "",
        "API_SERVICE_HOST": "10.0.0.12",
        "API_V2_PORT_80_TCP": "tcp://10.0.0.12:80",
    }.items():
        monkeypatch.setenv(f"SPAMSHIELD_{name}", value)
    monkeypatch.setenv("SPAMSHIELD_THRESHOLD", "0.9")
    assert SpamShield().policy.threshold == 0.9


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "8000"),
        ("NAME", "blog"),
        ("HOST", "10.0.0.11"),
        ("SERVICE", "akismet"),
        ("SERVICE_PORT", "http"),
        ("PORT_80", "tcp://10.0.0.11:80"),
        ("PORT_80_TCP_HOST", "10.0.0.11"),
        ("SERVICE_HOSTS", "10.0.0.11"),
    ],
)
def test_what_only_looks_like_it_is_one(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"SPAMSHIELD_{name}", value)
    with pytest.raises(UnknownOption, match=f"no option '{name.lower()}'"):
        SpamShield()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"treshold": 0.5}, "Did you mean 'threshold'"),
        ({"threshold": -1}, "threshold: "),
        ({"max_characters": 10}, "max_characters: "),
        ({"drain_timeout": float("inf")}, "drain_timeout: "),
        ({"trusted_proxies": ["10.0.0.1/8"]}, "trusted_proxies"),
        ({"trusted_proxies": 10}, "trusted_proxies: write networks, such as 10.0.0.0/8"),
    ],
)
def test_a_slip_in_code_is_told(options: Any, message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        SpamShieldSettings(**options)


def test_networks_as_objects() -> None:
    network = ip_network("10.0.0.0/8")
    assert SpamShieldSettings(trusted_proxies=[network]).trusted_proxies == (network,)


def test_thresholds_that_clash() -> None:
    with pytest.raises(ConfigurationError, match=r"review_threshold=0\.8 lies above"):
        SpamShield(settings=SpamShieldSettings(review_threshold=0.8))


def test_a_service_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "SPAMSHIELD_API_KEY": "CANARY",
        "SPAMSHIELD_BASE_URL": "https://plain.example.test/v1/",
        "SPAMSHIELD_SEND": "text, email,ip",
        "SPAMSHIELD_MASK_PII": "true",
        "SPAMSHIELD_VERIFY": "warn",
        "SPAMSHIELD_RETRIES": "1",
        "SPAMSHIELD_CACHE_SIZE": "0",
        "SPAMSHIELD_CACHE_TTL": "60",
        "SPAMSHIELD_PER_MINUTE": "50",
        "SPAMSHIELD_PER_MONTH": "10000",
        "SPAMSHIELD_MODE": "only",
    }.items():
        monkeypatch.setenv(name, value)
    settings = SpamShieldSettings()
    assert settings.make_remote(Plain()) == RemoteDetector(
        Plain(),
        api_key="CANARY",
        base_url="https://plain.example.test/v1",
        send=("text", "email", "ip"),
        mask_pii=True,
        verify="warn",
        retries=1,
        cache_size=0,
        cache_ttl=60,
        per_minute=50,
        per_month=10_000,
    )
    assert "CANARY" not in f"{settings!r} {settings} {settings.make_remote(Plain())!r}"


def test_how_a_service_and_the_embedded_engine_go_together() -> None:
    remote, local = RemoteDetector(Plain(), api_key="key"), LocalDetector(max_characters=5_000)

    def made(**options: Any) -> Any:
        settings = SpamShieldSettings(api_key="key", max_characters=5_000, **options)
        return settings.make_remote(Plain())

    assert made() == Fallback(remote, local)
    assert made(mode="only") == remote
    assert made(mode="cascade") == Cascade(local, remote, between=(0.2, 0.8))
    assert made(mode="cascade", cascade_low=0.1, cascade_high=0.5).between == (0.1, 0.5)
    with pytest.raises(ConfigurationError, match="between="):
        made(mode="cascade", cascade_low=0.9)
