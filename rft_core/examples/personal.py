"""Personal data that looks real: what a few recognisers find in a text.

Recognised are e-mail addresses, telephone numbers (international, and national ones of the US, the
UK, Germany and France), payment cards (Luhn), IBANs (modulus 97), US social security, UK National
Insurance and NHS numbers (modulus 11), French social security numbers (modulus 97), German tax ids
and identity cards (check digits), public IP addresses, dates of birth beside a name, and numbers of
a person (patient, passport, account …) beside a name. A name is a title with a word, or two
capitalised words that follow each other, the word for a role (Patient, Customer …) aside.

No finding: addresses and numbers that are set aside for examples (example.com, 555-01xx, the
telephone numbers of Ofcom and the Bundesnetzagentur for films, NHS numbers from 999, documentation
ranges of IP addresses), private networks, and freephone lines, which belong to no person. Payment
cards and IBANs printed in manuals *are* a finding: nobody keeps a list of them, and one click says
that it is fine. Amounts, dates, case, section, invoice and book numbers are no finding.

Patterns are RE2 and bounded, so that the time grows with the length of the text alone. These are
heuristics: what they find may be invented, and they do not find every name or address.
"""

import ipaddress
import itertools
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Any, NamedTuple

import re2

from rft_core.examples import check_digits

MOST = 100
"""Things looked for in one text; whoever reads that many knows."""
_NEAR = 60
"""Characters within which a name counts as beside a number."""
_BEFORE = 28
"""Characters before a number in which a word can say what it is."""

_MONTH = (
    r"(?:Jan(?:uary|uar)?|Feb(?:ruary|ruar)?|Mar(?:ch)?|März|Apr(?:il)?|May|Mai|June?|Juni|July?"
    r"|Juli|Aug(?:ust)?|Sept?(?:ember)?|O[ck]t(?:ober)?|Nov(?:ember)?|De[cz](?:ember)?)"
)
_YEAR = r"(?:19|20)\d\d"
_DATE = (
    rf"(?:\d{{1,2}}[./-]\d{{1,2}}[./-]{_YEAR}|{_YEAR}-\d\d-\d\d"
    rf"|\d{{1,2}}(?:st|nd|rd|th|\.)? {_MONTH}\.? {_YEAR}|{_MONTH}\.? \d{{1,2}}, {_YEAR})"
)
_TITLES = {
    "dr", "frau", "herr", "herrn", "lady", "miss", "mme", "mr", "mrs", "ms", "mx", "prof", "sir",
}  # fmt: skip
_PARTICLES = {"van", "von", "de", "der", "den", "di", "la", "al", "el", "bin"}
_AROUND_WORDS = "\"'“”„‘’()[]{}<>.,;:!?*_–—-"
_IN_WORDS = str.maketrans("", "", "'’-")
_NO_NAMES = {
    "account", "agreement", "bank", "birth", "board", "card", "case", "claim", "client", "clinic",
    "company", "contract", "court", "customer", "date", "driver", "gmbh", "hospital", "id",
    "insurance", "invoice", "konto", "kunde", "kundennummer", "licence", "license", "limited",
    "ltd", "medical", "member", "national", "no", "number", "order", "passport", "patient",
    "patientin", "plc", "policy", "record", "savings", "schedule", "section", "security", "social",
    "supplier", "supply", "the", "this", "versicherung", "with",
}  # fmt: skip
"""Capitalised words that are no name."""
_ENOUGH = re2.compile(r"@|\d(?:\D{0,12}\d){4}|[0-9A-Fa-f]{1,4}:[0-9A-Fa-f]{0,4}:[0-9A-Fa-f]")
"""Without an @ or a few digits close together there is nothing to look for."""
_PHONE_WORD = re2.compile(
    r"(?i)(?:\btel|phone|mobile|\bcell|\bfax|\bcalls?\b|called|\bring|rang|whatsapp|\btext(?:ed)?\b"
    r"|handy|\bmobil|rufnummer|\bsms\b)"
)
_OTHER_NUMBER = re2.compile(
    r"(?i)(?:invoice|order|\bref(?:erence)?\b|\bcase|claim|policy|account|\bfile|docket|\bno\b|\bnr\b"
    r"|number|#|isbn|ean\b|serial|\bpart|article|\bid\b|rechnung|aktenzeichen|\baz\b|ticket|batch"
    r"|clause|section|§|version|\bv|para|\bart\b|rule|chapter|annex|schedule|item)\W{0,4}$"
)
_CALLING_CODE = re2.compile(r"\+\d{1,3}[ .(/-]{0,2}$")
_BIRTH_YEAR = re2.compile(r"\b[12] \d\d $")
"""What a French social security number begins with; a month follows, in 01 to 12."""
_LETTERS = r"A-Za-z\x{C0}-\x{1FFF}\x{3040}-\x{D7FF}"
"""Letters of e-mail addresses, of all scripts."""
_AMOUNT_AFTER = re2.compile(
    r"^ ?(?:[€$£%]|(?:EUR|USD|GBP|CHF|JPY|euros?|dollars?|pounds?|million|units|shares|km|kg)\b)"
)
_AMOUNT_BEFORE = re2.compile(r"(?:[€$£¥]|\b[A-Z]{3}) ?$")
_FILM_NUMBERS = (
    "02079460", "01134960", "01144960", "01154960", "01164960", "01174960", "01184960", "01214960",
    "01314960", "01414960", "01514960", "01614960", "02890180", "02920180", "01632960", "07700900",
    "08081570", "09098790", "03069990", "03023125", "06990009", "04066969", "02214710", "08999998",
    "015228817", "015228895", "015228854", "017139200", "01729925904", "01729968532",
)  # fmt: skip
"""Beginnings of national numbers that Ofcom and the Bundesnetzagentur set aside for films."""
_COUNTRIES_OF_FILMS = ("44", "49")
_NO_PERSON = ("00", "0800", "0808", "0900")
_FREEPHONE = ("800", "833", "844", "855", "866", "877", "888")


class Personal(NamedTuple):
    """One thing that looks like a real person's."""

    kind: str
    """Stable name, a key of `KINDS`."""
    start: int
    """Place of its first character in the text."""
    masked: str
    """A few characters of its beginning and end."""


class _Recogniser(NamedTuple):
    kind: str
    pattern: Any
    is_real: Callable[[str, int, int], bool]
    """Takes the text, start and end of a match."""


@lru_cache(maxsize=5_000)
def find_personal(text: str) -> tuple[Personal, ...]:
    """Return what looks like real personal data in a text (at most `MOST`), in its order."""
    if not _ENOUGH.search(text):
        return ()
    found: list[Personal] = []
    taken = bytearray(len(text))
    places = _Places(text)
    for recogniser in _RECOGNISERS:
        for start, end in places.matched(recogniser.pattern):
            alone = _stands_alone(text, start, end) and taken.find(1, start, end) < 0
            if alone and recogniser.is_real(text, start, end):
                taken[start:end] = b"\1" * (end - start)
                found.append(Personal(recogniser.kind, start, mask(text[start:end])))
            if len(found) == MOST:
                return _in_order(found)
    return _in_order(found)


class _Places:
    """Where patterns match in a text, whose bytes are encoded once: RE2 would for each match."""

    def __init__(self, text: str) -> None:
        self._data = text.encode(errors="replace")
        self._characters: list[int] | None = None
        if not text.isascii():
            begins = ((byte & 0xC0) != 0x80 for byte in self._data)
            self._characters = [*itertools.accumulate(begins, initial=0)]

    def matched(self, pattern: Any) -> Iterator[tuple[int, int]]:
        """Yield start and end of the first group, or of the whole match of a pattern without."""
        group = 1 if pattern.groups else 0
        for match in pattern.finditer(self._data):
            start, end = match.span(group)
            if self._characters is not None:
                start, end = self._characters[start], self._characters[end]
            yield start, end


def _in_order(found: Iterable[Personal]) -> tuple[Personal, ...]:
    return tuple(sorted(found, key=lambda item: item.start))


def mask(value: str) -> str:
    """Return the beginning and the end of a value, together at most half of it."""
    shown = min(4, len(value) // 4)
    return f"{value[:shown].strip()} … {value[len(value) - shown :].strip()}"


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Tell whether a match is no part of a longer number, word or address."""
    before, after = text[max(0, start - 2) : start], text[end : end + 2]
    joined_before = before[-1:].isalnum() or before[-1:] in ("_", "@", "#")
    joined_before |= before[-1:] in ("-", ".", "/", ":", ",") and before[:1].isdigit()
    joined_after = after[:1].isalnum() or after[:1] in ("_", "@")
    joined_after |= after[:1] in ("-", "/", ".", ",", ":") and after[1:].isdigit()
    return not joined_before and not joined_after


def _digits(text: str, start: int, end: int) -> str:
    return "".join(c for c in text[start:end] if c in "0123456789")


def _compact(text: str, start: int, end: int) -> str:
    return "".join(text[start:end].replace("-", " ").split())


def _before(text: str, start: int) -> str:
    return text[max(0, start - _BEFORE) : start]


def _is_email(text: str, start: int, end: int) -> bool:
    parts = text[start:end].casefold().split("@")[1].split(".")
    return "example" not in parts and parts[-1] not in ("test", "invalid", "localhost")


def _is_card(text: str, start: int, end: int) -> bool:
    sizes = [len(group) for group in text[start:end].replace("-", " ").split()]
    usual = len(sizes) == 1 or sizes in ([4, 4, 4, 4], [4, 6, 5], [4, 6, 4], [4, 4, 4, 4, 3])
    return usual and check_digits.is_card(_digits(text, start, end))


def _is_nhs(text: str, start: int, end: int) -> bool:
    """Without NHS before it only in the usual spacing: one number in eleven fits by chance."""
    before = _before(text, start)
    named = "nhs" in before.casefold()
    phone = _PHONE_WORD.search(before) or _CALLING_CODE.search(before)
    spaced = text[start:end].count(" ") == 2 and not phone
    return (named or spaced) and check_digits.is_nhs(_digits(text, start, end))


def _is_ssn(text: str, start: int, end: int) -> bool:
    before = _before(text, start).casefold()
    named = "ssn" in before or "social security" in before
    return (named or text[start:end].count("-") == 2) and check_digits.is_ssn(
        _digits(text, start, end)
    )


def _is_identity_card(text: str, start: int, end: int) -> bool:
    before = _before(text, start).casefold()
    named = any(word in before for word in ("ausweis", "identity card", "id card", "passport"))
    return named and check_digits.is_identity_card(text[start:end])


def _is_ip(text: str, start: int, end: int) -> bool:
    """A dotted number counts from one part of 100 up, since 4.2.1.3 may be a clause."""
    try:
        address = ipaddress.ip_address(text[start:end])
    except ValueError:
        return False
    if not address.is_global or address.is_multicast:
        return False
    if address.version == 6:
        return True
    large = any(int(part) >= 100 for part in text[start:end].split("."))
    return large and not _OTHER_NUMBER.search(_before(text, start))


def _is_phone(text: str, start: int, end: int) -> bool:
    value, before = text[start:end], _before(text, start)
    digits = _digits(text, start, end)
    named = bool(_PHONE_WORD.search(before))
    if _AMOUNT_BEFORE.search(before) or _AMOUNT_AFTER.search(text[end : end + 12]):
        return False
    if _OTHER_NUMBER.search(before) and not named:
        return False
    if value.startswith(("+", "00")):
        return 8 <= len(digits.lstrip("0")) <= 15 and not _set_aside(_national(digits))
    if value.startswith(("0", "(0")):
        return not _BIRTH_YEAR.search(before) and _is_national(value, digits, named)
    if any(c in value for c in "(-.") or named:
        return not (digits[-7:].startswith("55501") or digits.startswith(_FREEPHONE))
    return False


def _is_national(value: str, digits: str, named: bool) -> bool:
    """Judge a number with the 0 of a national call: British, German, French."""
    least = 9 if named else 10
    if not least <= len(digits) <= 12 or digits.startswith(_NO_PERSON):
        return False
    parted = len("".join(c if c.isdigit() else " " for c in value).split()) > 1
    mobile = digits.startswith(("07", "015", "016", "017")) and len(digits) >= 11
    return (parted or mobile or named) and not _set_aside(digits)


def _national(digits: str) -> str:
    """Return an international number as it is dialled at home; for other countries as it is."""
    digits = digits.lstrip("0")
    if digits.startswith("1") and digits[-7:].startswith("55501"):
        return _FILM_NUMBERS[0]
    if digits.startswith(_COUNTRIES_OF_FILMS):
        return "0" + digits[2:].lstrip("0")
    return digits


def _set_aside(digits: str) -> bool:
    return digits.startswith(_FILM_NUMBERS)


def _has_name_beside(text: str, start: int, end: int) -> bool:
    around = text[max(0, start - _NEAR) : start] + "\n" + text[end : end + _NEAR]
    return any(map(_holds_name, around.split("\n")))


def _holds_name(line: str) -> bool:
    """Tell whether a title and a word, or two capitalised words, follow each other."""
    after_title = after_word = False
    for token in line.split():
        word = token.strip(_AROUND_WORDS)
        plain = word.casefold()
        if plain in _PARTICLES or (len(word) == 1 and word.isupper()):
            continue
        if plain in _TITLES and word[0].isupper():
            after_title = True
            continue
        can_be = _is_capitalised(word, after_title) and plain not in _NO_NAMES
        if can_be and (after_title or (after_word and token[0].isalpha())):
            return True
        after_title, after_word = False, can_be and token[-1].isalpha()
    return False


def _is_capitalised(word: str, after_title: bool) -> bool:
    """Tell whether a word begins with a capital; after a title all letters may be capitals."""
    if not word[:1].isupper():
        return False
    letters = word.translate(_IN_WORDS)
    return len(letters) > 1 and letters.isalpha() and (after_title or not letters.isupper())


_KNOWN_IBANS = "|".join(  # each of its own length, so that no word after it is taken for a part
    rf"{country}\d\d(?: ?[A-Z0-9]){{{length - 4}}}"
    for country, length in check_digits.IBAN_LENGTHS.items()
)


def _when(check: Callable[[str], bool]) -> Callable[[str, int, int], bool]:
    return lambda text, start, end: check(_compact(text, start, end))


_RECOGNISERS = tuple(
    _Recogniser(kind, re2.compile(pattern), is_real)
    for kind, pattern, is_real in (
        (
            "email",
            rf"[{_LETTERS}0-9._%+-]{{1,64}}@(?:[{_LETTERS}0-9-]{{1,63}}\.){{1,5}}[{_LETTERS}]{{2,24}}",
            _is_email,
        ),
        (
            "iban",
            rf"\b(?i:{_KNOWN_IBANS})\b"
            r"|\b[A-Z]{2}\d\d(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b",
            _when(check_digits.is_iban),
        ),
        ("card", r"\b\d{4}(?:[ -]?\d){8,15}\b", _is_card),
        (
            "insee",
            r"\b[12] ?\d\d ?\d\d ?(?:\d\d|2[ABab]) ?\d{3} ?\d{3} ?\d\d\b",
            _when(check_digits.is_insee),
        ),
        (
            "ip",
            r"\b\d{1,3}(?:\.\d{1,3}){3}\b|\b(?:[0-9A-Fa-f]{1,4}:{1,2}){2,7}[0-9A-Fa-f]{1,4}\b",
            _is_ip,
        ),
        ("ssn", r"\b\d{3}[- ]?\d\d[- ]?\d{4}\b", _is_ssn),
        (
            "ni",
            r"\b[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d\d ?\d\d ?\d\d ?[A-D]\b",
            _when(check_digits.is_ni),
        ),
        ("nhs", r"\b\d{3}[ -]?\d{3}[ -]?\d{4}\b", _is_nhs),
        ("steuer_id", r"\b\d\d ?\d{3} ?\d{3} ?\d{3}\b", _when(check_digits.is_steuer_id)),
        ("identity_card", r"\b[CFGHJKLMNPRTVWXYZ][CFGHJKLMNPRTVWXYZ0-9]{8}\d\b", _is_identity_card),
        (
            "birth_date",
            r"(?i:\b(?:born|birth|birthday|dob|d\.o\.b\.?|geb\.?|geboren|geburtsdatum)\b)"
            rf"[^\d\n]{{0,12}}({_DATE})",
            _has_name_beside,
        ),
        (
            "phone",
            r"\+\d{1,3}(?:[ ./-]?\(?\d{1,5}\)?){2,6}"
            r"|00[1-9]\d{0,2}(?:[ ./-]\(?\d{1,8}\)?){2,6}"
            r"|\(?0\d{1,5}\)?(?:[ ./-]{0,2}\d{2,8}){1,5}"
            r"|\(?[2-9]\d\d\)?[ .-]{1,2}[2-9]\d\d[ .-]\d{4}",
            _is_phone,
        ),
        (
            "name_with_number",
            r"(?i:\b(?:patient|passport|mrn|medical record|account|member(?:ship)?|customer"
            r"|(?:driving |driver'?s )?licen[cs]e|national id|social insurance|versicherten"
            r"|kunden|konto|patienten|reisepass)(?:[- ]?(?:no\.?|number|nr\.?|nummer|id))?)"
            r"[ :#]{1,3}([A-Z]{0,3}[- ]?\d{6,12})",
            _has_name_beside,
        ),
    )
)

KINDS = {
    "email": "an e-mail address",
    "iban": "a bank account number (IBAN)",
    "card": "a payment card number",
    "ip": "the network address (IP) of a computer",
    "insee": "a French social security number",
    "ssn": "a US social security number",
    "ni": "a UK National Insurance number",
    "nhs": "an NHS number",
    "steuer_id": "a German tax number (Steuer-ID)",
    "identity_card": "the number of a German identity card",
    "birth_date": "a date of birth beside a name",
    "phone": "a telephone number",
    "name_with_number": "a person's name with a number of theirs",
}
"""What each kind is called."""
