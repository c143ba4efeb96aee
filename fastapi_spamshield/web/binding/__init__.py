"""What an endpoint receives: the only package that touches undocumented parts of FastAPI.

FastAPI gives a dependency no way to ask for "the value that the endpoint will get". A parameter of
its own would do for one fixed name and type, at the price of every validation error twice. So the
values are taken here once more, with FastAPI's own functions, from the body that FastAPI has read
already. Where a version of FastAPI lacks what this needs, `find_endpoint` answers `None`, and the
check reads the raw request instead: it sees more than the handler then, never less.
"""

from .endpoint import Endpoint, Parameter, Values
from .errors import install_handler, was_raised_by_a_dependency
from .finding import endpoint_key, find_endpoint, iter_applications, iter_endpoints
from .head import read_head

__all__ = [
    "Endpoint",
    "Parameter",
    "Values",
    "endpoint_key",
    "find_endpoint",
    "install_handler",
    "iter_applications",
    "iter_endpoints",
    "read_head",
    "was_raised_by_a_dependency",
]
