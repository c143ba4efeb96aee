"""For the tests of applications: a shield that says what it is told, and no network.

```python
fake = FakeShield("spam")
app.dependency_overrides[get_shield] = lambda: fake
```
"""

import socket
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any, Literal, Unpack
from unittest import mock

from .detectors.base import Detector
from .detectors.local.test_strings import SPAM_TEST_STRING, SUSPICIOUS_TEST_STRING
from .errors import ConfigurationError, DetectorError, NotRemembered
from .feedback import Feedback, FeedbackLabel
from .form_tokens import FormSession, FormTokenReading, FormTokens
from .later import OnVerdict
from .models import Context, Detection, SpamVerdict, Submission, new_id
from .policy import SpamPolicy
from .settings import SpamShieldSettings
from .shield import as_submission
from .web.lifespan import SpamShield

__all__ = [
    "SPAM_TEST_STRING",
    "SUSPICIOUS_TEST_STRING",
    "FakeShield",
    "NetworkForbidden",
    "Outcome",
    "Script",
    "forbid_network",
]

Outcome = Literal["ham", "suspicious", "spam"] | float | Detection | DetectorError | SpamVerdict
"""What is said of one submission: a label, a score 0..1, a whole detection, a failure, or a whole
verdict, which then is not changed by any policy."""

Script = Outcome | Sequence[Outcome] | Mapping[str, Outcome] | Callable[[Submission], Outcome]
"""The same outcome for all; outcomes in order; words and what a text gets that holds them (`ham` is
for the others); or a function."""

_SCORES = {"ham": 0.0, "suspicious": 0.5, "spam": 1.0}


@dataclass(frozen=True)
class _Says:
    """A detector with one answer."""

    outcome: Detection | DetectorError
    name: str = "fake"

    async def detect(self, _submission: Submission) -> Detection:
        if isinstance(self.outcome, DetectorError):
            raise self.outcome
        return self.outcome


class _EveryToken(FormTokens):
    """Takes each token for a valid one, of which nobody knows how old it is."""

    def make(self, purpose: str, *, session: FormSession = None, age: float = 0.0) -> str:
        del session, age
        return f"token-for-{purpose}"

    def read(
        self, token: str | None, purpose: str, *, session: FormSession = None
    ) -> FormTokenReading:
        del token, purpose, session
        return FormTokenReading("valid")


class FakeShield(SpamShield):
    """A shield with scripted verdicts. It needs no lifespan, no settings and no network.

    Policies are applied as ever: thresholds, `on_spam` and `on_error` of a route decide what
    becomes of a score. Detectors are never asked, those of single checks neither. `check_later`
    calls back before it returns. Every form token is valid, one that was not sent too.

    Args:
        script: What to say; see `Script`.
        policy: The application's policy.

    Attributes:
        submissions: What was judged, in order.
        verdicts: What came of it.
        feedbacks: What it was told of them, in order, without what was taken back.

    Raises:
        ConfigurationError: The script says something that is no outcome.
    """

    def __init__(self, script: Script = "ham", *, policy: SpamPolicy | None = None) -> None:
        super().__init__(
            _Says(Detection(score=0.0)),
            policy=policy or SpamPolicy(),
            settings=SpamShieldSettings.model_construct(),
        )
        self.form_tokens: FormTokens = _EveryToken(lifetime=1.0, timeout=1.0)
        self.submissions: list[Submission] = []
        self.verdicts: list[SpamVerdict] = []
        self.feedbacks: list[Feedback] = []
        self._said: dict[tuple[str, str | None], Feedback] = {}
        self.script(script)

    def script(self, script: Script) -> None:
        """Say something else from now on.

        Args:
            script: As for `FakeShield`.

        Raises:
            ConfigurationError: It says something that is no outcome.
        """
        self._outcome_of = _reader(script)

    async def check(
        self,
        submission: str | Submission,
        *,
        policy: SpamPolicy | None = None,
        detector: Detector | None = None,  # noqa: ARG002 - nobody is asked
        verdict_id: str | None = None,
        **context: Unpack[Context],
    ) -> SpamVerdict:
        """Say what the script says; see `Shield.check`.

        Args:
            submission: The text, or a whole `Submission`.
            policy: Instead of the shield's own.
            detector: Is not asked.
            verdict_id: The id that the verdict shall have.
            context: Fields of `Submission`.

        Raises:
            ConfigurationError: The script is at its end, or the submission is none.
        """
        submission = as_submission(submission, context)
        outcome = self._outcome_of(submission)
        self.submissions.append(submission)
        if isinstance(outcome, SpamVerdict):
            verdict = outcome
        else:
            verdict = await super().check(
                submission, policy=policy, detector=_Says(outcome), verdict_id=verdict_id
            )
        self.verdicts.append(verdict)
        return verdict

    async def check_later(
        self,
        submission: str | Submission,
        on_verdict: OnVerdict,
        *,
        policy: SpamPolicy | None = None,
        detector: Detector | None = None,
        verdict_id: str | None = None,
        **context: Unpack[Context],
    ) -> None:
        """Check at once, and call back; see `Shield.check_later`.

        Args:
            submission: The text, or a whole `Submission`.
            on_verdict: Called with the verdict and the submission.
            policy: Instead of the shield's own.
            detector: Is not asked.
            verdict_id: The id that the verdict shall have.
            context: Fields of `Submission`.

        Raises:
            ConfigurationError: As for `check`.
        """
        submission = as_submission(submission, context)
        verdict = await self.check(
            submission, policy=policy, detector=detector, verdict_id=verdict_id
        )
        result = on_verdict(verdict, submission)
        if result is not None:
            await result

    async def feedback(
        self, verdict_id: str, label: FeedbackLabel, *, reporter: str | None = None
    ) -> Feedback:
        """Note a correction; nobody learns of it, and nobody is told.

        Args:
            verdict_id: Of a verdict that was given.
            label: What it should have been.
            reporter: Who says so.

        Raises:
            NotRemembered: There was no such verdict.
        """
        if verdict_id not in {verdict.id for verdict in self.verdicts}:
            raise NotRemembered("FakeShield: it gave no verdict of this id")
        said = (verdict_id, reporter)
        known = self._said.get(said)
        if known is None or known.label != label:
            if known is not None:
                self.feedbacks.remove(known)
            known = self._said[said] = Feedback(id=new_id(), verdict_id=verdict_id, label=label)
            self.feedbacks.append(known)
        return known

    async def forget(self, feedback_id: str) -> Feedback:
        """Forget a correction.

        Args:
            feedback_id: Its id.

        Raises:
            NotRemembered: There is no such correction.
        """
        for said, known in self._said.items():
            if known.id == feedback_id:
                del self._said[said]
                self.feedbacks.remove(known)
                return known.model_copy(update={"forgotten": True})
        raise NotRemembered("FakeShield: it was given no feedback of this id")


_Measured = Detection | DetectorError | SpamVerdict


def _reader(script: Script) -> Callable[[Submission], _Measured]:
    if callable(script):
        return lambda submission: _measured(script(submission))
    if isinstance(script, Mapping):
        words = {word.lower(): _measured(outcome) for word, outcome in script.items()}
        return lambda submission: _of_words(words, submission.text.lower())
    if isinstance(script, Sequence) and not isinstance(script, str):
        outcomes = iter([_measured(outcome) for outcome in script])
        return lambda _: _next_of(outcomes, len(script))
    outcome = _measured(script)
    return lambda _: outcome


def _of_words(words: Mapping[str, _Measured], text: str) -> _Measured:
    found = (outcome for word, outcome in words.items() if word in text)
    return next(found, Detection(score=_SCORES["ham"]))


def _next_of(outcomes: Iterator[_Measured], count: int) -> _Measured:
    outcome = next(outcomes, None)
    if outcome is None:
        raise ConfigurationError(
            f"FakeShield: the script has {count} outcomes, and this is one more check. Script as "
            "many as there are checks, or one label for all of them"
        )
    return outcome


def _measured(outcome: Any) -> _Measured:
    if isinstance(outcome, (Detection, DetectorError, SpamVerdict)):
        return outcome
    if isinstance(outcome, str) and outcome in _SCORES:
        return Detection(score=_SCORES[outcome])
    if isinstance(outcome, (int, float)) and 0 <= outcome <= 1:
        return Detection(score=float(outcome))
    raise ConfigurationError(
        f'FakeShield: {outcome!r} is no outcome; write "ham", "suspicious", "spam", a score 0..1, '
        'a Detection, DetectorError("timeout"), or a SpamVerdict'
    )


class NetworkForbidden(BaseException):
    """Something reached out of this machine while `forbid_network` was in force.

    No `Exception`, so that nothing that copes with outages takes it for one.
    """


@contextmanager
def forbid_network() -> Generator[None]:
    """Turn every connection to another machine, and every look-up of one, into `NetworkForbidden`.

    Loopback addresses and Unix sockets stay as they are. It works on Python's own sockets, in all
    threads; an event loop that brings sockets of its own, such as uvloop, is not seen.
    """
    with ExitStack() as stack:
        for name, address_of in _SENDERS.items():
            original = getattr(socket.socket, name)
            guarded = _guarded(original, address_of)
            stack.enter_context(mock.patch.object(socket.socket, name, guarded))
        for name, host_of in _RESOLVERS.items():
            guarded = _guarded_resolver(getattr(socket, name), host_of)
            stack.enter_context(mock.patch.object(socket, name, guarded))
        yield


_SENDERS: dict[str, Callable[[tuple[Any, ...]], Any]] = {
    "connect": lambda arguments: arguments[0],
    "connect_ex": lambda arguments: arguments[0],
    "sendto": lambda arguments: arguments[-1],
    # Without an address it goes where the socket is connected to.
    "sendmsg": lambda arguments: arguments[3] if len(arguments) > 3 else None,  # noqa: PLR2004 - the fourth
}
"""Methods of a socket that reach out, and where each is told the address."""

_RESOLVERS: dict[str, Callable[[Any], Any]] = {
    **dict.fromkeys(
        ("getaddrinfo", "gethostbyname", "gethostbyname_ex", "gethostbyaddr"), lambda host: host
    ),
    "getnameinfo": lambda address: address[0],
}
"""Functions that ask for a name, and where each is told it."""


def _guarded(
    original: Callable[..., Any], address_of: Callable[[tuple[Any, ...]], Any]
) -> Callable[..., Any]:
    def method(self: socket.socket, *arguments: Any) -> Any:
        address = address_of(arguments)
        if address is not None and self.family in (socket.AF_INET, socket.AF_INET6):
            _require_local(address[0])
        return original(self, *arguments)

    return method


def _guarded_resolver(
    original: Callable[..., Any], host_of: Callable[[Any], Any]
) -> Callable[..., Any]:
    def resolve(host: Any, *arguments: Any, **options: Any) -> Any:
        _require_local(host_of(host))
        return original(host, *arguments, **options)

    return resolve


def _require_local(host: str | bytes | None) -> None:
    name = host.decode() if isinstance(host, bytes) else host
    if name and name != "localhost" and not _is_loopback(name):
        raise NetworkForbidden(
            f"A connection to {name} was asked for. Use FakeShield, or a detector that needs no "
            "network, or leave this test out of forbid_network()"
        )


def _is_loopback(name: str) -> bool:
    try:
        address = ip_address(name.partition("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified
