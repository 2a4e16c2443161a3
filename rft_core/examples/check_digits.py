"""Check digits of numbers that are given to persons, and what else makes such a number possible.

Every function takes the characters without spaces and other separators.
"""

from collections import Counter

_CARD_LENGTHS = {
    "4": (13, 16, 19), "51": (16,), "52": (16,), "53": (16,), "54": (16,), "55": (16,),
    "34": (15,), "37": (15,), "36": (14,), "38": (14,), "30": (14,), "35": (16,),
    "6011": (16,), "644": (16,), "645": (16,), "646": (16,), "647": (16,), "648": (16,),
    "649": (16,), "65": (16,), "62": (16, 17, 18, 19),
}  # fmt: skip
"""By the first digits: Visa, Mastercard, American Express, Diners, JCB, Discover, UnionPay."""
IBAN_LENGTHS = {
    "AD": 24, "AE": 23, "AT": 20, "BE": 16, "BG": 22, "CH": 21, "CY": 28, "CZ": 24, "DE": 22,
    "DK": 18, "EE": 20, "ES": 24, "FI": 18, "FR": 27, "GB": 22, "GR": 27, "HR": 21, "HU": 28,
    "IE": 22, "IL": 23, "IS": 26, "IT": 27, "LI": 21, "LT": 20, "LU": 20, "LV": 21, "MC": 27,
    "MT": 31, "NL": 18, "NO": 15, "PL": 28, "PT": 25, "RO": 24, "SA": 24, "SE": 24, "SI": 19,
    "SK": 24, "TR": 26,
}  # fmt: skip
"""Characters of an IBAN, by country."""
_NI_NEVER = ("BG", "GB", "KN", "NK", "NT", "TN", "ZZ")


def is_card(digits: str) -> bool:
    """Tell whether a payment card can have this number: first digits, length, Luhn (ISO 7812)."""
    lengths = next((n for p, n in _CARD_LENGTHS.items() if digits.startswith(p)), ())
    if digits[:4].isdigit() and 2221 <= int(digits[:4]) <= 2720:
        lengths = (16,)
    return len(digits) in lengths and _luhn(digits)


def is_iban(text: str) -> bool:
    """Tell whether a text is an IBAN (ISO 13616): length of its country, remainder 1 of 97."""
    text = text.upper()
    if len(text) != IBAN_LENGTHS.get(text[:2], len(text)) or not 15 <= len(text) <= 34:
        return False
    return int("".join(str(int(c, 36)) for c in text[4:] + text[:4])) % 97 == 1


def is_ssn(digits: str) -> bool:
    """Tell whether a US social security number can be this one; numbers of adverts cannot."""
    area, group, serial = digits[:3], digits[3:5], digits[5:]
    given = area not in ("000", "666") and area < "900" and group != "00" and serial != "0000"
    return given and digits not in ("078051120", "219099999")


def is_ni(text: str) -> bool:
    """Tell whether a UK National Insurance number can begin like this; it has no check digit."""
    return text[:2] not in _NI_NEVER


def is_nhs(digits: str) -> bool:
    """Tell whether an NHS number (modulus 11) is one that patients have; 999 is for tests."""
    total = sum((10 - place) * int(digit) for place, digit in enumerate(digits[:9]))
    return (11 - total % 11) % 11 == int(digits[9]) and not digits.startswith("999")


def is_steuer_id(digits: str) -> bool:
    """Tell whether eleven digits are a German tax id (ISO 7064 modulus 11, 10).

    One of its first ten digits occurs two or three times, the others at most once.
    """
    repeated = [n for n in Counter(digits[:10]).values() if n > 1]
    if digits[0] == "0" or repeated not in ([2], [3]):
        return False
    product = 10
    for digit in digits[:10]:
        product = ((int(digit) + product) % 10 or 10) * 2 % 11
    return (11 - product) % 10 == int(digits[10])


def is_insee(text: str) -> bool:
    """Tell whether 15 characters are a French social security number: its key is modulus 97.

    Corsica's 2A and 2B count as 19 and 18.
    """
    number, key = text[:13].upper().replace("2A", "19").replace("2B", "18"), text[13:]
    return number.isdigit() and 97 - int(number) % 97 == int(key)


def is_identity_card(text: str) -> bool:
    """Tell whether ten characters are a German identity card's number (weights 7, 3, 1)."""
    total = sum(int(c, 36) * (7, 3, 1)[place % 3] for place, c in enumerate(text[:9]))
    return total % 10 == int(text[9])


def _luhn(digits: str) -> bool:
    doubled = (int(d) * (1 + place % 2) for place, d in enumerate(reversed(digits)))
    return sum(n - 9 if n > 9 else n for n in doubled) % 10 == 0
