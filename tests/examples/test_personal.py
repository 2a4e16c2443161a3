"""What looks like personal data in a text, and what only looks a little like it."""

import pytest

from rft_core.examples.folder import read_project
from rft_core.examples.personal import KINDS, find_personal
from rft_core.settings import samples_folder

REAL = [
    ("email", "Write to jane.roe@hollis-law.co.uk before Friday."),
    ("email", "From: J.Smith+claims@gmail.com"),
    ("email", "(k.weber@stadtwerke-muenster.de)"),
    ("email", "cc maria_silva99@uol.com.br, urgent"),
    ("email", "Mail o'brien at d.obrien@nhs.net."),
    ("email", "Antwort an müller@firma.de bitte"),
    ("email", "info@bücherei-köln.de"),
    ("email", "请发到wang.wei@firma.cn邮件"),
    ("phone", "+1 415 555 2671"),
    ("phone", "Tel. +1 (943) 476 5919"),
    ("phone", "Reach me on +44 20 7123 4567 after six."),
    ("phone", "Her number is +44 (0)20 7123 4567."),
    ("phone", "Tel. +49 171 4472398"),
    ("phone", "He left +49-40-3344556 with the desk."),
    ("phone", "WhatsApp: +33 6 12 34 56 78"),
    ("phone", "dial 0049 30 4455667"),
    ("phone", "call her at 020 7123 4567"),
    ("phone", "his mobile 07911 123456 is off"),
    ("phone", "his mobile is 07911123456"),
    ("phone", "Handy 0171/4472398"),
    ("phone", "Telefon: 089-4455667"),
    ("phone", "Rufnummer (030) 4455 667"),
    ("phone", "Joignable au 01 42 68 53 00 le matin."),
    ("phone", "He can be reached at (212) 736-5000."),
    ("phone", "212-736-5000 is the brother's"),
    ("phone", "Phone no. 415.867.5309"),
    ("phone", "she texted from 415 867 5309 at night"),
    ("phone", "+1 415 867 5309"),
    ("phone", "+1 (415) 867-5309"),
    ("phone", "Phone number: 0161 715 2233"),
    ("phone", "rang 02071234567 twice"),
    ("phone", "Mobil: 015123456789"),
    ("phone", "+48 601 234 567"),
    ("phone", "+91 98765 43210"),
    ("card", "Card 4111 1111 1111 1111 was refused."),
    ("card", "4111111111111111"),
    ("card", "paid with 5500-0000-0000-0004 online"),
    ("card", "Amex 3782 822463 10005"),
    ("card", "his Mastercard 2223 0000 4841 0010"),
    ("card", "6011111111111117, exp. 09/27"),
    ("card", "Diners: 3056 930902 5904"),
    ("card", "ref x1234 4111 1111 1111 1111"),
    ("card", "Größe 42, 4111 1111 1111 1111 “bezahlt”"),
    ("iban", "to IBAN DE89 3704 0044 0532 0130 00 today"),
    ("iban", "GB29NWBK60161331926819"),
    ("iban", "FR14 2004 1010 0505 0001 3M02 606."),
    ("iban", "Account: NL91 ABNA 0417 1643 00"),
    ("iban", "CH93 0076 2011 6238 5295 7"),
    ("iban", "to de89 3704 0044 0532 0130 00 today"),
    ("iban", "gb29nwbk60161331926819"),
    ("iban", "at61 1904 3002 3457 3201 this week"),
    ("iban", "AT61 1904 3002 3457 3201 2024"),
    ("insee", "NIR 2 69 05 49 588 157 80"),
    ("insee", "numéro de sécurité sociale 185057800608491"),
    ("insee", "née en Corse, 2 84 03 2A 006 084 02"),
    ("ssn", "SSN 536-22-1844 on the form"),
    ("ssn", "her social security number is 536221844"),
    ("ssn", "536-22-1844"),
    ("ni", "NI number AB 12 34 56 C"),
    ("ni", "AB123456C"),
    ("nhs", "NHS number 943 476 5919"),
    ("nhs", "NHS no: 9434765919"),
    ("nhs", "943 476 5919, seen in clinic"),
    ("steuer_id", "Steuer-ID 86 095 742 719"),
    ("steuer_id", "IdNr. 86095742719"),
    ("steuer_id", "65929970489"),
    ("identity_card", "Personalausweis L01X00T471, gültig bis 2031"),
    ("identity_card", "identity card T220001293"),
    ("birth_date", "Margaret Hall, born 12/03/1961, lives alone."),
    ("birth_date", "Mrs Jane Doe, born 3 May 1971"),
    ("birth_date", "Patient Maria Lopez, born 14 May 1971"),
    ("birth_date", "Élodie Dupont, born 14 May 1971"),
    ("birth_date", "Herr Özdemir, geboren am 14. Mai 1971"),
    ("birth_date", "Łukasz Żak (born 14 May 1971)"),
    ("birth_date", "Ludwig van den Berg, born 1 May 1971"),
    ("birth_date", "Mrs HALL, DOB 12/03/1961"),
    ("birth_date", "John F. McDonald, born May 3, 1971"),
    ("name_with_number", "Customer John Smith, account number 12345678"),
    ("name_with_number", "Ms O'Brien, patient no. 1234567"),
    ("name_with_number", "Jean-Luc D’Arcy, passport 533401372"),
    ("name_with_number", "Patient: Anna Weber, patient no. 1234567"),
    ("birth_date", "Mrs Okafor (DOB 1961-03-12)"),
    ("birth_date", "Herr Weber, geb. 12.03.1961"),
    ("birth_date", "date of birth: 12 March 1961, John Ashworth"),
    ("birth_date", "Dr Patel, born on March 12, 1961"),
    ("birth_date", "geboren am 12. März 1961, Anna Schmidt"),
    ("ip", "logged in from 81.2.169.142 at night"),
    ("ip", "IP address: 203.12.44.7"),
    ("ip", "2a00:1450:4001:81b::200e tried it"),
    ("name_with_number", "Mr Hughes, patient no. 4471902, was seen"),
    ("name_with_number", "Passport number 533401372 of Elena Petrova"),
    ("name_with_number", "MRN: 00448123 John Ashworth"),
    ("name_with_number", "Frau Weber, Kundennummer 88124471"),
    ("name_with_number", "Tomasz Nowak holds account no. 30144876."),
]

NOT_REAL = [
    "Write to jane@example.com or to help@mail.example.org.",
    "user@host.test and root@server.invalid",
    "The price is @ 45 a piece.",
    "She pays EUR 78,000 in two instalments.",
    "£1,000,000 for each event and £250,000 in a year",
    "MAD 78,000 and NOK 300,000 and BRL 33,000",
    "A fee of 1.250.000,00 EUR",
    "up by +12 500 000 EUR since then",
    "0.0512345678 of the whole",
    "1 000 000 000 shares",
    "growth of 12.5 % on 3,400,500",
    "on 12/03/2019 and on 2019-03-12",
    "Signed 01.02.2023 in Hamburg.",
    "from 01/02/2023 to 31/12/2024",
    "2019-03-12 10:15:22",
    "12 March 1961 was a Sunday.",
    "The company was born on 12/03/1961.",
    "DOB 12/03/1961",
    "Patient, born 3 May 1971",
    "Our Patient, born 3 May 1971",
    "The ACME Ltd was born on 3 May 1971.",
    "Mr and Mrs, born 3 May 1971",
    "Berlin, Hamburg (born 3 May 1971)",
    "Weber GmbH, Kundennummer 88124471",
    "Dear Customer, account number 12345678",
    "de89 3704 0044 0532 0130 01",
    "2 69 05 49 588 157 81",
    "müller@example.com",
    "Alert at 02:10, 03:15 and 04:20",
    "§ 263 StGB",
    "§§ 305-310 BGB",
    "Art. 6(1)(f) GDPR, Art. 28(3)(h)",
    "clause 4.2.1.3 and clause 10.2.100.4",
    "section 12.4.1.2",
    "Version 10.15.7.120",
    "(2019) EWCA Civ 123",
    "[2020] UKSC 12, [2021] EWHC 1234 (Comm)",
    "347 U.S. 483 (1954)",
    "Case C-131/12, ECLI:EU:C:2014:317",
    "BGH, Urteil vom 12.03.2019 – XI ZR 123/18",
    "Az. 05 O 123/19",
    "Docket No. 19-1392-0044",
    "case 2021-0045678-12",
    "Invoice 0044-2019-1234",
    "Invoice no. 4111111111",
    "Rechnung Nr. 0221 4455 667",
    "order 0123 456 7890",
    "Order #4471902 shipped",
    "ISBN 978-3-16-148410-0",
    "ISBN 0-306-40615-2",
    "ISSN 0378-5955",
    "EAN 4006381333931",
    "IMEI 490154203237518",
    "4111 1111 1111 1112",
    "1234 5678 9012 3456",
    "0000 0000 0000 0000",
    "DE89 3704 0044 0532 0130 01",
    "GB29 NWBK 6016",
    "SSN 000-12-3456",
    "666-12-3456",
    "987-65-4321",
    "078-05-1120",
    "QQ123456C",
    "GB 12 34 56 A",
    "NHS number 943 476 5918",
    "NHS number 999 000 0018",
    "12 345 678 901",
    "86095742718",
    "part L01X00T471 in stock",
    "Personalausweis L01X00T472",
    "(212) 555-0143",
    "555-0199",
    "call +1 212 555 0143",
    "020 7946 0958",
    "call 07700 900461",
    "+44 20 7946 0958",
    "+44 7700 900461",
    "01632 960123",
    "Telefon 030 23125 012",
    "+49 30 23125 012",
    "ring 0800 1111 222",
    "127.0.0.1 and 192.168.1.254 and 10.0.0.138",
    "192.0.2.146, 198.51.100.7, 203.0.113.99",
    "2001:db8::1428:57ab",
    "10:30:45 and 11:45:10",
    "4.2.1.3 Supplier shall deliver",
    "page 12-14, lines 3-120",
    "12-14-2019 to 12-20-2019",
    "BP 120/80, HR 72, RR 16, SpO2 98",
    "Hb 13.2, WBC 7,400, PLT 250,000",
    "Aortic root 44 mm, z 2.8",
    "chromosome 15q21.1, NM_000138.5:c.4096G>A",
    "account 30144876 is closed",
    "policy number 88124471",
    "Patient seen at 10:30, age 62",
    "Postcode SW1A 1AA, 10115 Berlin",
    "VAT no. GB 123 4567 89",
    "HRB 123456 B, Amtsgericht Charlottenburg",
    "Regulation (EU) 2016/679",
    "42 U.S.C. § 1983, 29 C.F.R. 1910.1200",
    "ICD-10 M32.10, I71.01",
    "3.141592653589793",
    "the years 1998, 1999, 2000, 2001, 2002",
    "",
]


@pytest.mark.parametrize(("kind", "text"), REAL)
def test_what_looks_real_is_found_once(kind: str, text: str) -> None:
    assert [item.kind for item in find_personal(text)] == [kind]


@pytest.mark.parametrize("text", NOT_REAL)
def test_what_only_looks_a_little_like_it_is_not(text: str) -> None:
    assert find_personal(text) == ()


@pytest.mark.parametrize(("kind", "text"), REAL)
def test_the_value_is_never_shown_whole(kind: str, text: str) -> None:
    [item] = find_personal(text)
    begins, ends = item.masked.split(" … ")
    assert 1 <= len(begins) <= 4
    assert 1 <= len(ends) <= 4
    assert item.masked not in text
    assert text[item.start :].startswith(begins)


def test_a_card_is_masked_to_its_ends() -> None:
    assert find_personal("4111 1111 1111 1111")[0].masked == "4111 … 1111"


def test_several_are_found_in_their_order() -> None:
    text = "Jane Roe, born 12/03/1961, jane@roe.org, +44 20 7123 4567, GB29NWBK60161331926819"
    assert [i.kind for i in find_personal(text)] == ["birth_date", "email", "phone", "iban"]


@pytest.mark.parametrize("name", ["finance", "healthcare", "insurance", "legal"])
def test_the_samples_hold_no_personal_data(name: str) -> None:
    for example in read_project(samples_folder() / name).examples:
        texts = [example.prompt, example.reference, *map(str, example.fields.values())]
        assert find_personal("\n".join(map(str, texts))) == (), example.id


def test_every_kind_has_a_name_for_the_page_and_is_tried() -> None:
    assert {kind for kind, _ in REAL} == set(KINDS)
