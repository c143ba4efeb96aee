"""The gateway: an application that answers as hosted services do."""

import time
from collections.abc import AsyncGenerator, Iterable, Mapping
from contextlib import asynccontextmanager
from itertools import takewhile

from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.types import Receive, Scope, Send

from ...dialects.activelayer import ActiveLayer
from ...dialects.akismet import Akismet
from ...dialects.base import Answer, Speaks
from ...dialects.rsflowhub import RSFlowHub
from ...dialects.serving import answer as as_answer
from ...dialects.siftfy import SiftFy
from ...dialects.toolkitapi import ToolkitAPI
from ...errors import ConfigurationError, UnknownOption
from ...shield import Shield
from . import wire
from .documents import document
from .guesses import Guesses
from .keys import Keys
from .limits import Clock, Limits, Meter
from .memory import Memory
from .service import Conduct, OnFeedback, Service

MIB = 1 << 20
DAY = 86_400.0


def create_gateway(
    shield: Shield,
    *,
    keys: Iterable[str] = (),
    limits: Limits | Mapping[str, Limits] | None = None,
    on_feedback: OnFeedback | None = None,
    trust_user_role: bool = False,
    max_body: int = MIB,
    body_timeout: float = 10.0,
    wrong_keys: int = 10,
    remember_bytes: int = 64 * MIB,
    remember_seconds: float = 30 * DAY,
    clock: Clock = time.time,
) -> Starlette:
    """An application that answers in the wire formats of five hosted services.

    SiftFy (both forms), ActiveLayer, ToolkitAPI, RSFlowHub and Akismet. No path of one is a path
    of another, so all stand at the root, and a client needs this machine's address in place of the
    vendor's host. Below `/siftfy`, `/activelayer`, ... each of them stands by itself, with its
    OpenAPI document at `openapi.json`.

    Its lifespan runs the shield. A submission that could not be measured is answered with the
    vendor's word for an outage, never as ham.

    Args:
        shield: Who judges. Its policy says what is spam; scores are stretched so that the
            thresholds in a vendor's documents mean the same.
        keys: Whoever sends one of them may ask. None: only programs on this machine may.
        limits: Of each key. Default: those of the vendor's free plan, as far as it states any; one
            `Limits` for all; or by a vendor's name, the others as by default. `Limits()` has none.
        on_feedback: Called with each correction: the verdict's id (`None` where a vendor's clients
            send none and the submission is not remembered), the submission, and whether it is
            spam. What it raises is answered as an outage.
        trust_user_role: Whether a client of Akismet's is believed that the sender is an
            administrator, whose words are not looked at. Anybody who can send that field could.
        max_body: Bytes of a request.
        body_timeout: Seconds within which they have to be there; later it is answered 408.
        wrong_keys: So many in any 60 seconds from one address are answered; further ones, and keys
            that were not seen there before, with 429.
        remember_bytes: Of submissions that can still be corrected.
        remember_seconds: How long.
        clock: Tells the time, Unix seconds.

    Raises:
        ConfigurationError: A key or a number is none, or `limits` names an unknown vendor.
    """
    if max_body < 1:
        raise ConfigurationError(f"max_body={max_body}: write at least 1.")
    if not body_timeout > 0:
        raise ConfigurationError(f"body_timeout={body_timeout}: write a number above 0.")
    known = Keys(keys)
    conduct = Conduct(
        shield=shield,
        keys=known,
        guesses=Guesses(known, wrong_keys, clock),
        memory=Memory(remember_bytes, remember_seconds, clock),
        on_feedback=on_feedback,
        trust_user_role=trust_user_role,
        max_body=max_body,
        body_timeout=body_timeout,
    )
    dialects: tuple[Speaks, ...] = (
        SiftFy(),
        ActiveLayer(),
        ToolkitAPI(),
        RSFlowHub(),
        Akismet(blog="http://localhost"),
    )
    if isinstance(limits, Mapping):
        names = [dialect.name for dialect in dialects]
        for name in limits:
            if name not in names:
                raise UnknownOption("limits=", name, names)
    services: list[Service] = []
    for dialect in dialects:
        stated = Limits.of(dialect.facts)
        own = limits.get(dialect.name, stated) if isinstance(limits, Mapping) else limits or stated
        meters = tuple(Meter(own, clock) for _ in conduct.keys.owners)
        services.append(Service(dialect, conduct, meters))

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncGenerator[None]:
        async with shield:
            yield

    return Starlette(routes=[Mount("", app=Gateway(services))], lifespan=lifespan)


def _equal(pair: tuple[str, str]) -> bool:
    return pair[0] == pair[1]


class Gateway:
    """Finds out in which vendor's language somebody asks.

    Args:
        services: One for each language.
    """

    def __init__(self, services: Iterable[Service]) -> None:
        self._services = {service.dialect.name: service for service in services}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request.

        Args:
            scope: Of a request.
            receive: Where its body comes from.
            send: Where the answer goes to.
        """
        if scope["type"] == "websocket":
            await send({"type": "websocket.close"})
            return
        try:
            answer = await self._answer(scope, receive)
        except wire.ClientGone:
            return
        await wire.send_answer(answer, send)

    async def _answer(self, scope: Scope, receive: Receive) -> Answer:
        root = scope.get("root_path", "")
        path = scope["path"].removeprefix(root)
        _, name, *rest = f"{path}/".split("/", 2)
        service = self._services.get(name)
        if service is None:
            if path in ("", "/") and scope["method"] == "GET":
                return as_answer(self._index(root))
            service = self._nearest(path)
        else:
            path = "/" + rest[0].removesuffix("/")
            if path == "/openapi.json" and scope["method"] == "GET":
                keyed = not service.conduct.keys.open
                return as_answer(document(name, keyed=keyed, server=root or "/"))
        return await service.answer(scope, receive, path)

    def _index(self, root: str) -> dict[str, object]:
        return {
            name: {"paths": service.paths, "openapi": f"{root}/{name}/openapi.json"}
            for name, service in self._services.items()
        }

    def _nearest(self, path: str) -> Service:
        def alike(service: Service) -> int:
            return max(
                sum(
                    1
                    for _ in takewhile(_equal, zip(path.split("/"), known.split("/"), strict=False))
                )
                for known in service.paths
            )

        return max(self._services.values(), key=alike)
