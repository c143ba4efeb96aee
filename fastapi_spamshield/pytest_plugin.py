"""Fixtures for pytest, there as soon as the package is installed.

`fake_shield` is a `FakeShield` that says "ham" until `fake_shield.script(...)` says otherwise;
`no_network` forbids the network for one test, and `--spamshield-no-network`, or
`spamshield_no_network = true` in pytest's configuration, for all of them.
"""

from collections.abc import Generator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    # Importing the package here would hide its first lines from the user's coverage.
    from .testing import FakeShield


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--spamshield-no-network` and its setting."""
    help_text = "Turn every connection to another machine into an error."
    parser.getgroup("spamshield").addoption(
        "--spamshield-no-network", action="store_true", help=help_text
    )
    parser.addini("spamshield_no_network", help_text, type="bool", default=False)


@pytest.fixture
def fake_shield() -> "FakeShield":
    """A shield that says what it is told, "ham" at first."""
    from .testing import FakeShield  # noqa: PLC0415 - see above

    return FakeShield()


@pytest.fixture
def no_network() -> Generator[None]:
    """Turn every connection to another machine into an error, for this test."""
    from .testing import forbid_network  # noqa: PLC0415 - see above

    with forbid_network():
        yield


@pytest.fixture(autouse=True)
def _no_network_at_all(request: pytest.FixtureRequest) -> None:
    if request.config.getoption("--spamshield-no-network") or request.config.getini(
        "spamshield_no_network"
    ):
        request.getfixturevalue("no_network")
