"""A server that answers as hosted services do, on a detector of one's own."""

from .application import create_gateway
from .limits import Limits
from .service import OnFeedback

__all__ = ["Limits", "OnFeedback", "create_gateway"]
