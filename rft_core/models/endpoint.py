"""The AI grader: a chat model behind an OpenAI-compatible endpoint, asked by whoever grades.

It is set up by the environment alone: `RFT_JUDGE_URL` (such as http://127.0.0.1:8000/v1) and
`RFT_JUDGE_MODEL` name it, `RFT_JUDGE_KEY` is sent to it where it needs a key. The key is never
written, shown or logged. Replies are kept in this process only, never on disk, where they would
outlive an erased project.
"""

import hashlib
import json
import os
import threading
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

from rft_core.errors import InputError, ModelError

if TYPE_CHECKING:
    import openai

URL, MODEL, KEY = "RFT_JUDGE_URL", "RFT_JUDGE_MODEL", "RFT_JUDGE_KEY"
NOT_SET_UP = "No AI grader is set up: whoever set up this app has to connect one."
UNUSABLE = "The AI grader cannot be used: whoever set up this app has to connect it rightly."
HOW_TO_CONNECT = (
    f"Before the app is started, set {URL} to the address of an OpenAI-compatible endpoint, such "
    f"as http://127.0.0.1:8000/v1, {MODEL} to the name of its model, and {KEY} where it needs a "
    "key."
)
AT_ONCE = 8
"""Questions that are asked at the same time."""
LIMIT_S = 30.0
"""An attempt that takes longer has failed."""
RETRIES = 2
"""Further attempts after a time-out, a lost connection, or the statuses 408, 409, 429 and 5xx."""
REST_S = 10.0
"""After `AT_ONCE` failures in a row nothing is asked for this long: the others would only wait."""
ABOUT_ONE = (400, 413, 422)
"""Statuses that are about one question, such as a case that is too long, not about the endpoint."""
MOST_KEPT = 8_192
"""Replies that are kept, the newest ones."""
MAX_REPLY_TOKENS = 2_000
"""Nobody pays for a reply without an end."""
SEED = 0

Question = Sequence[Mapping[str, str]]
"""A conversation as the endpoint takes it: each turn with `role` and `content`."""


@dataclass(frozen=True)
class Setup:
    """Which model is asked, and where."""

    url: str
    model: str
    key: str = field(default="", repr=False)

    @property
    def host(self) -> str:
        """The host, with its port where one is named."""
        return urlsplit(self.url).netloc

    @property
    def is_here(self) -> bool:
        """Whether the endpoint is on this machine, so that nothing leaves it."""
        name = urlsplit(self.url).hostname or ""
        try:
            return ip_address(name).is_loopback
        except ValueError:
            return name == "localhost"

    @property
    def public(self) -> dict[str, Any]:
        """What may be kept and shown: host, model, and whether it is here."""
        return {"host": self.host, "model": self.model, "here": self.is_here}


class _Failure(NamedTuple):
    """Why a question has no reply."""

    sentence: str


def setup() -> Setup | None:
    """Return how the AI grader is set up, None where it is not.

    Raises InputError, which never quotes an address that may hold a password, where the
    environment says something that cannot be used.
    """
    url, model, key = (os.environ.get(name, "").strip() for name in (URL, MODEL, KEY))
    if not url and not model:
        return None
    if not url or not model:
        missing = MODEL if url else URL
        raise InputError(f"The AI grader cannot be used: {missing} is not set.", f"Set {missing}.")
    if not _is_address(url):
        raise InputError(
            f"The AI grader cannot be used: {URL} is no plain address.",
            f"It should look like http://127.0.0.1:8000/v1; a key belongs into {KEY}.",
        )
    if not (key.isascii() and key.isprintable()):
        raise InputError(f"The AI grader cannot be used: {KEY} is no key.", "Copy it again.")
    return Setup(url, model, key)


def obstacle() -> str:
    """Return why no AI grader can be asked, in one sentence; empty if one can."""
    try:
        return "" if setup() else NOT_SET_UP
    except InputError:
        return UNUSABLE


def how_to_connect() -> str:
    """Say to whoever set up the app what is set wrongly, if anything is, and what is to be set."""
    try:
        setup()
    except InputError as error:
        return f"{error.message} {error.fix} {HOW_TO_CONNECT}"
    return HOW_TO_CONNECT


def elsewhere() -> str:
    """Return the host to which cases and answers are sent; empty if they stay on this machine."""
    found = _away()
    return found.host if found else ""


def sent_to() -> str:
    """Return where cases and answers are sent, in one sentence; empty if they stay here."""
    found = _away()
    if found is None:
        return ""
    how = ", not encrypted" if found.url.startswith("http://") else ""
    return f"For the AI grader, cases and answers are sent to {found.host}{how}."


def _away() -> Setup | None:
    """Return the AI grader that is set up on another machine; None if there is none."""
    try:
        found = setup()
    except InputError:
        return None
    return None if found is None or found.is_here else found


class Endpoint:
    """Asks questions, each once. Safe to use from several threads."""

    def __init__(self, limit_s: float = LIMIT_S, retries: int = RETRIES) -> None:
        self._limit_s = limit_s
        self._retries = retries
        self._lock = threading.Lock()
        self._kept: dict[str, str | _Failure] = {}
        self._failed_in_a_row = 0
        self._rests_until = 0.0
        self._reasoning: set[Setup] = set()
        """Models that choose their own temperature and count their thoughts among the tokens."""

    def ask_all(self, questions: Sequence[Question]) -> None:
        """Ask what has no reply yet, and keep the replies. Never raises.

        Does nothing where no AI grader is set up.
        """
        try:
            found = setup()
        except InputError:
            return
        if found is None:
            return
        missing = {_name(found, q): q for q in questions if not self._has(_name(found, q))}
        if missing:
            self._ask(found, missing)

    def reply(self, question: Question) -> str | None:
        """Return the reply to a question that was asked, None if it was not.

        Raises ModelError, with a sentence, if it was asked in vain.
        """
        found = setup()
        with self._lock:
            kept = self._kept.get(_name(found, question)) if found else None
        if isinstance(kept, _Failure):
            raise ModelError(kept.sentence)
        return kept

    def forget(self) -> None:
        """Forget the replies, which may quote an answer."""
        with self._lock:
            self._kept.clear()

    def _ask(self, found: Setup, missing: Mapping[str, Question]) -> None:
        try:
            client = _client(found, self._limit_s, self._retries)
        except Exception:  # the library is missing, or will not have the address
            sentence = UNUSABLE
            for name in missing:
                self._keep(name, _Failure(sentence))
            return
        with client, ThreadPoolExecutor(min(AT_ONCE, len(missing)), "ai-grader") as pool:
            replies = pool.map(lambda q: self._asked(client, found, q), missing.values())
            for name, reply in zip(missing, replies, strict=True):
                self._keep(name, reply)

    def _has(self, name: str) -> bool:
        with self._lock:
            return isinstance(self._kept.get(name), str)

    def _keep(self, name: str, reply: str | _Failure) -> None:
        with self._lock:
            self._kept.pop(name, None)
            self._kept[name] = reply
            while len(self._kept) > MOST_KEPT:
                del self._kept[next(iter(self._kept))]

    def _asked(self, client: "openai.OpenAI", found: Setup, question: Question) -> str | _Failure:
        with self._lock:
            if time.monotonic() < self._rests_until:
                return _Failure(f"The AI grader at {found.host} failed too often just now.")
        try:
            reply = _text(self._completion(client, found, question))
        except Exception as error:  # whatever a library raises, what is not answered is unscored
            self._count(getattr(error, "status_code", None) not in ABOUT_ONE)
            return _Failure(_said(error, found, self._limit_s))
        self._count(False)
        return reply

    def _completion(self, client: "openai.OpenAI", found: Setup, question: Question) -> object:
        """Ask as all endpoints take it; where that is refused, as models take it that reason."""
        import openai

        create = partial(client.chat.completions.create, model=found.model, messages=list(question))
        if found not in self._reasoning:
            try:
                return create(temperature=0, seed=SEED, max_tokens=MAX_REPLY_TOKENS)
            except openai.BadRequestError as error:
                if not any(name in str(error) for name in ("max_tokens", "temperature", "seed")):
                    raise
        completion = create(max_completion_tokens=MAX_REPLY_TOKENS)
        self._reasoning.add(found)
        return completion

    def _count(self, failed: bool) -> None:
        with self._lock:
            self._failed_in_a_row = self._failed_in_a_row + 1 if failed else 0
            if self._failed_in_a_row >= AT_ONCE:
                self._rests_until = time.monotonic() + REST_S


ENDPOINT = Endpoint()
"""The one of this process."""


def _client(found: Setup, limit_s: float, retries: int) -> "openai.OpenAI":
    """Return a client that speaks to this endpoint alone.

    It follows no redirection, takes no proxy to this machine, and none of the credentials that the
    library would else take from the environment, which are meant for somebody else.
    """
    import openai

    return openai.OpenAI(
        base_url=found.url,
        api_key=found.key or "none",
        admin_api_key="",
        organization="",
        project="",
        timeout=limit_s,
        max_retries=retries,
        http_client=openai.DefaultHttpxClient(follow_redirects=False, trust_env=not found.is_here),
    )


def _text(completion: object) -> str | _Failure:
    """Return the text of a completion, whatever the endpoint made of it."""
    try:
        message = completion.choices[0].message  # type: ignore[attr-defined]
        if getattr(message, "refusal", None):
            return _Failure("The AI grader declined to answer.")
        if isinstance(message.content, str):
            return message.content
    except (AttributeError, IndexError, TypeError):
        pass
    return _Failure("The AI grader's reply could not be read.")


def _said(error: Exception, found: Setup, limit_s: float) -> str:
    """Say in a sentence what went wrong; the error's own message may quote a text or the key."""
    import openai

    who = f"The AI grader at {found.host}"
    match error:
        case openai.APITimeoutError():
            return f"{who} did not answer within {limit_s:g} seconds."
        case openai.APIConnectionError():
            return f"{who} could not be reached."
        case openai.AuthenticationError() | openai.PermissionDeniedError():
            return f"{who} refused the key that it was given."
        case openai.NotFoundError():
            return f"{who} knows no such address or no such model."
        case openai.RateLimitError():
            return f"{who} was asked too much, or its budget is spent."
        case openai.BadRequestError():
            return f"{who} refused the question: it may be too long for the model (status 400)."
        case openai.APIStatusError():
            return f"{who} failed (status {error.status_code})."
    return f"{who} gave a reply that could not be read ({type(error).__name__})."


def _name(found: Setup, question: Question) -> str:
    """Return what a reply is kept under: the endpoint, the model and the whole question."""
    whole = json.dumps([found.url, found.model, *map(dict, question)])
    return hashlib.sha256(whole.encode()).hexdigest()


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return False
    plain = not (parts.username or parts.password or parts.query or parts.fragment)
    return parts.scheme in ("http", "https") and bool(parts.hostname) and plain
