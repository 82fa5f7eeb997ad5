"""Rows read and written in sets, in few trips: what the ORM does one by one, for the tables where that counts.

Columns and their types come from the models' `_meta`. What is written travels as one JSON text for each statement,
which PostgreSQL (`json_to_recordset`) and SQLite (`json_each`) unfold. No `save` is called and no signal is sent.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cache, partial
from typing import TYPE_CHECKING, Any, Generic, TypeVar
from uuid import UUID

from django.db import DataError, connection, models
from django.db.models.expressions import Col

M = TypeVar("M", bound=models.Model)
if TYPE_CHECKING:
    Field = models.Field[Any, Any]
else:  # Django's fields take no type arguments when they run
    Field = models.Field
AS_TEXT: dict[type, Callable[[Any], str]] = {
    Decimal: str,
    UUID: str,
    datetime: datetime.isoformat,
    date: date.isoformat,
}
# Of these a value is what JSON has a word for.
PLAIN = (models.AutoField, models.IntegerField, models.BooleanField)


class Batch:
    """Statements that are sent together, in the order in which they were given; the caller is in a transaction."""

    def __init__(self) -> None:
        self._statements: list[tuple[str, tuple[Any, ...]]] = []

    def insert(self, rows: Sequence[models.Model], *, ignore_conflicts: bool = False) -> None:
        """Insert rows of one model, in their order; those without a key get one, those with one keep it."""
        if rows:
            fields = tuple(field for field in _fields(type(rows[0])) if not field.primary_key or rows[0].pk is not None)
            self.run(_insert(type(rows[0]), fields, ignore_conflicts, connection.vendor), _json(rows, fields))

    def update(self, model: type[models.Model], rows: Sequence[Any], names: Sequence[str]) -> None:
        """Update these columns of rows, by their keys; a row is anything that has the attributes."""
        if rows:
            fields = (_key(model), *(field for field in _fields(model) if field.name in names))
            self.run(_update(model, fields, connection.vendor), _json(rows, fields))

    def run(self, sql: str, *params: Any) -> None:
        """Any other statement that writes."""
        self._statements.append((sql, params))

    def send(self) -> None:
        """Send what was given: in one trip where the database takes several statements at once."""
        statements, self._statements = self._statements, []
        if connection.vendor == "postgresql" and statements:  # parameters are bound by the client (Django's default)
            statements = [
                (";\n".join(sql for sql, _ in statements), tuple(one for _, some in statements for one in some))
            ]
        with connection.cursor() as cursor:
            for sql, params in statements:
                cursor.execute(sql, params)


def next_keys(model: type[models.Model], count: int) -> list[int]:
    """Keys for rows that are inserted later in this transaction; asked once for all of a model's rows.

    SQLite gives the same keys again until they are used: its transactions begin with the write lock (IMMEDIATE).
    """
    table, column = model._meta.db_table, _key(model).column
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            sequence = "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)"
            cursor.execute(sequence, [f'"{table}"', column, count])
            return [key for (key,) in cursor.fetchall()]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        last = (cursor.fetchone() or (0,))[0]
    return list(range(last + 1, last + 1 + count))


class Columns(Generic[M]):
    """A model's columns in a statement that joins several, from `start` on, and its instances from what comes back."""

    def __init__(self, model: type[M], alias: str, start: int, *, without: Iterable[str] = ()) -> None:
        fields = [field for field in _fields(model) if field.name not in set(without)]
        self.sql = ", ".join(f'{alias}."{field.column}"' for field in fields)
        self.width = len(fields)
        self._model, self._names = model, [field.attname for field in fields]
        self._place = slice(start, start + self.width)
        self._key = start + self._names.index(_key(model).attname)
        self._readers = [(place, reader) for place, field in enumerate(fields) for reader in _readers(field)]

    def read(self, known: dict[int, M], row: Sequence[Any]) -> M:
        """The instance that a row holds: the one among `known` that has its key, else a new one."""
        key = row[self._key]
        if key not in known:
            values = list(row[self._place])
            for place, reader in self._readers:
                values[place] = reader(values[place])
            known[key] = self._model.from_db(connection.alias, self._names, values)
        return known[key]


def _fields(model: type[models.Model]) -> list[Field]:
    return list(model._meta.concrete_fields)


def _key(model: type[models.Model]) -> Field:
    key: Field = model._meta.pk
    return key


def _readers(field: Field) -> list[Callable[[Any], Any]]:
    """What the ORM does with a column's value on the way out."""
    place = Col(field.model._meta.db_table, field)
    converters = [*connection.ops.get_db_converters(place), *field.get_db_converters(connection)]
    return [partial(_converted, converter, place) for converter in converters]


def _converted(converter: Callable[..., Any], place: Col, value: Any) -> Any:
    return converter(value, place, connection)


def _json(rows: Sequence[Any], fields: Sequence[Field]) -> str:
    columns = [(field.column, field.attname, _writer(field, connection.vendor)) for field in fields]
    return json.dumps(
        [{column: write(getattr(row, name)) for column, name, write in columns} for row in rows], ensure_ascii=False
    )


@cache
def _writer(field: Field, vendor: str) -> Callable[[Any], Any]:
    """What the ORM does with a column's value on the way in, as far as JSON goes."""
    kept = field.target_field if isinstance(field, models.ForeignKey) else field
    if isinstance(kept, PLAIN) or (isinstance(kept, models.JSONField) and vendor == "postgresql"):
        return lambda value: value
    if type(kept) in (models.CharField, models.TextField):  # the usual ones, without the ORM's detours
        return _text
    if type(kept) is models.DateTimeField:
        return lambda value: None if value is None else str(connection.ops.adapt_datetimefield_value(value))

    def write(value: Any) -> Any:
        prepared = kept.get_db_prep_save(value, connection)
        as_text = AS_TEXT.get(type(prepared))
        return as_text(prepared) if as_text else prepared

    return write


def _text(value: Any) -> str | None:
    text = None if value is None else str(value)
    if text and "\0" in text:  # SQLite would cut it off there and say nothing; PostgreSQL takes none
        raise DataError("a text can't hold the character NUL")
    return text


@cache
def _insert(model: type[models.Model], fields: tuple[Field, ...], ignore_conflicts: bool, vendor: str) -> str:
    names = ", ".join(f'"{field.column}"' for field in fields)
    values = ", ".join(_value(field, vendor) for field in fields)
    # SQLite would take ON CONFLICT for the condition of a join where the SELECT has no WHERE.
    rest = "WHERE true ON CONFLICT DO NOTHING" if ignore_conflicts else ""
    return f'INSERT INTO "{model._meta.db_table}" ({names}) SELECT {values} FROM {_rows(fields, vendor)} {rest}'  # noqa: S608  names of ours


@cache
def _update(model: type[models.Model], fields: tuple[Field, ...], vendor: str) -> str:
    key, *others = fields
    table, same = f'"{model._meta.db_table}"', _value(key, vendor)
    values = ", ".join(f'"{field.column}" = {_value(field, vendor)}' for field in others)
    return f'UPDATE {table} SET {values} FROM {_rows(fields, vendor)} WHERE {table}."{key.column}" = {same}'  # noqa: S608  names of ours


def _rows(fields: Sequence[Field], vendor: str) -> str:
    if vendor == "postgresql":
        columns = ", ".join(f'"{field.column}" {_type(field)}' for field in fields)
        return f"json_to_recordset(%s) AS r({columns})"
    return "json_each(%s) AS r"


def _type(field: Field) -> str:
    kept = field.target_field if isinstance(field, models.ForeignKey) else field
    return str(kept.rel_db_type(connection) if kept.primary_key else kept.db_type(connection))


def _value(field: Field, vendor: str) -> str:
    column = f'"{field.column}"'
    return f"r.{column}" if vendor == "postgresql" else f"json_extract(r.value, '$.{column}')"
