import pytest

pytest_plugins = ["pytester"]

FIXTURES = """
import asyncio, socket

def test_says_ham_at_first(fake_shield):
    assert asyncio.run(fake_shield.check("x")).label == "ham"

def test_says_what_it_is_told(fake_shield):
    fake_shield.script("spam")
    assert asyncio.run(fake_shield.check("x")).label == "spam"

def test_one_without_a_network(no_network):
    socket.create_connection(("192.0.2.1", 80))
"""

INI = "[pytest]\nasyncio_default_fixture_loop_scope = function\n"

ALL = """
import socket

def test_plain():
    socket.create_connection(("192.0.2.1", 80))
"""


@pytest.fixture(autouse=True)
def _quiet(pytester: pytest.Pytester) -> None:
    pytester.makeini(INI)


def test_fixtures_need_no_import(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(FIXTURES)
    result = pytester.runpytest_inprocess()
    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(["*NetworkForbidden: A connection to 192.0.2.1 was asked for*"])


def test_the_switch_on_the_command_line(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(ALL)
    result = pytester.runpytest_inprocess("--spamshield-no-network")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*NetworkForbidden*"])


def test_the_switch_in_the_configuration(pytester: pytest.Pytester) -> None:
    pytester.makeini(f"{INI}spamshield_no_network = true")
    pytester.makepyfile(ALL)
    result = pytester.runpytest_inprocess()
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*NetworkForbidden*"])


def test_without_a_switch_nothing_is_forbidden(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        "import socket\n\ndef test_it():\n    assert socket.socket.connect.__name__ == 'connect'\n"
    )
    pytester.runpytest_inprocess().assert_outcomes(passed=1)
