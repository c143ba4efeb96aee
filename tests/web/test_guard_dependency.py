from typing import Any

import pytest

from fastapi_spamshield import (
    ConfigurationError,
    spam_guard,
)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"on_spam": "silent"}, "on_spam: Input should be 'inject' or 'reject'"),
        ({"strikes": 0}, "strikes: Input should be greater than or equal to 1"),
        ({"max_length": 0}, "max_length: Input should be greater than or equal to 1"),
        ({"flood": (0, 1)}, "flood.0: Input should be greater than or equal to 1"),
        ({"flood": (1, 0)}, "flood.1: Input should be greater than 0"),
        ({"flood": 5}, "flood: Input should be a valid tuple"),
        ({"threshold": 2}, "threshold: "),
        ({"strike": 2}, "Did you mean 'strikes'?"),
    ],
)
def test_wrong_options_are_refused_at_import(options: Any, message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        spam_guard(**options)


def test_guards_are_values() -> None:
    assert spam_guard(strikes=3) == spam_guard(strikes=3)
    assert spam_guard(strikes=3) != spam_guard(strikes=4)
