"""The AI grader's endpoint: asked once, tried again, given up with one sentence, nothing told."""

import logging
import subprocess
import sys
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rft_core.checks.judge import fenced
from rft_core.errors import InputError, ModelError
from rft_core.models import endpoint
from rft_core.models.endpoint import AT_ONCE, Endpoint
from tests.models.grader_server import GraderServer

KEY = "sk-very-secret"


def question(answer: str = "It is safe.", about: str = "Does it say safe?"):
    return [{"role": "user", "content": fenced("case", answer, about)}]


def sentence(asked: Endpoint, one=None) -> str:
    """Return why a question that was asked has no reply."""
    one = one or question()
    asked.ask_all([one])
    return sentence_of(asked, one)


def sentence_of(asked: Endpoint, one) -> str:
    with pytest.raises(ModelError) as caught:
        asked.reply(one)
    return str(caught.value)


def test_without_a_setup_nothing_is_asked_and_it_says_what_to_set():
    asked = Endpoint()
    asked.ask_all([question()])
    assert asked.reply(question()) is None
    assert endpoint.setup() is None
    assert endpoint.obstacle() == endpoint.NOT_SET_UP
    assert all(name in endpoint.how_to_connect() for name in (endpoint.URL, endpoint.MODEL))


@pytest.mark.parametrize(
    ("url", "model", "said"),
    [
        ("http://127.0.0.1:1/v1", "", "RFT_JUDGE_MODEL is not set"),
        ("", "m", "RFT_JUDGE_URL is not set"),
        ("ftp://host/v1", "m", "no plain address"),
        ("http://host:port/v1", "m", "no plain address"),
        ("http://", "m", "no plain address"),
        (f"http://user:{KEY}@host/v1", "m", "no plain address"),
        (f"http://host/v1?key={KEY}", "m", "no plain address"),
    ],
)
def test_a_setup_that_cannot_be_used_is_a_sentence(monkeypatch, url, model, said):
    monkeypatch.setenv(endpoint.URL, url)
    monkeypatch.setenv(endpoint.MODEL, model)
    with pytest.raises(InputError, match=said):
        endpoint.setup()
    assert endpoint.obstacle() == endpoint.UNUSABLE
    assert said in endpoint.how_to_connect()
    assert KEY not in endpoint.how_to_connect()
    Endpoint().ask_all([question()])


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://127.0.0.1:8000/v1", ""),
        ("http://localhost:8000/v1", ""),
        ("http://[::1]:8000/v1", ""),
        ("https://api.example.com/v1", "sent to api.example.com."),
        ("http://192.168.0.7:8000/v1", "sent to 192.168.0.7:8000, not encrypted."),
        ("http://localhost.example.com/v1", "sent to localhost.example.com, not encrypted."),
    ],
)
def test_it_says_to_whom_cases_are_sent_unless_they_stay_here(monkeypatch, url, said):
    monkeypatch.setenv(endpoint.URL, url)
    monkeypatch.setenv(endpoint.MODEL, "m")
    assert endpoint.sent_to().endswith(said) and bool(endpoint.sent_to()) == bool(said)


def test_a_question_is_asked_once_and_always_alike(ai_grader: GraderServer):
    asked = Endpoint()
    asked.ask_all([question(), question(), question("No.")])
    asked.ask_all([question()])
    assert len(ai_grader.asked) == 2
    assert '"criteria_met": true' in asked.reply(question())
    assert '"criteria_met": false' in asked.reply(question("No."))
    for one in ai_grader.asked:
        assert (one.body["model"], one.body["temperature"], one.body["seed"]) == ("grader-1", 0, 0)
    asked.forget()
    assert asked.reply(question()) is None


def test_another_model_is_asked_anew(ai_grader: GraderServer, monkeypatch):
    asked = Endpoint()
    asked.ask_all([question()])
    monkeypatch.setenv(endpoint.MODEL, "grader-2")
    assert asked.reply(question()) is None
    asked.ask_all([question()])
    assert [one.body["model"] for one in ai_grader.asked] == ["grader-1", "grader-2"]


def test_several_are_asked_at_the_same_time_but_not_too_many(ai_grader: GraderServer):
    ai_grader.wait_s = 0.1
    asked = Endpoint()
    asked.ask_all([question(f"safe {n}") for n in range(24)])
    assert 1 < ai_grader.at_once <= AT_ONCE
    assert all(asked.reply(question(f"safe {n}")) for n in range(24))


@pytest.mark.parametrize("status", [429, 500, 503])
def test_what_passes_is_tried_twice_more(ai_grader: GraderServer, status):
    ai_grader.statuses = [status, status]
    asked = Endpoint()
    asked.ask_all([question()])
    assert '"criteria_met": true' in asked.reply(question())
    assert len(ai_grader.asked) == 3


@pytest.mark.parametrize(
    ("status", "times", "said"),
    [
        (400, 1, "refused the question: it may be too long for the model (status 400)"),
        (401, 1, "refused the key that it was given"),
        (403, 1, "refused the key"),
        (404, 1, "no such address or no such model"),
        (429, 2, "was asked too much"),
        (500, 2, "failed (status 500)"),
        (307, 1, "failed (status 307)"),
    ],
)
def test_what_fails_is_one_sentence_without_the_text_or_the_key(
    ai_grader: GraderServer, monkeypatch, caplog, status, times, said
):
    caplog.set_level(logging.DEBUG)
    monkeypatch.setenv(endpoint.KEY, KEY)
    with GraderServer() as elsewhere:
        ai_grader.headers = {"Location": f"{elsewhere.url}/chat/completions"}
        ai_grader.status = status
        found = sentence(Endpoint(retries=1))
        assert elsewhere.asked == [], "cases go to nobody who was not named"
    assert said in found and found.startswith("The AI grader at 127.0.0.1:")
    assert len(ai_grader.asked) == times
    assert ai_grader.asked[0].headers["authorization"] == f"Bearer {KEY}"
    assert KEY not in found and KEY not in repr(endpoint.setup())
    assert KEY not in caplog.text and "It is safe." not in caplog.text


def test_credentials_meant_for_others_are_not_sent(ai_grader: GraderServer, monkeypatch):
    for name in ("OPENAI_API_KEY", "OPENAI_ADMIN_KEY", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID"):
        monkeypatch.setenv(name, KEY)
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:1/v1")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    asked = Endpoint(retries=0)
    asked.ask_all([question()])
    assert asked.reply(question())
    assert KEY not in str(ai_grader.asked[0].headers)


def test_a_late_reply_is_given_up(ai_grader: GraderServer):
    ai_grader.wait_s = 1.5
    assert "did not answer within 0.2 seconds" in sentence(Endpoint(limit_s=0.2, retries=0))


def test_when_nobody_is_there_the_others_do_not_wait_and_later_it_is_tried_again(
    ai_grader: GraderServer, monkeypatch
):
    monkeypatch.setattr(endpoint, "REST_S", 0.3)
    url = ai_grader.url
    ai_grader.stop()
    asked = Endpoint(retries=0)
    many = [question(f"safe {n}") for n in range(40)]
    asked.ask_all(many)
    said = {sentence_of(asked, one) for one in many}
    assert f"The AI grader at {url[7:-3]} could not be reached." in said
    assert any("failed too often just now" in one for one in said)
    time.sleep(0.3)
    asked.ask_all(many[:1])
    assert "could not be reached" in sentence_of(asked, many[0])


def test_a_model_that_takes_no_temperature_is_asked_in_its_own_way(ai_grader: GraderServer):
    error = {"error": {"message": "Unsupported parameter: 'max_tokens' is not supported."}}
    ai_grader.refuse = lambda body: error if "max_tokens" in body else None
    asked = Endpoint(retries=0)
    asked.ask_all([question("one")])
    asked.ask_all([question("two")])
    assert asked.reply(question("two"))
    assert len(ai_grader.asked) == 3, "from then on at once"
    assert "temperature" not in ai_grader.asked[-1].body
    assert ai_grader.asked[-1].body["max_completion_tokens"] > 0


def test_questions_that_are_refused_one_by_one_do_not_keep_it_from_the_others(
    ai_grader: GraderServer,
):
    ai_grader.statuses = [400] * 12
    asked = Endpoint(retries=0)
    asked.ask_all([question(f"safe {n}") for n in range(14)])
    assert len(ai_grader.asked) == 14


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"null", b'"text"', b"{}", b'{"choices": []}', b'{"choices": [{}]}',
     b'{"choices": null}', b'{"choices": [{"message": {"content": null}}]}',
     b'{"choices": [{"message": {"content": ["a"]}}]}', b"<html>", b"\xff\xfe"],
)  # fmt: skip
def test_a_response_that_is_no_reply_is_a_sentence(ai_grader: GraderServer, body):
    ai_grader.body = body
    assert "could not be read" in sentence(Endpoint(retries=0))


def test_an_address_that_the_library_refuses_is_a_sentence(monkeypatch):
    monkeypatch.setenv(endpoint.URL, "http://a b.example/v1")
    monkeypatch.setenv(endpoint.MODEL, "m")
    assert "AI grader" in sentence(Endpoint(retries=0))


def test_a_refusal_is_a_sentence(ai_grader: GraderServer):
    ai_grader.body = b'{"choices": [{"message": {"content": null, "refusal": "I will not."}}]}'
    assert sentence(Endpoint(retries=0)) == "The AI grader declined to answer."


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(body=st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_any_response_is_a_reply_or_a_sentence(ai_grader: GraderServer, body):
    ai_grader.body = body
    asked = Endpoint(retries=0)
    asked.ask_all([question()])
    try:
        assert asked.reply(question())
    except ModelError as error:
        assert error.message.endswith(".")


def test_the_library_is_loaded_only_when_it_is_used():
    code = "import sys, rft_core.cli, rft_core.checks; print('openai' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
