"""Rubric: criteria without JSON, what is wrong with them, and trying them on answers."""

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from pages.components.words import BANNED
from rft_core import settings
from rft_core.checks import KINDS
from rft_core.examples.folder import read_project
from rft_core.jobs import supervisor
from rft_core.jobs.folder import JobFolder, JobState, append_line
from rft_core.models import timing
from rft_core.records import (
    AnswerPart,
    CheckSpec,
    Criterion,
    Example,
    Project,
    ReviewRule,
    Rubric,
)
from rft_core.rubric.from_form import rubric_of_form
from rft_core.rubric.grading import Grader
from rft_core.store import Studio
from tests.pages.acting import opened

Open = Callable[[str], AppTest]
HOSTILE = "<img src=x onerror=alert(1)> $x$ :red[no]"


@pytest.fixture
def sample(studio: Studio) -> Studio:
    files = read_project(settings.samples_folder() / "finance")
    studio.save_project(files.project, files.examples, files.rubric)
    return studio


def rubric(studio: Studio) -> Rubric:
    return studio.load_project(str(studio.list_projects()["project_id"].iloc[0]))[2]


def examples_of(studio: Studio) -> tuple[Example, ...]:
    return studio.load_project(str(studio.list_projects()["project_id"].iloc[0]))[1]


def project(studio: Studio) -> Project:
    return studio.load_project(str(studio.list_projects()["project_id"].iloc[0]))[0]


def ids(studio: Studio) -> list[str]:
    return [criterion.id for criterion in rubric(studio).criteria]


def said(page: AppTest) -> str:
    parts = [e.value for kind in (page.markdown, page.caption, page.text) for e in kind]
    return "\n".join([*parts, *(b.label for b in page.button)])


def choose(page: AppTest, criterion_id: str, what: str) -> None:
    """Choose from the menu of a criterion."""
    page.menu_button(f"more-{criterion_id}").click(what).run()


def area(page: AppTest, label: str):
    return next(a for a in page.text_area if a.label.startswith(label))


def test_it_reads_the_rubric_back(sample: Studio, open_page: Open) -> None:
    page = open_page("rubric")
    assert page.title[0].value == "Rubric"
    assert "**10 points** for a perfect answer, 8 of them for what it says" in said(page)
    assert "Counts as a fault when the answer says release" in said(page)
    assert not [word for word in BANNED if word.lower() in said(page).lower()]


def test_another_rubric_of_the_sample_is_used_and_taken_back(
    sample: Studio, open_page: Open
) -> None:
    usual = rubric(sample)
    page = open_page("rubric")
    assert "Scam alert rubric, harsh on released scams" in said(page)
    page.button("rubric-0").click().run()
    assert rubric(sample).criteria[0].check.kind == "cost_table"
    assert "Scam alert rubric" in said(page)
    page.button("undo").click().run()
    assert rubric(sample) == usual


def test_a_rubric_file_that_cannot_be_read_is_not_offered(
    sample: Studio, open_page: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(settings.samples_folder() / "finance", tmp_path / "finance")
    (tmp_path / "finance" / "rubric-strict.json").write_text("{")
    monkeypatch.setattr("rft_core.settings.samples_folder", lambda: tmp_path)
    page = open_page("rubric")
    assert not page.exception
    assert "harsh on released scams" not in said(page)
    assert "Makes the right decision" in said(page)


def test_no_trick_pays_in_the_sample(sample: Studio, open_page: Open) -> None:
    page = open_page("rubric")
    page.segmented_control("rubric-view").set_value("Try to fool it").run()
    told = page.main.success[0].value
    assert re.fullmatch(r"No trick pays, in \d{3} trick answers to 30 training alerts\.", told)
    assert "ten times as long, keeps 90% of its points" in said(page)
    assert not [b for b in page.button if str(b.key).startswith("remedy-")]


def test_a_rubric_that_does_not_mind_length_is_offered_a_limit(
    sample: Studio, open_page: Open
) -> None:
    project, _, usual = sample.load_project("finance-scam-alerts")
    lax = tuple(c for c in usual.criteria if c.aspect == "substance")
    sample.save_rubric(project.id, usual.with_changes(criteria=lax), "no form")
    page = open_page("rubric")
    page.segmented_control("rubric-view").set_value("Try to fool it").run()
    assert "keeps 100% of its points: nothing in this rubric minds length" in said(page)
    page.button("remedy-drawn-out").click().run()
    assert rubric(sample).criteria[-1].check.kind == "length"
    assert "minds length" not in said(page)


def test_a_reason_that_nothing_looks_at_is_told(studio: Studio, open_page: Open) -> None:
    form = (
        AnswerPart(kind="choice", label="Our position", field="decision",
                   options=("accept", "reject")),
        AnswerPart(kind="free_text", label="Reason", field="reason"),
    )  # fmt: skip
    cases = [
        Example(id=f"c{i}", prompt=f"Clause {i}.", fields={"decision": d}, split="train",
                reference=f"Our position: {d}\nReason: It is number {i}.")
        for i, d in enumerate(["accept", "reject"] * 3)
    ]  # fmt: skip
    made = Rubric(criteria=rubric_of_form(form, cases))
    studio.save_project(Project(id="mine", name="Mine", answer=form), cases, made)
    page = opened(open_page("rubric"), "rubric-findings")
    assert "it is the expected “Our position”" in said(page), "as the form calls it"
    page.button("edit-keeps_the_layout").click().run()
    assert "is the lines “Our position" in said(page)
    assert [box.label for box in page.expander if "signs" in box.label] == ["In signs"]
    page.button("criterion-cancel").click().run()
    assert "Nothing looks at what is written as “Reason”" in said(page)
    page.segmented_control("rubric-view").set_value("Try to fool it").run()
    told = "The right answer with the “Reason” of another case keeps 100% of its points."
    assert [w.value for w in page.main.warning] == [f"{told} What stands there hardly counts."]
    alike = Criterion(
        id="alike", text="The same reason", points=0.1, aspect="substance",
        check=CheckSpec(kind="overlap", line="Reason"),
    )  # fmt: skip
    studio.save_rubric("mine", made.with_criterion(alike), "a little for the reason")
    page.run()
    assert "of those for “Reason” itself" in said(page)
    assert not page.main.warning, "it counts, though little"


def test_a_trick_that_pays_is_shown_with_what_would_stop_it(
    sample: Studio, open_page: Open
) -> None:
    project, _, usual = sample.load_project("finance-scam-alerts")
    layout = next(c for c in usual.criteria if c.id == "layout")
    sample.save_rubric(project.id, usual.with_changes(criteria=(layout,)), "only the layout")
    page = opened(open_page("rubric"), "rubric-findings")
    assert "would pay half of what your own answers earn, or more" in said(page)
    assert "the right layout, the wrong answer" in said(page), "as where tricks are tried"
    page.button("finding-tricks").click().run()
    assert page.segmented_control("rubric-view").value == "Try to fool it"
    assert "**The right layout, the wrong answer** earns 100%" in said(page)
    assert "It is paid by: Answers in exactly three lines" in said(page)
    page.button("remedy-wrong").click().run()
    added = rubric(sample).criteria[1]
    assert (added.check.kind, added.check.parameters["field"]) == ("label", "decision")
    assert "**The right layout" not in said(page), "it does not pay any longer"
    page.button("undo").click().run()
    assert ids(sample) == ["layout"]


def test_a_trick_that_gets_one_value_of_several_wrong_is_judged_by_the_points_for_it(
    studio: Studio, open_page: Open
) -> None:
    form = (
        AnswerPart(kind="number", label="Net debt", field="debt"),
        AnswerPart(kind="choice", label="Trend", field="trend", options=("worse", "better")),
    )
    cases = [
        Example(id=f"p{i}", prompt=f"Firm {i} owes {debt} times.", split="train",
                fields={"debt": debt, "trend": trend},
                reference=f"Net debt: {debt}\nTrend: {trend}")
        for i, (debt, trend) in enumerate(
            [(3.1, "worse"), (2.4, "better"), (4.5, "worse"), (1.8, "better")]
        )
    ]  # fmt: skip
    made = [c.with_changes(points=5) if c.check.kind == "number" else c
            for c in rubric_of_form(form, cases)]  # fmt: skip
    studio.save_project(Project(id="mine", name="Mine", answer=form), cases,
                        Rubric(criteria=tuple(made)))  # fmt: skip
    page = open_page("rubric")
    assert "would pay" not in said(opened(page, "rubric-findings"))
    page.segmented_control("rubric-view").set_value("Try to fool it").run()
    assert "No trick pays" in page.main.success[0].value
    table = next(e.value for e in page.html if "The right choice, negated" in e.value)
    order = [str(getattr(element, "value", "")) for element in page.main]
    why = next(i for i, text in enumerate(order) if "judged by the points for what it" in text)
    assert why < order.index(table), "said before the shares are read"
    row = table.partition("The right choice, negated")[2].partition("</tr>")[0]
    assert "55%" in row and "0%" in row and "does not pay" in row
    assert "rightly keeps the points of the others" in said(page)


@pytest.mark.parametrize("alone", [("cannot tell", "out of scope"), ()])
def test_a_card_says_when_cannot_tell_counts_in_place_of_a_number(
    studio: Studio, open_page: Open, alone: tuple[str, ...]
) -> None:
    part = AnswerPart(kind="number", label="Net debt", field="debt", alone=alone)
    cases = [
        Example(id=f"p{n}", prompt=f"Owes {n}.", fields={"debt": n}, reference=f"Net debt: {n}")
        for n in range(1, 5)
    ]
    mine = Rubric(criteria=tuple(rubric_of_form((part,), cases)))
    studio.save_project(Project(id="mine", name="Mine", answer=(part,)), cases, mine)
    told = said(open_page("rubric"))
    assert "is the expected “Net debt”" in told
    none = "Where “cannot tell” or “out of scope” is expected, that is what counts"
    assert (none in told) == bool(alone)


def test_a_project_that_is_no_sample_has_no_other_rubrics(sample: Studio, open_page: Open) -> None:
    sample.save_project(Project(id="mine", name="Mine"), (), rubric(sample))
    assert "Use this rubric" not in said(open_page("rubric"))


def test_points_are_changed_in_a_form_and_taken_back(sample: Studio, open_page: Open) -> None:
    page = open_page("rubric")
    page.button("edit-decision").click().run()
    page.number_input[0].set_value(7.5).run()
    assert rubric(sample).criteria[0].points == 5
    page.button("criterion-save").click().run()
    assert rubric(sample).criteria[0].points == 7.5
    assert page.toast[0].value.startswith("Saved")
    assert "**12.5 points**" in said(page)
    page.button("undo").click().run()
    assert rubric(sample).criteria[0].points == 5


def test_what_was_not_undone_is_a_warning_without_a_tick(sample: Studio, open_page: Open) -> None:
    page = open_page("rubric")
    page.button("edit-decision").click().run()
    page.number_input[0].set_value(7.5).run()
    page.button("criterion-save").click().run()
    sample.save_rubric("finance-scam-alerts", Rubric(), "emptied in another window")
    page.button("undo").click().run()
    assert "This was not done" in page.warning[0].value
    assert not any("Undone" in toast.value for toast in page.toast)
    assert not rubric(sample).criteria


def test_a_part_that_could_not_be_graded_is_said_after_the_points(
    sample: Studio, open_page: Open
) -> None:
    project, examples, found = sample.load_project("finance-scam-alerts")
    without = {n: v for n, v in examples[0].fields.items() if n != "kind"}
    first = examples[0].with_changes(fields=without, split="train")
    sample.save_project(project, (first, *examples[1:]), found)
    page = open_page("rubric")
    page.segmented_control("rubric-view").set_value("Try it on an answer").run()
    page.selectbox("trial-case").set_value(first.id).run()
    page.button("trial-expert").click().run()
    not_graded = r"### \d+ of 10 points; \d+% of all points and penalties could not be graded"
    assert re.search(not_graded, said(page))


def test_opening_and_saving_a_criterion_changes_nothing(sample: Studio, open_page: Open) -> None:
    page = open_page("rubric")
    for criterion_id in ids(sample):
        page.button(f"edit-{criterion_id}").click().run()
        page.button("criterion-save").click().run()
        assert not page.exception
        assert "Nothing was changed" in page.toast[0].value
        page.run()


def test_a_criterion_is_added_without_json(sample: Studio, open_page: Open) -> None:
    page = open_page("rubric")
    page.button("criterion-add").click().run()
    page.button("criterion-save").click().run()
    assert "The rule has no text." in said(page)
    area(page, "The rule").set_value("Stays short").run()
    kind = next(s for s in page.selectbox if s.label == "How it is checked")
    kind.set_value("length").run()
    next(n for n in page.number_input if n.label == "At most this many words").set_value(40).run()
    assert "Met when the answer has at most 40 words" in said(page)
    page.button("criterion-save").click().run()
    added = rubric(sample).criteria[-1]
    assert (added.id, added.check.kind, added.check.parameters) == (
        "stays_short", "length", {"max_words": 40},
    )  # fmt: skip


def test_a_rule_comes_first_and_ways_to_check_it_are_offered(
    sample: Studio, open_page: Open
) -> None:
    page = open_page("rubric")
    page.button("criterion-add").click().run()
    area(page, "The rule").set_value("Never releases a scam that must be blocked").run()
    assert "One particular mistake" in said(page)
    assert "Would pass, your own answer to fin" in said(page)
    assert "Would fail, for fin" in said(page), "made up"
    page.button("way-take-0").click().run()
    assert "Counts as a fault when the answer says release" in said(page)
    assert not [b for b in page.button if str(b.key).startswith("way-take")], "it is chosen"
    page.button("criterion-save").click().run()
    added = rubric(sample).criteria[-1]
    assert (added.points, added.aspect, added.check.kind) == (-1, "substance", "mistake")
    assert (added.check.parameters["given"], added.check.parameters["right"]) == (
        ["release"], ["block"],
    )  # fmt: skip
    page.button("criterion-add").click().run()
    assert area(page, "The rule").value == "", "the next one begins empty"


def test_points_that_contradict_the_check_are_said_there_and_turned_round(
    sample: Studio, open_page: Open
) -> None:
    page = open_page("rubric")
    page.button("criterion-add").click().run()
    area(page, "The rule").set_value("Does not mention “refund”").run()
    page.button("way-take-0").click().run()
    turn = "other-sign"
    assert not any(turn in str(b.key) for b in page.button)
    page.number_input[0].set_value(2).run()
    assert "This rule is met by a fault, yet it gives points." in [w.value for w in page.warning]
    button = next(b for b in page.button if turn in str(b.key))
    assert button.label == "Take off 2 points instead"
    button.click().run()
    assert not page.exception
    assert page.number_input[0].value == -2
    assert not page.warning
    page.button("criterion-save").click().run()
    assert rubric(sample).criteria[-1].points == -2


def test_a_rule_that_asks_for_two_things_becomes_two_criteria(
    sample: Studio, open_page: Open
) -> None:
    page = open_page("rubric")
    page.button("criterion-add").click().run()
    both = "Names the right kind and quotes the words that decide"
    area(page, "The rule").set_value(both).run()
    assert "**That asks for two things.**" in said(page)
    page.number_input[0].set_value(3.0).run()
    page.button("way-two-take").click().run()
    first, second = rubric(sample).criteria[-2:]
    assert [(c.text, c.points, c.check.kind) for c in (first, second)] == [
        ("Names the right kind", 3, "label"),
        ("Quotes the words that decide", 3, "quote"),
    ]
    page.button("criterion-add").click().run()
    assert area(page, "The rule").value == "", "the form was closed"
    area(page, "The rule").set_value(both).run()
    page.button("way-two-both").click().run()
    *parts, whole = rubric(sample).criteria[-3:]
    assert [c.points for c in parts] == [0, 0]
    assert (whole.text, whole.check.kind) == (both, "formula")
    assert whole.check.parameters["formula"] == f"min({parts[0].id}, {parts[1].id})"
    Grader(rubric(sample))


def test_what_is_said_of_three_parts_becomes_three_criteria(
    sample: Studio, open_page: Open
) -> None:
    page = open_page("rubric")
    page.button("criterion-add").click().run()
    rule = "The kind, the quote and the decision have at most 9 words"
    area(page, "The rule").set_value(rule).run()
    assert "**That asks for three things.**" in said(page)
    page.button("way-two-take").click().run()
    made = rubric(sample).criteria[-3:]
    assert [(c.text, c.check.parameters) for c in made] == [
        (f"The {name.lower()} has at most 9 words", {"max_words": 9, "line": name})
        for name in ("Kind", "Quote", "Decision")
    ]
    page.button("criterion-add").click().run()
    area(page, "The rule").set_value('Minus 2 if the kind or the quote says "scam"').run()
    assert not [b for b in page.button if b.key == "way-two-both"]
    page.button("way-two-take").click().run()
    made = rubric(sample).criteria[-2:]
    assert [(c.points, c.check.kind) for c in made] == [(-2, "forbidden")] * 2


def test_what_the_ways_to_check_a_rule_leave_out_is_said(sample: Studio, open_page: Open) -> None:
    page = open_page("rubric")
    page.button("criterion-add").click().run()
    area(page, "The rule").set_value('Says "call" on the decision line when it is urgent').run()
    assert (
        "Left out: when it is urgent. To hold it to some alerts only, choose their tag here. Tags "
        "are given in the Overview of Examples." in said(page)
    )
    assert [m.label for m in page.multiselect] == ["Only for alerts tagged"], "it stands beside it"
    area(page, "The rule").set_value("At most 3 sentences and under 60 words").run()
    assert "Each way below looks at one part of the rule." in said(page)
    assert "**Length in sentences**" in said(page) and "**Length in words**" in said(page)
    area(page, "The rule").set_value("More than 40 words").run()
    for worth in ("Costs", "Earns"):
        assert f"**{worth} points when the answer has at least 41 words**" in said(page)
    area(page, "The rule").set_value("Longer than nine sentences").run()
    for worth in ("Costs", "Earns"):
        assert f"**{worth} points when the answer has at least 10 sentences**" in said(page)


def test_the_points_that_a_rule_takes_off_are_its_points(sample: Studio, open_page: Open) -> None:
    page = open_page("rubric")
    page.button("criterion-add").click().run()
    rule = 'Takes off 2 points if the quotation uses the word "obviously".'
    area(page, "The rule").set_value(rule).run()
    page.button("way-take-0").click().run()
    page.button("criterion-save").click().run()
    added = rubric(sample).criteria[-1]
    assert (added.text, added.points, added.check.kind) == (rule, -2, "forbidden")
    assert added.check.parameters == {"phrases": ["obviously"], "line": "Quote"}


def test_words_in_quotation_marks_are_looked_for_whatever_the_answers_say(
    sample: Studio, open_page: Open
) -> None:
    page = open_page("rubric")
    page.button("criterion-add").click().run()
    area(page, "The rule").set_value('Contains the words "follow-up"').run()
    assert "**Contains certain words**" in said(page)
    assert "None of 40 expert answers would pass." in said(page)


def test_a_new_criterion_compares_with_the_decision(studio: Studio, open_page: Open) -> None:
    files = read_project(settings.samples_folder() / "legal")
    cases = [e.with_changes(fields=dict(sorted(e.fields.items(), reverse=True)))
             for e in files.examples]  # fmt: skip
    assert next(iter(cases[0].fields)) == "type"
    studio.save_project(files.project, cases, files.rubric)
    page = open_page("rubric")
    page.button("criterion-add").click().run()
    kind_of(page, "label")
    compared = next(s for s in page.selectbox if s.label.startswith("Compared"))
    assert compared.value == "decision"


def test_a_rule_that_no_check_can_tell_says_so(sample: Studio, open_page: Open) -> None:
    page = open_page("rubric")
    page.button("criterion-add").click().run()
    area(page, "The rule").set_value("Is polite to the customer").run()
    assert "No check here can tell that from an answer." in said(page)
    assert "An AI grader could read the answer for it. No AI grader is set up" in said(page)
    page.button("review-keep").click().run()
    assert [rule.text for rule in project(sample).review] == ["Is polite to the customer"]
    assert "**For your own review**" in said(page)
    assert not [a for a in page.text_area if a.label.startswith("The rule")], "the form is closed"
    page.button("review-delete-0").click().run()
    assert not project(sample).review
    page.button("undo").click().run()
    assert len(project(sample).review) == 1


def reviewed(studio: Studio) -> list[tuple[str, float]]:
    return [(rule.text, rule.points) for rule in project(studio).review]


def test_a_rule_that_a_check_could_tell_can_be_kept_for_review(
    sample: Studio, open_page: Open
) -> None:
    page = open_page("rubric")
    page.button("criterion-add").click().run()
    page.number_input[0].set_value(3)
    area(page, "The rule").set_value("Makes the right decision").run()
    assert "**How could that be checked?**" in said(page)
    page.button("review-keep").click().run()
    assert reviewed(sample) == [("Makes the right decision", 3.0)]
    assert len(rubric(sample).criteria) == 7


def test_a_criterion_is_kept_for_review_instead_and_made_one_again(
    sample: Studio, open_page: Open
) -> None:
    page = open_page("rubric")
    before = rubric(sample)
    rule = before.criteria[0]
    choose(page, rule.id, "review")
    assert reviewed(sample) == [(rule.text, rule.points)]
    assert rubric(sample).criteria == before.criteria[1:]
    page.button("undo").click().run()
    assert (reviewed(sample), rubric(sample)) == ([], before)
    choose(page, rule.id, "review")

    page.run().button("review-edit-0").click().run()
    assert area(page, "The rule").value == rule.text
    assert page.number_input[0].value == rule.points
    assert reviewed(sample), "it goes once the criterion is saved"
    page.button("way-take-0").click().run()
    page.button("criterion-save").click().run()
    assert reviewed(sample) == []
    assert [c.text for c in rubric(sample).criteria[-1:]] == [rule.text]
    page.button("undo").click().run()
    assert len(reviewed(sample)) == 1
    assert rubric(sample).criteria == before.criteria[1:]


def test_a_rule_for_review_is_reworded(sample: Studio, open_page: Open) -> None:
    review = (ReviewRule(text="Is polite", points=-2), ReviewRule(text="Is kind"))
    sample.save_project(
        project(sample).with_changes(review=review), examples_of(sample), rubric(sample)
    )
    page = open_page("rubric")
    page.button("review-edit-0").click().run()
    area(page, "The rule").set_value("Is polite to the customer").run()
    page.button("review-keep").click().run()
    assert reviewed(sample) == [("Is kind", 1.0), ("Is polite to the customer", -2.0)]


def test_editing_a_rule_for_review_leaves_a_criterion_that_was_begun(
    sample: Studio, open_page: Open
) -> None:
    sample.save_project(
        project(sample).with_changes(review=(ReviewRule(text="Is kind"),)),
        examples_of(sample), rubric(sample),
    )  # fmt: skip
    page = open_page("rubric")
    page.button("criterion-add").click().run()
    area(page, "The rule").set_value("Names the amount").run()
    page.button("review-edit-0").click().run()
    assert area(page, "The rule").value == "Names the amount"
    assert "a new criterion that you have begun" in page.main.warning[0].value
    page.button("criterion-cancel").click().run()
    page.button("review-edit-0").click().run()
    assert area(page, "The rule").value == "Is kind"
    page.button("criterion-cancel").click().run()
    assert reviewed(sample) == [("Is kind", 1.0)]


def test_each_pasted_rule_is_checked_kept_for_review_or_left_out(
    sample: Studio, open_page: Open
) -> None:
    page = opened(open_page("rubric"), "paste")
    page.text_area("paste-text-finance-scam-alerts").set_value(
        "[-1] Says “as an AI”\n[+1] At most 40 words\n[+3] At most 60 words\n[+2] Is polite"
    ).run()
    lines = [c for c in page.segmented_control if c.label == "What becomes of it"]
    assert [c.value for c in lines] == ["take", "take", "take", "review"]
    lines[1].set_value("review")
    lines[2].set_value("out")
    lines[3].set_value("out").run()
    assert page.button("paste-add").label == "Add 2 rules"
    page.button("paste-add").click().run()
    assert [c.text for c in rubric(sample).criteria[7:]] == ["Says “as an AI”"]
    assert reviewed(sample) == [("At most 40 words", 1.0)]


def test_a_rubric_to_begin_with_is_made_from_the_cases(sample: Studio, open_page: Open) -> None:
    usual = rubric(sample)
    sample.save_rubric("finance-scam-alerts", Rubric(), "emptied")
    page = open_page("rubric")
    page.button("suggest").click().run()
    assert [c.check.kind for c in rubric(sample).criteria] == [
        "label", "label", "quote", "several_labels", "pattern",
    ]  # fmt: skip
    basis = r"as far as can be seen in \d{3} answers, right and wrong ones, to 100 alerts\."
    assert re.search("Nothing is wrong with the rubric, " + basis, said(page))
    page.button("undo").click().run()
    assert rubric(sample).criteria == () != usual.criteria


def test_pasted_rules_are_looked_at_and_then_added(sample: Studio, open_page: Open) -> None:
    page = opened(open_page("rubric"), "paste")
    page.text_area("paste-text-finance-scam-alerts").set_value(
        "[-1] Says “as an AI”\n[+1] At most 40 words\n[+2] Is polite\n[+1]"
    ).run()
    assert "Kept for review: its 2 points do not count in training." in said(page)
    assert "Line 4 has no rule." in [w.value.replace("\\", "") for w in page.main.warning]
    assert len(rubric(sample).criteria) == 7, "nothing is saved yet"
    page.button("paste-add").click().run()
    assert [c.check.kind for c in rubric(sample).criteria[7:]] == ["forbidden", "length"]
    assert [rule.text for rule in project(sample).review] == ["Is polite"]
    assert page.text_area("paste-text-finance-scam-alerts").value == ""


def test_a_pasted_rule_whose_points_are_turned_round_says_so(
    sample: Studio, open_page: Open
) -> None:
    page = opened(open_page("rubric"), "paste")
    text = page.text_area("paste-text-finance-scam-alerts")
    text.set_value("[+2] Must not say “refund”\n[-1] Says “as an AI”").run()
    assert "**−2** Must not say" in said(page)
    assert (
        said(page).replace("\\", "").count("You wrote +2: as the rule says what must not be") == 1
    )
    assert "You wrote −1" not in said(page).replace("\\", "")


def test_a_pasted_rule_that_is_there_already_is_left_out_at_first(
    sample: Studio, open_page: Open
) -> None:
    page = opened(open_page("rubric"), "paste")
    text = page.text_area("paste-text-finance-scam-alerts")
    text.set_value("[+2] Decision is right\n[+1] At most 40 words").run()
    there = next(c.text for c in rubric(sample).criteria if c.check.kind == "label")
    assert f"“{there}”, which is there already, is checked alike." in said(page).replace("\\", "")
    page.button("paste-add").click().run()
    assert [c.check.kind for c in rubric(sample).criteria[7:]] == ["length"]


def test_a_pasted_rule_that_a_check_could_tell_in_part_says_so(
    sample: Studio, open_page: Open
) -> None:
    page = opened(open_page("rubric"), "paste")
    text = page.text_area("paste-text-finance-scam-alerts")
    text.set_value('Names an amount such as "500 EUR"\nIs polite').run()
    assert said(page).count("A check would look for these words only") == 1
    assert said(page).count("No check here can tell.") == 1


def test_a_pasted_rule_that_repeats_a_line_above_says_so(sample: Studio, open_page: Open) -> None:
    page = opened(open_page("rubric"), "paste")
    text = page.text_area("paste-text-finance-scam-alerts")
    text.set_value("At most 33 words\nNo more than 33 words").run()
    assert "The line above, “At most 33 words”, is checked alike." in said(page)
    assert "which is there already" not in said(page)


def test_what_is_typed_stays_when_the_page_is_left(sample: Studio, open_page: Open) -> None:
    page = opened(open_page("rubric"), "paste")
    area(page, "Rules").set_value("[+2] Names the deadline").run()
    page.button("criterion-add").click().run()
    area(page, "The rule").set_value("Names the deadline").run()
    page.switch_page("pages/examples.py").run()
    page.switch_page("pages/rubric.py").run()
    assert area(page, "The rule").value == "Names the deadline"
    page.button("criterion-cancel").click().run()
    assert area(opened(page, "paste"), "Rules").value == "[+2] Names the deadline"


def test_choices_begin_with_the_values_of_the_cases(sample: Studio, open_page: Open) -> None:
    page = open_page("rubric")
    page.button("criterion-add").click().run()
    kind_of(page, "label")
    next(s for s in page.selectbox if s.label.startswith("Compared")).set_value("decision").run()
    choices = area(page, "The choices").value.split("\n")
    assert sorted(choices) == ["block", "call", "cannot tell", "release"]


def test_the_cost_of_mistakes_begins_with_nothing_for_a_wrong_choice(
    sample: Studio, open_page: Open
) -> None:
    page = open_page("rubric")
    page.button("edit-decision").click().run()
    next(s for s in page.selectbox if s.label == "How it is checked").set_value("cost_table").run()
    next(s for s in page.selectbox if s.label.startswith("Compared")).set_value("decision").run()
    grid = page.dataframe[0].value
    labels = area(page, "The choices").value.split("\n")
    assert list(grid.index) == list(grid.columns) == labels
    assert all(grid.loc[r, g] == (5 if r == g else 0) for r in labels for g in labels)
    page.button("criterion-save").click().run()
    assert not page.exception
    saved = rubric(sample).criteria[0].check
    assert saved.kind == "cost_table"
    assert saved.parameters["table"]["block"] == {
        g: 1.0 if g == "block" else 0.0 for g in labels
    }  # fmt: skip


def test_a_saved_cost_table_is_shown_in_points_and_kept(sample: Studio, open_page: Open) -> None:
    labels = ["release", "call", "block", "cannot tell"]
    table = {r: {g: 1.0 if g == r else 0.3 for g in labels} for r in labels}
    check = CheckSpec(kind="cost_table", labels=labels, field="decision", table=table)
    project, examples, found = sample.load_project(
        str(sample.list_projects()["project_id"].iloc[0])
    )
    first = found.criteria[0].with_changes(check=check, points=7)
    sample.save_project(
        project, examples, found.with_changes(criteria=(first, *found.criteria[1:]))
    )
    page = open_page("rubric")
    page.button("edit-decision").click().run()
    assert page.dataframe[0].value.loc["block", "release"] == pytest.approx(2.1)
    page.button("criterion-save").click().run()
    assert "Nothing was changed" in page.toast[0].value


def test_every_kind_of_check_has_a_form(sample: Studio, open_page: Open) -> None:
    page = open_page("rubric")
    page.button("criterion-add").click().run()
    area(page, "The rule").set_value("A rule").run()
    for kind in KINDS:
        next(s for s in page.selectbox if s.label == "How it is checked").set_value(kind).run()
        assert not page.exception
        assert any("Met" in c.value or "Share" in c.value or "fault" in c.value
                   or "credit" in c.value or "cannot be used" in c.value
                   or "Points by a table" in c.value or "Earns" in c.value
                   or "Fill it in above" in c.value or "Choose the criteria" in c.value
                   for c in page.caption
                   if c.value.startswith((":material/record", ":orange", "Fill"))
                   ), kind  # fmt: skip


def test_a_check_that_was_just_chosen_asks_to_be_filled_in(sample: Studio, open_page: Open) -> None:
    page = open_page("rubric")
    page.button("criterion-add").click().run()
    area(page, "The rule").set_value("Names the payee").run()
    kind_of(page, "contains_any")
    assert "Fill it in above" in said(page) and "cannot be used" not in said(page)
    page.button("criterion-save").click().run()
    assert "Correct it in the form of the rule." in said(page) and "rubric.json" not in said(page)
    assert "write at least one word or phrase, or choose the expected value" in said(page)
    area(page, "The words or phrases").set_value("payee").run()
    assert "Met when the answer contains" in said(page) and "Fill it in" not in said(page)


def test_how_much_may_be_quoted_is_a_percentage(sample: Studio, open_page: Open) -> None:
    page = open_page("rubric")
    page.button("criterion-add").click().run()
    area(page, "The rule").set_value("Quotes the note").run()
    kind_of(page, "quote")
    label = "How much of the alert may be quoted at most, in percent"
    share = next(n for n in page.number_input if n.label == label)
    assert share.value == 60
    for wrong in (150, 0, 0.6):
        next(n for n in page.number_input if n.label == label).set_value(wrong).run()
        page.button("criterion-save").click().run()
        assert f"can be quoted at most, not {wrong:g}%" in said(page).replace("\\", "")
        assert all(c.check.parameters.get("max_share", 1) > 0.5 for c in rubric(sample).criteria)
    assert len(rubric(sample).criteria) == 7
    share = next(n for n in page.number_input if n.label == label)
    share.set_value(80).run()
    assert "more than 80% of the alert earns nothing" in said(page)
    page.button("criterion-save").click().run()
    assert rubric(sample).criteria[-1].check.parameters["max_share"] == 0.8
    page.button(f"edit-{rubric(sample).criteria[-1].id}").click().run()
    next(n for n in page.number_input if n.label == label).set_value(100).run()
    assert "stands in the alert word for word\\." in said(page)
    assert "80% of the alert earns nothing" not in said(page)
    assert "100% of the alert" not in said(page)


def kind_of(page: AppTest, kind: str) -> None:
    next(s for s in page.selectbox if s.label == "How it is checked").set_value(kind).run()


def test_another_check_begins_with_what_was_typed_for_the_last_one(
    sample: Studio, open_page: Open
) -> None:
    page = open_page("rubric")
    page.button("criterion-add").click().run()
    area(page, "The rule").set_value("Names what is missing").run()
    kind_of(page, "contains_all")
    area(page, "The words or phrases").set_value("missing\nlost").run()
    line(page).set_value("Reason:").run()
    kind_of(page, "contains_any")
    assert area(page, "The words or phrases").value == "missing\nlost"
    assert "what follows “Reason\\:” contains at least one of “missing” or “lost”" in said(page)
    area(page, "The words or phrases").set_value("missing").run()
    kind_of(page, "length")
    assert line(page).value == "Reason:"
    kind_of(page, "contains_all")
    assert area(page, "The words or phrases").value == "missing"
    page.button("criterion-save").click().run()
    saved = rubric(sample).criteria[-1].check.parameters
    assert saved == {"phrases": ["missing"], "line": "Reason"}


def line(page: AppTest):
    return next(t for t in page.text_input if t.label == "Only on the line that begins with")


def test_the_tags_of_a_criterion_are_read_back(sample: Studio, open_page: Open) -> None:
    tag = examples_of(sample)[0].tags[0]
    page = open_page("rubric")
    page.button("edit-decision").click().run()
    next(m for m in page.multiselect if m.label == "Only for alerts tagged").set_value([tag]).run()
    assert f"record_voice_over: Only for alerts tagged {tag}" in said(page)


def test_a_tag_that_a_rule_names_is_chosen_and_goes_with_it(
    sample: Studio, open_page: Open
) -> None:
    tag = examples_of(sample)[0].tags[0]
    page = open_page("rubric")
    page.button("criterion-add").click().run()
    area(page, "The rule").set_value(f"For alerts tagged {tag}, at most 40 words").run()
    assert f"The rule says “for alerts tagged {tag}”: the tag holds it to these." in said(page)
    assert page.multiselect[0].value == [tag]
    area(page, "The rule").set_value("For old people, at most 40 words").run()
    assert page.multiselect[0].value == []
    assert "Left out: for old people." in said(page)
    area(page, "The rule").set_value(f"For alerts tagged {tag}, at most 40 words").run()
    page.button("way-take-0").click().run()
    assert f"record_voice_over: Only for alerts tagged {tag}" in said(page)
    page.button("criterion-save").click().run()
    assert rubric(sample).criteria[-1].tags == (tag,)


def test_where_no_case_has_a_tag_the_page_says_where_tags_are_given(
    sample: Studio, open_page: Open
) -> None:
    untagged = [example.with_changes(tags=()) for example in examples_of(sample)]
    sample.save_examples("finance-scam-alerts", untagged, "tags taken away")
    page = open_page("rubric")
    page.button("criterion-add").click().run()
    area(page, "The rule").set_value("For old people, at most 40 words").run()
    assert (
        "Left out: for old people. To hold it to some alerts only, give them a tag first, in the "
        "Overview of Examples." in said(page)
    )
    assert page.multiselect[0].disabled
    page.button("criterion-cancel").click().run()
    page = opened(page, "paste")
    text = page.text_area("paste-text-finance-scam-alerts")
    text.set_value("[+1] For old people, at most 40 words").run()
    assert "Every check would leave out “for old people”." in said(page)


def test_an_avoided_penalty_for_a_length_says_from_where_it_counts(
    sample: Studio, open_page: Open
) -> None:
    page = open_page("rubric")
    page.button("criterion-add").click().run()
    page.number_input[0].set_value(-2).run()
    area(page, "The rule").set_value("Longer than 25 words").run()
    kind_of(page, "length")
    next(n for n in page.number_input if n.label == "At least this many words").set_value(26).run()
    page.session_state[f"{TRIAL}-box"] = True
    page.run()
    area(page, "An answer to try").set_value("It stays short.").run()
    assert "Has 3 words; counts from 26 words" in said(page)


def kinds(page: AppTest) -> list[str]:
    return next(s for s in page.selectbox if s.label == "How it is checked").options


def test_once_a_check_is_chosen_by_hand_it_is_not_said_that_there_is_none(
    sample: Studio, open_page: Open
) -> None:
    page = open_page("rubric")
    page.button("criterion-add").click().run()
    area(page, "The rule").set_value("The letter stays friendly").run()
    assert "No check here can tell" in said(page)
    kind = next(s for s in page.selectbox if s.label == "How it is checked")
    kind.set_value("length").run()
    assert "No check here can tell" not in said(page)


def test_a_rule_is_not_saved_under_a_check_that_nobody_chose(
    sample: Studio, open_page: Open
) -> None:
    before = rubric(sample)
    page = open_page("rubric")
    page.button("criterion-add").click().run()
    area(page, "The rule").set_value("The letter stays friendly").run()
    assert "No check here can tell" in said(page)
    assert next(s for s in page.selectbox if s.label == "How it is checked").value is None
    for _ in range(2):
        page.button("criterion-save").click().run()
        assert "No check was chosen for this rule" in said(page)
        assert "No way to check it could be offered: reword it, choose one under" in said(page)
        assert rubric(sample) == before
    area(page, "The rule").set_value("Makes the right decision").run()
    page.button("criterion-save").click().run()
    assert "Take one of the ways that are offered above, or choose one under" in said(page)
    area(page, "The rule").set_value("The letter stays friendly").run()
    kind_of(page, "label")
    page.button("criterion-save").click().run()
    added = rubric(sample).criteria[-1]
    assert (added.text, added.check.kind) == ("The letter stays friendly", "label")


def test_closeness_in_meaning_is_tried_on_own_answers(sample: Studio, open_page: Open) -> None:
    page = open_page("rubric")
    page.button("criterion-add").click().run()
    area(page, "The rule").set_value("Sounds like mine").run()
    kind_of(page, "meaning")
    assert "such answers sound alike, the wrong ones too" in said(page)
    assert "tells them apart by what they give as “Decision”" in said(page)
    assert "does not see a missing “not”" in said(page)
    assert "Would earn all points" in said(page) and "Would earn none" in said(page)
    next(n for n in page.number_input if n.label == "Closeness that is needed").set_value(0.9).run()
    next(c for c in page.checkbox if c.label == "Closer answers earn more").check().run()
    assert "Earns more the more" in said(page)
    page.button("criterion-save").click().run()
    added = rubric(sample).criteria[-1]
    assert (added.check.kind, added.check.parameters) == (
        "meaning", {"threshold": 0.9, "graded": True},
    )  # fmt: skip


def test_criteria_are_combined_without_a_formula_being_written(
    sample: Studio, open_page: Open
) -> None:
    texts = {c.id: c.text for c in rubric(sample).criteria}
    page = open_page("rubric")
    page.button("criterion-add").click().run()
    area(page, "The rule").set_value("All in one").run()
    kind_of(page, "formula")
    assert "Choose the criteria that it combines" in said(page)
    page.button("criterion-save").click().run()
    assert "the formula is empty" in said(page)
    picked = next(m for m in page.multiselect if m.label == "The criteria")
    assert any(option.startswith("Avoided: ") for option in picked.options)
    picked.set_value(["decision", "released_scam"]).run()
    assert "as much as the least met of “Makes the right decision" in said(page)
    assert f"and avoiding “{texts['released_scam']}”" in said(page)
    assert "Would earn all points" in said(page) and "Would earn none" in said(page)
    assert "Now they can earn 5 points." in said(page)
    page.button("criterion-save").click().run()
    after = {c.id: c for c in rubric(sample).criteria}
    assert after["all_in_one"].check.parameters == {"formula": "min(decision, (1 - released_scam))"}
    assert (after["decision"].points, after["released_scam"].points) == (0, 0)
    assert after["kind"].points != 0
    assert "Counts only in a formula" in said(page)
    page.button("undo").click().run()
    assert [c.points for c in rubric(sample).criteria if c.id in ("decision", "all_in_one")] == [5]
    page.button("redo").click().run()
    page.button("edit-all_in_one").click().run()
    next(r for r in page.radio if r.label == "How they are combined").set_value("average").run()
    page.button("criterion-save").click().run()
    changed = rubric(sample).criteria[-1].check.parameters["formula"]
    assert changed == "(decision + (1 - released_scam)) / 2"


@pytest.mark.parametrize(
    ("rule", "points"),
    [("Quotes words that are not in the note", -2), ("Invents a quote", 1)],
)
def test_a_rule_that_names_a_fault_is_never_turned_into_a_reward(
    sample: Studio, open_page: Open, rule: str, points: float
) -> None:
    page = open_page("rubric")
    page.button("criterion-add").click().run()
    page.number_input[0].set_value(points).run()
    area(page, "The rule").set_value(rule).run()
    assert "No check here can tell that from an answer." in said(page)
    assert not any(str(button.key).startswith("way-take") for button in page.button)


def test_a_penalty_is_read_back_as_what_costs_points(sample: Studio, open_page: Open) -> None:
    page = open_page("rubric")
    page.button("criterion-add").click().run()
    page.number_input[0].set_value(-1).run()
    area(page, "The rule").set_value("More than 15 words").run()
    assert "Costs points when the answer has at least 16 words" in said(page)
    page.button("way-take-0").click().run()
    assert "record_voice_over: Costs points when the answer has at least 16" in said(page)


def test_python_code_is_written_tried_and_saved(sample: Studio, open_page: Open) -> None:
    page = open_page("rubric")
    page.button("criterion-add").click().run()
    area(page, "The rule").set_value("Uses the expert's words").run()
    kind_of(page, "python")
    example = area(page, "The code").value
    assert example.startswith("def grade(sample, item):")
    assert "Earns what its own Python code of 5 lines returns" in said(page)
    assert "Would earn all points" in said(page) and "Would earn none" in said(page)
    area(page, "The code").set_value("def grade(sample, item):\n    return (").run()
    assert said(page).count("line 2") == 1
    page.button("criterion-save").click().run()
    assert len(ids(sample)) == 7, "nothing is saved that could grade no answer"
    area(page, "The code").set_value("def grade(sample, item):\n    return item['no such']").run()
    assert "It cannot grade your answers to 40 alerts" in page.main.warning[0].value
    code = "def grade(sample, item):\n    return item['decision'] in sample['output_text']\n"
    area(page, "The code").set_value(code).run()
    assert not page.main.error
    page.button("criterion-save").click().run()
    saved = rubric(sample).criteria[-1]
    assert (saved.check.kind, saved.check.parameters) == ("python", {"code": code})
    case = next(e for e in sample.load_project(project(sample).id)[1] if e.reference)
    grade = Grader(rubric(sample)).grade(case.reference, case)
    assert grade.values[saved.id] == 1
    page.button(f"edit-{saved.id}").click().run()
    assert area(page, "The code").value == code


def test_python_code_comes_last_and_is_kept_where_it_is_off(
    sample: Studio, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = "def grade(sample, item):\n    return 1\n"
    kept = Criterion(
        id="own", text="My code", points=1, aspect="substance",
        check=CheckSpec(kind="python", code=code),
    )  # fmt: skip
    sample.save_rubric(project(sample).id, rubric(sample).with_criterion(kept), "with code")
    page = open_page("rubric")
    page.button("edit-decision").click().run()
    assert kinds(page)[-1] == "Your own Python code (advanced)"
    monkeypatch.setenv("RFT_PYTHON_CHECKS", "off")
    page = open_page("rubric")
    page.button("edit-decision").click().run()
    assert "Your own Python code (advanced)" not in kinds(page)
    page.button("criterion-cancel").click().run()
    page.button("edit-own").click().run()
    assert area(page, "The code").value == code
    assert "here it is not run" in said(page)
    area(page, "The rule").set_value("Still my code").run()
    page.button("criterion-save").click().run()
    saved = rubric(sample).criteria[-1]
    assert (saved.text, saved.check.parameters) == ("Still my code", {"code": code})


def test_a_formula_of_ones_own_is_put_together_from_names(sample: Studio, open_page: Open) -> None:
    page = open_page("rubric")
    page.button("criterion-add").click().run()
    area(page, "The rule").set_value("My formula").run()
    kind_of(page, "formula")
    next(r for r in page.radio if r.label == "How they are combined").set_value("own").run()
    next(b for b in page.button if b.key and b.key.endswith("-add-decision")).click().run()
    written = area(page, "The formula")
    assert written.value == "decision"
    written.set_value("decision * (").run()
    assert "ends too early" in said(page)
    area(page, "The formula").set_value("decision * nobody").run()
    page.button("criterion-save").click().run()
    assert 'names "nobody", which is no criterion of this rubric' in said(page)
    area(page, "The formula").set_value("decision * kind ^ 2").run()
    next(c for c in page.checkbox if c.label.startswith("They earn nothing")).uncheck().run()
    page.button("criterion-save").click().run()
    after = {c.id: c for c in rubric(sample).criteria}
    assert after["my_formula"].check.parameters == {"formula": "decision * kind ^ 2"}
    assert after["decision"].points == 5


def test_a_criterion_whose_name_cannot_stand_in_a_formula_is_not_offered(
    studio: Studio, open_page: Open
) -> None:
    odd, fine = (
        Criterion(id=name, text=f"{HOSTILE} {n}", points=1, aspect="form",
                  check=CheckSpec(kind="length", max_words=5))
        for n, name in enumerate(['say "x"', HOSTILE])
    )  # fmt: skip
    studio.save_project(Project(id="p", name="P"), (), Rubric(criteria=(odd, fine)))
    page = open_page("rubric")
    page.button("criterion-add").click().run()
    area(page, "The rule").set_value("All").run()
    kind_of(page, "formula")
    (offered,) = (m for m in page.multiselect if m.label == "The criteria")
    assert len(offered.options) == 1
    offered.set_value([HOSTILE]).run()
    next(r for r in page.radio if r.label == "How they are combined").set_value("own").run()
    assert not page.exception
    page.button("criterion-save").click().run()
    assert not page.exception


def test_what_a_formula_uses_is_missed_when_it_is_gone(sample: Studio, open_page: Open) -> None:
    found = rubric(sample)
    both = Criterion(id="both", text="Both", points=3, aspect="substance",
                     check=CheckSpec(kind="formula", formula="decision * kind"))  # fmt: skip
    decision = found.criteria[0].with_changes(points=0)
    changed = found.with_criterion(decision).with_criterion(both)
    sample.save_rubric(project(sample).id, changed, "a formula")
    page = open_page("rubric")
    page.segmented_control("rubric-view").set_value("Try it on an answer").run()
    page.button("trial-expert").click().run()
    assert "in a formula" in said(page)
    assert 'and 1 for "Names the right kind of scam, or none"' in said(page)
    page.segmented_control("rubric-view").set_value("Criteria").run()
    page.button("edit-decision").click().run()
    page.button("criterion-save").click().run()
    assert "Nothing was changed" in page.toast[0].value
    page.run()
    choose(page, "kind", "delete")
    assert "names “kind”, which is no criterion of this rubric" in said(page)


def test_criteria_are_moved_copied_and_deleted(sample: Studio, open_page: Open) -> None:
    page = open_page("rubric")
    choose(page, "decision", "down")
    assert ids(sample)[:2] == ["kind", "decision"]
    choose(page, "decision", "up")
    assert ids(sample)[:2] == ["decision", "kind"]
    choose(page, "decision", "copy")
    assert ids(sample)[:2] == ["decision", "decision_2"]
    choose(page, "decision", "delete")
    assert ids(sample)[0] == "decision_2"
    page.button("undo").click().run()
    assert ids(sample)[0] == "decision"


def test_what_is_wrong_is_said_in_sentences(studio: Studio, open_page: Open) -> None:
    good = Criterion(id="short", text="Is short", points=1, aspect="form",
                     check=CheckSpec(kind="length", max_words=5))  # fmt: skip
    swapped = good.with_changes(id="bad", check={"kind": "forbidden", "phrases": ["sorry"]})
    studio.save_project(Project(id="p", name="P"), (), Rubric(criteria=(good, swapped)))
    page = open_page("rubric")
    assert any("to look at" in e.label for e in page.expander)
    opened(page, "rubric-findings")
    assert "is met by a fault, yet it gives points" in said(page)


@pytest.mark.parametrize(
    "check", [{"kind": "from_tomorrow", "level": 3}, {"kind": "overlap", "metric": "chrf"}]
)
def test_what_a_newer_version_knows_survives_editing(
    studio: Studio, open_page: Open, check: dict[str, Any]
) -> None:
    odd = Criterion.model_validate(
        {"id": "odd", "text": "Odd", "points": 1, "aspect": "form", "check": check}
    )
    studio.save_project(Project(id="p", name="P"), (), Rubric(criteria=(odd,)))
    page = open_page("rubric")
    page.button("edit-odd").click().run()
    page.number_input[0].set_value(2).run()
    page.button("criterion-save").click().run()
    (saved,) = rubric(studio).criteria
    assert (saved.points, saved.check.kind) == (2, odd.check.kind)
    assert odd.check.parameters.items() <= saved.check.parameters.items()


def test_hostile_text_is_only_ever_text(studio: Studio, open_page: Open) -> None:
    rule = Criterion(id="r", text=HOSTILE, points=1, aspect="form",
                     check=CheckSpec(kind="contains_any", phrases=[HOSTILE]))  # fmt: skip
    case = Example(id=HOSTILE, prompt=HOSTILE, reference=HOSTILE, split="train")
    studio.save_project(Project(id="p", name=HOSTILE), (case,), Rubric(criteria=(rule,)))
    page = open_page("rubric")
    for name in ("Criteria", "Try it on an answer"):
        page.segmented_control("rubric-view").set_value(name).run()
        if name != "Criteria":
            page.button("trial-expert").click().run()
        assert not page.exception
        for element in (*page.markdown, *page.caption):
            assert "<img" not in element.value.replace("\\<img", "")
            assert "$x$" not in element.value
            assert ":red[no]" not in element.value
        assert all("<img" not in element.value for element in page.html)


def test_a_typed_answer_is_explained_criterion_by_criterion(
    sample: Studio, open_page: Open
) -> None:
    page = open_page("rubric")
    page.segmented_control("rubric-view").set_value("Try it on an answer").run()
    page.button("trial-expert").click().run()
    assert "### 10 of 10 points" in said(page)
    answer = area(page, "An answer")
    answer.set_value("Decision: release").run()
    assert "### 0 of 10 points" in said(page)
    assert 'Says "release"; expected "cannot tell"' in said(page)
    assert all("fin-0" in option for option in page.selectbox("trial-case").options)
    assert len(page.selectbox("trial-case").options) == 40


def test_the_models_answers_to_training_cases_are_graded(sample: Studio, open_page: Open) -> None:
    cases = sample.load_project("finance-scam-alerts")[1]
    job = JobFolder(settings.jobs_folder() / "answer-1")
    job.create({
        "kind": "answer", "purpose": "model-trial",
        "project": {"id": "finance-scam-alerts", "name": "S"},
        "examples": [e.model_dump(mode="json") for e in cases[:2]],
    })  # fmt: skip
    append_line(job.answers_file, {"example_id": cases[0].id, "answer": cases[0].reference})
    append_line(job.answers_file, {"example_id": cases[1].id, "answer": HOSTILE})
    job.write_state(JobState(status="finished"))
    page = open_page("rubric")
    page.segmented_control("rubric-view").set_value("Try it on the model").run()
    assert not page.exception
    assert "**5.0 of 10 points on average**, over 2 alerts" in said(page)
    table = next(e.value for e in page.html if "How far each criterion is met" in e.value)
    assert "By the model&#x27;s" in table and "50%" in table
    assert [e.label.split("\\:")[-1] for e in page.expander]
    assert all("<img" not in element.value for element in page.html)


DOSE = Criterion(
    id="dose", text="Must not name a dose", points=-5, aspect="substance",
    check=CheckSpec(kind="forbidden", phrases=["500 mg"]),
)  # fmt: skip


def test_a_rule_of_what_must_not_be_is_kept_or_broken(sample: Studio, open_page: Open) -> None:
    fault = DOSE.with_changes(id="fault", text="Invents a number", check={"kind": "forbidden",
                              "phrases": ["600"]})  # fmt: skip
    sample.save_rubric(
        "finance-scam-alerts", rubric(sample).with_criterion(DOSE).with_criterion(fault), "dose"
    )
    page = open_page("rubric")
    page.segmented_control("rubric-view").set_value("Try it on an answer").run()
    area(page, "An answer").set_value("Decision: release").run()
    assert "Kept: Must not name a dose" in said(page)
    assert ":gray[kept]" in said(page)
    assert "Avoided: Invents a number" in said(page)
    area(page, "An answer").set_value("Take 500 mg or 600").run()
    assert "Broken: Must not name a dose" in said(page)
    assert "Penalty: Invents a number" in said(page)


def test_a_rule_for_tagged_cases_that_is_not_tried_on_the_model_is_named(
    sample: Studio, open_page: Open
) -> None:
    project, cases, found = sample.load_project("finance-scam-alerts")
    rare = DOSE.with_changes(id="rare", text="Never names a child", tags=("children",))
    sample.save_rubric(project.id, found.with_criterion(DOSE).with_criterion(rare), "tagged")
    answered_by_model([c for c in cases if c.split == "train"][:2])
    page = open_page("rubric")
    page.segmented_control("rubric-view").set_value("Try it on the model").run()
    told = "“Never names a child” is left out: it is for alerts tagged children, and none of these"
    assert told in said(page)
    table = next(e.value for e in page.html if "How far each criterion is met" in e.value)
    assert "Kept: Must not name a dose" in table and "Never names a child" not in table
    row = table.partition("Must not name a dose")[2].partition("</tr>")[0]
    assert row.count("100%") == 2, "kept by the expert's answers and by the model's"


def test_the_model_is_asked_about_a_case_for_each_tagged_rule(
    sample: Studio, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    project, cases, found = sample.load_project("finance-scam-alerts")
    second = [c for c in cases if c.split == "train"][1].id
    tagged = [c.with_changes(tags=(*c.tags, "children")) if c.id == second else c for c in cases]
    rare = DOSE.with_changes(id="rare", tags=("children",))
    sample.save_project(project, tagged, found.with_criterion(rare))
    assert second in asked_cases(open_page, monkeypatch)


def answered_by_model(cases: list[Example]) -> None:
    job = JobFolder(settings.jobs_folder() / "answer-1")
    job.create({
        "kind": "answer", "purpose": "model-trial",
        "project": {"id": "finance-scam-alerts", "name": "S"},
        "examples": [e.model_dump(mode="json") for e in cases],
    })  # fmt: skip
    for case in cases:
        append_line(job.answers_file, {"example_id": case.id, "answer": "Decision: call"})
    job.write_state(JobState(status="finished"))


def test_asking_the_model_starts_one_job_with_training_cases_only(
    sample: Studio, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = asked_cases(open_page, monkeypatch)
    assert len(asked) == 4
    assert set(asked.values()) == {"train"}


@pytest.mark.parametrize(("training", "offered"), [(5, []), (9, ["4", "8"])])
def test_how_many_cases_to_ask_about_is_a_choice_only_among_several(
    sample: Studio, open_page: Open, training: int, offered: list[str]
) -> None:
    found = sample.load_project("finance-scam-alerts")
    train = [e for e in found[1] if e.split == "train"][:training]
    sample.save_examples("finance-scam-alerts", train, "fewer")
    page = open_page("rubric")
    page.segmented_control("rubric-view").set_value("Try it on the model").run()
    counts = [c.options for c in page.segmented_control if c.key == "model-trial-count"]
    assert counts == ([offered] if offered else [])
    assert page.button("model-trial-ask")


def test_another_project_begins_with_the_first_view(sample: Studio, open_page: Open) -> None:
    sample.save_project(Project(id="mine", name="Mine"), (), rubric(sample))
    page = open_page("home")
    page.selectbox("home-project").set_value("finance-scam-alerts").run()
    page.switch_page("pages/rubric.py").run()
    page.segmented_control("rubric-view").set_value("Try to fool it").run()
    for chosen, view in (("finance-scam-alerts", "Try to fool it"), ("mine", "Criteria")):
        page.switch_page("pages/home.py").run()
        if page.selectbox("home-project").value != chosen:
            page.selectbox("home-project").set_value(chosen).run()
        page.switch_page("pages/rubric.py").run()
        assert page.segmented_control("rubric-view").value == view


def asked_cases(open_page: Open, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Ask the model about its first choice of cases; return their sides by their ids."""
    monkeypatch.setattr(timing, "saved", lambda model_id: timing.Timing(
        model_id=model_id, machine="m", device="cpu", threads=1, dtype="float32", bf16_speedup=1,
        train_tokens_per_s=1, decode_tokens_per_s=1, free_gb=8))  # fmt: skip
    monkeypatch.setattr(supervisor, "_spawn", lambda job: job.take_lock())
    page = open_page("rubric")
    page.segmented_control("rubric-view").set_value("Try it on the model").run()
    page.button("model-trial-ask").click().run()
    assert not page.exception
    jobs = supervisor.jobs()
    assert len(jobs) == 1
    asked = json.loads((jobs[0].path / "config.json").read_text())["examples"]
    return {e["id"]: e["split"] for e in asked}


def test_a_criterion_is_switched_off_and_on_again(sample: Studio, open_page: Open) -> None:
    page = open_page("rubric")
    choose(page, "layout", "off")
    layout = next(c for c in rubric(sample).criteria if c.id == "layout")
    assert not layout.enabled
    assert "Switched off: earns nothing" in said(page)
    assert "**9 points**" in said(page), "its points are no longer possible"
    page.button("on-layout").click().run()
    assert "Switched off: earns nothing" not in said(page)
    assert "**10 points**" in said(page)


def test_a_criterion_counts_only_for_cases_with_a_tag(sample: Studio, open_page: Open) -> None:
    page = open_page("rubric")
    tag = sample.load_project("finance-scam-alerts")[1][0].tags[0]
    page.button("edit-layout").click().run()
    page.multiselect[0].set_value([tag]).run()
    page.button("criterion-save").click().run()
    assert next(c for c in rubric(sample).criteria if c.id == "layout").tags == (tag,)
    assert f"Only for alerts tagged {tag}" in said(page)
    assert "**9 to 10 points** for a perfect answer" in said(page)


def test_cases_with_criteria_of_their_own_are_counted(sample: Studio, open_page: Open) -> None:
    project, examples, found = sample.load_project("finance-scam-alerts")
    own = Criterion(id="own", text="Mentions the police", points=2, aspect="substance",
                    check=CheckSpec(kind="contains_any", phrases=["police"]))  # fmt: skip
    first = examples[0].with_changes(criteria=(own,))
    sample.save_project(project, (first, *examples[1:]), found)
    page = open_page("rubric")
    assert r"1 alert (fin\-001) brings criteria of its own" in said(page)
    assert "**10 to 12 points**" in said(page)
    both = tuple(e.with_changes(criteria=(own,)) for e in examples[:2])
    sample.save_project(project, (*both, *examples[2:]), Rubric())
    said_of_two = r"2 alerts (fin\-001, fin\-002) bring criteria of their own"
    assert said_of_two in said(open_page("rubric")), "nor without any"


def test_criteria_of_cases_alone_are_tried_and_looked_through(
    sample: Studio, open_page: Open
) -> None:
    project, examples, found = sample.load_project("finance-scam-alerts")
    own = tuple(e.with_changes(criteria=found.criteria) for e in examples)
    sample.save_project(project, own, Rubric())
    page = open_page("rubric")
    assert "**10 points** for a perfect answer" in said(page)
    assert "Nothing is wrong with the rubric" in said(page)
    page.segmented_control("rubric-view").set_value("Try to fool it").run()
    assert "No trick pays" in page.main.success[0].value


def test_what_has_no_check_in_single_cases_is_switched_off_in_one_step(
    sample: Studio, open_page: Open
) -> None:
    project, examples, found = sample.load_project("finance-scam-alerts")
    asked = Criterion(id="asked", text="Is kind", points=9, aspect="substance",
                      check=CheckSpec(kind="telepathy"))  # fmt: skip
    counted = asked.with_changes(id="counted", check={"kind": "length", "max_words": 90})
    brought = [e.with_changes(criteria=(asked, counted)) for e in examples[:3]]
    sample.save_project(project, (*brought, *examples[3:]), found)
    page = open_page("rubric")
    assert "3 of these criteria have no check here" in said(page)
    assert Grader(found).grade(brought[0].reference or "", brought[0]).score is None
    page.button("own-off").click().run()
    now = sample.load_project("finance-scam-alerts")[1]
    assert [[c.enabled for c in e.criteria or ()] for e in now[:3]] == [[False, True]] * 3
    assert Grader(found).grade(now[0].reference or "", now[0]).score == 1
    assert "have no check here" not in said(page)
    page.button("undo").click().run()
    assert sample.load_project("finance-scam-alerts")[1][:3] == tuple(brought)


def test_ready_rules_are_ticked_and_added(sample: Studio, open_page: Open) -> None:
    page = opened(open_page("rubric"), "templates")
    before = ids(sample)
    assert page.selectbox("template-domain-finance-scam-alerts").value == "Finance"
    for rule in ("guaranteed return", "Names the main risk"):
        next(c for c in page.checkbox if rule in c.label).check().run()
    assert ids(sample) == before, "nothing is saved yet"
    page.button("template-add").click().run()
    assert not page.exception
    added = rubric(sample).criteria[-1]
    assert (added.points, added.check.kind) == (-2, "forbidden")
    assert [rule.text for rule in project(sample).review] == ["Names the main risk"]
    offered = [c.label for c in page.checkbox]
    assert offered and not [o for o in offered if "guaranteed return" in o or "main risk" in o]


def test_points_can_be_counted_as_healthbench_does(sample: Studio, open_page: Open) -> None:
    page = opened(open_page("rubric"), "scoring")
    page.radio("scoring-finance-scam-alerts-normalised").set_value("healthbench").run()
    assert not page.exception
    assert rubric(sample).scoring == "healthbench"
    page.button("undo").click().run()
    assert rubric(sample).scoring == "normalised"
    assert "scoring" not in rubric(sample).model_dump()


GRADER = {
    "type": "multi", "name": "Scam grader",
    "graders": {
        "right": {"type": "string_check", "name": "right", "operation": "ilike",
                  "input": "{{sample.output_text}}", "reference": "{{ item.decision }}"},
        "program": {"type": "python", "name": "by program", "source": "def grade(): <b>"},
    },
    "calculate_output": "4 * right + program",
}  # fmt: skip


def files_page(open_page: Open, content: object) -> AppTest:
    page = open_page("rubric")
    page.segmented_control("rubric-view").set_value("Files").run()
    page.file_uploader[0].set_value(("file.json", json.dumps(content).encode(), "json")).run()
    assert not page.exception
    return page


def test_a_foreign_grader_is_looked_at_and_then_taken_in(sample: Studio, open_page: Open) -> None:
    before = rubric(sample)
    page = files_page(open_page, GRADER)
    assert "**2 criteria would be added**" in said(page)
    assert "by program (switched off)" in said(page)
    assert "not run here" in said(page)
    assert rubric(sample) == before, "nothing is saved yet"
    page.button("rubric-file-save").click().run()
    assert [(c.check.kind, c.points, c.enabled) for c in rubric(sample).criteria[7:]] == [
        ("contains_all", 4, True), ("openai_python", 1, False),
    ]  # fmt: skip
    page.button("undo").click().run()
    assert rubric(sample) == before


def test_a_file_without_a_usable_rule_says_why_and_offers_nothing(
    sample: Studio, open_page: Open
) -> None:
    rules = [{"text": "", "points": 2}, {"text": "Is fine", "points": "lots"}]
    page = files_page(open_page, rules)
    told = said(page).replace("\\", "")
    assert "**A list of rules**" in told
    assert "Rule 1 has no text, so it is left out." in told
    assert "Rule 2 has “lots” as its points" in told
    assert [w.value for w in page.main.warning] == ["Nothing in this file can be used."]
    assert not page.main.radio
    assert not [b for b in page.button if b.key == "rubric-file-save"]


def test_a_kept_grader_is_switched_on_only_with_a_check_that_runs(
    sample: Studio, open_page: Open
) -> None:
    files_page(open_page, GRADER).button("rubric-file-save").click().run()
    page = open_page("rubric")
    keys = {str(b.key) for b in page.button}
    assert "edit-program" in keys and "on-program" not in keys
    page.button("edit-program").click().run()
    assert "kept from an OpenAI grader" in said(page)
    next(s for s in page.selectbox if s.label == "How it is checked").set_value("length").run()
    page.button("criterion-save").click().run()
    page.button("on-program").click().run()
    program = rubric(sample).criteria[-1]
    assert (program.check.kind, program.enabled) == ("length", True)
    assert program.model_dump()["openai"]["graders"]["program"]["type"] == "python"


def test_our_own_file_shows_what_would_change(sample: Studio, open_page: Open) -> None:
    content = rubric(sample).model_dump(mode="json")
    content["criteria"][0]["points"] = 9
    del content["criteria"][-1]
    page = files_page(open_page, content)
    page.radio("rubric-file-way").set_value("replace").run()
    assert "**1 criterion would be changed**" in said(page)
    assert "**1 criterion would be removed**" in said(page)
    page.button("rubric-file-save").click().run()
    assert rubric(sample).criteria[0].points == 9
    assert len(rubric(sample).criteria) == 6


def test_our_own_file_taken_in_again_adds_nothing(sample: Studio, open_page: Open) -> None:
    before = rubric(sample)
    page = files_page(open_page, before.model_dump(mode="json"))
    assert "7 are here already, 0 are here with other settings, and 0 are new." in said(page)
    assert "Nothing would change." in said(page)
    assert page.button("rubric-file-save").disabled

    content = before.model_dump(mode="json")
    content["criteria"][0]["points"] = 9
    content["criteria"].append(content["criteria"][1] | {"id": "n", "text": "One more"})
    page = files_page(open_page, content)
    assert "6 are here already, 1 is here with other settings, and 1 is new." in said(page)
    page.radio("rubric-file-way").set_value("update").run()
    page.button("rubric-file-save").click().run()
    now = rubric(sample).criteria
    assert (now[0].points, now[-1].text, len(now)) == (9, "One more", 8)


def test_rules_that_stand_here_with_checks_are_here_already(
    sample: Studio, open_page: Open
) -> None:
    before = rubric(sample)
    rules = [{"criterion": c.text, "points": c.points, "tags": []} for c in before.criteria]
    page = files_page(open_page, {"prompt": [], "rubrics": rules})
    told = "Of 7 criteria in the file, 7 are here already, 0 are here with other settings, and"
    assert told in said(page)
    assert "own review" not in said(page)
    assert page.button("rubric-file-save").disabled

    new = {"criterion": "Is graceful", "points": 1, "tags": []}
    page = files_page(open_page, {"prompt": [], "rubrics": [*rules, new]})
    assert "Of 8 rules in the file, 7 are here already" in said(page)
    assert "0 are new, and 1 is for your own review." in said(page)
    page.button("rubric-file-save").click().run()
    assert rubric(sample) == before
    assert [rule.text for rule in project(sample).review] == ["Is graceful"]


def test_what_an_openai_grader_cannot_say_is_folded_before_the_file(
    sample: Studio, open_page: Open
) -> None:
    page = open_page("rubric")
    page.segmented_control("rubric-view").set_value("Files").run()
    box = next(e for e in page.expander if e.label.startswith("What would be different there"))
    assert not box.proto.expanded
    assert "**An OpenAI grader would leave out**" in said(page)
    assert "“Answers in exactly three lines" in said(page)
    assert "**An OpenAI grader would grade a little otherwise**" in said(page)
    assert not [word for word in BANNED if word.lower() in said(page).lower()]


def test_the_files_say_that_rules_for_review_are_not_in_them(
    sample: Studio, open_page: Open
) -> None:
    page = open_page("rubric")
    page.segmented_control("rubric-view").set_value("Files").run()
    assert "own review" not in said(page)
    project = sample.load_project("finance-scam-alerts")[0]
    review = ReviewRule(text="Is kind", points=1)
    sample.save_project(
        project.with_changes(review=(review,)), *sample.load_project(project.id)[1:]
    )
    page.run()
    told = "1 rule for your own review is not in these files: only criteria are."
    assert told in said(page)


def test_hostile_text_of_a_file_is_only_ever_text(sample: Studio, open_page: Open) -> None:
    graders = {HOSTILE: {"type": HOSTILE, "name": HOSTILE}}
    page = files_page(open_page, {"type": "multi", "graders": graders, "calculate_output": HOSTILE})
    for name in ("Files", "Criteria"):
        if name == "Criteria":
            page.button("rubric-file-save").click().run()
            page.segmented_control("rubric-view").set_value(name).run()
        assert not page.exception
        assert "onerror" in said(page), "it is shown"
        for element in (*page.markdown, *page.caption, *page.warning):
            assert "<img" not in element.value.replace("\\<img", "")
            assert "$x$" not in element.value
            assert ":red[no]" not in element.value


def test_a_file_that_is_no_rubric_is_a_sentence(sample: Studio, open_page: Open) -> None:
    page = files_page(open_page, {"hello": "world"})
    assert "holds no rubric that is known here" in said(page)
    assert not [b for b in page.button if b.key == "rubric-file-save"]


def test_a_finding_leads_to_its_criterion_and_to_its_cases(sample: Studio, open_page: Open) -> None:
    found = sample.load_project(project(sample).id)
    wrong = [e.with_changes(fields=e.fields | {"decision": "blokc"}) for e in found[1][:2]]
    sample.save_examples(found[0].id, [*wrong, *found[1][2:]], "two spelled wrongly")
    page = open_page("rubric")
    page.session_state["rubric-findings"] = True
    page.run()
    told = said(page).replace("\\", "")
    assert "could not grade your answer to 2 alerts (fin-001, fin-002)" in told
    page.button("finding-edit-0").click().run()
    assert area(page, "The rule").value == rubric(sample).criteria[0].text
    page.session_state["rubric-findings"] = True
    page.run().button("finding-show-0").click().run()
    page.switch_page("pages/examples.py").run()
    assert page.segmented_control("examples-view").value == "Overview"
    assert page.dataframe[0].value["Name"].tolist() == ["fin-001", "fin-002"]


JSON_RULE = {"id": "json", "text": "Is JSON", "points": 1, "aspect": "form"}


def with_json_rule(studio: Studio, **check: Any) -> None:
    rule = Criterion.model_validate({**JSON_RULE, "check": {"kind": "json", **check}})
    studio.save_project(Project(id="p", name="P"), (), Rubric(criteria=(rule,)))


def json_input(page: AppTest, kind: str, end: str) -> Any:
    return next(one for one in page.get(kind) if str(one.key).endswith(f"-json-{end}"))


def test_what_an_answer_in_json_holds_is_written_as_a_table(
    studio: Studio, open_page: Open
) -> None:
    with_json_rule(studio, keys=["decision"])
    page = open_page("rubric")
    page.button("edit-json").click().run()
    json_input(page, "selectbox", "0-holds").set_value("text").run()
    json_input(page, "text_input", "0-allowed").set_value("block, call").run()
    json_input(page, "button", "add").click().run()
    json_input(page, "text_input", "1-key").set_value("party.name").run()
    json_input(page, "button", "add").click().run()
    json_input(page, "text_input", "2-key").set_value("amount").run()
    json_input(page, "selectbox", "2-holds").set_value("number").run()
    json_input(page, "checkbox", "2-required").uncheck().run()
    json_input(page, "button", "1-delete").click().run()
    json_input(page, "checkbox", "others").uncheck().run()
    assert "“decision” \\(“block” or “call”\\), which may also have “amount”" in said(page)
    assert '{"decision": "block", "amount": 1.5}' in "".join(
        h.proto.body for h in page.get("html")
    ).replace("&quot;", '"')
    page.button("criterion-save").click().run()
    (saved,) = rubric(studio).criteria
    assert not saved.check.parameters.get("keys")
    assert json.loads(saved.check.parameters["json_schema"]) == {
        "type": "object",
        "properties": {
            "decision": {"type": "string", "enum": ["block", "call"]},
            "amount": {"type": "number"},
        },
        "required": ["decision"],
        "additionalProperties": False,
    }
    page.button("edit-json").click().run()
    assert json_input(page, "text_input", "0-allowed").value == "block, call"
    assert json_input(page, "text_area", "schema").value == ""


@pytest.mark.parametrize(
    "check",
    [
        {"keys": ["a", "b"], "only": True},
        {"json_schema": '{ "required": ["a"] }', "keys": ["a"]},
        {"json_schema": '{"properties": {"a": {"minimum": 1}}}', "keys": ["a"]},
    ],
)
def test_a_schema_stays_as_it_is_until_the_table_is_changed(
    studio: Studio, open_page: Open, check: dict[str, Any]
) -> None:
    with_json_rule(studio, **check)
    before = rubric(studio).criteria[0].check
    page = open_page("rubric")
    page.button("edit-json").click().run()
    page.number_input[0].set_value(2).run()
    page.button("criterion-save").click().run()
    (saved,) = rubric(studio).criteria
    assert (saved.points, saved.check) == (2, before)


def test_a_schema_that_no_table_can_say_is_shown_and_can_give_way_to_the_table(
    studio: Studio, open_page: Open
) -> None:
    with_json_rule(studio, json_schema='{"properties": {"a": {"minimum": 1, "type": "number"}}}')
    page = open_page("rubric")
    page.button("edit-json").click().run()
    assert "It says more than a table of keys can" in said(page)
    assert "fits the rest of its JSON schema" in said(page)
    json_input(page, "text_area", "schema").set_value("").run()
    assert json_input(page, "text_input", "0-key").value == "a"
    json_input(page, "checkbox", "0-required").check().run()
    page.button("criterion-save").click().run()
    schema = json.loads(rubric(studio).criteria[0].check.parameters["json_schema"])
    assert schema == {
        "type": "object", "properties": {"a": {"type": "number"}}, "required": ["a"],
    }  # fmt: skip


TRIAL = "draft-trial-finance-scam-alerts-"


def try_it(page: AppTest, criterion_id: str, answer: str) -> str:
    """Type an answer in the open form of a criterion; return what is said of it."""
    opened(page, f"{TRIAL}{criterion_id}-box")
    page.text_area(f"{TRIAL}{criterion_id}-answer").set_value(answer).run()
    assert not page.exception
    return next(m.value for m in page.markdown if "This answer: " in m.value)


def test_a_criterion_is_tried_on_a_typed_answer_before_it_is_saved(
    sample: Studio, open_page: Open
) -> None:
    page = open_page("rubric")
    page.button("edit-decision").click().run()
    assert not [a for a in page.text_area if str(a.key).startswith(TRIAL)], "closed at first"
    told = try_it(page, "decision", "Decision: release")
    assert "This answer: 0 of 5 · Says" in told and "expected" in told
    page.number_input[0].set_value(7).run()
    assert any("This answer: 0 of 7" in m.value for m in page.markdown)
    page.button(f"{TRIAL}decision-answer-expert").click().run()
    assert any("This answer: 7 of 7" in m.value for m in page.markdown)
    case = page.selectbox(f"{TRIAL}decision-case")
    assert len(case.options) == 40, "test cases are kept aside"
    assert rubric(sample).criteria[0].points == 5


def test_a_formula_is_tried_with_the_other_criteria(sample: Studio, open_page: Open) -> None:
    rule = {
        **JSON_RULE,
        "id": "all",
        "check": {"kind": "formula", "formula": "min(decision, kind)"},
    }
    changed = rubric(sample).with_criterion(Criterion.model_validate(rule))
    sample.save_rubric("finance-scam-alerts", changed, "a formula")
    page = open_page("rubric")
    page.button("edit-all").click().run()
    assert "This answer: 0 of 1" in try_it(page, "all", "Decision: release")
    page.button(f"{TRIAL}all-answer-expert").click().run()
    assert any("This answer: 1 of 1" in m.value for m in page.markdown)


def test_a_new_criterion_is_tried_while_it_is_written(sample: Studio, open_page: Open) -> None:
    page = open_page("rubric")
    page.button("criterion-add").click().run()
    code = "def grade(sample, item):\n    return 0.5"
    page.selectbox[0].set_value("python").run()
    area(page, "The code").set_value(code).run()
    assert "This answer: 0.5 of 1" in try_it(page, "", "anything")
    area(page, "The code").set_value("def grade(sample, item):\n    return 1 / 0").run()
    (told,) = (m.value for m in page.markdown if "This answer: " in m.value)
    assert "could not be graded" in told
