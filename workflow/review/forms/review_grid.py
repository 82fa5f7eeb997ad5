"""The form of the review grid: one number for each cell that came."""

from collections.abc import Mapping
from decimal import Decimal

from django import forms

from workflow.flow.models import Task
from workflow.review.forms.review import POINTS_ERRORS
from workflow.review.queries.review_grid import Cell, Grid
from workflow.review.services.points import Given


class ReviewGridForm(forms.Form):
    """Points and times of many units; cells that did not come stay as they stand."""

    def __init__(self, grid: Grid, data: Mapping[str, str] | None = None) -> None:
        super().__init__(data)
        self.cells: dict[str, Cell] = {cell.name: cell for cell in grid.editable if data and cell.name in data}
        for name, cell in self.cells.items():
            self.fields[name] = forms.DecimalField(
                label=f"{cell.task.process.sheet.unit_name} {cell.line.code}",
                required=False,
                min_value=Decimal(0),
                max_digits=7,
                decimal_places=2,
                error_messages=POINTS_ERRORS,
            )

    def changes(self) -> list[tuple[Task, dict[str, Given]]]:
        """What is right and new, by task in the order of the assessments' keys: code → `Given`."""
        found: dict[int, tuple[Task, dict[str, Given]]] = {}
        for name, cell in self.cells.items():
            if name in self.errors or self.cleaned_data[name] == cell.line.reviewed:
                continue
            given = found.setdefault(cell.task.pk, (cell.task, {}))[1]
            given[cell.line.code] = Given(value=self.cleaned_data[name])
        return sorted(found.values(), key=lambda change: change[0].process_id)
