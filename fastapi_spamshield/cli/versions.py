"""What is installed."""

from importlib.metadata import PackageNotFoundError, version

PACKAGES = ("fastapi", "starlette", "pydantic", "pydantic-settings", "uvicorn")


def own_version() -> str:
    """Of this package."""
    return version("fastapi-spamshield")


def versions() -> dict[str, str]:
    """Of what it stands on, name to version; what is not installed is left out."""
    found: dict[str, str] = {}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found
