"""`pokebench demo`: the whole of pokebench once, on a game that needs no ROM and no key."""

from pathlib import Path

import click

from pokebench.agent import AgentSpec
from pokebench.cli.console import program, talk, verify_with_progress
from pokebench.cli.live import play_live
from pokebench.cli.run import new_folder, summary
from pokebench.cli.score import draw
from pokebench.cli.score_tables import print_run
from pokebench.episode import frames_of_minutes
from pokebench.milestone import Cartridge, GameSpec, open_game
from pokebench.runner import RunConfig, run
from pokebench.score import CLOCKS, score
from pokebench.trajectory import read_trajectory
from pokebench.trajectory.manifest import BudgetPart
from pokebench.verify import Verification
from pokebench.viewer.filmstrip import save_filmstrip, scene_frames

_SEED = 1


@click.command("demo")
@click.option("--game", default="tallgrass:short@1", help="What to play: GAME[:PRESET[@SEED]].")
@click.option(
    "--budget-minutes",
    default=60.0,
    type=click.FloatRange(min=0, min_open=True),
    help="Minutes of game time for each agent.",
)
@click.option(
    "--out", default="runs/demo", type=click.Path(path_type=Path), help="Folder for everything."
)
def command(game: str, budget_minutes: float, out: Path) -> None:
    """Play a whole game with the oracle and with random buttons, prove both runs, draw them."""
    spec = GameSpec.parse(game)
    talk.print(f"[bold]1. Making the world[/] {spec} from its seed")
    cartridge = open_game(spec)
    talk.print(f"   ROM SHA-1 {cartridge.rom.sha1}, {len(cartridge.milestones)} milestones")
    budget = frames_of_minutes(budget_minutes)
    talk.print(f"[bold]2. Playing[/] up to {budget_minutes:g} minutes of game time each")
    folders = [_play(cartridge, agent, budget, out) for agent in ("oracle", "random")]
    talk.print("[bold]3. Proving[/] both runs: re-simulating their buttons from power-on")
    verified = [_prove(folder) for folder in folders]
    talk.print("[bold]4. Scoring[/] what the re-simulation yields")
    _show(verified, out)
    _say_what_next(out, folders)


def _play(cartridge: Cartridge, agent_id: str, budget_frames: int, out: Path) -> Path:
    agent = AgentSpec.parse(agent_id)
    folder = new_folder(out, cartridge.spec, agent, _SEED)
    budget = BudgetPart(frames=budget_frames)
    result = play_live(RunConfig(cartridge, agent, _SEED, budget, folder), run)
    talk.print(f"   {summary(result, cartridge)}")
    return folder


def _prove(folder: Path) -> Verification:
    frames = scene_frames(read_trajectory(folder))
    verification = verify_with_progress(folder, None, frames)
    count = len(verification.milestones)
    noun = "milestone" if count == 1 else "milestones"
    talk.print(f"   {folder.name}: {count} {noun} recomputed, all equal")
    return verification


def _show(verified: list[Verification], out: Path) -> None:
    scored = [score(verification) for verification in verified]
    for scored_run in scored:
        print_run(scored_run)
    draw(scored, CLOCKS["game"], out)
    save_filmstrip(verified[0], out / "filmstrip.png")


def _say_what_next(out: Path, folders: list[Path]) -> None:
    command = program()
    talk.print("[bold]Done.[/] Where things are:")
    talk.print(f"   {out}/curve.png         milestones over time, oracle beside random")
    talk.print(f"   {out}/filmstrip.png     the oracle's game, milestone by milestone")
    talk.print(f"   {folders[0]}/  the oracle's run: every button, to be played again")
    talk.print("What to try next:")
    talk.print(f"   {command} view {folders[0]} {folders[1]}")
    talk.print("                                                   watch both, side by side")
    talk.print(f"   {command} world tallgrass:short@2 --out world.png   a world nobody has seen")
    talk.print(f"   {command} run --agent human                         play it yourself")
    talk.print(
        f"   {command} run --agent my_agent.py:MyAgent           let your own code or model play"
    )
    talk.print("   README.md shows such an agent; roms_README.md tells how to use your own ROM")
