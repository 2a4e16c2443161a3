"""The summary: every loss, origins, and a file that holds no script."""

import html
import re

import pytest

from pages.components import origins
from rft_core.models import endpoint
from rft_core.records import Rubric
from rft_core.reports import summary
from rft_core.reports.answers import by_case
from rft_core.reports.export import answers_csv
from tests.pages import finished_run as runs
from tests.pages.finished_run import ANSWERS, FILES, GOT_WORSE, HOSTILE

TITLES = {
    name: name.capitalize()
    for name in ("base", "few_shot", "warm_start", "tuned", "commonest", "nearest", "chance")
}


@pytest.fixture
def project(studio):
    studio.save_project(FILES.project, FILES.examples, FILES.rubric)
    return FILES.project


@pytest.fixture
def finished(project):
    return runs.make_run(FILES, ANSWERS)


def made(studio, run_id: str, **more: object) -> summary.Summary:
    studio.import_job(runs.settings.jobs_folder() / run_id)
    examples, rubric = studio.run_contents(run_id)
    rows = studio.answers(run_id).to_dict("records")
    return summary.summarise(
        FILES.project,
        studio.report(run_id),
        by_case(rows, examples, rubric or Rubric()),
        TITLES,
        facts=(),
        codes=(),
        warnings=(),
        made_at="today",
        **more,
    )


def test_without_a_run_it_points_to_train(project, open_page):
    assert "There is no run yet" in runs.page_text(open_page("summary"))


def test_it_shows_verdict_purpose_and_every_loss(finished, open_page):
    text = runs.page_text(open_page("summary"))
    assert "16 better, 2 worse, 2 the same" in text
    assert "Deciding on real payments or about real customers." in text
    assert "Everything that got worse (2)" in text
    for case_id in GOT_WORSE:
        assert f"<h4>{case_id} " in text
    assert text.count("<article>") == 3 + len(GOT_WORSE)
    assert text.count("from 8 to 1 points") == len(GOT_WORSE)
    assert not re.search(r"\+\d+ points", text), "a gain may be larger than what can be earned"


def test_it_says_where_it_comes_from(finished, open_page, studio):
    text = runs.page_text(open_page("summary"))
    for fact in ("12 training alerts, 20 test alerts (version 1)", "7 criteria (version 1)",
                 "SmolLM2 135M", "Quick, 8 practice rounds",
                 "Nothing was sent for this run."):  # fmt: skip
        assert fact in text


def test_an_ai_grader_elsewhere_is_named(finished, open_page, studio, monkeypatch):
    open_page("summary")
    run = studio.run(finished.name)
    asked = {"host": "api.example.com", "model": "grader-1", "here": False}
    run["config"]["ai_grader"] = asked
    assert origins.sent_to(run) == "api.example.com"
    facts = origins.facts(run, {"wall_seconds": 1}, (), Rubric(), "alert")
    assert "grader-1, at api.example.com" in [fact.value for fact in facts]
    run["config"]["ai_grader"] = asked | {"here": True}
    assert origins.sent_to(run) == ""
    monkeypatch.setenv(endpoint.URL, "https://api.example.com/v1")
    monkeypatch.setenv(endpoint.MODEL, "grader-1")
    text = runs.page_text(open_page("summary"))
    assert "Nothing was sent for this run" in text, "it asked none, though one is set up now"


def test_codes_are_folded_away_for_those_who_check_them(finished, open_page, studio):
    text = runs.page_text(open_page("summary"))
    run = studio.run(finished.name)
    before, folded = text.split("<details>")
    folded, after = folded.split("</details>")
    for code in (run["example_set_id"], run["rubric_version_id"], finished.name, "2b2b2b2b2b2b"):
        assert code in folded
        assert code not in before + after


def test_a_run_of_other_contents_says_so(open_page, studio):
    cases = [e.with_changes(note="Looked at") for e in FILES.examples]
    studio.save_project(FILES.project, cases, FILES.rubric)
    runs.make_run(FILES, ANSWERS)
    text = runs.page_text(open_page("summary"))
    assert "20 test alerts (not among the versions of this project)" in text
    assert "7 criteria (version 1)" in text


def test_opening_it_is_noted_and_counted(finished, open_page, studio):
    open_page("compare")
    text = runs.page_text(open_page("summary"))
    assert list(studio.looks(FILES.project.id)["what"]) == ["Compare", "Summary"]
    assert "2 times, first on" in text


def test_the_file_is_offered(finished, open_page):
    assert [b.label for b in open_page("summary").main.download_button] == ["Download as one file"]


def test_the_file_is_escaped_and_holds_no_script(project, studio):
    folder = runs.make_run(FILES, ANSWERS | {"tuned": lambda e: HOSTILE})
    page = summary.page(made(studio, folder.name))
    assert page.startswith("<!doctype html>")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    for never in ("<script", "<img", "<link", "href=", 'src=&#34;http://evil.example"'):
        assert never not in page.replace(html.escape(HOSTILE), "")


def test_answers_that_did_not_change_are_called_out(project, open_page):
    runs.make_run(FILES, ANSWERS | {"tuned": runs.releases})
    text = runs.page_text(open_page("summary"))
    assert "Warning: 100% of the answers are word for word" in text


def test_no_losses_is_said(project, open_page):
    runs.make_run(FILES, ANSWERS | {"tuned": runs.right})
    text = runs.page_text(open_page("summary"))
    assert "No test alert was answered worse than before." in text


def test_the_spreadsheet_holds_every_answer_and_no_formula(project, studio):
    folder = runs.make_run(FILES, ANSWERS | {"tuned": lambda e: '=HYPERLINK("http://x")'})
    studio.import_job(folder)
    examples, rubric = studio.run_contents(folder.name)
    cases = by_case(studio.answers(folder.name).to_dict("records"), examples, rubric)
    text = answers_csv(cases, TITLES).decode("utf-8-sig")
    assert text.count('"Tuned"') == 20
    assert '"=HYPERLINK' not in text
    assert "\"'=HYPERLINK" in text


def test_no_jargon(finished, open_page):
    assert runs.jargon(runs.page_text(open_page("summary"))) == []
