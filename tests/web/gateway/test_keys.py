import pytest

from fastapi_spamshield import ConfigurationError
from fastapi_spamshield.web.gateway.keys import Keys, is_loopback


def test_each_key_has_its_owner() -> None:
    keys = Keys(["first", "second", "first"])
    assert list(keys.owners) == [0, 1]
    assert not keys.open
    assert [keys.owner(key) for key in ("first", "second", "third", "", None, "é")] == [
        *(0, 1),
        *(None, None, None, None),
    ]
    assert "first" not in f"{keys!r} {vars(keys)}"


def test_without_keys_everybody_is_the_same() -> None:
    keys = Keys([])
    assert keys.open
    assert [keys.owner("any"), keys.owner(None)] == [0, 0]
    assert list(keys.owners) == [0]


@pytest.mark.parametrize("key", ["", "a b", "ä", "a\n"])
def test_what_is_no_key(key: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        Keys(["good", key])
    assert not key.strip() or key not in str(caught.value)


def test_a_text_is_no_list_of_keys() -> None:
    with pytest.raises(ConfigurationError, match="a list of keys"):
        Keys("secret")


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("127.0.0.1", True),
        ("127.1.2.3", True),
        ("::1", True),
        ("LocalHost", True),
        ("::ffff:127.0.0.1", True),
        ("::ffff:8.8.8.8", False),
        ("0.0.0.0", False),  # noqa: S104 - it is what is refused
        ("::", False),
        ("192.168.0.1", False),
        ("example.test", False),
        ("", False),
    ],
)
def test_which_addresses_are_of_this_machine_only(host: str, expected: bool) -> None:
    assert is_loopback(host) is expected
