"""What belongs to a text: the trap that was filled in, the form's token, the name, the address."""

import re
from collections.abc import Set as AbstractSet
from typing import Final

from ...models import FormTokenState, Submission
from .disposable import DISPOSABLE_DOMAINS, is_disposable
from .finding import Finding
from .links import find_addresses
from .names import is_another_name, link_in_name
from .normalisation import lowered

HONEYPOT = 5.0
FAST_SECONDS = 3.0
LIMIT = 1_000
"""Characters that are read of a name, an address and the like."""

_ADDRESS = re.compile(r"\A[^@\s]{1,64}@[^@\s]{1,253}\Z")

# Each of them happens to people too: a tab of yesterday, a page from a cache, a second click,
# workers that do not share a secret. So none is enough for a doubt by itself, with the default
# thresholds.
_TOKENS: Final[dict[FormTokenState, Finding]] = {
    "missing": Finding("form_token_missing", 2.0, "The form's token was not sent."),
    "forged": Finding("form_token_forged", 2.0, "The form's token is not one of this site."),
    "expired": Finding("form_token_expired", 0.8, "The form was shown too long ago."),
    "foreign": Finding(
        "form_token_foreign", 1.5, "The form's token is of another form or another session."
    ),
    "used": Finding("form_token_used", 2.0, "The form was sent before with another text."),
}


def find_sender(
    submission: Submission, low: str, disposable: AbstractSet[str] = DISPOSABLE_DOMAINS
) -> list[Finding]:
    """The evidence beside the text.

    Args:
        submission: What was sent.
        low: Its text in lower case.
        disposable: Domains of addresses that nobody keeps.
    """
    found: list[Finding] = []
    if submission.honeypot and not submission.honeypot.isspace():
        end = min(len(submission.honeypot), LIMIT)
        detail = "A field was filled in that people do not see."
        found.append(Finding("honeypot", HONEYPOT, detail, 0, end, "honeypot"))
    if submission.elapsed is not None and submission.elapsed < FAST_SECONDS:
        found.append(_elapsed(submission.elapsed, submission.form_token))
    if submission.form_token in _TOKENS:
        found.append(_TOKENS[submission.form_token])
    name = lowered(submission.author[:LIMIT]) if submission.author else ""
    if name and (link_in_name(name) or "://" in name):
        found.append(Finding("url_in_name", 2.5, "The name holds a link.", 0, len(name), "author"))
    if submission.email and (address := lowered(submission.email[:LIMIT].strip())):
        found += _email(address, name, low, disposable)
    return found


def _elapsed(seconds: float, token: FormTokenState | None) -> Finding:
    if seconds < 0:
        return Finding("implausible_time", 2.0, "The time the sender claims is negative.")
    clock = "by the sender's clock" if token in (None, "missing", "forged") else "by our clock"
    return Finding("too_fast", 2.0, f"Sent after {seconds:.1f} seconds, {clock}.")


def _email(address: str, name: str, low: str, disposable: AbstractSet[str]) -> list[Finding]:
    span = (0, len(address))
    if not _ADDRESS.match(address):
        return [Finding("email_mismatch", 0.8, "The e-mail address is none.", *span, "email")]
    found: list[Finding] = []
    if is_disposable(address, disposable):
        detail = "The e-mail address is of a kind that nobody keeps."
        found.append(Finding("disposable_email", 1.0, detail, *span, "email"))
    if name and is_another_name(name, address):
        detail = "The e-mail address is that of a person of another name."
        found.append(Finding("name_mismatch", 0.4, detail, *span, "email"))
    for start, end in find_addresses(low):
        if low[start:end].rstrip(".") != address:
            detail = "The text asks to write to an address that is not the sender's."
            found.append(Finding("email_mismatch", 1.0, detail, start, end))
            break
    return found
