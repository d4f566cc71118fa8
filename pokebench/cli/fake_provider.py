"""`pokebench fake-provider`: a model on loopback that needs no key, for authors of agents."""

import json
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import click

from pokebench.cli.console import json_option, talk
from pokebench.errors import ConfigError
from pokebench.testing import FakeProvider, FaultPlan, MirrorPlayer, Player, ScriptPlayer

_EXAMPLE_MODEL = "scripted:tallgrass:micro@1:seed1"
_MIRROR = "mirror"
_SCRIPT = "script"


@click.command("fake-provider")
@click.option(
    "--port", default=8808, type=click.IntRange(0, 65535), help="Port; 0 is any free one."
)
@click.option(
    "--player",
    default=_MIRROR,
    type=click.Choice([_MIRROR, _SCRIPT]),
    help="Who answers: the oracle on a mirror of the game, or the script in FILE.",
)
@click.argument("script", required=False, metavar="[FILE]", type=click.Path(path_type=Path))
@click.option("--faults", type=click.Path(path_type=Path), help="TOML file of what goes wrong.")
@click.option("--ledger", type=click.Path(path_type=Path), help="File for a line for each charge.")
@click.option(
    "--reply-seconds", default=0.0, type=click.FloatRange(0, 3600), help="Seconds a reply."
)
@click.option("--context-tokens", type=click.IntRange(1), help="The context window, in tokens.")
@json_option
def command(
    port: int,
    player: str,
    script: Path | None,
    faults: Path | None,
    ledger: Path | None,
    reply_seconds: float,
    context_tokens: int | None,
    as_json: bool,
) -> None:
    """Serve a model that needs no key.

    It speaks Anthropic's Messages, OpenAI's Responses and OpenAI's chat completions on loopback,
    counts tokens and caches as they do, and keeps a bill. Ctrl-C ends it.
    """
    plan = FaultPlan.load(faults) if faults else None
    provider = _open(
        port,
        _player(player, script),
        plan=plan,
        ledger=ledger,
        reply_seconds=reply_seconds,
        context_tokens=context_tokens,
    )
    with _stop_signals() as stopped, provider:
        _introduce(provider.url, player, as_json=as_json)
        stopped.wait()
    talk.print(f"Answers billed: {len(provider.bills)}.")


def _player(name: str, script: Path | None) -> Player:
    """Return who answers.

    Raises:
        ConfigError: the script is missing, wrong, or of no use.
    """
    if name == _SCRIPT:
        if script is None:
            raise ConfigError("--player script needs the script's FILE after it")
        return ScriptPlayer.load(script)
    if script is not None:
        raise ConfigError(f"{script}: a file goes with --player script only")
    return MirrorPlayer(uses_all_tools=True)


def _open(
    port: int,
    player: Player,
    *,
    plan: FaultPlan | None,
    ledger: Path | None,
    reply_seconds: float,
    context_tokens: int | None,
) -> FakeProvider:
    """Return a provider that listens.

    Raises:
        ConfigError: the port is taken, or the ledger cannot be written.
    """
    if ledger is not None:
        _check_writable(ledger)
    try:
        return FakeProvider(
            player,
            port,
            plan=plan,
            ledger=ledger,
            reply_seconds=reply_seconds,
            context_tokens=context_tokens,
        )
    except OSError as error:
        raise ConfigError(f"cannot serve on port {port}: {error.strerror}") from error


def _check_writable(ledger: Path) -> None:
    """Check that a ledger can be written, before anyone relies on it.

    Raises:
        ConfigError: it cannot.
    """
    try:
        ledger.open("a").close()
    except OSError as error:
        raise ConfigError(f"cannot write ledger {ledger}: {error.strerror}") from error


def _introduce(url: str, player: str, *, as_json: bool) -> None:
    """Say where it listens and how to ask it."""
    model = _EXAMPLE_MODEL if player == _MIRROR else "any-model"
    if as_json:
        click.echo(json.dumps({"url": url, "openai_url": f"{url}/v1", "model": model}))
    talk.print(f"Serving on {url}; Ctrl-C ends it. Any key will do.")
    talk.print(f'  anthropic.Anthropic(base_url="{url}", api_key="none")')
    talk.print(f'  openai.OpenAI(base_url="{url}/v1", api_key="none")')
    talk.print(f'  model = "{model}"')
    if player == _MIRROR:
        talk.print("  (the model's name says which game, world and seed the run has)")
    talk.print(f"Bills: {url}/_fake/bills")


@contextmanager
def _stop_signals() -> Iterator[threading.Event]:
    """Turn Ctrl-C, and the request to end, into an event."""
    stopped = threading.Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        stopped.set()

    before = [(number, signal.signal(number, stop)) for number in (signal.SIGINT, signal.SIGTERM)]
    try:
        yield stopped
    finally:
        for number, handler in before:
            signal.signal(number, handler)
