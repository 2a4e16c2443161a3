"""Rules that ask for JSON: "A JSON object with the keys decision, quote and reason"."""

import re
from collections.abc import Collection
from typing import Any

from rft_core.checks.structured import MAX_KEYS

_JSON = re.compile(r"\bjson\b", re.I)
_KEYS = re.compile(
    r"\b(?:keys?|fields?|propert(?:y|ies)|entr(?:y|ies)|attributes?|members?|names)\b"
    r"(?:\s+(?:called|named|are|is))?\s*:?\s+(?P<said>\S.*)",
    re.I | re.S,
)
_WITH = re.compile(
    r"\b(?:with|containing|contains|holding|holds|has|having|of)\s+(?P<said>\S.*)", re.I | re.S
)
_JOINT = re.compile(r"\s*(?:[,;/&]|\b(?:and|or|plus)\b)\s*", re.I)
_KEY = re.compile(
    r"(?:the |a |an )?[\"“”„'‘’`]?(?P<key>[^\W\d][\w.-]{0,60})[\"“”'‘’`]?(?P<rest>.*)",
    re.I | re.S,
)
_ONLY = re.compile(
    r"\b(?:only|exactly|precisely|just)\b|\b(?:no|nothing|without) (?:other|else|further|more)\b",
    re.I,
)


def asks_for_json(rule: str) -> bool:
    """Say whether a rule speaks of JSON."""
    return _JSON.search(rule) is not None


def json_said(rule: str, names: Collection[str] = ()) -> dict[str, Any]:
    """Return the parameters of the JSON check that a rule asks for: its keys, and if no others.

    Without a word such as "keys" what is listed after "with" counts where it is among `names`,
    those of lines and of expected values.
    """
    found = _KEYS.search(rule)
    keys = _listed(found["said"]) if found else []
    if not keys:
        known = {_plain(name) for name in names}
        after = _WITH.search(rule)
        keys = [key for key in _listed(after["said"]) if _plain(key) in known] if after else []
    only = {"only": True} if keys and _ONLY.search(rule) else {}
    return ({"keys": keys} if keys else {}) | only


def _listed(said: str) -> list[str]:
    """Return the names of a list, up to the first thing that is none."""
    found: list[str] = []
    for item in filter(None, _JOINT.split(re.sub(r"\([^()]*\)", "", said))):
        match = _KEY.match(item)
        if match is None:
            break
        rest = match["rest"].strip()
        if rest and not re.match(r"[.:!(]|(?:as|with|in|only)\b", rest):
            break
        found.append(match["key"].rstrip("."))
        if rest:
            break
    return list(dict.fromkeys(found))[:MAX_KEYS]


def _plain(name: str) -> str:
    return name.replace("_", " ").casefold()
