"""Cases that bring no name are called what the project calls them, and numbered."""

from itertools import islice

import pytest

from rft_core.examples.importing import read_examples
from rft_core.examples.names import named_anew, new_names


@pytest.mark.parametrize(
    ("noun", "name"),
    [
        ("case", "case-001"), ("clause", "clause-001"), ("CT scan", "ct-scan-001"),
        ("notice of loss", "notice-of-loss-001"), ("Prüfung", "prüfung-001"),
        ("pru\N{COMBINING DIAERESIS}fung", "prüfung-001"), ("条款", "条款-001"),
        ("a/b_c", "a-b-c-001"), ("§ 5", "5-001"), ("…", "case-001"), ("", "case-001"),
    ],
)  # fmt: skip
def test_a_new_case_is_named_by_the_noun(noun: str, name: str) -> None:
    assert next(new_names(noun, ())) == name


def test_names_in_use_are_not_given_again() -> None:
    used = {"letter-001", "letter-003"}
    assert list(islice(new_names("letter", used), 2)) == ["letter-002", "letter-004"]


def test_an_import_names_rows_without_an_id_and_keeps_what_others_bring() -> None:
    data = b"id,prompt,answer\n,One,yes\nmine,Two,no\n,Three,yes\ncase-001,Four,no\n"
    result = read_examples("a.csv", data, existing_ids={"letter-001"}, noun="letter")
    assert [e.id for e in result.examples] == ["letter-002", "mine", "letter-003", "case-001"]
    assert result.unnamed == ("letter-002", "letter-003")


def test_a_noun_that_is_given_later_names_only_what_brought_no_name() -> None:
    data = b"id,prompt,answer\n,One,yes\nclause-001,Two,no\ncase-007,Three,no\n"
    result = read_examples("a.csv", data)
    named = named_anew(result.examples, result.unnamed, "clause")
    assert [e.id for e in named] == ["clause-002", "clause-001", "case-007"]
