"""Parts of an xlsx that the writer of the corpus does not write: drawings, macros, links, entities."""

from __future__ import annotations

from tests.unit.intake.formats.reading_files import OFFICE, RELATIONS

DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"
MACROS = {"xl/vbaProject.bin": "Sub Auto_Open()"}
LINKS = {"xl/externalLinks/externalLink1.xml": "<externalLink/>"}
ENTITIES = {"xl/sharedStrings.xml": '<!DOCTYPE x [<!ENTITY a "aa"><!ENTITY b "&a;&a;&a;">]><sst>&b;</sst>'}
BOMB = {"xl/worksheets/sheet1.xml": " " * (12 << 20)}


def drawing_parts(text: str) -> dict[str, str]:
    """A text box with a text, or a picture when it is empty, on the first sheet."""
    shape = (
        f"<xdr:sp><xdr:txBody><a:p><a:r><a:t>{text}</a:t></a:r></a:p></xdr:txBody></xdr:sp>" if text else "<xdr:pic/>"
    )
    return {
        "xl/worksheets/_rels/sheet1.xml.rels": f'<Relationships xmlns="{RELATIONS}"><Relationship Id="rId77"'
        f' Type="{OFFICE}/drawing" Target="../drawings/drawing1.xml"/></Relationships>',
        "xl/drawings/drawing1.xml": f'<xdr:wsDr xmlns:xdr="{DRAWING}/spreadsheetDrawing" xmlns:a="{DRAWING}/main">'
        f"<xdr:twoCellAnchor>{shape}</xdr:twoCellAnchor></xdr:wsDr>",
    }
