"""Many years of many units, copied inside the database from a few that went through the services."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import connection, models

from accounts.models import Unit
from scoring.models import Cycle, ScoreSheet, SheetLine
from workflow.flow.models import Assessment, Outcome, Task

OFFSET = 10_000_000  # the keys of each copy lie so far above those of the one before


@dataclass(frozen=True)
class Copied:
    """A table whose rows are copied: `moved` are the keys that belong to the copy, `renamed` the unique words.

    `whose` chooses the rows of a cycle, as a condition on the table with the cycle's key in its place.
    """

    model: type[models.Model]
    whose: str
    moved: tuple[str, ...] = ()
    renamed: tuple[str, ...] = field(default=())

    def statement(self) -> str:
        """One INSERT for all copies."""
        table, quote = self.model._meta.db_table, connection.ops.quote_name  # Django's documented way
        columns = [str(column.column) for column in self.model._meta.local_concrete_fields]  # the same
        values = [self._value(column) for column in columns]
        names = ", ".join(quote(column) for column in columns)
        return (
            f"INSERT INTO {quote(table)} ({names}) SELECT {', '.join(values)} "  # noqa: S608  # names of our own models
            f"FROM {quote(table)} CROSS JOIN generate_series(1, %(copies)s) AS copy WHERE {self.whose}"
        )

    def _value(self, column: str) -> str:
        name = connection.ops.quote_name(column)
        if column == "id" or column in self.moved:
            return f"{name} + copy::bigint * {OFFSET}"
        return f"{name} || '-' || copy" if column in self.renamed else name


SHEETS = "SELECT id FROM scoring_scoresheet WHERE cycle_id = %(cycle)s AND id < 10000000"
PROCESSES = f"SELECT id FROM workflow_assessment WHERE sheet_id IN ({SHEETS})"  # noqa: S608  # no outsider's word
TASKS = f"SELECT id FROM workflow_task WHERE process_id IN ({PROCESSES})"  # noqa: S608  # the same
UNITS = "SELECT unit_id FROM scoring_scoresheet WHERE cycle_id = %(cycle)s AND id < 10000000"
TABLES = (
    Copied(Unit, f"id IN ({UNITS})", renamed=("code",)),
    Copied(ScoreSheet, f"id IN ({SHEETS})", moved=("unit_id",)),
    Copied(SheetLine, f"sheet_id IN ({SHEETS})", moved=("sheet_id",)),
    Copied(Assessment, f"id IN ({PROCESSES})", moved=("sheet_id",)),
    Copied(Task, f"id IN ({TASKS})", moved=("process_id",)),
    Copied(Task.previous.through, f"from_task_id IN ({TASKS})", moved=("from_task_id", "to_task_id")),
    Copied(Outcome, f"task_id IN ({TASKS})", moved=("task_id",)),
)


def multiply(cycle: Cycle, copies: int) -> None:
    """Let every unit of a cycle stand there so many times more, each with its sheet, process and tasks."""
    named: Mapping[str, int] = {"cycle": cycle.pk, "copies": copies}
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        for table in TABLES:
            cursor.execute(table.statement(), named)
            # The next table is chosen by this one: planned for an empty one it would take minutes.
            cursor.execute(f"ANALYZE {connection.ops.quote_name(table.model._meta.db_table)}")  # as above
