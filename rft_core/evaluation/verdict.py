"""The verdict: one word, one headline and the sentences that a careful reviewer would ask for.

*better* if and only if the t interval's lower end is above 0, the sign-flip p is under 0.05 and
at least 90 % of the held-out examples could be scored for both models.
"""

from collections.abc import Mapping
from typing import Any

from rft_core.settings import MIN_HELDOUT_EXAMPLES

ALPHA = 0.05
MIN_COVERAGE = 0.9
LOUD_IDENTICAL = 0.9
ONE_DECISION = 0.9
"""Share of cases decided alike from which the model is said not to tell them apart."""
_UNSHOWN = "not enough evidence"
UNCLEAR = "none or several"
"""How the decision table names an answer without one clear decision."""
FLOOR_NAMES = {
    "commonest": "always giving the commonest answer",
    "nearest": "copying the answer of the most similar training case",
    "chance": "picking an answer at random",
}

SIMPLER_NAMES = {"few_shot": "showing the model before four examples, without training,"} | {
    name: f"{what}, which needs no model," for name, what in FLOOR_NAMES.items()
}


def judge(report: Mapping[str, Any]) -> dict[str, Any]:
    """Return `verdict` (better, worse, not enough evidence, no tuned model) and `sentences`."""
    main = report["paired"].get("tuned_vs_base")
    if main is None:
        return {
            "verdict": "no tuned model",
            "headline": "The run ended before there was a trained model to compare.",
            "sentences": [],
        }
    verdict = outcome(main, main.get("coverage", 1.0))
    sentences = [
        *_identical(report),
        *_aspects(main),
        *_floors(report),
        *_decisions(report),
        *_few_shot(report),
        *_reinforcement(report),
        *_evidence(main),
        *_exploratory(report),
    ]
    return {"verdict": verdict, "headline": _headline(main, verdict), "sentences": sentences}


def outcome(result: Mapping[str, Any], coverage: float) -> str:
    """Return better, worse or not enough evidence for one paired result."""
    low, high = result["ci95"]
    if low is None or result["p"] is None or result["p"] >= ALPHA or coverage < MIN_COVERAGE:
        return _UNSHOWN
    if low > 0:
        return "better"
    return "worse" if high < 0 else _UNSHOWN


def _headline(main: Mapping[str, Any], verdict: str) -> str:
    counts = f"{main['better']} better, {main['worse']} worse, {main['same']} the same"
    ending = {
        "better": "better than before on these test cases.",
        "worse": "worse than before on these test cases.",
    }.get(verdict, "not enough evidence yet.")
    if verdict == "better" and _moved(main) == (_UNSHOWN, "better"):
        ending = (
            "better laid out than before on these test cases, not shown to be right more often."
        )
    return f"{counts}: {ending}"


def _moved(main: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """Return the outcome for what the answers say and for how they are laid out."""
    coverage = main.get("coverage", 1.0)
    says, laid_out = (
        outcome(main[name], coverage) if main.get(name) else None for name in ("substance", "form")
    )
    return says, laid_out


def _identical(report: Mapping[str, Any]) -> list[str]:
    share = report.get("identical_to_base")
    if share is None or share <= LOUD_IDENTICAL:
        return []
    return [
        f"Warning: {share:.0%} of the answers are word for word those of the model before. "
        "Training changed almost nothing."
    ]


def _aspects(main: Mapping[str, Any]) -> list[str]:
    match _moved(main):
        case ("better", "better"):
            return ["Both what the answers say and how they are laid out got better."]
        case ("better", _):
            return ["What the answers say got better."]
        case ("worse", _):
            return ["What the answers say got worse."]
        case (_, "better"):
            return [
                "Only the layout of the answers got better; that they say the right thing more "
                "often is not shown."
            ]
        case (_, "worse"):
            return ["The layout of the answers got worse."]
        case _:
            return ["Neither what the answers say nor their layout changed measurably."]


def _floors(report: Mapping[str, Any]) -> list[str]:
    tuned = report["models"]["tuned"]
    rated = {
        n: f["substance"] for n, f in report["floors"].items() if f.get("substance") is not None
    }
    if not rated or tuned["substance"] is None:
        return []
    best = max(rated, key=lambda name: rated[name])
    what = FLOOR_NAMES[best]
    if tuned["substance"] > rated[best]:
        return [f"Its answers say more that is right than {what}, which needs no model."]
    return [f"Careful: {what}, which needs no model, does as well or better."]


def _decisions(report: Mapping[str, Any]) -> list[str]:
    decision = report.get("decision")
    if not decision or "tuned" not in decision["models"]:
        return []
    return [*_one_decision(decision), *_decided_no_better(decision)]


def _one_decision(decision: Mapping[str, Any]) -> list[str]:
    """Say that the tuned model decides nearly everything alike, where the right answers vary."""
    table = decision["models"]["tuned"]["table"]
    total = sum(cell["n"] for cell in table)
    given = {cell["given"]: 0 for cell in table}
    for cell in table:
        given[cell["given"]] += cell["n"]
    most = max(given, key=lambda label: given[label], default=UNCLEAR)
    rightly = sum(cell["n"] for cell in table if cell["right"] == most)
    if given[most] < ONE_DECISION * total or rightly >= ONE_DECISION * total:
        return []
    said = "gave no clear decision" if most == UNCLEAR else f'decided "{most}"'
    return [
        f"Careful: after practice the model {said} in {given[most]} of {total} test cases. It has "
        "not learned to tell them apart."
    ]


def _decided_no_better(decision: Mapping[str, Any]) -> list[str]:
    """Say that something simpler gets as many decisions right: without a model, or untrained."""
    models = decision["models"]
    right = models["tuned"]["right"]
    counts = {name: models[name]["right"] for name in SIMPLER_NAMES if name in models}
    best = max(counts, key=lambda name: counts[name], default=None)
    if best is None or counts[best] < right:
        return []
    what = SIMPLER_NAMES[best]
    return [
        f"Careful: it gets {right} of {models['tuned']['n']} decisions right. "
        f"{what[0].upper()}{what[1:]} gets {counts[best]}."
    ]


def _few_shot(report: Mapping[str, Any]) -> list[str]:
    result = report["paired"].get("tuned_vs_few_shot")
    if result is None:
        return []
    match outcome(result, result.get("coverage", 1.0)):
        case "better":
            return ["It also beats the model before when that is shown four examples."]
        case "worse":
            return ["Showing the model before four examples, without training, does better."]
        case _:
            return [
                "Showing the model before four examples, without training, may do as well: "
                "no clear difference."
            ]


def _reinforcement(report: Mapping[str, Any]) -> list[str]:
    result = report["paired"].get("tuned_vs_warm_start")
    if result is None:
        return []
    if _is_unpractised(report["models"]):
        return ["There was no practice with the rubric: the run ended before it."]
    match outcome(result, result.get("coverage", 1.0)):
        case "better":
            return ["Practice with the rubric added to what the examples had taught."]
        case "worse":
            return ["Practice with the rubric made it worse than the examples alone."]
        case _:
            return ["Practice with the rubric added nothing measurable here."]


def _is_unpractised(models: Mapping[str, Any]) -> bool:
    """Tell whether the tuned model is the one that was taught, as its hash says."""
    taught, tuned = (models.get(name, {}).get("adapter_sha256") for name in ("warm_start", "tuned"))
    return taught is not None and taught == tuned


def _evidence(main: Mapping[str, Any]) -> list[str]:
    sentences = []
    if main["better"] + main["worse"] < MIN_HELDOUT_EXAMPLES:
        sentences.append(
            "With so few cases that differ, no test could show a difference. Add test cases."
        )
    if main["ci95"][0] is None:
        sentences.append("The likely range cannot be estimated: every case changed alike.")
    if main.get("coverage", 1.0) < MIN_COVERAGE:
        sentences.append(
            f"Only {main['coverage']:.0%} of the test cases could be graded for both; "
            "a verdict needs 90 %."
        )
    return sentences


def _exploratory(report: Mapping[str, Any]) -> list[str]:
    reason = report.get("exploratory")
    return [f"Exploratory only: {reason}"] if reason else []
