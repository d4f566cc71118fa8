from pokebench.score.aggregate import (
    Aggregate,
    aggregate,
    arc_efficiency,
    performance_profile,
    probability_of_improvement,
)
from pokebench.score.cost import Prices, cost_decline, cost_of, pareto_front
from pokebench.score.fleet import Demand, Limit, Server, capacity, measured_demand
from pokebench.types import Clocks
from tests.score.cases import case


def test_each_class_of_token_has_its_price() -> None:
    found = case("cost-01-cached")
    usage, prices = found.inputs["usage"], found.inputs["usd_per_mtok"]
    clocks = Clocks(
        tokens_in=usage["input"],
        tokens_cache_read=usage["cache_read"],
        tokens_cache_write=usage["cache_write"],
        tokens_out=usage["output"],
    )
    cost = cost_of(clocks, Prices(**prices))

    assert cost.usd == found.close(found.expected["usd"])
    assert cost.uncached_usd == found.close(found.expected["usd_if_cache_ignored"])
    assert cost.uncached_usd / cost.usd == found.close(found.expected["overstatement"])


def test_points_that_cost_more_and_score_no_more_are_dominated() -> None:
    costs, scores = [1.0, 2.0, 2.0, 3.0, 1.0], [0.5, 0.5, 0.7, 0.6, 0.5]

    assert pareto_front(costs, scores) == (True, False, True, False, True)


def test_a_fixed_performance_gets_cheaper() -> None:
    found = case("cost-03-decline")
    entries, expected = found.inputs["entries"], found.expected
    decline = cost_decline(
        [entry["years"] for entry in entries], [entry["usd_to_threshold"] for entry in entries]
    )
    assert decline.slope is not None

    assert [list(point) for point in decline.envelope] == expected["envelope"]
    assert decline.factor_per_year == found.close(expected["factor_per_year"])
    assert decline.halving_months == found.close(expected["halving_months"])
    assert decline.slope == found.close(expected["slope"])
    few = cost_decline([0.0, 1.0], [4.0, 1.0])
    assert (few.end_ratio, few.slope) == (4.0, None)


def test_a_server_feeds_whole_agents() -> None:
    found = case("fleet-01-seed-numbers")
    inputs, expected = found.inputs, found.expected
    utilisation = 1 - inputs["overhead"]
    server = Server(inputs["server_tok_s"], utilisation=utilisation)
    other = Server(inputs["alt_server_tok_s"], utilisation=1.0)
    demands = [Demand(rate) for rate in inputs["demand_tok_s"]]

    net = server.decode_tokens_per_s * server.utilisation
    assert net == found.close(expected["net_tok_s"])
    assert [capacity(demand, server).agents for demand in demands] == expected["agents"]
    assert [capacity(demand, other).agents for demand in demands] == expected["agents_alt"]
    whole = Server(inputs["server_tok_s"], utilisation=1.0)
    assert capacity(demands[1], whole).agents == expected["agents_no_overhead_93"]


def test_prefill_memory_and_streams_limit_a_server() -> None:
    demand = Demand(10.0, 100.0, context_tokens=50_000, needed_tokens_per_s=20.0)
    server = Server(1000.0, 10_000.0, 2_000_000.0, stream_tokens_per_s=25.0)

    assert capacity(demand, Server(1000.0, 10_000.0)).agents == 40
    assert capacity(demand, server).agents == 40
    assert capacity(demand, Server(1000.0, 10_000.0, 1_000_000.0)).limit is Limit.MEMORY
    assert capacity(demand, server).ms_per_output_token == 40.0
    slow = Server(1000.0, 10_000.0, 2_000_000.0, stream_tokens_per_s=5.0)
    assert (capacity(demand, slow).agents, capacity(demand, slow).limit) == (0, Limit.STREAM)


def test_demand_is_measured_from_a_run() -> None:
    clocks = Clocks(
        calls=10, tokens_in=500, tokens_cache_read=9000, tokens_cache_write=500,
        tokens_out=2000, work_s=100.0,
    )  # fmt: skip

    assert measured_demand(clocks) == Demand(20.0, 10.0, 1000.0)
    assert measured_demand(Clocks()) is None


def test_scores_of_several_games_are_aggregated() -> None:
    found = case("rliable-01")
    for name in ("X", "Y"):
        scores, expected = found.inputs[name], found.expected[name]

        assert aggregate(scores, Aggregate.MEAN).value == found.close(expected["mean"])
        assert aggregate(scores, Aggregate.MEDIAN).value == found.close(expected["median"])
        assert aggregate(scores, Aggregate.IQM).value == found.close(expected["iqm"])
        gap = aggregate(scores, Aggregate.OPTIMALITY_GAP).value
        assert gap == found.close(expected["optimality_gap"])
        profile = performance_profile(scores, found.inputs["tau"])
        assert profile.tolist() == found.close(found.expected["performance_profile"][name])
    better = probability_of_improvement(found.inputs["X"], found.inputs["Y"])
    assert better.value == found.close(found.expected["prob_improvement_X_over_Y"])
    assert better.interval is not None
    assert better.interval.low < 0.8 < better.interval.high


def test_the_stratified_bootstrap_gives_their_intervals() -> None:
    found = case("rliable-02-bootstrap")
    for kind, key in ((Aggregate.IQM, "iqm_ci95"), (Aggregate.MEAN, "mean_ci95")):
        for name in ("X", "Y"):
            estimate = aggregate(found.inputs[name], kind, found.inputs["reps"])
            assert estimate.interval is not None

            ends = [estimate.interval.low, estimate.interval.high]
            assert ends == found.close(found.expected[key][name])
    assert aggregate([[0.5, 0.5]], Aggregate.IQM).flag == "n=1"


def test_the_cross_walk_squares_actions() -> None:
    found = case("xref-01-arc3-rhae")
    inputs = found.inputs
    result = arc_efficiency(inputs["human"], inputs["ai"], inputs["cap"])

    assert list(result.levels) == found.close(found.expected["level"])
    assert result.score == found.close(found.expected["game_weighted"])
