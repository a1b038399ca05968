"""/v1/reports/experiments: which experiments run, and what came of their arms."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

from pydantic import Field

from app.domain.experiments.phases import Phase
from app.domain.experiments.results import ArmResult, Goal
from app.domain.experiments.statistics import SAMPLE_RATIO_ALARM, Interval
from app.domain.scopes import Scope
from app.flows import experiments
from app.flows.experiments import Report
from app.stores.cold.reports import Openers as OpenerCounts
from app.web.api.fields import Answer, Path, Query
from app.web.api.reports import Openers, report_routes
from app.web.routing import Call

experiment_routes = report_routes.more("experiments")


class ExperimentPath(Path):
    """An experiment by its name, `<block>:<variant>`."""

    experiment_id: Annotated[str, Field(max_length=260)]


class ReportQuery(Query):
    """What counts, and for how long after an arm was seen."""

    goal: Annotated[Literal["click", "conversion"], Field(description="what makes an arm the better one")] = (
        "click"
    )
    window_days: Annotated[
        int, Field(ge=1, le=90, description="until when after it saw an arm a conversion is the arm's")
    ] = 7


class Running(Answer):
    """An experiment that is running; its numbers are under its name."""

    experiment_id: str
    block_id: str
    variant: str
    arms: list[str]
    optimise: Literal["bandit"] | None = None
    version: int
    since: datetime


class RunningAnswer(Answer):
    """Every experiment that is running, by block."""

    experiments: list[Running]


class Range(Answer):
    """From low to high, both inside, at 95 %."""

    low: float
    high: float


class Against(Answer):
    """An arm against the first one. Rates are of those whom a person saw it for, from 0 to 1."""

    difference: float
    interval: Annotated[Range, Field(description="for one look, at the end")]
    always_valid: Annotated[Range, Field(description="for any number of looks: stop when it leaves out 0")]
    p_value: Annotated[float, Field(description="of the two-proportion z-test; for one look, at the end")]
    chance_better: float
    needed_more: Annotated[
        int | None, Field(description="about how many more, both arms together, until 0 is left out")
    ] = None


class ArmNumbers(Answer):
    """One arm. Exposed, seen, clicked and converted count units: customers or touches."""

    arm: str
    share: float
    impressions: Openers
    exposed: int
    seen: int
    clicked: int
    clicked_unseen: int
    converted: int
    conversions: int
    revenue: dict[str, float]
    rate: float
    rate_interval: Range
    best: Annotated[float | None, Field(description="the chance to be the best arm")] = None
    against_first: Against | None = None


class SampleRatio(Answer):
    """Whether the arms got their shares: an alarm says that something is broken."""

    p_value: float
    is_alarm: bool


class Weighed(Answer):
    """What a bandit gave an arm at one run, and from how many touches and clicks."""

    arm: str
    share: float
    shown: int
    clicked: int


class Run(Answer):
    """One run of a bandit that changed something."""

    at: datetime
    arms: list[Weighed]


class ExperimentAnswer(Answer):
    """An experiment in numbers, since it deals its arms as it does now; the verdict in words."""

    experiment_id: str
    block_id: str
    variant: str
    optimise: Literal["bandit"] | None = None
    unit: Literal["customer", "touch"]
    goal: Literal["click", "conversion"]
    window_days: int
    version: int
    since: datetime
    until: datetime | None = None
    arms: list[ArmNumbers]
    sample_ratio: SampleRatio | None = None
    moved: Annotated[int, Field(description="units that were shown another arm later on")]
    standing: Literal["nothing_seen", "wrong_ratio", "too_early", "undecided", "decided"]
    verdict: str
    runs: list[Run] | None = None


@experiment_routes.route("GET", "/v1/reports/experiments", Scope.REPORT, answers={200: RunningAnswer})
def list_experiments(call: Call) -> Mapping[str, Any]:
    """List the experiments that are running"""
    return {"experiments": [_running(phase) for phase in experiments.everything(call.house.cold)]}


@experiment_routes.route(
    "GET",
    "/v1/reports/experiments/<experiment_id>",
    Scope.REPORT,
    answers={200: ExperimentAnswer, 404: "Unknown experiment"},
)
def report_experiment(call: Call, path: ExperimentPath, query: ReportQuery) -> Mapping[str, Any]:
    """Report on one experiment

    Everybody counts once, in the arm shown first, since the last version that changed how arms are dealt.
    """
    report = experiments.report(
        call.house.cold,
        path.experiment_id,
        goal=Goal(query.goal),
        within=timedelta(days=query.window_days),
        now=call.now,
    )
    return _told(report, query)


def _running(phase: Phase) -> dict[str, Any]:
    return {
        "experiment_id": phase.split.experiment_id,
        "block_id": phase.block_id,
        "variant": phase.variant_id,
        "arms": list(phase.split.arms),
        **({"optimise": "bandit"} if phase.split.is_bandit else {}),
        "version": phase.version,
        "since": phase.since,
    }


def _told(report: Report, query: ReportQuery) -> dict[str, Any]:
    made, phase = report.results, report.phase
    told = _running(phase) | {
        "unit": "touch" if experiments.is_by_touch(phase.split) else "customer",
        "goal": query.goal,
        "window_days": query.window_days,
        "arms": [_arm(one, report.impressions.get(one.arm)) for one in made.arms],
        "moved": report.moved,
        "standing": made.standing.value,
        "verdict": made.sentence,
    }
    if phase.until is not None:
        told["until"] = phase.until
    if made.sample_ratio is not None:
        told["sample_ratio"] = {
            "p_value": made.sample_ratio,
            "is_alarm": made.sample_ratio < SAMPLE_RATIO_ALARM,
        }
    if phase.split.is_bandit:
        told["runs"] = [{"at": run.at, "arms": run.document["arms"]} for run in report.learnt]
    return told


def _arm(result: ArmResult, impressions: OpenerCounts | None) -> dict[str, Any]:
    told = {
        "arm": result.arm,
        "share": result.share,
        "impressions": asdict(impressions or OpenerCounts()),
        **asdict(result.counts),
        "rate": result.reached.rate,
        "rate_interval": _range(result.interval),
    }
    if result.best is not None:
        told["best"] = result.best
    if result.against_first is not None:
        compared = result.against_first
        told["against_first"] = {
            "difference": compared.difference,
            "interval": _range(compared.interval),
            "always_valid": _range(compared.always_valid),
            "p_value": compared.p_value,
            "chance_better": compared.chance_better,
            **({"needed_more": compared.needed_more} if compared.needed_more is not None else {}),
        }
    return told


def _range(interval: Interval) -> dict[str, float]:
    return {"low": interval.low, "high": interval.high}
