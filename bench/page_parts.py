"""What the sections of docs/performance.md are made of."""


def table(header, rows):
    lines = ["| " + " | ".join(header) + " |", "|" + "|".join(["---"] * len(header)) + "|"]
    lines += ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def number(value, form=".0f"):
    return "" if value is None else format(value, form)


def find(rows, **wanted):
    return next(row for row in rows if all(row[name] == value for name, value in wanted.items()))


class Bounds:
    """What the project asks of itself: [what, bound, measured, whether it is met]."""

    def __init__(self):
        self.cells = []

    def at_most(self, what, value, bound, form, unit=""):
        self._add(what, f"≤ {bound:{form}}{unit}", f"{value:{form}}{unit}", value <= bound)

    def at_least(self, what, value, bound, form, unit=""):
        self._add(what, f"≥ {bound:{form}}{unit}", f"{value:{form}}{unit}", value >= bound)

    def table(self):
        return table(["what", "bound", "measured", ""], self.cells)

    def _add(self, what, bound, measured, met):
        self.cells.append([what, bound, measured, "met" if met else "**not met**"])
