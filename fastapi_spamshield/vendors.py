"""The dialect of a vendor whose name stands in a setting."""

# Each is imported where it is wanted: an application speaks one of them, or none.
# ruff: noqa: PLC0415

from typing import Literal

from .dialects.base import Dialect
from .errors import ConfigurationError

Vendor = Literal[
    "siftfy",
    "activelayer",
    "toolkitapi",
    "rsflowhub",
    "akismet",
    "oopspam",
    "cleantalk",
    "stopforumspam",
]
"""A hosted service that one setting switches on."""


def make_dialect(
    vendor: Vendor,
    site_url: str | None = None,
    *,
    detect_toxicity: bool = False,
    detect_pii: bool = False,
    return_sanitized: bool = False,
) -> Dialect:
    """A vendor's language with its usual options; for others write `RemoteDetector(...)` in code.

    Args:
        vendor: Its name.
        site_url: The protected site's address, where the vendor wants it.
        detect_toxicity: Ask for it where the vendor offers it.
        detect_pii: The same.
        return_sanitized: The same.

    Raises:
        ConfigurationError: The vendor can't do without `site_url`.
    """
    match vendor:
        case "siftfy":
            from .dialects.siftfy import SiftFy

            return SiftFy()
        case "activelayer":
            from .dialects.activelayer import ActiveLayer

            return ActiveLayer(site_url=site_url)
        case "toolkitapi":
            from .dialects.toolkitapi import ToolkitAPI

            return ToolkitAPI()
        case "rsflowhub":
            from .dialects.rsflowhub import RSFlowHub

            return RSFlowHub(
                detect_toxicity=detect_toxicity,
                detect_pii=detect_pii,
                return_sanitized=return_sanitized,
            )
        case "akismet":
            from .dialects.akismet import Akismet

            if site_url is None:
                raise ConfigurationError(
                    "Akismet wants to know whose site it protects: set site_url, such as "
                    "SPAMSHIELD_SITE_URL=https://blog.example"
                )
            return Akismet(blog=site_url)
        case "oopspam":
            from .dialects.oopspam import OOPSpam

            return OOPSpam()
        case "cleantalk":
            from .dialects.cleantalk import CleanTalk

            return CleanTalk()
        case _:  # "stopforumspam", the last one
            from .dialects.stopforumspam import StopForumSpam

            return StopForumSpam()
