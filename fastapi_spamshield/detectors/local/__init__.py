"""The embedded engine: spam detection that needs no network."""

from .detector import LocalDetector

__all__ = ["LocalDetector"]
