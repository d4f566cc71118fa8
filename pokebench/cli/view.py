"""`pokebench view`: watch runs in the browser, finished ones or such that are in progress."""

import secrets
import socket
import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from pokebench.cli.console import (
    asked_table,
    cache_folder,
    print_json,
    rom_option,
    runs_argument,
    table_option,
    talk,
)
from pokebench.errors import ConfigError

if TYPE_CHECKING:
    from starlette.types import ASGIApp

_LOOPBACK: Final = "127.0.0.1"


@click.command("view")
@runs_argument
@rom_option
@table_option
@click.option(
    "--host",
    default=_LOOPBACK,
    help="Address to listen on; any other than loopback asks for a token.",
)
@click.option("--port", default=0, type=click.IntRange(0, 65535), help="Port; 0 is any free one.")
@click.option("--open/--no-open", "opens", default=True, help="Open the browser.")
@click.option("--json", "as_json", is_flag=True, help="Print the address as JSON for programs.")
def command(
    runs: tuple[Path, ...], rom: Path | None, host: str, port: int, opens: bool, as_json: bool
) -> None:
    """Watch runs in the browser: seek anywhere, read what was thought, race up to four runs.

    A run in progress is followed as it is played. Nothing leaves this machine. Ctrl-C ends it.
    """
    from pokebench.trajectory import Tail
    from pokebench.viewer.ending import serve
    from pokebench.viewer.server import MOST_RUNS, make_app

    if len(runs) > MOST_RUNS:
        raise ConfigError(f"{len(runs)} runs: at most {MOST_RUNS} can be seen side by side")
    records = [Tail(folder) for folder in runs]
    listening = listen(host, port)
    port = listening.getsockname()[1]
    token = "" if host in (_LOOPBACK, "localhost", "::1") else secrets.token_urlsafe(24)
    app = _guarded(make_app(records, rom, cache_folder(), asked_table()), host, port, token)
    address = f"http://{f'[{host}]' if ':' in host else host}:{port}/"
    address += f"?token={token}" if token else ""
    if as_json:
        print_json({"url": address})
    talk.print(f"Watch at {address}  (Ctrl-C ends it)")
    if opens:
        webbrowser.open(address)
    serve(app, listening)


def _guarded(app: "ASGIApp", host: str, port: int, token: str) -> "ASGIApp":
    from pokebench.viewer.guard import LOOPBACK, Guard

    hosts = LOOPBACK if not token else LOOPBACK | {host, socket.gethostname()}
    return Guard(app, frozenset(hosts), port, token)


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens.

    Raises:
        ConfigError: the address cannot be used.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # of TCP by name, else asyncio does not know it, and each answer waits for more to be sent
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(128)  # from now on who asks waits, and is not refused
    except OSError as error:
        listening.close()
        raise ConfigError(f"cannot listen on {host}:{port}: {error.strerror}") from error
    return listening
