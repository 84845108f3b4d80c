"""The cell styles of a workbook: variants of what is there, never a change to it."""

from __future__ import annotations

from copy import deepcopy

from lxml import etree

from nuanliu.reporting.marking.package import Package, child, insert_ordered, local, namespace

_STYLES_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
_ORDER = ("numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs", "tableStyles")
_LATER = frozenset({*_ORDER, "colors", "extLst"})
TEXT_FORMAT = "49"
"""The built-in number format @: what is typed stays text."""


class Styles:
    """``xl/styles.xml``. A style is the index that a cell writes as ``s``."""

    def __init__(self, package: Package, book_part: str, book: etree._Element) -> None:
        part = next((r.target for r in package.relations(book_part) if r.kind == "styles"), None)
        if part is None:
            part = package.free_name("xl/styles{}.xml")
            package.put(part, f'<styleSheet xmlns="{namespace(book)[1:-1]}"/>'.encode(), _STYLES_TYPE)
            package.relate(book_part, "styles", part)
        self._root = package.xml(part)
        self._ns = namespace(self._root)
        self._fonts = self._list("fonts", '<font><sz val="11"/><name val="宋体"/></font>')
        self._fills = self._list(
            "fills",
            '<fill><patternFill patternType="none"/></fill>',
            '<fill><patternFill patternType="gray125"/></fill>',
        )
        self._borders = self._list("borders", "<border><left/><right/><top/><bottom/><diagonal/></border>")
        self._list("cellStyleXfs", '<xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>')
        self._xfs = self._list("cellXfs", '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>')
        self._made: dict[object, int] = {}

    def colour(self, style: int) -> str | None:
        """The colour that fills a cell, as RRGGBB; None for no fill, a pattern, or a colour of the theme."""
        pattern = child(self._fill(style), "patternFill")
        if pattern is None or pattern.get("patternType") != "solid":
            return None
        front = child(pattern, "fgColor")
        rgb = front.get("rgb") if front is not None else None
        return str(rgb)[-6:].upper() if rgb else None

    def fill_xml(self, style: int) -> str:
        """The fill of a style, to be given back to ``filled`` later."""
        fill = deepcopy(self._fill(style))
        return str(etree.tostring(fill, encoding="unicode"))

    def tinted(self, style: int, rgb: str) -> int:
        """The same style on a colour."""
        return self.filled(
            style, f'<fill><patternFill patternType="solid"><fgColor rgb="FF{rgb}"/></patternFill></fill>'
        )

    def filled(self, style: int, fill_xml: str | None) -> int:
        """The same style with a fill as ``fill_xml`` gives it; None: no fill."""
        fill = 0 if fill_xml is None else self._add(self._fills, fill_xml)
        return self._variant(style, ("fill", fill), fillId=str(fill), applyFill="1")

    def answer(self, style: int) -> int:
        """The same style for a cell in which a text is to be written: wrapped, unlocked, whatever is typed is text."""
        xf = self._variant(style, "answer", numFmtId=TEXT_FORMAT, applyNumberFormat="1", applyAlignment="1")
        self._set(xf, "alignment", {"vertical": "top", "wrapText": "1"})
        self._set(xf, "protection", {"locked": "0"})
        self._xfs[xf].set("applyProtection", "1")
        return xf

    def plain(self, *, rgb: str | None = None, font: str | None = None, border: str | None = None) -> int:
        """A style of our own, wrapped. ``font``, ``border``: their XML."""
        key = ("plain", rgb, font, border)
        if key not in self._made:
            xf = etree.SubElement(self._xfs, f"{self._ns}xf", numFmtId="0", xfId="0", applyAlignment="1")
            xf.set("fontId", str(self._add(self._fonts, font)) if font else "0")
            fill = f'<fill><patternFill patternType="solid"><fgColor rgb="FF{rgb}"/></patternFill></fill>'
            xf.set("fillId", str(self._add(self._fills, fill)) if rgb else "0")
            xf.set("borderId", str(self._add(self._borders, border)) if border else "0")
            for name in ("applyFont", "applyFill", "applyBorder"):
                xf.set(name, "1")
            etree.SubElement(xf, f"{self._ns}alignment", vertical="top", wrapText="1")
            self._made[key] = len(self._xfs) - 1
            self._xfs.set("count", str(len(self._xfs)))
        return self._made[key]

    def _variant(self, style: int, change: object, **attributes: str) -> int:
        key = (style, change)
        if key not in self._made:
            xf = deepcopy(self._xf(style))
            for name, value in attributes.items():
                xf.set(name, value)
            self._xfs.append(xf)
            self._xfs.set("count", str(len(self._xfs)))
            self._made[key] = len(self._xfs) - 1
        return self._made[key]

    def _set(self, style: int, name: str, attributes: dict[str, str]) -> None:
        xf = self._xfs[style]
        found = child(xf, name)
        if found is None:
            found = etree.Element(f"{self._ns}{name}")
            insert_ordered(xf, found, frozenset({"protection", "extLst"} if name == "alignment" else {"extLst"}))
        for key, value in attributes.items():
            found.set(key, value)

    def _xf(self, style: int) -> etree._Element:
        return self._xfs[style if 0 <= style < len(self._xfs) else 0]

    def _fill(self, style: int) -> etree._Element:
        at = int(self._xf(style).get("fillId") or 0)
        return self._fills[at if at < len(self._fills) else 0]

    def _add(self, entries: etree._Element, xml: str) -> int:
        if ("entry", local(entries), xml) not in self._made:
            entries.append(self._adopt(etree.fromstring(xml)))
            entries.set("count", str(len(entries)))
            self._made["entry", local(entries), xml] = len(entries) - 1
        return self._made["entry", local(entries), xml]

    def _adopt(self, element: etree._Element) -> etree._Element:
        """The same element in the namespace of this workbook."""
        for entry in element.iter():
            entry.tag = f"{self._ns}{local(entry)}"
        return element

    def _list(self, name: str, *defaults: str) -> etree._Element:
        found = child(self._root, name)
        if found is None:
            found = etree.Element(f"{self._ns}{name}")
            later = _LATER - set(_ORDER[: _ORDER.index(name) + 1])
            insert_ordered(self._root, found, later)
        if not len(found):
            for xml in defaults:
                found.append(self._adopt(etree.fromstring(xml)))
        found.set("count", str(len(found)))
        return found
