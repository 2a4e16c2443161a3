"""Awkward CSV and TSV files, each with what should come out of it."""

import pytest

from rft_core import settings
from rft_core.errors import InputError
from rft_core.examples.columns import guess_columns, is_identifier, set_aside
from rft_core.examples.delimited import read_delimited
from rft_core.examples.guesses import likely_case, unique_columns
from rft_core.examples.headings import project_roles
from rft_core.examples.importing import ImportResult, read_examples
from rft_core.records import AnswerPart, Project


def read(text, filename="cases.csv", **options) -> ImportResult:
    data = text if isinstance(text, bytes) else text.encode()
    return read_examples(filename, data, **options)


def one(text, filename="cases.csv", **options):
    result = read(text, filename, **options)
    assert not result.problems, result.problems
    [example] = result.examples
    return example


def test_tsv_is_read_with_commas_inside():
    example = one("prompt\treference\nOne, two; three\tYes, no\n", "cases.tsv")
    assert (example.prompt, example.reference) == ("One, two; three", "Yes, no")


def test_single_column_keeps_its_commas():
    result = read("prompt\nHello, world\nOne; two | three\n")
    assert [example.prompt for example in result.examples] == ["Hello, world", "One; two | three"]


@pytest.mark.parametrize(
    "text",
    [
        "Clause;Ruling;Remark\nKeep the garden, please;fair\nNo pets, ever;void\n",
        "Clause,Ruling,Remark\nKeep the garden,fair\nNo pets,void\n",
        "Clause\tRuling\tRemark\nKeep the garden\tfair\nNo pets, ever\tvoid\tx\n",
    ],
)
def test_rows_without_their_empty_cells_at_the_end_stay_under_unknown_headings(text):
    assert read_delimited(text).columns == ("Clause", "Ruling", "Remark")


def test_one_column_with_commas_in_its_heading_stays_one():
    text = "The case, in full\nI came, I saw, I won\nNothing\nOne, two, three, four\n"
    assert read_delimited(text).columns == ("The case, in full",)


def test_a_column_of_sentences_is_no_table_below_a_title():
    text = "My texts\nI came, I saw, I won\nShort, or long, or fair\nOne, two, three\n"
    assert read_delimited(text).columns == ("My texts",)
    assert read_delimited("My texts\nOne\nTwo\n").columns == ("My texts",)


def test_a_title_over_unknown_headings_is_known_by_the_columns_that_it_lacks():
    rows = "7B,apixaban,5\n8A,heparin,2\n"
    assert read_delimited(f"Ward list,,\nWard,Drug,Dose\n{rows}").head == 2
    assert read_delimited(f"Ward,Drug,Dose\n{rows}").head == 1
    assert read_delimited(f"Ward,,\n{rows}").head == 1


def test_the_row_with_the_headings_can_be_told():
    text = "A,B\nprompt,answer\n\nP,Q\n"
    told = {head: read_delimited(text, head) for head in (0, 1, 2, 4)}
    assert [told[head].columns for head in told] == [
        ("Column 1", "Column 2"), ("A", "B"), ("prompt", "answer"), ("P", "Q"),
    ]  # fmt: skip
    assert [len(told[head].rows) for head in told] == [3, 2, 1, 0]
    assert [len(told[head].problems) for head in told] == [0, 0, 1, 2]
    with pytest.raises(InputError, match="Row 3"):
        read_delimited(text, 3)


def test_multi_line_cells_and_the_row_numbers_after_them():
    text = 'prompt,split\n"Clause 1\n\nClause ""2"", end",train\nNext,maybe\n'
    result = read(text)
    assert result.examples[0].prompt == 'Clause 1\n\nClause "2", end'
    assert [problem.row for problem in result.problems] == [3]
    assert "maybe" in result.problems[0].message


def test_other_columns_are_expected_fields_without_their_prefix():
    result = read("prompt,decision,Field: amount,fields.code\nP,block,12.5,007\n")
    assert result.examples[0].fields == {"decision": "block", "amount": 12.5, "code": "007"}
    assert result.columns == {
        "prompt": "prompt",
        "decision": "field: decision",
        "Field: amount": "field: amount",
        "fields.code": "field: code",
    }


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("12.5", 12.5),
        ("12.50", "12.50"),
        ("3", 3),
        ("007", "007"),
        ("1e5", "1e5"),
        ("NaN", "NaN"),
        ("true", True),
        ("TRUE", "TRUE"),
        ("yes ", "yes"),
        ('"[""a"", ""b""]"', ["a", "b"]),
        ('"{""a"": 1}"', {"a": 1}),
        ("[not json", "[not json"),
        ("'=1+1", "=1+1"),
        ("=1+1", "=1+1"),
        ("@me", "@me"),
        ("'quoted'", "'quoted'"),
    ],
)
def test_field_cells(cell, value):
    found = one(f"prompt,x\nP,{cell}\n").fields["x"]
    assert found == value
    assert type(found) is type(value)


def test_blank_cells_are_absent():
    example = one("prompt,reference,x,tags,split\nP, ,,,\n")
    assert example.reference is None
    assert (example.fields, example.tags, example.split) == ({}, (), None)


@pytest.mark.parametrize("word", ["train", "Training", " TRAIN "])
def test_words_for_training(word):
    assert one(f"prompt,split\nP,{word}\n").split == "train"


@pytest.mark.parametrize("word", ["heldout", "held-out", "Held out", "test", "Kept aside"])
def test_words_for_kept_aside(word):
    assert one(f"prompt,split\nP,{word}\n").split == "heldout"


def test_tags_cluster_and_source():
    example = one('prompt,tags,Document,source\nP,"a, b;c;",deed 4,court\n')
    assert example.tags == ("a", "b", "c")
    assert (example.cluster, example.source) == ("deed 4", "court")


def test_missing_ids_are_made_around_those_given():
    result = read("id,prompt\n,A\ncase-001,B\n,C\n", existing_ids=["case-002"])
    assert [example.id for example in result.examples] == ["case-003", "case-001", "case-004"]


def test_id_in_use_is_changed_and_reported():
    result = read("id,prompt\nx,A\ny,B\nx-2,C\n", existing_ids={"x"})
    assert [example.id for example in result.examples] == ["x-3", "y", "x-2"]
    assert [(p.row, '"x-3"' in p.message) for p in result.problems] == [(2, True)]


def test_second_row_with_an_id_is_left_out():
    result = read("id,prompt\nx,A\nx,B\n")
    assert [example.prompt for example in result.examples] == ["A"]
    assert [(p.row, "row 2" in p.message) for p in result.problems] == [(3, True)]


def test_rows_that_cannot_be_used_leave_the_others(monkeypatch):
    monkeypatch.setattr(settings, "MAX_TEXT_CHARS", 10)
    text = (
        "prompt,reference,split,remark\nfine,,,\n,answer,,\nfar too long a case,,,\n"
        "ok,far too long an answer,,\nok,,sometimes,\nok,,,far too long a note\nok,a,b,c,d\n"
    )
    result = read(text)
    assert [example.prompt for example in result.examples] == ["fine"]
    assert [problem.row for problem in result.problems] == [3, 4, 5, 6, 7, 8]
    assert result.rows_read == 7
    assert all(problem.fix for problem in result.problems)
    assert "19 characters; the limit is 10" in result.problems[1].message


def test_column_without_heading_is_reported_once():
    result = read(",prompt\n0,A\n1,B\n")
    assert len(result.examples) == 2
    assert [(p.row, p.message) for p in result.problems] == [
        (None, "A column without a heading was left out.")
    ]


def test_second_choice_of_a_heading_becomes_a_field():
    example = one("question,prompt,answer,reference\nQ,P,A,R\n")
    assert (example.prompt, example.reference) == ("P", "R")
    assert example.fields == {"question": "Q", "answer": "A"}


def test_mapping_overrides_the_headings():
    mapping = {"Sachverhalt": "prompt", "prompt": "ignore", "Urteil": "field", "x": "field: y"}
    result = read("Sachverhalt,prompt,Urteil,x\nS,P,U,1\n", mapping=mapping)
    [example] = result.examples
    assert example.prompt == "S"
    assert example.fields == {"Urteil": "U", "y": 1}
    assert read("Sachverhalt,prompt,Urteil,x\nS,P,U,1\n", mapping=result.columns) == result


@pytest.mark.parametrize(
    ("mapping", "said"),
    [
        ({"nowhere": "prompt"}, '"nowhere"'),
        ({"a": "judge"}, '"judge"'),
        ({"a": "prompt", "b": "prompt"}, '"a", "b"'),
    ],
)
def test_mapping_that_cannot_be_followed(mapping, said):
    with pytest.raises(InputError, match=said):
        read("a,b\n1,2\n", mapping=mapping)


def test_messages_in_a_prompt_cell():
    cell = '"[{""role"": ""user"", ""content"": ""Hi""}]"'
    [message] = one(f"prompt\n{cell}\n").prompt
    assert (message.role, message.content) == ("user", "Hi")


def test_size_limit_is_stated(monkeypatch):
    monkeypatch.setattr(settings, "MAX_UPLOAD_MB", 1)
    with pytest.raises(InputError, match=r"1\.5 MB; the limit is 1 MB"):
        read_examples("a.csv", b"prompt\n" + b"x" * (3 * 2**19))


def test_row_limit_is_stated(monkeypatch):
    monkeypatch.setattr(settings, "MAX_EXAMPLES", 3)
    assert len(read("prompt\n" + "x\n\n" * 3).examples) == 3
    with pytest.raises(InputError, match="more than 3 rows"):
        read("prompt\n" + "x\n" * 4)


def test_very_long_cell_is_a_row_problem():
    result = read(f"prompt\n{'x' * 300_000}\nfine\n")
    assert [example.prompt for example in result.examples] == ["fine"]
    assert [problem.row for problem in result.problems] == [2]


def test_reading_twice_gives_the_same():
    text = "prompt,x\nA,1\nB,2\n"
    assert read(text) == read(text)


@pytest.mark.parametrize(
    ("column", "found"),
    [
        ("Matter no", True), ("No.", True), ("claim_id", True), ("Case number", True),
        ("Our ref", True), ("Date", True), ("File name", True), ("Name", True),
        ("Report date", True), ("date_of_report", True), ("Date of the letter", True),
        ("Expiry date", False), ("field: report date", False),
        ("Effective date", False), ("Yes/No", False), ("Number of days", False),
        ("Decision", False), ("ICD code", False), ("field: case no", False), ("", False),
    ],
)  # fmt: skip
def test_headings_over_names_and_numbers_of_rows_are_told(column, found):
    assert is_identifier(column) == found


def test_identifiers_are_no_expected_values():
    columns = ["Clause", "Matter no", "Date", "Decision"]
    roles = guess_columns(columns, {"Clause": "prompt"})
    assert set_aside(roles, [], ["Matter no"]) == {
        "Clause": "prompt", "Matter no": "id", "Date": "note", "Decision": "field: Decision",
    }  # fmt: skip
    assert set_aside(roles, ["date"])["Date"] == "field: Date"
    noted = guess_columns([*columns, "Note"], {"Clause": "prompt"})
    assert set_aside(noted, [])["Date"] == "ignore"


@pytest.mark.parametrize("column", ["No.", "Nr", "Nr.", "#", "№", "Matter no", "File number"])
def test_numbers_of_rows_name_the_cases_if_unique_and_are_never_notes(column):
    roles = guess_columns(["Clause", column], {"Clause": "prompt"})
    assert set_aside(roles, [], [column])[column] == "id"
    assert set_aside(roles, [])[column] == "ignore"
    named = guess_columns(["Clause", "ID", column], {"Clause": "prompt"})
    assert set_aside(named, [], [column])[column] == "ignore"


def test_columns_with_another_value_in_every_row_are_told():
    sheet = read_delimited("No.,x,y,z\n1,A,B,\n2,A,C,\n3,B,D,\n")
    assert unique_columns(sheet, sheet.columns, ["D", "8"]) == ["No."]
    assert unique_columns(sheet, sheet.columns, ["2"]) == ["y"]


NOTE = "Takes warfarin and was given an interacting antibiotic."
PHARMACY = Project(
    id="p", name="P", case_noun="patient note",
    answer=(AnswerPart(kind="free_text", label="Reason", field="reason"),),
)  # fmt: skip


@pytest.mark.parametrize(
    ("head", "row", "found"),
    [
        (" Clinical note  ,Decision,Reason", f"{NOTE},hold,{NOTE * 3}", "Clinical note"),
        ("CLINICAL NOTES,Remark", f"{NOTE},{NOTE + NOTE[:20]}", "CLINICAL NOTES"),
        ("Clinical note,Presentation", f"{NOTE},{NOTE * 3}", "Presentation"),
        ("Note,Remark", f"{NOTE},{NOTE}", "Note"),
        ("Presentation,Note", f"{NOTE},see above", "Presentation"),
        ("Patient,Decision", "A.M.,hold", None),
        ("Patient note,Presentation", f"{NOTE},{NOTE * 3}", None),
        ("question,Clinical note", f"Why?,{NOTE}", None),
    ],
)
def test_the_case_is_guessed_by_the_words_of_the_noun_and_by_its_texts(head, row, found):
    sheet = read_delimited(f"{head}\n{row}\n")
    roles = guess_columns(sheet.columns, project_roles(sheet.columns, PHARMACY))
    assert likely_case(sheet, roles, PHARMACY) == found
