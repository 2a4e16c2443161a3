"""The text of a Word document, read from its XML.

python-docx opens the file; its own texts leave out tracked insertions, content controls, text boxes
and footnotes, in which the deciding words of a contract may stand. What was deleted is left out.
"""

from collections.abc import Iterator
from typing import Any

_LEFT_OUT = {"del", "moveFrom", "Fallback", "pPr", "rPr", "tblPr", "trPr", "tcPr", "sdtPr"}
_SIGNS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_NOTES = {"footnote": "Footnote", "endnote": "Endnote"}


def word_blocks(document: Any) -> Iterator[str]:
    """Yield the paragraphs and tables of a document opened by python-docx, then its notes.

    A table is one line a row, cells apart by tabs.
    """
    yield from _blocks(document.element.body)
    for relation in document.part.rels.values():
        kind = relation.reltype.rpartition("/")[2].removesuffix("s")
        if kind in _NOTES and not relation.is_external:
            yield from _notes(_parsed(relation.target_part.blob), _NOTES[kind])


def _notes(root: Any, title: str) -> Iterator[str]:
    for note in root:
        if _name(note) in _NOTES and _attribute(note, "type") is None:
            yield f"{title} {_attribute(note, 'id')}: {' '.join(_blocks(note)).strip()}"


def _blocks(parent: Any) -> Iterator[str]:
    for child in parent:
        name = _name(child)
        if name == "p":
            yield _text(child)
        elif name == "tbl":
            yield "\n".join(_row(row) for row in child.iter() if _is_row_of(row, child))
        elif name not in _LEFT_OUT:
            yield from _blocks(child)


def _row(row: Any) -> str:
    cells = (cell for cell in row.iter() if _name(cell) == "tc" and _nearest(cell, "tr") is row)
    return "\t".join(" ".join(" ".join(_blocks(cell)).split()) for cell in cells)


def _text(node: Any) -> str:
    parts = []
    for child in node:
        name = _name(child)
        if name == "t":
            parts.append(child.text or "")
        elif name in _SIGNS:
            parts.append(_SIGNS[name])
        elif name in ("footnoteReference", "endnoteReference"):
            parts.append(f" [{name.removesuffix('Reference')} {_attribute(child, 'id')}]")
        elif name == "p":
            parts.append(f"\n{_text(child)}\n")
        elif name not in _LEFT_OUT:
            parts.append(_text(child))
    return "".join(parts)


def _is_row_of(node: Any, table: Any) -> bool:
    return _name(node) == "tr" and _nearest(node, "tbl") is table


def _nearest(node: Any, name: str) -> Any:
    return next((above for above in node.iterancestors() if _name(above) == name), None)


def _name(node: Any) -> str:
    return node.tag.rpartition("}")[2] if isinstance(node.tag, str) else ""


def _attribute(node: Any, name: str) -> str | None:
    return next((v for key, v in node.attrib.items() if key.rpartition("}")[2] == name), None)


def _parsed(blob: bytes) -> Any:
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    return etree.fromstring(blob, parser)
