"""`spamshield serve`: the gateway behind a server."""

from collections.abc import Sequence
from typing import Annotated

import typer
import uvicorn
from rich.console import Console
from rich.text import Text

from ..errors import ConfigurationError
from ..settings import BESIDE_SPAM, SpamShieldSettings
from ..shield import Shield
from ..web.faults import Fault, Faulty, by_share
from ..web.gateway import Limits, create_gateway
from ..web.gateway.keys import is_loopback


def serve(
    *,
    host: Annotated[str, typer.Option(help="Address to listen at.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65_535, help="0: any free one.")] = 8787,
    key: Annotated[
        list[str] | None,
        typer.Option(
            help="A key that may ask; repeat it for more. Others on this machine can read it here: "
            "SPAMSHIELD_KEYS, with commas between the keys, is better."
        ),
    ] = None,
    per_minute: Annotated[
        int | None, typer.Option(min=1, help="Requests of a key instead of the vendor's limit.")
    ] = None,
    per_month: Annotated[
        int | None, typer.Option(min=1, help="Checks of a key instead of the vendor's quota.")
    ] = None,
    unlimited: Annotated[bool, typer.Option("--unlimited", help="No limits, no quotas.")] = False,
    trust_user_role: Annotated[
        bool,
        typer.Option(
            "--trust-user-role", help="Believe Akismet's clients who is an administrator."
        ),
    ] = False,
    fault: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME[=VALUE][:SHARE]",
            help="Let a share of the answers go wrong, such as hang:0.1; repeat it for more.",
        ),
    ] = None,
) -> None:
    """Answer as SiftFy, ActiveLayer, ToolkitAPI, RSFlowHub and Akismet do, on your own detector."""
    settings = _whatever_clients_ask_for(SpamShieldSettings())
    keys = [*(key or ()), *(each.get_secret_value() for each in settings.keys)]
    if not keys and not is_loopback(host):
        raise ConfigurationError(
            f"--host {host} lets other machines ask. Set SPAMSHIELD_KEYS to a key that they need, "
            "or listen at 127.0.0.1."
        )
    limits = _limits(per_minute, per_month, unlimited=unlimited)
    gateway = create_gateway(
        Shield(settings=settings), keys=keys, limits=limits, trust_user_role=trust_user_role
    )
    app = Faulty(gateway, by_share(map(Fault.parse, fault))) if fault else gateway
    _tell(host, port, len(set(keys)), fault or ())
    # The access log would hold queries, and a query may hold a key.
    uvicorn.run(app, host=host, port=port, access_log=False, proxy_headers=False, ws="none")


def _whatever_clients_ask_for(settings: SpamShieldSettings) -> SpamShieldSettings:
    """RSFlowHub's clients say in each request whether they want it, so all of it is measured."""
    unset = [name for name in BESIDE_SPAM if name not in settings.model_fields_set]
    if settings.detector != "local":  # There it costs.
        return settings
    return settings.model_copy(update=dict.fromkeys(unset, True))


def _limits(per_minute: int | None, per_month: int | None, *, unlimited: bool) -> Limits | None:
    given = per_minute is not None or per_month is not None
    if unlimited and given:
        raise ConfigurationError("--unlimited and a limit do not go together.")
    if unlimited or given:
        return Limits(per_minute=per_minute, per_month=per_month)
    return None


def _tell(host: str, port: int, keys: int, faults: Sequence[str]) -> None:
    console = Console(stderr=True)
    shown = f"[{host}]" if ":" in host else host
    who = f"{keys} keys" if keys else "no key: programs on this machine only"
    console.print(Text(f"Gateway on http://{shown}:{port}, {who}."))
    if faults:
        console.print(Text(f"On purpose it fails: {', '.join(faults)}.", style="yellow"))
