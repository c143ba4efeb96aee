"""Spam protection for FastAPI, added with one `Depends`."""

from .detectors.base import Detector
from .detectors.local import LocalDetector
from .errors import (
    ConfigurationError,
    DetectorError,
    ErrorCode,
    SpamShieldError,
    UnknownOption,
)
from .models import Detection, Pii, Signal, SpamVerdict, Submission
from .policy import SpamPolicy
from .settings import SpamShieldSettings
from .shield import OnVerdict
from .web.access import get_shield
from .web.check import spam_check
from .web.deferred import LaterVerdict, spam_check_later
from .web.guard import GuardedMessage, SpamGuard, spam_guard
from .web.lifespan import ShieldDep, SpamShield
from .web.refusal import SPAM_RESPONSES, SpamRejected

__all__ = [
    "SPAM_RESPONSES",
    "ConfigurationError",
    "Detection",
    "Detector",
    "DetectorError",
    "ErrorCode",
    "GuardedMessage",
    "LaterVerdict",
    "LocalDetector",
    "OnVerdict",
    "Pii",
    "ShieldDep",
    "Signal",
    "SpamGuard",
    "SpamPolicy",
    "SpamRejected",
    "SpamShield",
    "SpamShieldError",
    "SpamShieldSettings",
    "SpamVerdict",
    "Submission",
    "UnknownOption",
    "get_shield",
    "spam_check",
    "spam_check_later",
    "spam_guard",
]

__version__ = "0.1.0"
