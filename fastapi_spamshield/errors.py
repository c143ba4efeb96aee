"""Everything that this package raises.

```
SpamShieldError
├── ConfigurationError (ValueError)   wrong set-up: the message says what to write instead
│   └── UnknownOption (TypeError)     a keyword that does not exist, with the nearest that does
├── CorpusError (ValueError)          labelled texts that can't be read: file, line, and what to do
├── DetectorError                     a detector could not measure; never leaves `SpamShield.check`
├── NotRemembered (LookupError)       a correction of something that nobody remembers (any more)
└── SpamRejected (HTTPException)      the answer to a refused sender (`web/refusal.py`)
```
"""

import difflib
from collections.abc import Iterable
from typing import Literal

ErrorCode = Literal[
    "unconfigured",
    "auth",
    "quota",
    "rate_limited",
    "bad_request",
    "payload_too_large",
    "unavailable",
    "timeout",
    "connection",
    "protocol",
]
"""Why a submission could not be measured."""


class SpamShieldError(Exception):
    """Base of every error of this package."""


class ConfigurationError(SpamShieldError, ValueError):
    """The shield or a check is set up wrongly; the message says what to write instead."""


class UnknownOption(ConfigurationError, TypeError):
    """A keyword argument that does not exist.

    Attributes:
        option: The keyword that was given.
        nearest: The existing keyword that looks most like it, or `None`.
    """

    def __init__(self, where: str, option: str, known: Iterable[str]) -> None:
        self.option: str = option
        choices = sorted(known)
        self.nearest: str | None = nearest(option, choices)
        hint = f" Did you mean {self.nearest!r}?" if self.nearest else ""
        super().__init__(f"{where} has no option {option!r}.{hint} It takes: {', '.join(choices)}.")


class CorpusError(SpamShieldError, ValueError):
    """Labelled texts can't be read, or are too few; the message quotes none of them.

    Says the file, the line where there is one, and what to write instead.
    """


class DetectorError(SpamShieldError):
    """A detector could not measure a submission.

    Raised by detectors, turned into a verdict with `status="degraded"` by the shield. Its message
    is logged: it says what is wrong, and quotes nothing that somebody sent.

    Attributes:
        code: What kind of failure it was, one of `ErrorCode`.
        detector: The name of the detector that failed, where it is known.
        retry_after: Seconds after which another try makes sense, where the service said so.
    """

    def __init__(
        self,
        code: ErrorCode,
        message: str = "",
        *,
        detector: str | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(f"{code}: {message}" if message else code)
        self.code: ErrorCode = code
        self.detector = detector
        self.retry_after = retry_after


class NotRemembered(SpamShieldError, LookupError):
    """A verdict or a feedback that is to be corrected is not remembered, or no longer."""


def describe(error: BaseException) -> str:
    """What an unexpected error is and where it came from, for a log record.

    Neither its message nor its chain: both may quote what somebody wrote.

    Args:
        error: An error that was caught.
    """
    place = error.__traceback__
    if place is None:
        return type(error).__name__
    while place.tb_next is not None:
        place = place.tb_next
    code = place.tb_frame.f_code
    return f"{type(error).__name__} in {code.co_qualname} ({code.co_filename}:{place.tb_lineno})"


def nearest(word: str, choices: Iterable[str]) -> str | None:
    """The choice that looks most like `word`, or `None` when nothing is close.

    Args:
        word: What somebody wrote.
        choices: What they could have written.
    """
    close = difflib.get_close_matches(word, list(choices), n=1, cutoff=0.6)
    return close[0] if close else None
