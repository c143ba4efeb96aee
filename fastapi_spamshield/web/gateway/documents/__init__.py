"""An OpenAPI document for each language that the gateway speaks."""

from collections.abc import Mapping
from typing import Any

from . import activelayer, akismet, rsflowhub, siftfy, toolkitapi
from .building import Description, built

_DESCRIBED: Mapping[str, Description] = {
    "siftfy": siftfy.DESCRIPTION,
    "activelayer": activelayer.DESCRIPTION,
    "toolkitapi": toolkitapi.DESCRIPTION,
    "rsflowhub": rsflowhub.DESCRIPTION,
    "akismet": akismet.DESCRIPTION,
}


def document(vendor: str, *, keyed: bool, server: str) -> dict[str, Any]:
    """The OpenAPI document of a vendor's language.

    Args:
        vendor: The name of its dialect.
        keyed: Whether the gateway wants a key.
        server: The URL that the vendor's paths are below.
    """
    return built(_DESCRIBED[vendor], keyed=keyed, server=server)
