"""Form tokens in requests: `form_token` makes one, `FormToken` says where it comes back."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from fastapi import Depends, params

from ..errors import ConfigurationError
from ..models import Detection, FormTokenState, Signal, Submission
from ..shield import Shield
from .access import get_shield
from .dependency import factory, parameter, parse_dependency
from .intake import Places
from .places import Path, parse_paths

SessionSource = Callable[..., Any] | params.Depends
"""A dependency of the user's that returns a `str`, an `int` or a `UUID`, or `None`."""


@dataclass(frozen=True)
class FormToken:
    """Where a form's token is in what the endpoint receives, and what is asked of it.

    `spam_check("text", form_token="token")` is short for `form_token=FormToken("token")`.

    Attributes:
        field: A path, as `spam_check` takes it.
        purpose: What the form is for. Default: the `kind` of the check.
        session: A dependency that returns what else the token was bound to, such as the id of a
            session or of a user.
        required: Refuse as spam whatever comes without a valid token, and ask no detector.
    """

    field: Places
    purpose: str | None = None
    session: SessionSource | None = None
    required: bool = False


class TokenRule(NamedTuple):
    """What a check asks of a token. Equal rules are one.

    Attributes:
        purpose: What the form has to be for.
        session: Returns what else it has to be bound to.
        required: Whether nothing passes without.
    """

    purpose: str
    session: params.Depends | None
    required: bool


def parse_form_token(
    given: Places | FormToken | None, kind: str
) -> tuple[tuple[Path, ...], TokenRule | None]:
    """The paths to a token, and what is asked of it.

    Args:
        given: As a developer writes it; `None`: no token.
        kind: Of the check.

    Raises:
        ConfigurationError: Something is not a path, or not a dependency.
    """
    if given is None:
        return (), None
    token = given if isinstance(given, FormToken) else FormToken(given)
    session = token.session
    rule = TokenRule(
        purpose=kind if token.purpose is None else token.purpose,
        session=None if session is None else parse_dependency("session", session, "get_session_id"),
        required=token.required,
    )
    return parse_paths("form_token", token.field), rule


@dataclass(frozen=True)
class WithoutToken:
    """The detector for what has no valid token where one is required: it is spam.

    Attributes:
        state: What became of the token.
    """

    state: FormTokenState

    @property
    def name(self) -> str:
        """Always `form_token`."""
        return "form_token"

    async def detect(self, _submission: Submission, /) -> Detection:
        """Say so.

        Args:
            _submission: Is not looked at.
        """
        name = f"form_token_{self.state}"
        detail = "The form's token is required, and this one is not valid."
        signal = Signal(name=name, weight=0.0, detail=detail, source=self.name)
        return Detection(score=1.0, category=name, reason=detail, signals=(signal,))


@dataclass(frozen=True)
class FormTokenMaker:
    """What `form_token` returns. Two with equal options are equal.

    Attributes:
        purpose: What the form is for.
        session: Returns what else the token is bound to.
    """

    purpose: str
    session: params.Depends | None = None

    @property
    def __signature__(self) -> inspect.Signature:
        wanted = [parameter("shield", Shield, Depends(get_shield))]
        if self.session is not None:
            wanted.append(parameter("session", Any, self.session))
        return inspect.Signature(wanted, return_annotation=str)

    async def __call__(self, *, shield: Shield, session: Any = None) -> str:
        """Called by FastAPI.

        Raises:
            ConfigurationError: `session` returned something else.
        """
        return shield.form_token(self.purpose, session=session)


@factory('form_token("contact")')
def form_token(purpose: str, *, session: SessionSource | None = None) -> FormTokenMaker:
    """A dependency that injects a new token for a form that is being shown.

    ```python
    @app.get("/contact")
    async def show_form(token: Annotated[str, Depends(form_token("contact"))]) -> HTMLResponse: ...
    ```

    FastAPI calls equal dependencies once a request. A page with several forms of one purpose needs
    a token for each: `shield.form_token("contact")`.

    Args:
        purpose: What the form is for: the `kind` of the check that takes the token back, or its
            `FormToken.purpose`.
        session: A dependency that returns what else the token is bound to.

    Returns:
        A frozen, hashable value for `Depends`.

    Raises:
        ConfigurationError: `purpose` is not a text, or `session` is not a dependency.
        UnknownOption: A keyword does not exist.
    """
    given: object = purpose  # Whoever uses no type checker may have given anything.
    if not isinstance(given, str):
        raise ConfigurationError(f'form_token({given!r}): write a word, such as "contact"')
    return FormTokenMaker(
        purpose, None if session is None else parse_dependency("session", session, "get_session_id")
    )
