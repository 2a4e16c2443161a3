"""Citations and quotations."""

import pytest

from rft_core.checks import Unscored, build, citation
from rft_core.checks.wording import tokens
from rft_core.records import CheckSpec, Example

CASE = (
    "A police officer had phoned, says Oskar Lindroth: the savings were at risk and only a safe "
    "account would do. He sounds rushed. See clause 4.2 and Art. 5."
)


def grade(answer, case=CASE, fields=None, **check):
    return build(CheckSpec(**check)).grade(
        answer, Example(id="e", prompt=case, fields=fields or {})
    )


@pytest.mark.parametrize(
    "text",
    [
        "as shown [1]",
        "[2, 5-7]",
        "(Smith 2020)",
        "(Smith and Jones, 2020, p. 4)",
        "Smith et al. (2020)",
        "[2020] EWCA Civ 12",
        "under § 12",
        "§§12",
        "Art. 5",
        "article 5(1)(a)",
        "clause 4.2",
        "Section 12.3",
        "doi 10.1000/xyz123",
        "PMID: 1234567",
    ],
)
def test_citation_present(text):
    assert grade(text, kind="citation").value == 1


@pytest.mark.parametrize("text", ["", "no source", "in 2020", "[x]", "(maybe)", "5.2", "party 5"])
def test_citation_absent(text):
    assert grade(text, kind="citation").value == 0


def test_an_own_form_of_citation():
    assert grade("see DOC-12", kind="citation", pattern=r"DOC-\d+").value == 1
    assert grade("see [1]", kind="citation", pattern=r"DOC-\d+").value == 0
    assert grade("anything", kind="citation", pattern="x*").value == 0


@pytest.mark.parametrize(
    ("answer", "value"), [("Clause 4.2", 1), ("clause 4.3", 0), ("clause 4.2, Art. 9", 0)]
)
def test_citations_can_be_held_to_the_case(answer, value):
    assert grade(answer, kind="citation", in_case=True).value == value


@pytest.mark.parametrize(
    ("answer", "value"),
    [
        ('Quote: "only a safe account would do"', 1),
        ("Quote: “only a safe account would do.”", 1),
        ("Quote: only a safe account would do", 1),
        ("Quote: ‘only a safe account would do’", 1),
        ("**Quote:** only a safe account would do", 1),
        ('He wrote "Only a SAFE\u00a0account" there.', 1),
        ('Quote: "only a safe account', 1),
        ("Quote: “only a safe\naccount would do”", 1),
        ('"a safe account" and "He sounds rushed"', 1),
        ('"a safe account" and "he sounds calm"', 0),
        ('Quote: "a secure account would do"', 0),
        ('Quote: "nly a safe accoun"', 0),
        ('Quote: "account"', 0),
        ("a safe account without marks", 0),
        ("", 0),
        ("Quote:", 0),
        (f'Quote: "{CASE}"', 0),
    ],
)
def test_quote(answer, value):
    assert grade(answer, kind="quote").value == value


@pytest.mark.parametrize(
    ("answer", "value"),
    [
        ('"only a safe account would do"', 0.5),
        ('"at risk and only a safe account would do"', 1),
        ('"at risk", and "a safe account"', 1),
        ('"a safe account, at risk"', 0),
        ('"He sounds rushed"', 0),
        ('"an invented line" but "at risk and only a safe account"', 1),
        ("a safe account at risk", 0),
        (f'"{CASE}"', 0),
    ],
)
def test_quote_with_key_phrases(answer, value):
    fields = {"keys": ["safe account", "at risk"]}
    assert grade(answer, fields=fields, kind="quote", field="keys").value == value


@pytest.mark.parametrize(
    ("answer", "check"),
    [
        ("§ 1, " * 200, {"kind": "citation", "in_case": True}),
        (" ".join(f'"a{n} b"' for n in range(200)), {"kind": "quote"}),
        (" ".join(f'"clause {n}"' for n in range(200)), {"kind": "quote", "field": "keys"}),
    ],
)
def test_a_case_is_taken_apart_once_for_all_that_is_cited(answer, check, monkeypatch):
    read = []
    monkeypatch.setattr(
        citation, "tokens", lambda text, fold=True: read.append(text) or tokens(text, fold)
    )
    case = " ".join(f"clause {n}" for n in range(900))
    grade(answer, case=case, fields={"keys": ["clause", "clauses"]}, **check)
    assert read.count(case) == 1
    assert len(read) < 2 + 200 + 2 * 2, "each quotation once, not once a key phrase"


def test_a_key_phrase_stands_in_one_quotation_not_across_two():
    quotes = '"a safe account would" and "do. He sounds rushed"'
    assert grade(quotes, fields={"keys": ["would do"]}, kind="quote", field="keys").value == 0


def test_quote_limits():
    long = '"the savings were at risk and only a safe account"'
    assert grade(long, kind="quote", max_words=9).value == 0
    assert grade(long, kind="quote", max_words=10).value == 1
    assert grade('"account"', kind="quote", min_words=1).value == 1
    assert grade('"only A safe"', kind="quote", case_sensitive=True).value == 0


def test_a_short_case_can_still_be_quoted():
    assert grade('"Card lost"', case="Card lost.", kind="quote").value == 1


@pytest.mark.parametrize(
    ("case", "fields"),
    [("", {"keys": ["a"]}), (CASE, {}), (CASE, {"keys": []}), (CASE, {"keys": [" "]})],
)
def test_quote_without_a_case_or_keys_is_unscored(case, fields):
    with pytest.raises(Unscored):
        grade('"safe account"', case=case, fields=fields, kind="quote", field="keys")


LEASE = (
    'Rent: clause 9 says that "the tenant replaces lamps, fuses and batteries" of the 5" pipe, '
    'and "alarms", "locks" too. The rent is due monthly in advance, whoever sends the bill.'
)
LAMPS = 'clause 9 says that "the tenant replaces lamps, fuses and batteries"'


@pytest.mark.parametrize(
    "quoted",
    [
        f'"{LAMPS}"', f"“{LAMPS}”", f'"{LAMPS}", "rent is due"', f'"{LAMPS}',
        '"clause 9 says that "the tenant replaces lamps"', '"of the 5" pipe"',
        '"the 5" pipe", "rent is due"', '"alarms", "locks" too"', '“alarms", "locks” too',
    ],
)  # fmt: skip
def test_a_passage_with_quotation_marks_in_it_is_one_quotation(quoted):
    answer = f"Decision: accept\nQuote: {quoted}\nReason: fine"
    assert grade(answer, LEASE, kind="quote").value == 1


@pytest.mark.parametrize(
    "quoted",
    [
        '"clause 9 says that "the tenant pays nothing""',
        '"clause 9 says that "the tenant pays nothing"',
        '"clause 9 says that "the tenant pays nothing',
        '"clause 9 says that "the tenant" pays nothing"',
        '"of the 5" hole"',
        f'"{LAMPS}", "rent is never due"',
        f'"{LAMPS} and doors"',
        '"rent is due" of the "alarms", "shops" too"',
    ],
)
def test_no_piece_of_a_wrong_quotation_passes_for_the_whole(quoted):
    assert grade(f"Quote: {quoted}\nReason: fine", LEASE, kind="quote").value == 0


@pytest.mark.parametrize("quoted", [f'"{LAMPS}"', f"“{LAMPS}”", f'"{LAMPS}.", "rent is due"'])
def test_expected_words_with_marks_at_their_ends_are_earned(quoted):
    fields = {"keys": [LAMPS]}
    assert grade(f"Quote: {quoted}", LEASE, fields, kind="quote", field="keys").value == 1
    assert grade('Quote: "clause 9"', LEASE, fields, kind="quote", field="keys").value == 0


def test_a_citation_may_stand_in_the_source_or_in_an_earlier_turn():
    turns = [
        {"role": "user", "content": "The lease says in § 7 that pets are allowed."},
        {"role": "assistant", "content": "It says so in § 8."},
        {"role": "user", "content": "May she keep a dog?"},
    ]
    example = Example(id="e", prompt=turns, source="Settled by § 9 of the code.")
    check = build(CheckSpec(kind="citation", in_case=True))
    values = [check.grade(f"Yes, § {n}.", example).value for n in (7, 8, 9, 10)]
    assert values == [1, 0, 1, 0]


def test_an_earlier_turn_of_a_conversation_can_be_quoted_but_not_the_models_own():
    turns = [
        {"role": "user", "content": "The lease says that pets are allowed in the whole house."},
        {"role": "assistant", "content": "Then a dog may live there."},
        {"role": "user", "content": "May she keep a dog?"},
    ]
    quote = build(CheckSpec(kind="quote"))
    example = Example(id="e", prompt=turns)
    assert quote.grade('Yes: "pets are allowed"', example).value == 1
    assert quote.grade('Yes: "a dog may live there"', example).value == 0


def test_of_a_short_case_all_but_a_word_may_be_quoted():
    case = "The Tenant may share occupation with group companies."
    assert grade('"share occupation with group companies"', case, kind="quote").value == 1
    assert grade(f'"{case}"', case, kind="quote").value == 0


LISTED = Example(
    id="e",
    prompt="The title shall pass on delivery of the goods.",
    reference='Words that matter: "title shall pass"\nOur position: accept',
    fields={"words": ["title shall pass"]},
)


@pytest.mark.parametrize("check", [{}, {"min_words": 1, "line": "Words that matter"},
                                   {"field": "words"}])  # fmt: skip
@pytest.mark.parametrize("words", ["title shall pass on delivery", '"title shall pass"'])
def test_words_on_the_line_of_the_experts_quotation_need_no_marks(check, words):
    made = build(CheckSpec(kind="quote", **check))
    answer = f"Words that matter: {words}\nOur position: accept"
    assert made.grade(answer, LISTED).value == 1
    invented = made.grade("Words that matter: title never passes at all", LISTED)
    assert invented.value == 0
    assert "stand in the case" in invented.reason
    assert made.grade("Our position: title shall pass", LISTED).value == 0


def test_one_word_is_no_plural():
    made = build(CheckSpec(kind="quote", min_words=1))
    assert made.grade("", LISTED).reason == "Quotes nothing of at least 1 word."
    two = build(CheckSpec(kind="quote"))
    assert two.grade("", LISTED).reason == "Quotes nothing of at least 2 words."
