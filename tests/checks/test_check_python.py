"""Criteria in Python code: what they are given, what they return, and what they cannot reach."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psutil
import pytest

from rft_core.checks import Unscored, build, sandbox
from rft_core.errors import InputError
from rft_core.records import CheckSpec, Criterion, Example, Message, Rubric
from rft_core.rubric.grading import Grader

CASE = Example(
    id="a",
    prompt="A police officer had phoned.",
    reference="Decision: block",
    fields={"decision": "block", "amounts": [1, 2.5], "reference": "our own"},
)
FUNCTION = "def grade(sample, item):\n    "


@pytest.fixture(autouse=True)
def rested() -> None:
    sandbox._in_a_row.clear()
    sandbox._lately.clear()


def check(code: str) -> Any:
    return build(CheckSpec(kind="python", code=code))


def value(body: str, answer: str = "block", case: Example = CASE) -> float:
    return check(FUNCTION + body).grade(answer, case).value


def why_not(body: str, answer: str = "block", case: Example = CASE) -> str:
    with pytest.raises(Unscored) as caught:
        check(FUNCTION + body).grade(answer, case)
    return str(caught.value)


def refused(code: str) -> str:
    with pytest.raises(InputError) as caught:
        check(code)
    return caught.value.message


@pytest.mark.parametrize(
    "body",
    [
        "return item['decision'] in sample['output_text']",
        "return item['reference_answer'] == item['ideal'] == item['answer'] == 'Decision: block'",
        "return item['reference'] == 'our own'",
        "return item['prompt'] == 'A police officer had phoned.'",
        "return item['messages'] == [{'role': 'user', 'content': item['prompt']}]",
        "return sum(item['amounts']) == 3.5",
        "return sample['output_json'] is None",
        "return 'split' not in item and 'id' not in item",
    ],
)
def test_it_is_given_the_answer_and_the_case_under_openais_names(body: str) -> None:
    assert value(body) == 1


def test_a_conversation_and_an_answer_in_json_are_given_in_parts() -> None:
    turns = (
        Message(role="system", content="Be brief."), Message(role="user", content="Well?"),
    )  # fmt: skip
    case = CASE.with_changes(prompt=turns)
    body = "return [m['role'] for m in item['messages']] == ['system', 'user']"
    assert value(body, case=case) == value("return item['prompt'] == 'Well?'", case=case) == 1
    assert value("return sample['output_json']['share'][1]", '{"share": [0, 0.25]}') == 0.25


def test_a_case_without_an_answer_has_none_to_compare_with() -> None:
    bare = Example(id="b", prompt="x")
    assert value("return 'reference_answer' in item", case=bare) == 0
    assert "line 2: KeyError: reference_answer" in why_not(
        "return item['reference_answer'] == 1", case=bare
    )


@pytest.mark.parametrize(
    ("returned", "earned", "reason"),
    [
        ("0.25", 0.25, "returned 0.25."), ("True", 1, "returned 1."), ("-0.0", 0, "returned 0."),
        ("7", 1, "returned more than 1, counted as 1."), ("10**400", 1, "counted as 1."),
        ("-1", 0, "returned less than 0, counted as 0."),
    ],
)  # fmt: skip
def test_a_number_is_kept_within_0_and_1_and_that_is_said(
    returned: str, earned: float, reason: str
) -> None:
    verdict = check(f"{FUNCTION}return {returned}").grade("block", CASE)
    assert verdict.value == earned
    assert verdict.reason.endswith(reason)


@pytest.mark.parametrize(
    "returned", ["None", "'1'", "[1]", "float('nan')", "float('-inf')", "1j", "grade", "sample"]
)
def test_what_is_no_number_is_not_graded(returned: str) -> None:
    assert "must return a number from 0 to 1" in why_not(f"return {returned}")


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("return 1 / (len(sample['output_text']) - 5)", "line 2: ZeroDivisionError"),
        ("return float(sample['output_text'])", "line 2: ValueError"),
        ("raise SystemExit", "line 2: SystemExit"),
        ("raise SystemExit(3)", "SystemExit|RuntimeError"),
        ("return grade(sample, item)", "RecursionError"),
        ("while True: pass", "longer than 0.4 seconds"),
        ("return sum(i for i in range(10**12))", "more than 64 MB|longer than"),
        ("return len('a' * 10**10)", "more than 64 MB"),
        ("return 9 ** 9 ** 9", "more than 64 MB"),
        ("rows = []\n    while True: rows.append('a' * 1000)", "more than 64 MB|longer than"),
        ("import re\n    return bool(re.match(r'(a|aa)+$(?<!x)(?=b)', 'a' * 4000))", "line 3: re."),
        ("import json\n    return json.loads('[' * 10**6)", "line 3: json.JSONDecodeError"),
    ],
)
def test_what_goes_wrong_is_not_graded_and_said_in_one_sentence(body: str, reason: str) -> None:
    said = why_not(body)
    assert any(part in said for part in reason.split("|")), said
    assert said.startswith("The Python code gave no value: ") and said.endswith(".")
    assert len(said) < 300 and "\n" not in said


@pytest.mark.parametrize(
    "body",
    [
        "return len(open('/etc/passwd').read())",
        "from pathlib import Path\n    return len(Path('/etc/passwd').read_text())",
        "import os\n    return len(os.environ)",
        "import os\n    return os.getenv('PATH') is None or 1 / 0",
        "import os\n    return len(os.listdir('/'))",
        "import os\n    return os.urandom(1)[0] / 255",
        "return len(().__class__.__bases__[0].__subclasses__())",
        "return eval('open(\"/etc/passwd\")')",
        "exec('import os; os.listdir()')\n    return 1",
    ],
)
def test_nothing_outside_can_be_reached(body: str) -> None:
    assert "gave no value" in why_not(body)


@pytest.mark.parametrize(
    "name", ["subprocess", "socket", "ctypes", "threading", "numpy", "pydantic"]
)
def test_other_packages_cannot_be_imported_wherever_that_stands(name: str) -> None:
    for code in (f"import {name}\n{FUNCTION}return 1", f"{FUNCTION}from {name} import x"):
        assert f'there is no module "{name}" here' in refused(code)


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("def grade(sample, item):\n    return 1\n\nx = = 2\n", "line 4: "),
        ("def grade(sample, item)\n    return 1", "line 1: Expected `:`"),
        ("(" * 100_000, "too deeply nested"),
        ("class A(dict):\n    pass", "line 1: the interpreter here does not yet support class"),
        ("x = 1", 'it has no function "grade(sample, item)"'),
        ("grade = 1", 'it has no function "grade(sample, item)"'),
        ("   ", 'it has no function "grade(sample, item)"'),
        ("", "is not filled in"),
        ("def grade(sample):\n    return 1", "line 1: TypeError: grade() takes 1 positional"),
        ("def grade(sample, item):\n    return grad(1)", "line 2: NameError: name 'grad'"),
        ("x = 1\n1 / 0\n" + FUNCTION + "return 1", "line 2: ZeroDivisionError"),
        (FUNCTION + "import re\n    return re.subn('a', 'b', 'c')", "line 3: AttributeError"),
        ("#" * 300_000, "at most 256,000 characters"),
    ],
)
def test_code_that_could_grade_no_answer_is_refused_with_its_line(code: str, message: str) -> None:
    said = refused(code)
    assert said.startswith('The check "Your own Python code (advanced)" cannot be used: ')
    assert message in said


@pytest.mark.parametrize(
    "body",
    [
        "import random\n    return random.random()",
        "import time, datetime\n    return (time.time() + datetime.datetime.now().timestamp()) % 1",
        "return (hash(sample['output_text']) % 1000) / 1000",
        "global count\n    count = count + 0.1\n    return count",
    ],
)
def test_the_same_answer_earns_the_same_each_time_and_in_each_process(body: str) -> None:
    code = f"count = 0\n{FUNCTION}{body}"
    here = [check(code).grade("block", CASE).value for _ in range(3)]
    script = (
        "import sys; from rft_core.checks.sandbox import call_grade;"
        "print(call_grade(sys.argv[1], {'output_text': 'block'}, {}))"
    )
    there = subprocess.run(
        [sys.executable, "-c", script, code], capture_output=True, text=True, check=True,
        cwd=Path(__file__).parents[2],
    ).stdout  # fmt: skip
    assert here == [pytest.approx(float(there))] * 3


def test_what_the_code_prints_is_shown_nowhere(capfd: pytest.CaptureFixture[str]) -> None:
    assert value("print('secret', sample)\n    return 1") == 1
    assert value("for n in range(1000): print('secret' * n)\n    return 1") == 1
    assert capfd.readouterr() == ("", "")


def test_code_that_is_held_up_by_other_work_gets_its_time() -> None:
    """The interpreter is stopped for three quarters of the time, as on a busy computer.

    How much it can do within its time is found out; where the machine is too uneven for that, the
    work grows until it is held up.
    """
    code = f"{FUNCTION}for n in range(item['rounds']): n % 7\n    return 0.5"
    started = time.monotonic()
    sandbox.call_grade(code, {}, {"rounds": 200_000})
    rounds = int(200_000 * 0.15 / (time.monotonic() - started))
    workers = [p for p in psutil.Process().children() if "monty" in p.name()]
    ended = threading.Event()

    def hold_up() -> None:
        while not ended.wait(0.01):
            for worker in workers:
                worker.suspend()
            time.sleep(0.03)
            for worker in workers:
                worker.resume()

    holding = threading.Thread(target=hold_up)
    holding.start()
    took = 0.0
    try:
        while took <= sandbox.MAX_SECONDS:
            started = time.monotonic()
            assert sandbox.call_grade(code, {}, {"rounds": rounds}) == 0.5
            took = time.monotonic() - started
            rounds += rounds // 5
    finally:
        ended.set()
        holding.join()


def test_one_answers_break_leaves_the_next_one_graded() -> None:
    body = "return [0] * 10**9 if 'bomb' in sample['output_text'] else 1"
    for _ in range(3):
        assert "64 MB" in why_not(body, "bomb")
        assert value(body) == 1


def test_code_that_never_ends_does_not_hold_up_every_answer() -> None:
    rule = Criterion(
        id="endless", text="x", points=1, aspect="substance",
        check=CheckSpec(kind="python", code=FUNCTION + "while True: pass"),
    )  # fmt: skip
    grader = Grader(Rubric(criteria=(rule,)))
    grades = grader.grade_all([(f"answer {n}", CASE) for n in range(100)])
    assert {grade.values["endless"] for grade in grades} == {None}
    reasons = [grade.reasons["endless"] for grade in grades]
    tried = [reason for reason in reasons if "longer than 0.4 seconds" in reason]
    assert len(tried) <= sandbox.MOST_LIMITS
    assert all("left alone a minute" in reason for reason in reasons if reason not in tried)
    assert value("return 1") == 1, "other code goes on"


def test_many_programs_that_never_end_do_not_each_take_their_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sandbox, "_lately", deque(maxlen=3))
    monkeypatch.setattr(sandbox, "MOST_LIMITS_OF_ALL", 3)
    said = [why_not(f"{n}\n    while True: pass") for n in range(20)]
    assert ["longer than" in reason for reason in said[:2]] == [True, False]
    assert "all of it is left alone a minute" in said[-1]


def test_several_threads_get_each_their_own_value() -> None:
    graded = check(f"{FUNCTION}return int(sample['output_text']) / 100")
    with ThreadPoolExecutor(8) as threads:
        values = threads.map(lambda n: graded.grade(str(n), CASE).value, range(100))
        assert list(values) == [n / 100 for n in range(100)]


def test_a_criterion_that_fails_is_unscored_and_the_others_count() -> None:
    def rule(name: str, **spec: Any) -> Criterion:
        return Criterion(id=name, text=name, points=1, aspect="substance", check=CheckSpec(**spec))

    broken = rule("broken", kind="python", code=FUNCTION + "return 1 / 0")
    right = rule("right", kind="exact", text="block").with_changes(points=4)
    grade = Grader(Rubric(criteria=(right, broken))).grade("block", CASE)
    assert grade.values == {"right": 1, "broken": None}
    assert (grade.score, grade.earned, grade.coverage) == (1, 4, 0.8)
    assert "ZeroDivisionError" in grade.reasons["broken"]


def test_where_it_is_off_it_is_kept_and_not_graded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RFT_PYTHON_CHECKS", "off")
    for code in (FUNCTION + "return 1", "while True: pass", "no code ("):
        kept = check(code)
        with pytest.raises(Unscored, match="switched off on this server"):
            kept.grade("block", CASE)
        assert "here it is not run" in kept.describe()


def test_a_case_that_is_nested_too_deeply_is_not_graded() -> None:
    deep: Any = 1
    for _ in range(100_000):
        deep = [deep]
    case = Example.model_construct(id="a", prompt="x", reference=None, fields={"deep": deep})
    assert "a value that Python code cannot be given" in why_not("return 1", case=case)
    nested = CASE.with_changes(fields={"deep": [[[[[[[[1]]]]]]]]})
    assert value("return item['deep'][0][0][0][0][0][0][0][0]", case=nested) == 1


def test_the_interpreter_ends_with_the_process_that_was_killed() -> None:
    script = (
        "import time; from rft_core.checks.sandbox import call_grade;"
        "call_grade('def grade(s, i):\\n return 1', {}, {}); print('ready', flush=True);"
        "time.sleep(60)"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, text=True,
        cwd=Path(__file__).parents[2],
    )  # fmt: skip
    with parent:
        assert parent.stdout is not None and parent.stdout.readline() == "ready\n"
        workers = psutil.Process(parent.pid).children(recursive=True)
        assert [w for w in workers if "monty" in w.name()]
        os.kill(parent.pid, signal.SIGKILL)
    _, alive = psutil.wait_procs(workers, timeout=10)
    assert not alive
