"""What the picture on the Fachstelle's wall is made of: boxes, badges, arrows. Where they stand: `overview_picture`."""

from __future__ import annotations

from dataclasses import dataclass

from meetings.domain.overview import Flow

#: From line to line in a box.
LINE_HEIGHT = 18
_LABEL_HEIGHT, _CHARACTER = 22, 7.6
_COLUMNS = ("unit", "alliance", "outside")


@dataclass(frozen=True)
class Badge:
    """The letter of an alliance in its shape: B a square, G a disc, A a shield, as everywhere else."""

    mark: str
    letter: str
    x: int
    y: int
    half: int = 12

    @property
    def base(self) -> int:
        return self.y + 5

    @property
    def d(self) -> str:
        left, right, top, bottom = self.x - self.half, self.x + self.half, self.y - self.half, self.y + self.half
        match self.mark:
            case "g":
                turn = f"A{self.half} {self.half} 0 0 1"
                return f"M{left} {self.y}{turn} {right} {self.y}{turn} {left} {self.y}Z"
            case "a":
                return f"M{left} {top}H{right}V{self.y}A{self.half} {self.half} 0 0 1 {left} {self.y}Z"
        return f"M{left} {top}H{right}V{bottom}H{left}Z"


@dataclass(frozen=True)
class Box:
    """`lines`: muted ones under the title. `is_over`: the unit has ended."""

    pk: int
    kind: str
    mark: str
    title: str
    lines: tuple[str, ...]
    x: int
    y: int
    width: int
    height: int
    slug: str
    badges: tuple[Badge, ...] = ()
    is_over: bool = False

    @property
    def rows(self) -> list[tuple[int, str]]:
        """The lines under the title, each with its base."""
        first, step = (66, 22) if self.kind == "alliance" else (48, LINE_HEIGHT)
        return [(self.y + first + step * place, line) for place, line in enumerate(self.lines)]

    @property
    def middle(self) -> tuple[int, int]:
        return self.x + self.width // 2, self.y + self.height // 2

    @property
    def column(self) -> int:
        """Left, middle or right."""
        return _COLUMNS.index(self.kind)


@dataclass(frozen=True)
class Arrow:
    """`width` is a number with a point, as SVG wants it; `words`: the whole of it for a screen reader. The label stands on the arrow's last level stretch."""

    d: str
    mark: str
    width: str
    flow: Flow
    label: str
    label_x: int
    label_y: int
    words: str

    @property
    def is_open(self) -> bool:
        return self.flow.open > 0

    @property
    def label_width(self) -> int:
        return round(len(self.label) * _CHARACTER) + 10

    @property
    def label_left(self) -> int:
        return self.label_x - self.label_width // 2

    @property
    def label_top(self) -> int:
        return self.label_y - _LABEL_HEIGHT // 2

    @property
    def label_base(self) -> int:
        return self.label_y + 5


@dataclass(frozen=True)
class Picture:
    width: int
    height: int
    panel: int
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    marks: tuple[str, ...]
    title: str
    words: str
