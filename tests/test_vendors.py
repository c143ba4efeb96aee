"""From one setting to a hosted service."""

from typing import get_args

import pytest

from fastapi_spamshield import (
    Cascade,
    ConfigurationError,
    Fallback,
    LocalDetector,
    RemoteDetector,
    SpamShieldSettings,
)
from fastapi_spamshield.vendors import Vendor, make_dialect

SITE = "https://blog.example"


@pytest.mark.parametrize("vendor", get_args(Vendor))
def test_a_name_makes_its_dialect(vendor: Vendor) -> None:
    dialect = make_dialect(vendor, SITE)
    assert dialect.name == vendor
    assert dialect.facts.base_url.startswith("https://")


def test_akismet_wants_to_know_whose_site_it_is() -> None:
    with pytest.raises(ConfigurationError, match=r"SPAMSHIELD_SITE_URL=https://blog\.example"):
        make_dialect("akismet")
    with pytest.raises(ConfigurationError, match="set site_url"):
        SpamShieldSettings(detector="akismet").make_detector()


def test_one_variable_switches_a_service_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPAMSHIELD_DETECTOR", "siftfy")
    monkeypatch.setenv("SPAMSHIELD_API_KEY", "sk_live_x")
    detector = SpamShieldSettings().make_detector()
    assert isinstance(detector, Fallback)
    remote, local = detector.detectors
    assert isinstance(remote, RemoteDetector)
    assert isinstance(local, LocalDetector)
    assert (remote.name, remote.key) == ("siftfy", "sk_live_x")
    monkeypatch.setenv("SPAMSHIELD_MODE", "cascade")
    assert isinstance(SpamShieldSettings().make_detector(), Cascade)
    monkeypatch.setenv("SPAMSHIELD_MODE", "only")
    assert isinstance(SpamShieldSettings().make_detector(), RemoteDetector)


def test_what_a_service_needs_has_to_be_listed() -> None:
    settings = SpamShieldSettings(detector="akismet", site_url=SITE)
    with pytest.raises(ConfigurationError, match=r"send=\('text', 'ip'\)"):
        settings.make_detector()
