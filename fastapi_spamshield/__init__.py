"""Spam protection for FastAPI with one `Depends(...)`, no account and no network needed."""

__version__ = "0.1.0"
