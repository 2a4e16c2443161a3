"""Awkward files, each with what comes of it. All of them are built here.

A row of the table is a name, the file's name, its bytes, and the outcome: the cases as
(case, expert answer) and words of every problem, or the words of the sentence that refuses it.
"""

import datetime
import io
import json
import struct
import zlib

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from rft_core.errors import InputError
from rft_core.examples.importing import read_examples
from tests.examples.archives import packed

TABLE = "id,prompt,reference\n7,Grüße?,Ja\n"
ONE = [("Grüße?", "Ja")]
MB = 2**20


class Refused(str):
    """What the sentence says that refuses a file."""


def book(*rows, change=None, **sheets) -> bytes:
    made = openpyxl.Workbook()
    for row in rows:
        made.active.append(row)
    for title, others in sheets.items():
        sheet = made.create_sheet(title)
        for row in others:
            sheet.append(row)
    if change:
        change(made)
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def parquet(*rows) -> bytes:
    buffer = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(list(rows)), buffer)
    return buffer.getvalue()


def picture() -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    pixel = zlib.compress(b"\0\0\0\0")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixel) + chunk(b"IEND", b"")


def merge(made):
    made.active.merge_cells("A2:A3")


def hide_first(made):
    made.active.sheet_state = "hidden"


def merge_the_answer(made):
    made.active.merge_cells("B2:C4")


def merge_the_heading(made):
    made.active.merge_cells("A1:A2")


def merge_a_formula(made):
    made.active["B2"] = "=1+1"
    made.active.merge_cells("B2:B3")


def formula(made):
    made.active["A2"] = "=B2"


def zeros(made):
    for cell in ("A2", "B2"):
        made.active[cell].number_format = "00000"


def merge_the_title(made):
    made.active.merge_cells("A1:D1")


def merge_the_groups(made):
    made.active.merge_cells("A1:B1")
    made.active.merge_cells("C1:D1")


TITLE = "Pharmacy interventions ward 7B – exported 12.03."
COLUMNS = ["No.", "Question", "Answer", "Reason"]
NOTES = [
    [1, "Is 5 mg of apixaban right for this patient?", "hold", "Creatinine is too high."],
    [2, "May heparin be given beside it today?", "give", "No sign of bleeding."],
]
TAKEN = [(note[1], note[2]) for note in NOTES]
OF_TITLE = [f'Row 1 is a title above the headings: "{TITLE}"']
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
DAY = datetime.datetime.fromisoformat("2024-03-01")
LINES = '{"prompt": "A", "answer": "B"}\n{"prompt": "C"}\n'
MESSAGES = [{"role": "user", "content": "A"}, {"role": "assistant", "content": "B"}]

FILES = [
    ("utf-8", "a.csv", TABLE.encode(), ONE, []),
    ("utf-8 with a mark", "a.csv", TABLE.encode("utf-8-sig"), ONE, []),
    ("utf-16 little end", "a.csv", b"\xff\xfe" + TABLE.encode("utf-16-le"), ONE, []),
    ("utf-16 big end", "a.csv", b"\xfe\xff" + TABLE.encode("utf-16-be"), ONE, []),
    ("utf-32", "a.csv", TABLE.encode("utf-32"), ONE, []),
    ("utf-16 without a mark", "a.csv", TABLE.encode("utf-16-le"), Refused("not plain text"), []),
    ("windows-1252", "a.csv", TABLE.encode("cp1252"), ONE,
     ["not saved as UTF-8 and does not say how it is; it was read as Western European "
      "(Windows-1252), for example: Grüße?."]),
    ("windows-1252 quotes", "a.csv", b"prompt\n\x93Hi\x94 \x80 5\n", [("“Hi” € 5", None)],
     ["example: “Hi”, €."]),
    ("windows-1252 lines", "a.jsonl", '{"prompt": "Grüße"}'.encode("cp1252"), [("Grüße", None)],
     ["example: Grüße."]),
    ("cyrillic", "a.csv", "prompt\nДа, нет\n".encode("cp1251"), [("Äà, íåò", None)],
     ["example: Äà, íåò."]),
    ("koi8", "a.csv", "prompt\nДа\n".encode("koi8-r"), [("äÁ", None)], ["example: äÁ."]),
    ("japanese", "a.csv", "prompt\nあア\n".encode("shift-jis"), [("‚\u00a0ƒA", None)],
     ["example: ‚, ƒA."]),
    ("chinese", "a.csv", "prompt\n你\n".encode("gbk"), [("Äã", None)], ["example: Äã."]),
    ("central european", "a.csv", "prompt\nłąka\n".encode("iso-8859-2"), [("³±ka", None)],
     ["example: ³±ka."]),
    ("old mac", "a.csv", "prompt\rGrüße\r".encode("mac-roman"), [("GrŸ§e", None)],
     ["example: GrŸ§e."]),
    ("a long word in another encoding", "a.csv", b"prompt\n" + b"x" * 9_000 + b"\xfc" * 99,
     [("x" * 9_000 + "ü" * 99, None)], [f"example: {'x' * 15}{'ü' * 15}."]),
    ("false utf-8 mark", "a.csv", b"\xef\xbb\xbfprompt\n\xff\n", Refused("line 2"), []),
    ("undefined bytes", "a.csv", b"prompt\n\x81\x8d\n", Refused("unknown encoding"), []),
    ("half of a utf-16 character", "a.csv", b"\xff\xfep", Refused("unknown encoding"), []),
    ("windows line ends", "a.csv", TABLE.replace("\n", "\r\n").encode(), ONE, []),
    ("mac line ends", "a.csv", TABLE.replace("\n", "\r").encode(), ONE, []),
    ("no last line end", "a.csv", TABLE.strip().encode(), ONE, []),
    ("return in a heading", "a.csv", b"prompt\r,reference\nA,B\n", [("A", "B")], []),
    ("return in a quoted heading", "a.csv", b'"prompt\r","answer"\nA,B\n', [("A", "B")], []),
    ("line break in a heading", "a.csv", b'"prompt\n",answer\nA,B\n', [("A", "B")], []),
    ("spaces in headings", "a.csv", b" Prompt ,  Expert answer\nA,B\n", [("A", "B")], []),
    ("hard space in a heading", "a.csv", "prompt\u00a0,answer\nA,B\n".encode(), [("A", "B")], []),
    ("mark inside the first heading", "a.csv", "\ufeff\ufeffprompt\nA\n".encode(), [("A", None)],
     []),
    ("blank rows", "a.csv", b"\n\nprompt\n\nA\n\n\nB\n\n", [("A", None), ("B", None)], []),
    ("rows of separators", "a.csv", b",,\nprompt,answer,\n,,\nA,B,\n,,\n", [("A", "B")], []),
    ("heading twice", "a.csv", b"prompt,x,x\nA,1,2\n", Refused('same heading: "x"'), []),
    ("heading twice alike", "a.csv", b"Prompt,prompt\nA,B\n", Refused('"Prompt" and'), []),
    ("no heading over values", "a.csv", b"prompt,\nA,1\n", [("A", None)], ["without a heading"]),
    ("semicolons", "a.csv", b"prompt;answer\nA, b;C\n", [("A, b", "C")], []),
    ("tabs in a csv", "a.csv", b"prompt\tanswer\nA, b\tC; d\n", [("A, b", "C; d")], []),
    ("bars", "a.csv", b"prompt|answer\nA, b|C\n", [("A, b", "C")], []),
    ("told separator", "a.csv", b"sep=;\r\nprompt;answer\r\nA;B\r\n", [("A", "B")], []),
    ("one column with commas", "a.csv", b"prompt\nA, b, c\n", [("A, b, c", None)], []),
    ("quotes in quotes", "a.csv", b'prompt\n"He said ""no"""\n', [('He said "no"', None)], []),
    ("quotes after a backslash", "a.csv",
     b'prompt,answer\n"He said \\"no\\" to it","C:\\new \\\\ \\"x\\""\n5\\" pipe,"say \\"",\n',
     [('He said "no" to it', 'C:\\new \\ "x"'), ('5\\" pipe', 'say "')], ["with a backslash"]),
    ("semicolon and quotes after a backslash", "a.csv", b'prompt;answer\n"a \\"b\\"; c";D\n',
     [('a "b"; c', "D")], ["with a backslash"]),
    ("backslash at the end of a cell", "a.csv", b'prompt,answer\n"C:\\","D:\\"\n',
     [("C:\\", "D:\\")], []),
    ("json with quotes in quotes", "a.csv", b'prompt\n"{""a"": ""\\""x\\"" ""}"\n',
     [('{"a": "\\"x\\" "}', None)], []),
    ("quotes in two ways", "a.csv", b'prompt\n"He said \\"no\\" to it"\n"A "b" c"\n"C"\n',
     [('He said \\no\\" to it"', None), ('A b" c"', None), ("C", None)],
     ["middle of a quoted text", "middle of a quoted text"]),
    ("spaces after quotes", "a.csv", b'prompt,answer\n"A" ,"B" \n', [("A ", "B ")], []),
    ("line breaks in a cell", "a.csv", b'prompt,answer\n"A\n\nb",C\n', [("A\n\nb", "C")], []),
    ("windows breaks in a cell", "a.csv", b'prompt,answer\r\n"A\r\nb",C\r\n', [("A\r\nb", "C")],
     []),
    ("open quotation mark", "a.csv", b'prompt,x\n"A,1\nB,2\n', Refused("row 2 is never closed"),
     []),
    ("quotation mark in the middle", "a.csv", b'prompt\nA 5" pipe\n', [('A 5" pipe', None)], []),
    ("too many cells", "a.csv", b"prompt,x\nA,b,c\nB,1\n", [("B", None)], ["3 cells for 2"]),
    ("too few cells", "a.csv", b"prompt,answer\nA\nB,C\n", [("A", None), ("B", "C")], []),
    ("formula in a csv", "a.csv", b"prompt\n=1+1\n", [("=1+1", None)], []),
    ("guarded formula", "a.csv", b"prompt\n'=1+1\n", [("=1+1", None)], []),
    ("only headings", "a.csv", b"prompt,answer\n", Refused("headings but no cases"), []),
    ("no bytes", "a.csv", b"", Refused("is empty"), []),
    ("spaces only", "a.csv", b" \r\n\t\r\n", Refused("is empty"), []),
    ("case missing in a row", "a.csv", b"prompt,answer\n,B\nA,B\n", [("A", "B")], ["no text"]),
    ("zero width space for a case", "a.csv", "prompt,x\n\u200b,1\nA,2\n".encode(), [("A", None)],
     ["no text"]),
    ("null bytes", "a.csv", b"prompt\nA\0b\n", Refused("not plain text"), []),
    ("unknown words for the split", "a.csv", b"prompt,split\nA,soon\nB,test\n", [("B", None)],
     ['"soon"']),
    ("no column for the case", "a.csv", b"name,age\nA,1\n", Refused('"name", "age"'), []),
    ("300 columns", "a.csv", b"".join(b"c%d," % n for n in range(300)) + b"x\n" + b"1," * 300,
     Refused("301 columns"), []),
    ("json called csv", "a.csv", LINES.encode(), Refused("holds JSON"), []),
    ("web page called csv", "a.csv", b"<html><table></table></html>", Refused("web page"), []),
    ("picture called csv", "a.csv", picture(), Refused("a picture"), []),
    ("pdf called csv", "a.csv", b"%PDF-1.7\n%\xe2\xe3", Refused("a PDF"), []),
    ("workbook called csv", "a.csv", book(["prompt"], ["A"]), Refused("an Excel"), []),
    ("compressed csv", "a.csv", b"\x1f\x8b\x08" + b"x" * 40, Refused("compressed"), []),
    ("rich text called tsv", "a.tsv", b"{\\rtf1 prompt}", Refused("rich-text"), []),
    ("other ending", "a.docx", b"PK\x03\x04", Refused('"a.docx" is not a kind'), []),
    ("20 MB in one cell", "a.csv", b"prompt\nA\n" + b"x" * (20 * MB - 20), [("A", None)],
     ["the limit is 100,000"]),
    ("over 20 MB", "a.csv", b"prompt\n" + b"x" * (20 * MB), Refused("limit is 20 MB"), []),
    ("more than 5,000 rows", "a.csv", b"prompt\n" + b"A\n" * 5_001, Refused("than 5,000"), []),
    ("dates and numbers", "a.xlsx", book(["prompt", "answer"], [DAY, 12.0]),
     [("2024-03-01", "12")], []),
    ("merged cells", "a.xlsx", book(["prompt", "x"], ["A", 1], ["gone", 2], change=merge),
     [("A", None), ("A", None)], ["Its value was taken in row 3"]),
    ("merged answers", "a.xlsx",
     book(["prompt", "answer", "x"], ["A", "yes", 0], ["B"], [], ["C"], ["D"],
          change=merge_the_answer),
     [("A", "yes"), ("B", "yes"), ("C", None), ("D", None)], ["Its value was taken in row 3"]),
    ("rows merged over a blank one", "a.xlsx",
     book(["prompt", "answer"], ["A", "yes"], [], ["B"], change=merge), [("A", "yes"), ("B", None)],
     []),
    ("heading merged over two rows", "a.xlsx",
     book(["prompt", "x"], ["gone", 1], ["A", 2], change=merge_the_heading), [("A", None)],
     ["no text"]),
    ("formula in a merged cell", "a.xlsx",
     book(["prompt", "answer"], ["A"], ["B"], ["C", "yes"], change=merge_a_formula),
     [("C", "yes")], ["B2 holds a formula", "B2 holds a formula"]),
    ("leading zeros", "a.xlsx", book(["prompt", "answer"], [123, -7.0], [123, 45],
                                     change=zeros), [("00123", "-00007"), ("123", "45")], []),
    ("hidden sheet before the cases", "a.xlsx",
     book(["notes"], ["n"], Cases=[["prompt"], ["A"]], change=hide_first), [("A", None)],
     ['Only the sheet "Cases"']),
    ("several sheets of cases", "a.xlsx", book(["prompt"], ["A"], More=[["prompt"], ["B"]]),
     [("A", None)], ["not More"]),
    ("formula never calculated", "a.xlsx",
     book(["prompt", "answer"], ["", "A"], ["B", "C"], change=formula), [("B", "C")],
     ["A2 holds a formula without a saved result"]),
    ("answer never calculated", "a.xlsx",
     book(["prompt", "answer"], ["A", '=CONCAT("a","b")'], ["B", "C", "=1+1"]), [("B", "C")],
     ["B2 holds a formula"]),
    ("row never calculated", "a.xlsx", book(["prompt", "answer"], ["=A1", "=B1"], ["B", "C"]),
     [("B", "C")], ["A2 holds a formula"]),
    ("error in a cell", "a.xlsx", book(["prompt", "x"], ["A", "#N/A"], ["B", 1]), [("B", None)],
     ["B2 shows the error #N/A"]),
    ("empty workbook", "a.xlsx", book(), Refused("workbook is empty"), []),
    ("old excel", "a.xls", OLD_OFFICE, Refused('"a.xls" is not a kind'), []),
    ("old excel called xlsx", "a.xlsx", OLD_OFFICE, Refused("an older Office file"), []),
    ("csv called xlsx", "a.xlsx", TABLE.encode(), Refused("not an Excel workbook"), []),
    ("word called xlsx", "a.xlsx", packed("word/document.xml", b"<x/>"), Refused("not an Excel"),
     []),
    ("bomb called xlsx", "a.xlsx", packed("xl/workbook.xml", b"0" * 60 * MB), Refused("60 MB"), []),
    ("cut off workbook", "a.xlsx", book(["prompt"], ["A"])[:-300], Refused("damaged"), []),
    ("nested json", "a.json", b'[{"prompt": "A", "answer": {"d": [1, {"x": 2}]}}]',
     [("A", '{"d": [1, {"x": 2}]}')], []),
    ("lines called json", "a.json", LINES.encode(), [("A", "B"), ("C", None)], []),
    ("list called jsonl", "a.jsonl", b'[{"prompt": "A"}]', [("A", None)], []),
    ("truncated lines", "a.jsonl", LINES.encode() + b'{"prompt": "D', [("A", "B"), ("C", None)],
     ["Line 3"]),
    ("501 lines, the last cut off", "a.jsonl", b'{"prompt": "A"}\n' * 500 + b'{"prompt": "D',
     [("A", None)] * 500, ["Line 501 is not valid JSON: a text begins there that has no closing"]),
    ("no line in order", "a.jsonl", b'{"prompt": "A}\n{prompt: "B"}\n"C"\n', Refused("Line 1"), []),
    ("lines of a list of its own", "a.jsonl", b'{\n"prompt": "A",\n"x": [\n"B"\n]\n}\n',
     Refused("Line 1"), []),
    ("18 MB of broken lines", "a.jsonl", b'{"prompt": "A"}\n' + b"{\n" * 9 * MB,
     Refused("than 5,000"), []),
    ("NaN in json", "a.jsonl", b'{"prompt": "A", "x": NaN}\n', Refused("NaN"), []),
    ("endless number", "a.jsonl", b'{"prompt": "A", "x": 1e999}\n', Refused("1e999"), []),
    ("number of 30 digits", "a.jsonl", b'{"prompt": "A", "answer": %s}' % (b"9" * 30),
     [("A", "9" * 30)], []),
    ("number of 5,000 digits", "a.jsonl", b'{"prompt": "A", "x": %s}' % (b"9" * 5_000),
     Refused("Line 1"), []),
    ("deep nesting", "a.jsonl", b'{"prompt": ' + b"[" * 90_000, Refused("nested too deeply"), []),
    ("key twice", "a.jsonl", b'{"prompt": "A", "prompt": "B"}', Refused("occurs twice"), []),
    ("half a character", "a.jsonl", b'{"prompt": "\\ud83d"}', Refused("half a character"), []),
    ("blank lines", "a.jsonl", b'\n\n{"prompt": "A"}\n\n', [("A", None)], []),
    ("text among objects", "a.jsonl", b'{"prompt": "A"}\n"B"\n', [("A", None)], ["not 'B'"]),
    ("one object", "a.json", b'{"cases": []}', Refused("list of cases"), []),
    ("lines with a mark", "a.jsonl", b"\xef\xbb\xbf" + LINES.encode(), [("A", "B"), ("C", None)],
     []),
    ("conversation", "a.jsonl", json.dumps({"messages": MESSAGES}).encode(), [("A", "B")], []),
    ("picture in a conversation", "a.jsonl",
     b'{"prompt": [{"role": "user", "content": [{"type": "image"}]}]}\n{"prompt": "A"}',
     [("A", None)], ["without plain text"]),
    ("yaml", "a.yaml", b"- prompt: A\n  answer: no\n", [("A", "no")], []),
    ("yaml that refers to itself", "a.yaml", b"- &a {prompt: *a}\n", Refused("refers to"), []),
    ("yaml that runs a program", "a.yaml", b"- !!python/object/apply:os.getcwd []\n",
     Refused("not valid YAML"), []),
    ("parquet", "a.parquet", parquet({"prompt": "A", "answer": "B"}), [("A", "B")], []),
    ("parquet cut off", "a.parquet", parquet({"prompt": "A"})[:-9], Refused("damaged"), []),
    ("parquet called csv", "a.csv", parquet({"prompt": "A"}), Refused("a Parquet file"), []),
    ("every cell quoted", "a.csv", b'"prompt","answer"\n"A","B"\n', [("A", "B")], []),
    ("space before a quotation mark", "a.csv", b'prompt, answer\nA, "B, c"\n', [("A", "B, c")],
     []),
    ("underscore in a heading", "a.csv", b"INPUT,expert_answer\nA,B\n", [("A", "B")], []),
    ("headings of other words", "a.csv", b"Question,ideal\nA,B\n", [("A", "B")], []),
    ("blank headings at the end", "a.csv", b"case,ideal,,\nA,B,,\n", [("A", "B")], []),
    ("blank cells beyond the headings", "a.csv", b"case,ideal\nA,B,,,\n", [("A", "B")], []),
    ("separators only", "a.csv", b",,\n,,\n", Refused("is empty"), []),
    ("no ending", "a", b"prompt\nA\n", Refused('"a" is not a kind'), []),
    ("one field under two headings", "a.csv", b"prompt,x,field: x\nA,1,2\n",
     Refused('"x" and "field: x"'), []),
    ("web page with a declaration", "a.csv", b"<!DOCTYPE html><table>", Refused("web page"), []),
    ("workbook with a password", "a.xlsx", OLD_OFFICE, Refused("protected by a password"), []),
    ("workbook without its parts", "a.xlsx", packed("xl/workbook.xml", b"<x/>"), Refused("damaged"),
     []),
    ("workbook with a declaration", "a.xlsx",
     packed("xl/workbook.xml", b'<!DOCTYPE x [<!ENTITY a "b">]><x/>'), Refused("declaration"), []),
    ("workbook of headings", "a.xlsx", book(["prompt"]), Refused("headings but no cases"), []),
    ("workbook without cases", "a.xlsx", book(["name"], ["A"]), Refused('"name"'), []),
    ("workbook with a heading twice", "a.xlsx", book(["prompt", "a", "a"], ["A", 1, 2]),
     Refused('"a"'), []),
    ("broken line between others", "a.jsonl", b'{"prompt": "A"}\n{"prompt": \n{"prompt": "B"}\n',
     [("A", None), ("B", None)], ["Line 2"]),
    ("broken list", "a.json", b'[{"prompt": "A"},\n {"prompt": }]', Refused("Line 2"), []),
    ("lists without end", "a.jsonl", b"[" * 100_000, Refused("nested"), []),
    ("text called json", "a.json", b'"text"', Refused("list of cases"), []),
    ("empty list", "a.json", b"[]", Refused("is empty"), []),
    ("list without cases", "a.json", b'[{"name": "A"}]', Refused('"name"'), []),
    ("list of numbers", "a.json", b"[1, 2]", Refused("No column"), []),
    ("key spelt two ways", "a.json", b'[{"Prompt": "A"}, {"prompt": "B"}]',
     Refused('"Prompt" and "prompt"'), []),
    ("merged title", "a.xlsx", book([TITLE], COLUMNS, *NOTES, change=merge_the_title), TAKEN,
     OF_TITLE),
    ("title and blank rows", "a.xlsx", book([TITLE], [], [], COLUMNS, *NOTES), TAKEN, OF_TITLE),
    ("two titles", "a.xlsx", book([TITLE], ["Made by", "M."], [], COLUMNS, *NOTES), TAKEN,
     [*OF_TITLE, 'Row 2 is a title above the headings: "Made by | M."']),
    ("title over one case", "a.xlsx", book([TITLE], COLUMNS, NOTES[0]), TAKEN[:1], OF_TITLE),
    ("title over two columns", "a.xlsx", book([TITLE], ["Question", "Answer"], ["A", "B"]),
     [("A", "B")], OF_TITLE),
    ("title above nothing", "a.xlsx", book([TITLE], COLUMNS), Refused("headings but no cases"), []),
    ("title on the other sheet", "a.xlsx",
     book(["About"], ["by M."], Cases=[[TITLE], COLUMNS, *NOTES]), TAKEN,
     ['Only the sheet "Cases"', *OF_TITLE]),
    ("groups above the headings", "a.xlsx",
     book(["Patient", None, "Decision"], COLUMNS, *NOTES, change=merge_the_groups), TAKEN,
     ['"Patient | Decision"']),
    ("title and groups above the headings", "a.xlsx",
     book([TITLE], ["Patient", None, "Decision"], COLUMNS, *NOTES), TAKEN,
     [*OF_TITLE, '"Patient | Decision"']),
    ("title in a csv", "a.csv",
     f"{TITLE},,\n,,\nquestion,answer,dose\nA,B,1\nC,D,2\n".encode(), [("A", "B"), ("C", "D")],
     OF_TITLE),
    ("title alone in its line", "a.csv",
     b"Interventions, ward 7B\n\nquestion;answer;dose\nA, or not;B;1\nC;D;2\n",
     [("A, or not", "B"), ("C", "D")], ["Interventions, ward 7B"]),
    ("one column below a heading of many words", "a.csv",
     b"question\nI came, I saw, I won\nOne, two, or three\n",
     [("I came, I saw, I won", None), ("One, two, or three", None)], []),
    ("headings with a gap", "a.xlsx", book(["case", None, None, "x"], *[["A", 1, 2, 3]] * 2),
     [("A", None), ("A", None)], ["without a heading"]),
    ("one heading over many values", "a.csv", b"case,,,\nA,1,2,3\n", [("A", None)],
     ["without a heading"]),
    ("csv called json", "a.json", b"prompt,answer\nA,B\n", Refused("Line 1"), []),
]  # fmt: skip


@pytest.mark.parametrize(
    ("filename", "data", "outcome", "problems"),
    [pytest.param(*row[1:], id=row[0]) for row in FILES],
)
def test_what_comes_of_it(filename, data, outcome, problems):
    if isinstance(outcome, Refused):
        with pytest.raises(InputError) as caught:
            read_examples(filename, data)
        assert outcome in caught.value.message
        assert caught.value.fix
        return
    result = read_examples(filename, data)
    assert [(example.case_text, example.reference) for example in result.examples] == outcome
    assert len(result.problems) == len(problems)
    for problem, said in zip(result.problems, problems, strict=True):
        assert said in problem.message
        assert problem.fix


def test_every_file_has_a_name_of_its_own():
    names = [row[0] for row in FILES]
    assert len(set(names)) == len(names) >= 60
