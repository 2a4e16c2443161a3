"""One page for a reviewer with ten minutes: what was done, did it help, can it be believed.

`summarise` gathers the facts, `body` and `page` render them: as a fragment for the app, and as
one HTML file without scripts or links. Every text is escaped by the template engine.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import jinja2

from rft_core.records import Criterion, Project, Record
from rft_core.reports import points
from rft_core.reports.answers import Case, wins_and_losses

UNCLEAR = "none or several"
"""What the decision table calls an answer without one clear label."""
CAREFUL, WARNING = "Careful:", "Warning:"
ONE_DECISION = 0.9
"""Share of equal decisions from which a model is said to decide everything alike."""
MODELS = ("base", "few_shot", "warm_start", "tuned")
FLOORS = ("commonest", "nearest", "chance")
Titles = Mapping[str, str]
"""Page names by model and floor."""


class Fact(Record):
    """One line of the table of origins."""

    name: str
    value: str


class Table(Record):
    """Headings and rows of text."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class ShownCase(Record):
    """A case in which something changed."""

    id: str
    text: str
    expert: str
    before: str
    after: str
    before_points: str
    after_points: str
    points: str
    """Both in few words: "from 2 to 7 points"."""
    reasons: tuple[str, ...]
    """What moved: one line a criterion."""


class Summary(Record):
    """All that the page shows, as text."""

    project: Project
    made_at: str
    recorded: str
    verdict: str
    headline: str
    difference: str
    sentences: tuple[str, ...]
    warnings: tuple[str, ...]
    """Why to be careful; shown before everything else."""
    mistakes: tuple[str, ...]
    in_use: tuple[str, ...]
    """What decisions are worth at the frequencies of real use, where those were entered."""
    models: Table
    wins: tuple[ShownCase, ...]
    losses: tuple[ShownCase, ...]
    facts: tuple[Fact, ...]
    codes: tuple[Fact, ...]
    """What names the run and its contents exactly; folded away, for those who check it."""
    many: str
    """What the project calls cases."""
    sent_to: str
    """The host of an AI grader elsewhere, to which cases and answers are sent; empty: nowhere."""


def summarise(
    project: Project,
    report: Mapping[str, Any],
    cases: Sequence[Case],
    titles: Titles,
    *,
    facts: Sequence[Fact],
    codes: Sequence[Fact],
    warnings: Sequence[str],
    made_at: str,
    in_use: Sequence[str] = (),
    recorded: str = "",
    sent_to: str = "",
    worded: Callable[[str], str] = str,
) -> Summary:
    """Gather what the page shows from a report and the graded cases it was built from.

    `worded` puts a sentence that speaks of cases into the words of the project.
    """
    main = report["paired"].get("tuned_vs_base")
    wins, losses = wins_and_losses(cases)
    unclear = worded(unclear_before(report))
    mistakes = [mistake_sentence(error, titles) for error in report.get("errors", ())]
    return Summary(
        project=project,
        made_at=made_at,
        recorded=recorded,
        verdict=str(report["verdict"]),
        headline=worded(str(report["headline"])),
        difference=worded(points.mean_difference(main, points.scale(cases))) if main else "",
        sentences=tuple(map(worded, quiet_sentences(report))),
        warnings=(
            *warnings,
            *(worded(s) for s in report["sentences"] if s.startswith(WARNING)),
            *map(worded, cautions(report)),
        ),
        mistakes=(*mistakes, unclear) if mistakes and unclear else tuple(mistakes),
        in_use=tuple(in_use),
        models=model_table(report, cases, titles),
        wins=tuple(_shown(case, worded) for case in wins),
        losses=tuple(_shown(case, worded) for case in losses),
        facts=tuple(facts),
        codes=tuple(codes),
        many=worded("cases"),
        sent_to=sent_to,
    )


def body(summary: Summary) -> str:
    """Return the summary as an HTML fragment with its style."""
    return _environment().get_template("summary_body.html.jinja").render(s=summary)


def page(summary: Summary) -> str:
    """Return the summary as a complete HTML document: no scripts, nothing fetched."""
    return _environment().get_template("summary.html.jinja").render(s=summary)


def mistake_sentence(error: Mapping[str, Any], titles: Titles) -> str:
    """Return "Releases a scam: before 12 of 38, practised 1 of 38." """
    counts = ", ".join(
        f"{_small(titles[name])} {error['models'][name]} of {error['of']}"
        for name in ("base", "warm_start", "tuned")
        if name in error["models"]
    )
    return f"{error['text'].rstrip('.')}: {counts}."


def cautions(report: Mapping[str, Any]) -> list[str]:
    """Return what a reader of a good verdict must not miss: simpler things that do as well."""
    return [s for s in report["sentences"] if s.startswith(CAREFUL)]


def quiet_sentences(report: Mapping[str, Any]) -> list[str]:
    """Return the verdict's sentences without those that are shown louder elsewhere."""
    loud = (CAREFUL, WARNING, "Exploratory only:")
    return [s for s in report["sentences"] if not s.startswith(loud)]


def unclear_before(report: Mapping[str, Any]) -> str:
    """Say that a model which decides nothing makes no mistakes either; "" if it decided."""
    before = ((report.get("decision") or {}).get("models") or {}).get("base")
    if not before:
        return ""
    unclear = sum(cell["n"] for cell in before["table"] if cell["given"] == UNCLEAR)
    if 2 * unclear <= before["n"]:
        return ""
    return (
        f"Before, the model gave no clear decision on {unclear} of {before['n']} test cases, "
        "so it could hardly make these mistakes either."
    )


def model_table(report: Mapping[str, Any], cases: Sequence[Case], titles: Titles) -> Table:
    """Return a line for each model and floor, what it says and how it is laid out apart."""
    known = {**report["models"], **report["floors"]}
    decided = (report.get("decision") or {}).get("models", {})
    scales = {
        "mean_score": ("Points", points.scale(cases)),
        "substance": ("What it says", points.scale(cases, "substance")),
        "form": ("How it is laid out", points.scale(cases, "form")),
    }
    cut_off = any(model["truncated"] for model in report["models"].values())
    headings = [
        f"{title} (of\N{NO-BREAK SPACE}{points.exact(on.positive)})"
        for title, on in scales.values()
    ]
    rows = []
    for name in (*MODELS, *FLOORS):
        if name in known:
            row = [points.in_column(on.points(known[name][key])) for key, (_, on) in scales.items()]
            rows.append((titles[name], *row, *_more(name, known[name], decided, cut_off)))
    more = ["Right decisions"] * bool(decided) + ["Seconds"] + ["Cut off"] * cut_off
    return Table(headings=("Answered by", *headings, *more), rows=tuple(rows))


def _more(
    name: str, model: Mapping[str, Any], decided: Mapping[str, Any], cut_off: bool
) -> list[str]:
    """Return right decisions, seconds an answer and answers cut off, where there are any."""
    answered = name in MODELS
    seconds = points.shown(model["seconds_per_answer"], 2) if answered else "–"
    return [
        *([_decisions(decided.get(name))] if decided else []),
        seconds,
        *([str(model["truncated"]) if answered else "–"] if cut_off else []),
    ]


def _decisions(counts: Mapping[str, Any] | None) -> str:
    if not counts or not counts["accuracy"]:
        return "–"
    rate = counts["accuracy"]
    return f"{counts['right']} of {counts['n']} ({rate['low']:.0%} to {rate['high']:.0%})"


def _shown(case: Case, worded: Callable[[str], str]) -> ShownCase:
    before, after = case.answers["base"], case.answers["tuned"]
    return ShownCase(
        id=case.example.id,
        text=case.example.case_text,
        expert=case.example.reference or "",
        before=before.text,
        after=after.text,
        before_points=before.points,
        after_points=after.points,
        points=points.from_to(case),
        reasons=tuple(
            f"{criterion.text} ({points.exact(criterion.points)}): "
            # What an AI grader wrote itself stays as it is.
            f"{reason if criterion.check.kind == 'judge' else worded(reason)}"
            for criterion, reason in _moved(case)
        ),
    )


def _moved(case: Case) -> list[tuple[Criterion, str]]:
    """Return the criteria that came out otherwise, with the reason for the answer after."""
    before, after = case.answers["base"].grade, case.answers["tuned"].grade
    return [
        (c, after.reasons[c.id]) for c in case.criteria if before.values[c.id] != after.values[c.id]
    ]


def _small(text: str) -> str:
    return text[:1].lower() + text[1:]


@cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
