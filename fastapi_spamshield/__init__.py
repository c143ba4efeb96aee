"""Spam protection for FastAPI, added with one `Depends`."""

from .detectors.base import Detector
from .detectors.cascade import Cascade
from .detectors.fallback import Fallback
from .detectors.local import LocalDetector
from .detectors.remote import RemoteDetector
from .detectors.vote import Vote
from .errors import (
    ConfigurationError,
    DetectorError,
    ErrorCode,
    NotRemembered,
    SpamShieldError,
    UnknownOption,
)
from .explanation import Counterfactual, Explanation, Part
from .feedback import Feedback
from .form_tokens import FormTokenReading
from .later import OnVerdict
from .models import Detection, Pii, Signal, SpamVerdict, Submission
from .policy import SpamPolicy
from .settings import SpamShieldSettings
from .sync import SyncSpamShield
from .web.access import get_shield
from .web.check import spam_check
from .web.deferred import LaterVerdict, spam_check_later
from .web.form import FormToken, form_token
from .web.guard import GuardedMessage, SpamGuard
from .web.guard_dependency import spam_guard
from .web.lifespan import ShieldDep, SpamShield
from .web.refusal import SPAM_RESPONSES, SpamRejected

__all__ = [
    "SPAM_RESPONSES",
    "Cascade",
    "ConfigurationError",
    "Counterfactual",
    "Detection",
    "Detector",
    "DetectorError",
    "ErrorCode",
    "Explanation",
    "Fallback",
    "Feedback",
    "FormToken",
    "FormTokenReading",
    "GuardedMessage",
    "LaterVerdict",
    "LocalDetector",
    "NotRemembered",
    "OnVerdict",
    "Part",
    "Pii",
    "RemoteDetector",
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
    "SyncSpamShield",
    "UnknownOption",
    "Vote",
    "form_token",
    "get_shield",
    "spam_check",
    "spam_check_later",
    "spam_guard",
]

__version__ = "0.1.0"
