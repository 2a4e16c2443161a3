import threading

import pytest

from rft_core.errors import StoreError
from rft_core.records import Rubric, content_id
from rft_core.store import Studio
from rft_core.store.undo import Step


def test_a_saved_project_comes_back_whole(studio: Studio, project, examples, rubric) -> None:
    saved = studio.save_project(project, examples, rubric)
    assert (saved.version, saved.n_train, saved.n_heldout) == (1, 6, 2)
    assert saved.changed == ("project", "examples", "rubric")
    loaded = studio.load_project("alerts")
    assert loaded == (project, examples, rubric)
    assert loaded[0].model_dump()["colour"] == "blue"


def test_saving_the_same_again_appends_nothing(studio: Studio, project, examples, rubric) -> None:
    first = studio.save_project(project, examples, rubric)
    assert studio.save_project(project, examples, rubric) == first
    assert len(studio.project_versions("alerts")) == 1


def test_only_what_changed_is_stored(studio: Studio, project, examples, rubric) -> None:
    studio.save_project(project, examples, rubric)
    second = studio.save_project(project.with_changes(name="Alerts"), examples, rubric)
    assert (second.version, second.changed) == (2, ("project",))
    third = studio.save_examples("alerts", examples[1:], note="case-0 was a duplicate")
    assert (third.changed, third.n_train) == (("examples",), 5)
    count = studio.database.rows("SELECT count(*) AS n FROM example_bodies")
    assert count == [{"n": 8}]
    assert studio.load_project("alerts", version=2)[1] == examples
    table = studio.project_versions("alerts")
    assert list(table["version"]) == [3, 2, 1]
    assert list(table["changed"]) == ["examples", "project", "project, examples, rubric"]
    assert table["note"][0] == "case-0 was a duplicate"


def test_the_same_cases_have_one_id_everywhere(studio: Studio, project, examples, rubric) -> None:
    """Pages, the saved version and a run's config know cases by the same id, changed ones too."""
    changed = (examples[0].with_changes(note="Ünusual"), *examples[1:])
    for cases in (examples, changed, changed[1:]):
        saved = studio.save_project(project, cases, rubric)
        assert studio.example_set_id(cases) == saved.example_set_id == content_id(list(cases))


def test_undo_appends_the_old_content(studio: Studio, project, examples, rubric) -> None:
    studio.save_project(project, examples, rubric)
    studio.save_rubric("alerts", Rubric())
    restored = studio.restore_version("alerts", 1)
    assert (restored.version, restored.changed) == (3, ("rubric",))
    assert restored.note == "version 1 restored"
    assert studio.load_project("alerts")[2] == rubric
    assert studio.load_project("alerts", version=2)[2] == Rubric()
    assert studio.restore_version("alerts", 3).version == 3
    assert studio.database.rows("SELECT count(*) AS n FROM rubrics") == [{"n": 2}]


def test_projects_with_equal_content_do_not_share_rows(
    studio: Studio, project, examples, rubric
) -> None:
    studio.save_project(project, examples, rubric)
    studio.save_project(project.with_changes(id="copy"), examples, rubric)
    studio.delete_project("alerts")
    assert studio.load_project("copy")[1:] == (examples, rubric)


def test_the_list_shows_the_latest_of_each(studio: Studio, project, examples, rubric) -> None:
    studio.save_project(project, examples, rubric)
    studio.save_project(project.with_changes(name="Alerts"), examples, rubric)
    other = project.with_changes(id="b", name="B", workspace_id="seat-2")
    studio.save_project(other, (), Rubric())
    table = studio.list_projects()
    assert list(table["name"]) == ["B", "Alerts"]
    assert list(table["version"]) == [1, 2]
    assert list(studio.list_projects("seat-2")["project_id"]) == ["b"]
    assert studio.latest_version("b").n_train == 0


def test_another_workspace_cannot_take_over_an_id(
    studio: Studio, project, examples, rubric
) -> None:
    studio.save_project(project, examples, rubric)
    with pytest.raises(StoreError, match="another workspace"):
        studio.save_project(project.with_changes(workspace_id="seat-2"), (), rubric)
    assert studio.load_project("alerts")[1] == examples


def test_unknown_projects_and_versions_are_named(studio: Studio, project, examples, rubric) -> None:
    with pytest.raises(StoreError, match="'nope' does not exist"):
        studio.load_project("nope")
    studio.save_project(project, examples, rubric)
    with pytest.raises(StoreError, match="has no version 7"):
        studio.restore_version("alerts", 7)


def test_saving_examples_and_rubric_at_once_loses_neither(
    studio: Studio, project, examples, rubric
) -> None:
    studio.save_project(project, examples, rubric)
    threads = [
        threading.Thread(target=studio.save_examples, args=("alerts", examples[2:])),
        threading.Thread(target=studio.save_rubric, args=("alerts", Rubric(name="New"))),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert studio.load_project("alerts")[1:] == (examples[2:], Rubric(name="New"))
    assert list(studio.project_versions("alerts")["version"]) == [3, 2, 1]


def test_each_version_is_read_as_it_was_however_often(
    studio: Studio, project, examples, rubric
) -> None:
    studio.save_project(project, examples, rubric)
    for number in range(2, 14):
        studio.save_examples("alerts", examples[: number % 7 + 1])
    for _ in range(2):
        for number in range(2, 14):
            assert studio.load_project("alerts", number)[1] == examples[: number % 7 + 1]
    assert studio.load_project("alerts")[1] is studio.load_project("alerts")[1]
    studio.delete_project("alerts")
    with pytest.raises(StoreError):
        studio.load_project("alerts")


def test_undo_and_redo_lead_over_any_number_of_steps(studio: Studio, project, rubric) -> None:
    for number in range(4):
        studio.save_project(project.with_changes(name=f"N{number}"), (), rubric, f"to {number}")

    def name_after(step: Step | None) -> str:
        assert step is not None
        studio.restore_version(project.id, step.version)
        return studio.load_project(project.id)[0].name

    assert studio.steps_back(project.id).redo is None
    back = [name_after(studio.steps_back(project.id).undo) for _ in range(3)]
    assert back == ["N2", "N1", "N0"]
    assert studio.steps_back(project.id).undo is None
    redo = studio.steps_back(project.id).redo
    assert redo is not None and redo.what == "to 1"
    assert [name_after(studio.steps_back(project.id).redo) for _ in range(2)] == ["N1", "N2"]
    studio.save_project(project.with_changes(name="other"), (), rubric, "another way")
    assert studio.steps_back(project.id).redo is None
    assert name_after(studio.steps_back(project.id).undo) == "N2"
    assert name_after(studio.steps_back(project.id).redo) == "other"


def test_a_leap_to_an_old_version_is_undone_like_any_change(
    studio: Studio, project, rubric
) -> None:
    for number in range(4):
        studio.save_project(project.with_changes(name=f"N{number}"), (), rubric, f"to {number}")
    studio.restore_version(project.id, 1)
    step = studio.steps_back(project.id).undo
    assert step == Step(4, "version 1 restored")
