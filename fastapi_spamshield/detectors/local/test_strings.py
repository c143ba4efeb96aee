"""Texts with a known verdict, to try an application out without real spam.

In the manner of GTUBE, which mail filters know: long enough that nobody writes them by chance.
"""

SPAM_TEST_STRING = "XSPAMSHIELD*TEST*SPAM*7b1d0c4e9f2a4c63b8e5d1f07a96c3e2*XSPAMSHIELD"
"""The embedded engine gives a text that holds it a score of 1.0."""

SUSPICIOUS_TEST_STRING = "XSPAMSHIELD*TEST*SUSPICIOUS*2e8f5a7cd0b341968c4f7e1d3b5a9069*XSPAMSHIELD"
"""The embedded engine gives a text that holds it a score of 0.5."""
