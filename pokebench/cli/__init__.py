"""The `pokebench` command: the only place that prints and exits.

Each command has a module of its own, which is imported when the command is used: `--help` must not
wait for the emulator.
"""

import importlib
from typing import Any

import click

from pokebench.errors import PokebenchError

_COMMANDS = {
    "run": ("pokebench.cli.run", "Play a game with an agent and record the run."),
    "resume": ("pokebench.cli.resume", "Go on with a run that was cut off or interrupted."),
    "branch": ("pokebench.cli.branch", "Go on from a moment of a run with another agent."),
    "forecast": ("pokebench.cli.forecast", "Reckon what a run will cost."),
    "verify": ("pokebench.cli.verify", "Re-simulate runs and compare all they claim."),
    "score": ("pokebench.cli.score", "Verify runs, print milestones, draw curves."),
    "suite": ("pokebench.cli.suite", "Play, score and build tasks of a set length."),
    "view": ("pokebench.cli.view", "Watch runs in the browser."),
    "export": ("pokebench.cli.export", "Make a page of runs that opens from a file."),
    "render": ("pokebench.cli.render", "Draw a run: a filmstrip, or a film (.mp4, .gif, .webp)."),
    "report": ("pokebench.cli.report", "Write one page about runs: curves, standing, cost."),
    "submit": ("pokebench.cli.submit", "Hand in runs, checked as the board will check them."),
    "leaderboard": ("pokebench.cli.leaderboard", "Check and enter submissions; show the boards."),
    "games": ("pokebench.cli.games", "List the games."),
    "rom": ("pokebench.cli.rom", "Say what a ROM is; remember where yours lie."),
    "doctor": ("pokebench.cli.doctor", "Check this machine, and a game on your own ROM."),
    "examine": ("pokebench.cli.examine", "Say what a RAM image shows, without playing."),
    "agents": ("pokebench.cli.agents", "List the agents."),
    "world": ("pokebench.cli.world", "Show a generated world as a map and as JSON."),
    "fake-provider": ("pokebench.cli.fake_provider", "Serve a model that needs no key."),
    "demo": ("pokebench.cli.demo", "Play, prove and draw a whole game: see it work."),
}


class _Commands(click.Group):
    """Commands that are imported when used; our own errors become one line and an exit code."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order in which a person meets them."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return a command."""
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = importlib.import_module(_COMMANDS[cmd_name][0]).command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in _COMMANDS.items()])

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; show our own errors as one line and leave with their exit code."""
        try:
            return super().invoke(ctx)
        except PokebenchError as error:
            click.echo(f"Error: {error}", err=True)
            ctx.exit(error.exit_code)


@click.group(
    cls=_Commands,
    context_settings={"auto_envvar_prefix": "POKEBENCH", "show_default": True},
)
@click.version_option(package_name="pokebench")
def main() -> None:
    """How long does an AI agent stay capable?

    Agents play Game Boy games for minutes, hours, days of game time. Milestones are read from the
    console's RAM, and every score can be re-simulated by anyone.
    """
