"""The healthcare sample: signs, the fixed differential, ages, absent findings, invented genes."""

import re
from collections import Counter, defaultdict
from itertools import product

import pytest

from rft_core.examples.folder import read_project
from rft_core.rubric.grading import Grader
from tests.sample_data.sample import FOLDER, decision, quote, sample, twins

SIGNS = {
    "lens moved upwards": ("FBN1", "eye"),
    "flat corneas": ("FBN1", "eye"),
    "split uvula": ("TGFBR1/2", "face"),
    "twisted arteries": ("TGFBR1/2", "vessels"),
    "lens moved downwards": ("CBS", "eye"),
    "clot in a vein": ("CBS", "vessels"),
    "crumpled ears": ("FBN2", "face"),
    "contractures from birth": ("FBN2", "joints"),
    "aged hands": ("COL3A1", "skin"),
    "thin nose": ("COL3A1", "face"),
    "very stretchy": ("COL5A1", "skin"),
    "wide papery scars": ("COL5A1", "skin"),
    "new appointment": ("cannot tell", "none"),
    "the vet": ("cannot tell", "none"),
    "cannot be read": ("cannot tell", "none"),
}
DIFFERENTIAL = {
    "FBN1": ["FBN1", "TGFBR1/2", "CBS"],
    "TGFBR1/2": ["TGFBR1/2", "FBN1", "FBN2"],
    "CBS": ["CBS", "FBN1", "FBN2"],
    "FBN2": ["FBN2", "FBN1", "CBS"],
    "COL3A1": ["COL3A1", "TGFBR1/2", "FBN1"],
    "COL5A1": ["COL5A1", "COL3A1", "FBN1"],
    "cannot tell": ["cannot tell"],
}
PANEL = [gene for gene in DIFFERENTIAL if gene != "cannot tell"]
ABSENT = re.compile(
    r"\b(?:no|not|never|nobody|nothing|without|normal|unremarkable|in place|in one piece|straight"
    r"|ordinary|healthy|competent|narrow|average)\b"
)
NAMED = re.compile(
    r"fbn|tgf|cbs|col\d|smad|marfan|beals|loeys|dietz|ehlers|danlos|\beds\b|\blds\b"
    r"|homocystinuria|arachnodactyly",
    re.IGNORECASE,
)

SAMPLE = sample("healthcare")
IN_SCOPE = [case for case in SAMPLE.cases if decision(case) != "cannot tell"]


def age_band(case):
    age = case["fields"]["age"]
    return "under 12" if age < 12 else "12 to 29" if age < 30 else "30 and over"


def test_the_sign_leads_to_gene_and_system_and_no_other_stands_in_the_prompt():
    for case in SAMPLE.cases:
        answer = (decision(case), case["fields"]["system"])
        assert SIGNS[quote(case)] == answer, case["id"]
        found = [sign for sign in SIGNS if sign.lower() in case["prompt"].lower()]
        assert found == [quote(case)], case["id"]


def test_each_deciding_sign_stands_three_times_in_train_and_four_in_heldout():
    train, heldout = Counter(map(quote, SAMPLE.train)), Counter(map(quote, SAMPLE.heldout))
    for sign, (gene, _) in SIGNS.items():
        in_scope = gene != "cannot tell"
        assert train[sign] >= (3 if in_scope else 1), sign
        assert heldout[sign] >= (4 if in_scope else 1), sign


def test_the_differential_is_fixed_by_the_first_gene():
    for case in SAMPLE.cases:
        fields = case["fields"]
        assert fields["gene"] == fields["decision"]
        assert fields["genes"] == DIFFERENTIAL[fields["gene"]], case["id"]
        lines = case["reference"].split("\n")
        assert lines[1:] == [
            f"System: {fields['system']}",
            f"Genes: {', '.join(fields['genes'])}",
        ]


def test_every_gene_stands_often_enough_in_both_splits():
    train, heldout = Counter(map(decision, SAMPLE.train)), Counter(map(decision, SAMPLE.heldout))
    assert all(train[gene] >= 5 and heldout[gene] >= 8 for gene in PANEL)


def test_age_does_not_give_the_gene_away():
    genes = defaultdict(set)
    for case in IN_SCOPE:
        age = case["fields"]["age"]
        assert 0 <= age < 70
        assert age == 0 or re.search(rf"\b{age}\b", case["prompt"]), case["id"]
        genes[age_band(case)].add(decision(case))
    assert {band: len(found) for band, found in genes.items()} == {
        "under 12": 6,
        "12 to 29": 6,
        "30 and over": 6,
    }


def test_twins_are_of_one_age():
    for first, *others in twins(SAMPLE.cases).values():
        assert all(other["fields"]["age"] == first["fields"]["age"] for other in others)


def test_no_prompt_names_a_gene_or_a_condition():
    for case in SAMPLE.cases:
        assert not NAMED.search(case["prompt"]), case["id"]


def test_most_vignettes_state_an_absent_finding():
    assert sum(bool(ABSENT.search(case["prompt"])) for case in IN_SCOPE) >= len(IN_SCOPE) / 2


def graded(genes):
    """Values by criterion of an answer to a CBS case that lists `genes`."""
    files = read_project(FOLDER / "healthcare")
    example = next(e for e in files.examples if e.fields["gene"] == "CBS")
    head = (example.reference or "").rpartition("\n")[0]
    return Grader(files.rubric).grade(f"{head}\nGenes: {genes}", example).values


def test_lists_of_the_panel_are_never_called_inventions():
    files = read_project(FOLDER / "healthcare")
    example, grader = files.examples[0], Grader(files.rubric)
    for genes in product(PANEL, repeat=3):
        values = grader.grade(f"System: eye\nGenes: {', '.join(genes)}", example).values
        assert values["invented_gene"] == 0, genes


@pytest.mark.parametrize(
    "gene",
    ["FBN3", "TGFBR1", "TGFBR2", "TGFB2", "CBL", "COL1A1", "COL3A2", "COL5A2", "SMAD3", "SKI"],
)
def test_genes_outside_the_panel_are_found(gene):
    assert graded(f"CBS, {gene}, FBN1")["invented_gene"] == 1
    assert graded(f"CBS, FBN1, {gene}")["invented_gene"] == 1


def test_the_ranking_pays_by_place():
    values = [graded(genes)["ranking"] for genes in ("CBS, FBN1, FBN2", "FBN1, CBS, FBN2")]
    values += [graded(genes)["ranking"] for genes in ("FBN1, FBN2, CBS", "cannot tell")]
    assert values == pytest.approx([1, 1 / 2, 1 / 3, 0])


def test_not_knowing_pays_only_where_nothing_else_is_listed():
    files = read_project(FOLDER / "healthcare")
    example = next(e for e in files.examples if e.fields["gene"] == "cannot tell")
    grader = Grader(files.rubric)
    values = [
        grader.grade(f"System: none\nGenes: {genes}", example).values["ranking"]
        for genes in ("cannot tell", "cannot tell, FBN1, CBS", "FBN1, CBS, FBN2")
    ]
    assert values == [1, 0, 0]
