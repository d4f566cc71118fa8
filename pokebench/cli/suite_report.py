"""What `pokebench suite score` and `check` print."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field

from rich.table import Table

from pokebench.cli.console import results
from pokebench.score.completion import Completion
from pokebench.score.horizon import Horizon
from pokebench.score.interval import Estimate, Interval
from pokebench.score.plain import plain
from pokebench.score.proportion import Proportion
from pokebench.score.scaling import ComputeExponent
from pokebench.score.split import ChainRatio, Tally
from pokebench.suite.arms import ChainResult, chain_json
from pokebench.suite.chain import LINK
from pokebench.suite.content import FrozenSuite
from pokebench.suite.controls import LONG_MINUTES, MOST_BLIND_SHARE, BlindReplay
from pokebench.suite.judge import Outcome, Verdict
from pokebench.suite.result import MOST_INFRASTRUCTURE, AgentResult, result_json


@dataclass(frozen=True, slots=True)
class SuiteReport:
    """What was found.

    Attributes:
        frozen: the suite.
        agents: agents and controls, one row for each book.
        blind: the control for memorised play; None if it was not tried on long segments.
        recalls: recall effect by agent, in logits, where all four cells are known.
        chains: what was found on chains of segments.
    """

    frozen: FrozenSuite
    agents: tuple[AgentResult, ...]
    blind: BlindReplay | None
    recalls: Mapping[str, Estimate] = field(default_factory=dict)
    chains: tuple[ChainResult, ...] = ()


def report_json(
    report: SuiteReport, outcomes: Sequence[Outcome] = (), faults: Sequence[Verdict] = ()
) -> dict[str, object]:
    """Return a report for programs, with each trial and each run that does not hold."""
    suite, blind = report.frozen.suite, report.blind
    found = {
        "suite": suite.name,
        "suite_sha256": report.frozen.sha256,
        "agents": [result_json(suite, result) for result in report.agents],
        "blind_replay": None if blind is None else _blind_json(blind),
        "recall_effect_logits": {agent: asdict(e) for agent, e in report.recalls.items()},
        "chains": [chain_json(chain) for chain in report.chains],
        "trials": [outcome.to_json() for outcome in outcomes],
        "faults": [{"run": str(v.folder), "fault": v.fault} for v in faults],
    }
    return {name: plain(value) for name, value in found.items()}


def print_report(report: SuiteReport) -> None:
    """Print a report for people."""
    suite = report.frozen.suite
    if report.agents:
        results.print(_main_table(report))
        results.print(_cell_table(report.agents))
    for result in report.agents:
        _print_more(result)
    for agent, effect in report.recalls.items():
        results.print(
            f"{agent}: recall effect {effect.value:+.2f}{_plain(effect.interval)} logits, over "
            f"{effect.n} tasks: what famous worlds add with a closed book, less what they add "
            "with an open one"
        )
    for chain in report.chains:
        _print_chain(chain)
    if report.agents:
        results.print(
            f"Horizons are in emulated minutes of the oracle. C(L) is for L in human-equivalent "
            f"minutes, those of the oracle times {suite.human_factor:g} ({suite.human_factor_is}); "
            f"no person was measured. Raw: tasks from L/2 to 2L; fitted: the line of the horizon."
        )
    results.print(_blind_words(report.blind))


def _blind_json(blind: BlindReplay) -> dict[str, object]:
    return {
        "long_share": blind.long.share,
        "long_trials": blind.long.n,
        "long_segments": blind.segments,
        "long_upper": blind.upper,
        "all_share": blind.all.share,
        "all_trials": blind.all.n,
        "most": MOST_BLIND_SHARE,
        "is_withstood": blind.is_withstood,
        "completed": blind.completed,
    }


def _main_table(report: SuiteReport) -> Table:
    frozen = report.frozen
    table = Table(title=f"{frozen.suite.name}, SHA-256 {frozen.sha256[:16]}", title_justify="left")
    table.add_column("agent")
    for heading in ("segments", "reached", "C(10 min) raw | fitted", "C(30 min)", "C(2 h)"):
        table.add_column(heading, justify="right")
    for heading in ("h50", "h80"):
        table.add_column(heading, justify="right")
    for result in report.agents:
        reached = sum(task.successes for task in result.results)
        table.add_row(
            _name(result),
            f"{len(result.results)} of {result.segments}",
            f"{reached:.0f}/{result.trials}",
            *(_completion(c) for c in result.completions),
            _horizon(result.fit.h50),
            _horizon(result.fit.h80),
        )
    return table


def _cell_table(shown: Sequence[AgentResult]) -> Table:
    table = Table("agent", title="Share reached by world, and by budget", title_justify="left")
    for status in ("famous", "novel"):
        table.add_column(f"{status} worlds", justify="right")
    for factor in (3, 10, 30):
        table.add_column(f"within {factor} x oracle", justify="right")
    for result in shown:
        found = {cell.status: _share(cell.share) for cell in result.cells}
        table.add_row(
            _name(result),
            *(found.get(status, "") for status in ("famous", "novel")),
            *(_share(share) if share else "" for share in result.by_factor.values()),
        )
    return table


def _print_more(result: AgentResult) -> None:
    """Print exponents and skills, where they are known."""
    lines = [
        f"{result.agent}: {what} grow with length to the power {_exponent(found)}"
        for what, found in (("output tokens", result.tokens), ("game minutes", result.game_time))
        if found is not None
    ]
    horizons = [
        f"{skill.skill} {skill.h50_minutes:.2g} min"
        for skill in result.skills.skills
        if skill.h50_minutes is not None
    ]
    if horizons:
        lines.append(f"{result.agent}: h50 by skill, oracle minutes: {', '.join(horizons)}")
    if result.infrastructure or result.invalid:
        lines.append(
            f"{result.agent}, {result.book} book: not counted: {result.infrastructure} of "
            f"{result.trials + result.infrastructure} trials ended by infrastructure, "
            f"{result.invalid} not valid"
        )
    if not result.is_ranked:
        lines.append(
            f"{result.agent}, {result.book} book: NOT RANKED: infrastructure ended more than "
            f"{MOST_INFRASTRUCTURE:.0%} of the trials; the same `suite run` plays them on"
        )
    for line in lines:
        results.print(line)


def _blind_words(blind: BlindReplay | None) -> str:
    if blind is None:
        return "Blind replay was not tried on segments over five minutes: `pokebench suite check`."
    shorter = blind.all.n - blind.long.n
    reached = blind.all.successes - blind.long.successes
    short = f" On shorter ones {reached} of {shorter}, which rejects nothing." if shorter else ""
    verdict = "withstood" if blind.is_withstood else "NOT withstood: this suite is rejected"
    return (
        f"Blind replay of the oracle's inputs under another seed: {blind.long.successes} of "
        f"{blind.long.n} trials on {blind.segments} of {blind.segments_in_suite} segments over "
        f"{LONG_MINUTES:g} oracle minutes, "
        f"{blind.long.share:.1%}, Wilson 95 % up to {blind.upper:.0%} (at most "
        f"{MOST_BLIND_SHARE:.0%}): {verdict}.{short}"
    )


def _name(result: AgentResult) -> str:
    mark = " (reads RAM)" if result.privileged else " (control)" if result.control else ""
    tier = "" if result.tier == "none" else f", {result.tier}"
    book = ", open book" if result.book == "open" else ""
    return f"{result.agent}{tier}{book}{mark}" + ("" if result.is_ranked else " NOT RANKED")


def _share(share: Proportion) -> str:
    low, high = share.wilson.low, share.wilson.high
    return f"{share.share:.0%} ({low:.0%}-{high:.0%}, n={share.n})"


def _completion(found: Completion) -> str:
    raw = "-" if found.raw is None else f"{found.raw:.0%}{_range(found.raw_interval)}"
    fitted = "-" if found.fitted is None else f"{found.fitted:.0%}{_range(found.fitted_interval)}"
    return f"{raw} n={found.runs} | {fitted}" + ("*" if found.is_extrapolated else "")


def _range(interval: Interval | None) -> str:
    return "" if interval is None else f" ({interval.low:.0%}-{interval.high:.0%})"


def _horizon(horizon: Horizon) -> str:
    interval = horizon.interval
    if horizon.minutes is None or interval is None:
        return horizon.text
    return f"{horizon.text} ({interval.low:.2g}-{interval.high:.2g})"


def _exponent(found: ComputeExponent) -> str:
    interval = found.interval
    around = "" if interval is None else f" ({interval.low:.2f}-{interval.high:.2f})"
    return f"{found.exponent:.2f}{around}, {found.censored} of {found.runs} runs censored"


def _plain(interval: Interval | None) -> str:
    return "" if interval is None else f" ({interval.low:+.2f} to {interval.high:+.2f})"


_ARM_WORDS = {
    "continuous": "A continuous",
    "handover": "B hand-over",
    "oracle-start": "C oracle's start",
}


def _print_chain(chain: ChainResult) -> None:
    pieces = chain.chain.split(LINK)
    title = f"{chain.agent}, {chain.book} book, chain of {len(pieces)}, each within "
    table = Table("arm", title=f"{title}{chain.factor:g} x oracle", title_justify="left")
    for heading in (*pieces, "whole chain", "not counted"):
        table.add_column(heading, justify="right")
    for arm in chain.arms:
        table.add_row(
            _ARM_WORDS[arm.arm],
            *(_tally(tally) for tally in arm.pieces),
            _tally(arm.whole) if arm.whole else "",
            str(arm.infrastructure),
        )
    results.print(table)
    for line in _chain_lines(chain):
        results.print(line)


def _chain_lines(chain: ChainResult) -> list[str]:
    lines = []
    if chain.split is not None:
        split = chain.split
        lines.append(
            f"A against the product of C, {split.split_product:.2g}: {_ratio(split.ratio)}"
        )
        if split.ratio is None:
            share = split.weakest.share
            lines.append(
                f"With Jeffreys' points that product is {split.jeffreys_product:.2g}; the weakest "
                f"piece of C has {share:.0%} of {split.weakest.n}"
            )
    if chain.contrasts is not None:
        lines.append(f"A / B, carrying context: {_ratio(chain.contrasts.carrying_context)}")
        lines.append(f"B / C, own play before: {_ratio(chain.contrasts.own_play)}")
    if chain.tax is not None:
        tax = chain.tax.log2_ratio
        lines.append(
            f"Coherence tax, A against C on one segment and seed: {tax.value:+.2f}"
            f"{_plain(tax.interval)} doublings of time, {tax.n} pairs, {chain.tax.truncated} cut "
            "at the budget. A starts where the agent got to, C where the oracle did: the tax "
            "holds what the agent's own play did, too"
        )
    return lines


def _ratio(ratio: ChainRatio | None) -> str:
    if ratio is None:
        return "no ratio, since nobody did one of these"
    low, high = ratio.interval.low, ratio.interval.high
    if ratio.standard_error == 0:
        return f"ratio {ratio.ratio:.2f}; every run did it, so these few bound nothing"
    return (
        f"log ratio {ratio.log_ratio:+.2f}, variance {ratio.standard_error**2:.3f}; "
        f"ratio {ratio.ratio:.2f} ({low:.2f}-{high:.2f})"
    )


def _tally(tally: Tally) -> str:
    return f"{tally.successes}/{tally.n}"
