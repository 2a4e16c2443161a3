"""What a run's results come from: the facts that a reviewer asks for."""

from typing import Any

import pandas as pd

from pages.components import runs, state, words
from rft_core.records import Example, Rubric
from rft_core.reports.answers import Case
from rft_core.reports.summary import Fact
from rft_core.store.looks import when

SHORT = 12
"""Characters of a fingerprint that are shown."""


def facts(
    run: dict[str, Any],
    report: dict[str, Any],
    examples: tuple[Example, ...],
    rubric: Rubric,
    noun: str,
) -> list[Fact]:
    """Return where the results come from, in the order in which they are read."""
    config = run["config"]
    model, plan = config.get("model") or {}, config.get("plan") or {}
    splits = [e.split for e in examples]
    many = words.plural(noun)
    criteria = words.plural("criterion", len(rubric.active)).replace("criterions", "criteria")
    versions = runs.versions(run["project_id"])
    of_cases, of_rubric = (
        versions.get(run[key], "not among the versions of this project")
        for key in ("example_set_id", "rubric_version_id")
    )
    table = {
        "Started": when(run["started_at"] or run["created_at"]),
        "Finished": when(run["finished_at"]) if run["finished_at"] else "–",
        "Took": f"{report['wall_seconds'] / 60:.1f} minutes",
        words.capital(many): f"{splits.count('train')} training {many}, "
        f"{splits.count('heldout')} test {many} ({of_cases})",
        "Rubric": f"{rubric.name}, {criteria} ({of_rubric})",
        "Model": _model(model),
        "Length of training": f"{runs.preset(run['preset'])}{_rounds(plan)}"
        f"{', stopped early' if run['status'] == 'stopped' else ''}",
        "Seed (for repeating the run)": str(run["seed"]),
        **_ai_grader(config.get("ai_grader")),
        "Made with": f"RFT Studio {config.get('rft_version', '')}".strip(),
        "Test results opened": opened(state.studio().looks(run["project_id"])),
    }
    return [Fact(name=name, value=str(value)) for name, value in table.items()]


def codes(run: dict[str, Any], cases: list[Case], noun: str) -> list[Fact]:
    """Return the codes by which it can be checked that nothing was exchanged since."""
    table = {
        "Run": run["run_id"],
        words.capital(words.plural(noun)): run["example_set_id"],
        "Rubric": run["rubric_version_id"] or "–",
        "Model, taught": _fingerprint(cases, "warm_start"),
        "Model, practised": _fingerprint(cases, "tuned"),
    }
    return [Fact(name=name, value=str(value)) for name, value in table.items()]


def sent_to(run: dict[str, Any]) -> str:
    """Return the host of an AI grader elsewhere that the run asked; empty if it asked none."""
    asked = run["config"].get("ai_grader")
    return str(asked.get("host")) if asked and not asked.get("here") else ""


def warnings(run: dict[str, Any], report: dict[str, Any], noun: str) -> list[str]:
    """Return why to be careful with the results, as sentences."""
    reason = runs.exploratory_reason(run, report)
    changed = runs.changed_since(run, noun)
    corrected = state.studio().corrected_after_look(run["project_id"])
    return [
        *([f"Exploratory: take the verdict as a hint only. {reason}"] if reason else []),
        *([f"{changed} The results are for what the run used."] if changed else []),
        *(
            [
                f"{words.plural(f'test {noun}', len(corrected))} changed after results on them had "
                f"been seen, and should leave the test: {', '.join(corrected)}."
            ]
            if corrected
            else []
        ),
    ]


def opened(looks: pd.DataFrame) -> str:
    """Say how often test results of the project were opened."""
    if looks.empty:
        return "never"
    times = "once" if len(looks) == 1 else f"{len(looks)} times"
    return f"{times}, first on {when(looks['looked_at'].iloc[0])} (this page counts)"


def _model(model: dict[str, Any]) -> str:
    name, licence = str(model.get("name") or model.get("id") or "–"), model.get("licence")
    return f"{name}, licence {licence}" if licence else name


def _ai_grader(asked: dict[str, Any] | None) -> dict[str, str]:
    return {"AI grader": f"{asked.get('model')}, at {asked.get('host')}"} if asked else {}


def _rounds(plan: dict[str, Any]) -> str:
    return f", {words.plural('practice round', plan['steps'])}" if "steps" in plan else ""


def _fingerprint(cases: list[Case], model: str) -> str:
    found = {c.answers[model].adapter_sha256 for c in cases if model in c.answers}
    return ", ".join(sorted(sha[:SHORT] for sha in found if sha)) or "–"
