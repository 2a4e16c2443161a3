"""Numbers as people write them."""

import math

import pytest

from rft_core.checks import Unscored, build
from rft_core.checks.number_reading import plain_number, read_numbers
from rft_core.records import CheckSpec, Example
from rft_core.settings import MAX_TEXT_CHARS

CASES = [
    ("5", [5]),
    ("0", [0]),
    ("007", [7]),
    ("12.50", [12.5]),
    ("12,50", [12.5]),
    ("12.5.", [12.5]),
    ("0.125", [0.125]),
    ("0,125", [0.125]),
    (".5", [0.5]),
    ("1.250", [1.25]),
    ("1,250", [1250]),
    ("1,250.00", [1250]),
    ("1.250,00", [1250]),
    ("1.250.000", [1_250_000]),
    ("1,250,000.75", [1_250_000.75]),
    ("1.250.000,75", [1_250_000.75]),
    ("12,34,567", [1_234_567]),
    ("1 250", [1250]),
    ("1\u00a0250\u00a0000", [1_250_000]),
    ("1\u202f250,5", [1250.5]),
    ("2024 125", [2024, 125]),
    ("1'250.50", [1250.5]),
    ("1’250’000", [1_250_000]),
    ("60%", [0.6]),
    ("60 %", [0.6]),
    ("60 percent", [0.6]),
    ("60 per cent", [0.6]),
    ("12,5 %", [0.125]),
    ("25 basis points", [0.0025]),
    ("3‰", [0.003]),
    ("-3", [-3]),
    ("−3", [-3]),
    ("–3.5", [-3.5]),
    ("fell by −3 points", [-3]),
    ("(12.5)", [-12.5]),
    ("($1,250)", [-1250]),
    ("(5%)", [-0.05]),
    ("(12.5) million", [-12_500_000]),
    ("(-5)", [-5]),
    ("(about 5)", [5]),
    ("0.6 (60%)", [0.6, 0.6]),
    ("12.5 million (12,500,000)", [12_500_000, 12_500_000]),
    ("Smith (2020)", [2020]),
    ("from 0.6 to -0.6", [0.6, -0.6]),
    ("sales 100 (12.5)", [100, -12.5]),
    ("-$5", [-5]),
    ("$-5", [-5]),
    ("$5", [5]),
    ("€ 1.250,00", [1250]),
    ("USD 12.50", [12.5]),
    ("USD −12.50", [-12.5]),
    ("12.5 million", [12_500_000]),
    ("12.5 Millions", [12_500_000]),
    ("2bn", [2e9]),
    ("3 crore", [3e7]),
    ("2 thousand", [2000]),
    ("£5m", [5e6]),
    ("$3.2k", [3200]),
    ("EUR 5m", [5e6]),
    ("5m EUR", [5e6]),
    ("a 5m pipe", [5]),
    ("1.5e6", [1_500_000]),
    ("2E-3", [0.002]),
    ("5-10", [5, 10]),
    ("5–10", [5, 10]),
    ("1, 2 and 3", [1, 2, 3]),
    ("1,2,3", [1, 2, 3]),
    ("250mg", [250]),
    ("on 2024-05-12 at 02:10 it was 7", [7]),
    ("12/05/2024: 7", [7]),
    ("version 1.2.3", []),
    ("12.05.2024", []),
    ("the 3rd of 4", [4]),
    ("COVID-19 and B12 and Q3", []),
    ("١٢٥", [125]),
    ("１２.５", [12.5]),
    ("", []),
    ("none", []),
    ("$", []),
    ("9" * 400, []),
    ("1e999", []),
    ("Total - 5 items", [5]),
    ("sixty", [60]),
    ("Sixty days.", [60]),
    ("twenty-five", [25]),
    ("twenty five percent", [0.25]),
    ("forty-two point five percent", [0.425]),
    ("minus twelve", [-12]),
    ("one", [1]),
    ("One.", [1]),
    ("no one knows which one", []),
    ("someone often attends", []),
    ("a hundred", [100]),
    ("a thousand and five", [1005]),
    ("one hundred and twenty", [120]),
    ("fifteen hundred", [1500]),
    ("two hundred thousand", [200_000]),
    ("one million two hundred thousand", [1_200_000]),
    ("half a million", [500_000]),
    ("two and a half", [2.5]),
    ("one and a half million", [1_500_000]),
    ("£five hundred", [500]),
    ("thirty to forty days", [30, 40]),
    ("seven, eight and nine", [7, 8, 9]),
    ("zero", [0]),
    ("forty-forty-forty", []),
    ("twelve (12) months", [12, 12]),
    ("twelve(12)", [12, 12]),
    ("thirty days (30)", [30, 30]),
    ("twenty-five business days (25 days)", [25, 25]),
    ("twelve percent (12%)", [0.12, 0.12]),
    ("twelve dollars ($12)", [12, 12]),
    ("five million dollars ($5,000,000)", [5_000_000, 5_000_000]),
    ("five million ($5m)", [5_000_000, 5_000_000]),
    ("half a million (500,000)", [500_000, 500_000]),
    ("thirty (30) days and twelve (12) months", [30, 30, 12, 12]),
    ("twelve losses (500)", [-500]),
    ("\u017fix", []),
    ("s\u0131x", []),
    ("within one (1) day", [1, 1]),
    ("in two or three weeks", [2, 3]),
    ("Two analysts say 5", [5]),
    ("between 30 and 40 days", [30, 40]),
    ("from −5 °C to +5 °C", [-5, 5]),
    ("12.5 % to 15 %", [0.125, 0.15]),
    ("5 ± 0.2", [5, 0.2]),
    ("EUR 1.250,00 to EUR 1.500,00", [1250, 1500]),
    ("1,250–1,500", [1250, 1500]),
    ("5 mg/kg, 2 times", [5, 2]),
    ("1.5 bn", [1.5e9]),
    ("7 lakh", [700_000]),
    ("minus 5", [-5]),
    ("Negative 5", [-5]),
    ("fell to minus $5", [-5]),
    ("minus EUR 5", [-5]),
    ("10 minus 5", [10, 5]),
    ("EUR1,000", [1000]),
    ("EUR 1,000", [1000]),
    ("USD5m", [5_000_000]),
    ("ISO9001 and SKU5", []),
    ("$5-10m", [5_000_000, 10_000_000]),
    ("€5–10 million", [5_000_000, 10_000_000]),
    ("5-10%", [0.05, 0.1]),
    ("5-10 m", [5, 10]),
    ("5-10m EUR", [5_000_000, 10_000_000]),
    ("1 Mrd", [1e9]),
    ("1,5 Mrd. EUR", [1.5e9]),
    ("5 hundred", [500]),
    ("5 hundred thousand", [500_000]),
    ("½", [0.5]),
    ("2½", [2.5]),
    ("2 ½ hours", [2.5]),
    ("1000½", [1000.5]),
    (f"{'1' * 5_000}½", []),
    ("1/2", [0.5]),
    ("12 (1/2)", [12, 0.5]),
    ("12 (½)", [12, 0.5]),
    ("(3/4)", [0.75]),
    ("3/4 of it", [0.75]),
    ("2 1/2", [2.5]),
    ("-1/2", [-0.5]),
    ("1/2%", [0.005]),
    ("3/4/2024", []),
    ("24/7", [24, 7]),
    ("7/10", [7, 10]),
    ("120/80", [120, 80]),
    ("5×10^3", [5000]),
    ("5 x 10³", [5000]),
    ("5,2·10⁻³", [0.0052]),
    ("5*10**3", [5000]),
    ("10^6", [1_000_000]),
    ("5 × 10", [5, 10]),
    ("5e3", [5000]),
    ("٣٫٥", [3.5]),
    ("١٬٢٥٠", [1250]),
    ("１，２５０", [1250]),
    ("１．５", [1.5]),
    ("(1) Notice: 30 days", [30]),
    ("(1) Notice: 30 days\n(2) Fee: (12)", [30, -12]),
    ("(1) Notice: thirty days", [30]),
    ("(1,250)", [-1250]),
    ("(5) days", [-5]),
    ("(5) million", [-5_000_000]),
    ("(5) EUR and 7", [-5, 7]),
    ("due on 30 June 2024", []),
    ("due on June 30th, 2024", []),
    ("the 3rd of Sept. 2024: 7", [7]),
    ("30 June", [30]),
]


@pytest.mark.parametrize(("text", "numbers"), CASES, ids=[repr(text)[:30] for text, _ in CASES])
def test_read_numbers(text, numbers):
    assert read_numbers(text) == pytest.approx(numbers)


@pytest.mark.parametrize(
    ("text", "mark", "numbers"),
    [
        ("1.250", "comma", [1250]),
        ("1,250", "comma", [1.25]),
        ("1,250", "point", [1250]),
        ("12,5", "point", [12, 5]),
        ("12.5", "point", [12.5]),
        ("2½", "comma", [2.5]),
        ("1/2", "comma", [0.5]),
        ("٣٫٥", "comma", [3.5]),
        ("１，５", "comma", [1.5]),
    ],
)
def test_the_decimal_mark_can_be_given(text, mark, numbers):
    assert read_numbers(text, decimal_mark=mark) == numbers


def value(answer, expected, **parameters):
    check = build(CheckSpec(kind="number", field="n", **parameters))
    return check.grade(answer, Example(id="e", prompt="case", fields={"n": expected})).value


@pytest.mark.parametrize(
    ("answer", "expected", "parameters", "points"),
    [
        ("It is 12.5", 12.5, {}, 1),
        ("It is 1250", 12.5, {}, 0),
        ("12.50", 1250, {}, 0),
        ("60%", 0.6, {}, 1),
        ("0.6", "60%", {}, 1),
        ("60", "60%", {}, 0),
        ("60%", 60, {"percent": "number"}, 1),
        ("25 bps", 0.25, {"percent": "number"}, 1),
        ("$12.5 million", "12,500,000", {}, 1),
        ("0.1 and 0.3", 0.3, {}, 1),
        ("about 101", 100, {"tolerance": 1}, 1),
        ("about 102", 100, {"tolerance": 1}, 0),
        ("about 101", 100, {"tolerance": 1, "tolerance_unit": "percent"}, 1),
        ("about −101", -100, {"tolerance": 1, "tolerance_unit": "percent"}, 1),
        ("0.29", 0.3, {"tolerance": 0.01}, 1),
        ("first 3, then 4", 3, {"which": "first"}, 1),
        ("first 3, then 4", 3, {"which": "last"}, 0),
        ("first 3, then 4", 4, {"which": "only"}, 0),
        ("4, again 4", 4, {"which": "only"}, 1),
        ("In 2024\nTotal: 7 (of 9)", 7, {"line": "Total", "which": "first"}, 1),
        ("It is 7", 7, {"line": "Total"}, 1),
        ("no number", 7, {}, 0),
        ("", 7, {}, 0),
    ],
)
def test_number(answer, expected, parameters, points):
    assert value(answer, expected, **parameters) == points


@pytest.mark.parametrize(
    ("answer", "expected", "points"),
    [
        ("5 mg", "5 mg", 1),
        ("5 g", "5 mg", 0),
        ("0.005 g", "5 mg", 1),
        ("5000 mcg", "5 mg", 1),
        ("5000 µg", "5 mg", 1),
        ("5mg.", "5 mg", 1),
        ("5 kg", "5 km", 0),
        ("1.5 km", "1500 m", 1),
        ("1500 metres", "1.5 km", 1),
        ("250 ml", "0.25 L", 1),
        ("2 hrs", "120 minutes", 1),
        ("2 weeks", "14 days", 1),
        ("a 14-day notice", "2 weeks", 1),
        ("30 days", "1 month", 0),
        ("30 months", "30 days", 0),
        ("1 year", "12 months", 1),
        ("five hours", "5 minutes", 0),
        ("$5", "€5", 0),
        ("EUR5", "5 euros", 1),
        ("5 euro", "€5", 1),
        ("USD 5m", "$5,000,000", 1),
        ("£5", "5 GBP", 1),
        ("$5-10m", "$10 million", 1),
        ("5 to 10 mg", "10 g", 0),
        ("5-10 g", "10 mg", 0),
        # As before, where no unit is given, expected or known.
        ("5", "5 mg", 1),
        ("5 g", "5", 1),
        ("5 g", 5, 1),
        ("5 mg/kg", "5 g", 1),
        ("5 business days", "5 hours", 1),
        ("5 million", "5 m", 0),
        ("5 g", "5 tablets", 1),
        ("A$5", "€5", 1),
        ("CAD 5", "$5", 1),
        ("5 M", "5 mm", 1),
    ],
)
def test_units_that_are_known_are_converted_or_differ(answer, expected, points):
    assert value(answer, expected) == points


def test_the_reason_names_both_units():
    check = build(CheckSpec(kind="number", field="n"))
    verdict = check.grade("Give 5 g", Example(id="e", prompt="case", fields={"n": "5 mg"}))
    assert verdict.reason == "Says 5 g; expected 5 mg."
    verdict = check.grade("€1,250", Example(id="e", prompt="case", fields={"n": "$1,250"}))
    assert verdict.reason == "Says 1,250 EUR; expected 1,250 USD."


def test_an_amount_given_twice_in_two_units_is_one_number():
    assert value("5 mg, that is 0.005 g", "5 mg", which="only") == 1
    assert value("0.3 mg = 300 mcg", "0.3 mg", which="only") == 1
    assert value("5 mg, or 5 g", "5 mg", which="only") == 0


def test_a_tolerance_is_in_the_unit_of_the_expected_number():
    assert value("0.0052 g", "5 mg", tolerance=0.3) == 1
    assert value("0.0054 g", "5 mg", tolerance=0.3) == 0


@pytest.mark.parametrize(
    "expected", [None, "", "unclear", "1 or 2", [], True, float("nan"), 10**400]
)
def test_an_expected_value_that_is_not_one_number_is_unscored(expected):
    with pytest.raises(Unscored):
        value("7", expected)


@pytest.mark.parametrize("parameters", [{}, {"line": "Ratio"}, {"which": "only", "tolerance": 1}])
def test_that_there_is_no_number_is_right_where_it_is_expected(parameters):
    def points(answer, expected):
        return value(f"Trend: worse\nRatio: {answer}", expected, **parameters)

    assert points("cannot tell", "cannot tell") == points("Cannot tell.", "cannot  Tell") == 1
    assert points("out of scope", "out of scope") == 1
    assert points("cannot tell", 2.5) == points("out of scope", "cannot tell") == 0
    assert points("2.5x", "cannot tell") == points("some 2.5, cannot tell", "cannot tell") == 0
    assert points("none", "cannot tell") == points("cannot tell, out of scope", "cannot tell") == 0


def test_that_there_is_none_is_right_where_it_is_said_in_place_of_the_number():
    def points(answer, expected, **parameters):
        return value(f"Trend: worse\n{answer}\nReason: see the annex", expected, **parameters)

    for parameters in ({}, {"line": "Ratio"}):
        for answer in ("Ratio: none", "Ratio: None.", 'Ratio: "none" is stated'):
            assert points(answer, "none", **parameters) == 1, answer
        for answer in ("Ratio: cannot tell", "Ratio: 2.5", "Ratio: none, or 2.5", "Ratio: ",
                       "Ratio: none, or cannot tell", "Ratio: is there none"):  # fmt: skip
            assert points(answer, "none", **parameters) == 0, answer
        assert points("Ratio: none", 2.5, **parameters) == 0
        assert points("Ratio: none", "cannot tell", **parameters) == 0
    assert points("Ratio: cannot tell\nWhy: none of the pages has it", "cannot tell") == 1


@pytest.mark.parametrize(
    ("answer", "expected", "points"),
    [
        ("cannot tell, perhaps 3.0x", 3, 0),
        ("Cannot tell, figures for 2023 are not given.", "cannot tell", 1),
        ("Cannot tell from the figures for 2023", "cannot tell", 1),
        ("**cannot tell** (2023 is missing)", "cannot tell", 1),
        ("out of scope: 3.0x", 3, 0),
        ("cannot tell, 3.0x", "out of scope", 0),
        ("3.0x, for 2023 I cannot tell", 3, 1),
        ("some say 3.0x, I cannot tell", "cannot tell", 0),
        ("cannot telly 3.0x", 3, 1),
    ],
)
def test_a_line_that_begins_with_cannot_tell_gives_no_number(answer, expected, points):
    assert value(f"Trend: 2 down\nRatio: {answer}", expected, line="Ratio", which="first") == points


@pytest.mark.parametrize(
    ("answer", "expected", "points"),
    [
        ("Cannot tell, figures for 2023 are not given.", "cannot tell", 1),
        ("cannot tell, perhaps 3.0x", 3, 0),
        ("Trend: down\nRatio: cannot tell, perhaps 3.0x", 3, 0),
        ("Trend: cannot tell, for 2023\nRatio: 3.0x", 3, 1),
        ("Cannot tell the trend.\nRatio: 3.0x", 3, 1),
        ("Out of scope costs: 3.0m", "3m", 1),
        ("Out of scope costs are 3.0m", "3m", 1),
    ],
)
def test_in_an_answer_without_the_line_another_line_may_give_the_number(answer, expected, points):
    assert value(answer, expected) == value(answer, expected, line="EBITDA") == points


def test_the_reason_says_what_stands_in_place_of_the_number():
    check = build(CheckSpec(kind="number", field="n", line="Ratio"))
    case = Example(id="e", prompt="case", fields={"n": 3})
    said = check.grade("Ratio: cannot tell, perhaps 3.0x", case).reason
    assert said == 'Says "cannot tell"; expected 3.'


@pytest.mark.parametrize(
    "piece", ["cannot ", "cannot tell", ": ", "* ", "x:", "cannot tell\n", "\n"]
)
def test_what_stands_in_place_of_a_number_is_found_in_any_text(piece):
    assert value(piece * 20_000, 3) == value(f"Ratio: {piece * 20_000}", 3, line="Ratio") == 0


def test_the_reason_says_that_no_number_was_expected():
    check = build(CheckSpec(kind="number", field="n"))
    case = Example(id="e", prompt="case", fields={"n": "cannot tell"})
    assert check.grade("2.5x", case).reason == 'Gives 2.5; expected "cannot tell".'
    assert (
        check.grade("out of scope", case).reason == 'Says "out of scope"; expected "cannot tell".'
    )
    assert check.grade("cannot tell", case).reason == 'Says "cannot tell", as expected.'


def test_the_reason_names_both_numbers():
    check = build(CheckSpec(kind="number", field="n"))
    verdict = check.grade("1250", Example(id="e", prompt="case", fields={"n": -3}))
    assert verdict.reason == "Gives 1,250; expected −3."


def test_plain_number():
    assert [plain_number(v) for v in (1250.0, 0.6, -3, 1e20)] == ["1,250", "0.6", "−3", "1e+20"]


@pytest.mark.parametrize(
    "piece", ["1", "1,", "1 111", "1.", "1'", "-", "(", "(1", "9 ", "1e", "EUR "]
)
def test_long_hostile_text_is_read(piece):
    found = read_numbers((piece * MAX_TEXT_CHARS)[:MAX_TEXT_CHARS])
    assert len(found) <= MAX_TEXT_CHARS
    assert all(map(math.isfinite, found))
