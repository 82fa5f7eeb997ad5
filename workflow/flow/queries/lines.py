"""The lines that a review task covers."""

from scoring.models import SheetLine
from scoring.queries.sheets import adjustment_code, lines_answered_by
from workflow.flow.models import Task


def lines_of(task: Task) -> list[SheetLine]:
    """The lines that a review task covers: the department's, narrowed to the parts that a reopening names."""
    lines = lines_answered_by(task.process.sheet, task.department_id or 0)
    if not task.scope:
        return lines
    return [line for line in lines if line.code in task.scope or adjustment_code(line) in task.scope]
