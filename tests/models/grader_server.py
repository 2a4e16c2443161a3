"""An AI grader for tests: a local server that speaks the protocol and applies a simple rule."""

import json
import re
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple, Self

MESSAGE = re.compile(
    r"\[(?P<mark>\w+)\] The case begins\.\n(?P<case>.*)\n\[(?P=mark)\] The case ends\.\n\n"
    r"\[(?P=mark)\] The answer(?: \(only its beginning\))? begins\.\n(?P<answer>.*)\n"
    r"\[(?P=mark)\] The answer ends\.\n\n"
    r"\[(?P=mark)\] The question about the answer: (?P<question>.*)",
    re.DOTALL,
)


class Asked(NamedTuple):
    """A question as it arrived."""

    case: str
    answer: str
    question: str
    mark: str
    body: dict[str, Any]
    headers: dict[str, str]


def says_the_word(asked: Asked) -> bool:
    """Answer yes if the answer holds the last word of the question."""
    return asked.question.rstrip("?").split()[-1].lower() in asked.answer.lower()


def read(message: str) -> tuple[str, str, str, str]:
    """Return mark, case, answer and question. The mark must stand in nothing else."""
    found = MESSAGE.fullmatch(message)
    assert found is not None
    parts = found["mark"], found["case"], found["answer"], found["question"]
    assert not any(parts[0] in part for part in parts[1:])
    return parts


def verdict(met: bool, explanation: str = "Because of its words.") -> str:
    return json.dumps({"explanation": explanation, "criteria_met": met})


class GraderServer:
    """Answers on a free port of this machine; what it is to do can be changed while it runs."""

    def __init__(self) -> None:
        self.rule: Callable[[Asked], bool] = says_the_word
        self.reply: str | None = None
        """The text of every reply, in place of the rule's verdict."""
        self.body: bytes | None = None
        """The whole body of every response."""
        self.statuses: list[int] = []
        """Of the next responses; then 200."""
        self.status = 200
        self.refuse: Callable[[dict[str, Any]], dict[str, Any] | None] = lambda body: None
        """What is said, with the status 400, of the body of a request; None if it is taken."""
        self.headers: dict[str, str] = {}
        self.wait_s = 0.0
        self.asked: list[Asked] = []
        self.at_once = 0
        """Most questions that were in work at the same time."""
        self._in_work = 0
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/v1"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def stop(self) -> None:
        """Stop listening: from now on nobody is there."""
        self.__exit__()

    def respond(self, body: dict[str, Any], headers: dict[str, str]) -> tuple[int, bytes]:
        """Return status and body of the response."""
        with self._lock:
            self._in_work += 1
            self.at_once = max(self.at_once, self._in_work)
        time.sleep(self.wait_s)
        mark, case, answer, question = read(body["messages"][-1]["content"])
        asked = Asked(case, answer, question, mark, body, headers)
        with self._lock:
            self._in_work -= 1
            self.asked.append(asked)
            status = self.statuses.pop(0) if self.statuses else self.status
        refusal = self.refuse(body)
        if refusal is not None:
            return 400, json.dumps(refusal).encode()
        if self.body is not None:
            return status, self.body
        text = self.reply if self.reply is not None else verdict(self.rule(asked))
        choice = {"index": 0, "finish_reason": "stop",
                  "message": {"role": "assistant", "content": text}}  # fmt: skip
        whole = {"id": "1", "object": "chat.completion", "created": 0, "model": body["model"],
                 "choices": [choice]}  # fmt: skip
        return status, json.dumps(whole).encode()


def _handler(server: GraderServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            headers = {name.lower(): value for name, value in self.headers.items()}
            status, data = 404, b"{}"
            if self.path == "/v1/chat/completions":
                status, data = server.respond(body, headers)
            try:
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                for name, value in server.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(data)
            except OSError:
                pass  # who asked has gone

        def log_message(self, *_: object) -> None:
            pass

    return Handler
