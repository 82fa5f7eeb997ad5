"""Writes small PDFs, letter by letter and rule by rule, as programs of offices do."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

WIDTH, HEIGHT, LEFT, RIGHT = 595, 842, 80, 520
SIZE, PITCH = 12, 1.3
FEW = 2  # rules of such a table above its rows


@dataclass
class Sheet:
    """A page: what is drawn on it so far. Places are counted from the upper left corner."""

    drawn: list[str] = field(default_factory=list)
    pictures: bool = False

    def text(self, text: str, *, top: float, left: float = LEFT, size: float = SIZE) -> "Sheet":
        letters = text.encode("utf-16-be").hex()
        self.drawn.append(f"BT /F1 {size} Tf {left} {HEIGHT - top - size:.2f} Td <{letters}> Tj ET")
        return self

    def rule(self, left: float, top: float, right: float, bottom: float) -> "Sheet":
        self.drawn.append(f"{left} {HEIGHT - top} m {right} {HEIGHT - bottom} l S")
        return self

    def picture(self) -> "Sheet":
        self.pictures = True
        self.drawn.append(f"q {WIDTH} 0 0 {HEIGHT} 0 0 cm /I1 Do Q")
        return self

    def table(
        self,
        rows: Sequence[Sequence[str]],
        *,
        top: float,
        edges: Sequence[float] = (80, 120, 440, 520),
        open_at: str = "",
    ) -> "Sheet":
        """A ruled table; its texts wrap. It has no rule where it is `open_at`, as a row that goes on over the page."""
        begin = top
        for number, row in enumerate(rows):
            cells = [_wrapped(text, edges[place + 1] - edges[place] - 4) for place, text in enumerate(row)]
            if not (number == 0 and open_at == "top"):
                self.rule(edges[0], top, edges[-1], top)
            for place, lines in enumerate(cells):
                for order, line in enumerate(lines):
                    self.text(line, left=edges[place] + 2, top=top + 4 + order * SIZE * 1.2)
            top += max(8 + max(map(len, cells)) * SIZE * 1.2, 8 + SIZE)
        if open_at != "bottom":
            self.rule(edges[0], top, edges[-1], top)
        for edge in edges:
            self.rule(edge, begin, edge, top)
        return self

    def open_table(
        self,
        rows: Sequence[Sequence[str]],
        *,
        top: float,
        edges: Sequence[float] = (80, 120, 340, 480, 520),
        ruled: str = "head",
        apart: float = 8,
        centred: bool = False,
    ) -> "Sheet":
        """A table without rules between its columns, and `ruled` below its `head`, every `row`, or nowhere.

        Its rows stand `apart` and hang from their first lines, or are `centred`; a row of one text stands over all.
        """
        for number, row in enumerate(rows):
            if ruled and (number < FEW or ruled == "row"):
                self.rule(edges[0], top, edges[-1], top)
            top += apart / 2
            ends = edges[1:] if len(row) > 1 else edges[-1:]
            cells = [_wrapped(text, end - begin - 8) for text, begin, end in zip(row, edges, ends, strict=False)]
            height = max(map(len, cells)) * SIZE * PITCH
            for place, lines in enumerate(cells):
                begin = top + (height - len(lines) * SIZE * PITCH) / 2 * centred
                for order, line in enumerate(lines):
                    self.text(line, left=edges[place] + 4, top=begin + order * SIZE * PITCH)
            top += height + apart / 2
        if ruled:
            self.rule(edges[0], top, edges[-1], top)
        return self


def _wrapped(text: str, width: float) -> list[str]:
    fits = int(width // SIZE)
    return [line[at : at + fits] for line in text.split("\n") for at in range(0, len(line) or 1, fits)]


def pdf_of(
    sheets: Iterable[Sheet], *, font: str = "UniGB-UTF16-H", known: bool = True, trailer: str = "", meaning: str = ""
) -> bytes:
    """The bytes of a PDF with these pages; `meaning` (hex) is what its font says of 甲."""
    sheets = list(sheets)
    first = 6
    kids = " ".join(f"{first + 2 * number} 0 R" for number in range(len(sheets)))
    ordering = "GB1" if known else "Identity"
    bodies = [
        "<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Count {len(sheets)}/Kids[{kids}]>>",
        f"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/{font}/DescendantFonts[4 0 R]"
        + (f"/ToUnicode {first + 2 * len(sheets)} 0 R>>" if meaning else ">>"),
        "<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/DW 1000"
        f"/CIDSystemInfo<</Registry(Adobe)/Ordering({ordering})/Supplement 5>>/FontDescriptor<</Type/FontDescriptor"
        "/FontName/STSong-Light/Flags 6/FontBBox[0 -120 1000 880]/Ascent 880/Descent -120/ItalicAngle 0/CapHeight 880"
        "/StemV 93>>>>",
        "<</Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8/Length 1>>"
        "\nstream\n0\nendstream",
    ]
    for number, sheet in enumerate(sheets):
        content = "\n".join(sheet.drawn)
        bodies += [
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {WIDTH} {HEIGHT}]/Contents {first + 2 * number + 1} 0 R"
            "/Resources<</Font<</F1 3 0 R>>/XObject<</I1 5 0 R>>>>>>",
            f"<</Length {len(content)}>>\nstream\n{content}\nendstream",
        ]
    if meaning:
        said = f"1 beginbfchar\n<7532> <{meaning}>\nendbfchar"  # of 甲
        bodies.append(f"<</Length {len(said)}>>\nstream\n{said}\nendstream")
    made, places = "%PDF-1.7\n", []
    for number, body in enumerate(bodies, start=1):
        places.append(len(made))
        made += f"{number} 0 obj\n{body}\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    size = len(bodies) + 1
    return (
        f"{made}xref\n0 {size}\n0000000000 65535 f \n{table}trailer\n<</Size {size}/Root 1 0 R{trailer}>>\n"
        f"startxref\n{len(made)}\n%%EOF\n"
    ).encode("latin-1")
