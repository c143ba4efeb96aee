"""What belongs to a text: the trap that was filled in, the time it took, the name, the address."""

import re

from ...models import Submission
from .finding import Finding
from .links import find_addresses, links_of
from .normalisation import lowered

HONEYPOT = 5.0
FAST_SECONDS = 3.0
LIMIT = 1_000
"""Characters that are read of a name, an address and the like."""

_ADDRESS = re.compile(r"\A[^@\s]{1,64}@[^@\s]{1,253}\Z")


def find_sender(submission: Submission, low: str) -> list[Finding]:
    """The evidence beside the text.

    Args:
        submission: What was sent.
        low: Its text in lower case.
    """
    found: list[Finding] = []
    if submission.honeypot and not submission.honeypot.isspace():
        end = min(len(submission.honeypot), LIMIT)
        detail = "A field was filled in that people do not see."
        found.append(Finding("honeypot", HONEYPOT, detail, 0, end, "honeypot"))
    if submission.elapsed is not None and submission.elapsed < FAST_SECONDS:
        found.append(_elapsed(submission.elapsed))
    if submission.author:
        name = lowered(submission.author[:LIMIT])
        if links_of(name) or "://" in name:
            found.append(
                Finding("url_in_name", 2.5, "The name holds a link.", 0, len(name), "author")
            )
    if submission.email and (address := lowered(submission.email[:LIMIT].strip())):
        found += _email(address, low)
    return found


def _elapsed(seconds: float) -> Finding:
    if seconds < 0:
        return Finding("implausible_time", 2.0, "The time the sender claims is negative.")
    return Finding("too_fast", 2.0, f"Sent after {seconds:.1f} seconds, by the sender's clock.")


def _email(address: str, low: str) -> list[Finding]:
    if not _ADDRESS.match(address):
        detail = "The e-mail address is none."
        return [Finding("email_mismatch", 0.8, detail, 0, len(address), "email")]
    for start, end in find_addresses(low):
        if low[start:end].rstrip(".") != address:
            detail = "The text asks to write to an address that is not the sender's."
            return [Finding("email_mismatch", 1.0, detail, start, end)]
    return []
