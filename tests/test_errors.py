import asyncio

import pytest

from fastapi_spamshield import ConfigurationError, DetectorError, SpamRejected, SpamShieldError
from fastapi_spamshield.errors import UnknownOption, describe, nearest


def test_the_tree_is_as_drawn() -> None:
    assert issubclass(ConfigurationError, SpamShieldError)
    assert issubclass(ConfigurationError, ValueError)
    assert issubclass(UnknownOption, (ConfigurationError, TypeError))
    assert issubclass(DetectorError, SpamShieldError)
    assert issubclass(SpamRejected, SpamShieldError)


def test_an_unknown_option_has_the_nearest_that_exists() -> None:
    error = UnknownOption("SpamPolicy", "treshold", ["threshold", "shadow"])
    assert error.nearest == "threshold"
    assert str(error) == (
        "SpamPolicy has no option 'treshold'. Did you mean 'threshold'? "
        "It takes: shadow, threshold."
    )
    assert UnknownOption("SpamPolicy", "colour", ["threshold"]).nearest is None


def test_a_detector_error_says_what_and_who() -> None:
    error = DetectorError("quota", "1,000 a day", detector="vendor", retry_after=60)
    assert (str(error), error.detector, error.retry_after) == ("quota: 1,000 a day", "vendor", 60)
    assert str(DetectorError("timeout")) == "timeout"


def test_a_description_is_a_place_and_no_message() -> None:
    def fail() -> None:
        raise KeyError("a secret")

    with pytest.raises(KeyError) as caught:
        fail()
    description = describe(caught.value)
    assert description.startswith("KeyError in test_a_description_is_a_place_and_no_message")
    assert "test_errors.py:" in description
    assert "secret" not in description
    assert describe(asyncio.CancelledError("a secret")) == "CancelledError"


def test_nearest() -> None:
    assert nearest("txt", ["title", "text"]) == "text"
    assert nearest("zzz", ["title", "text"]) is None
