"""The form of the review grid: one number for each cell that came."""

from collections import defaultdict
from collections.abc import Mapping

from django import forms

from workflow.flow.models import Task
from workflow.review.forms.review import points_field
from workflow.review.queries.review_grid import Grid, GridCell
from workflow.review.services.points import Given


class ReviewGridForm(forms.Form):
    """Points and times of many units; cells that did not come stay as they stand."""

    def __init__(self, grid: Grid, data: Mapping[str, str] | None = None) -> None:
        super().__init__(data)
        cells = [cell for row in grid.rows for cell in row.cells if cell]
        self.cells: dict[str, GridCell] = {cell.name: cell for cell in cells if data and cell.name in data}
        for name, cell in self.cells.items():
            self.fields[name] = points_field(f"{cell.task.process.sheet.unit_name} {cell.line.code}")

    def given(self) -> dict[Task, dict[str, Given]]:
        """What is right and new: code → `Given` of each review."""
        given: defaultdict[Task, dict[str, Given]] = defaultdict(dict)
        for name, cell in self.cells.items():
            if self.cleaned_data.get(name, cell.line.reviewed) != cell.line.reviewed:
                given[cell.task][cell.line.code] = Given(value=self.cleaned_data[name])
        return given
