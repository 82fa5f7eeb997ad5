"""Rows read and written in sets, in few trips: what the ORM does one by one, for the tables where that counts.

Columns and their types come from the models' `_meta`. What is written travels as one JSON text for each statement,
which PostgreSQL (`json_to_recordset`) and SQLite (`json_each`) unfold. Instances are real ones, but neither their
`__init__` nor `save` is called, and no signal is sent.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Sized
from copy import copy
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache, partial
from itertools import count
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar
from uuid import UUID
from weakref import WeakKeyDictionary

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, DataError, connection, models
from django.db.models.base import ModelState
from django.db.models.expressions import Col
from django.db.models.query import ModelIterable
from django.db.models.sql.compiler import SQLCompiler

from common.narrow import known

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
NUL = "\\u0000"  # as JSON writes the character NUL
FEW = 8  # values; a statement about more comes in too many forms to be kept, and takes longer than its planning
MOST_KEPT = 200  # statements of a connection to PostgreSQL
_KEPT: WeakKeyDictionary[Any, dict[str, str]] = WeakKeyDictionary()  # connection → statement → its name there
_NUMBERS = count(1)


def new(model: type[M], **columns: Any) -> M:
    """A row that is not written yet, with the defaults of what is not named; of a relation its row or its key.

    Its columns are named as attributes are: `sheet=sheet` or `sheet_id=12`.
    """
    fixed, called, relations = _defaults(model)
    instance = model.__new__(model)
    instance._state = state = ModelState()
    for name in columns.keys() & relations.keys():
        row = state.fields_cache[name] = columns.pop(name)
        columns[relations[name]] = None if row is None else row.pk
    values = fixed | columns
    if len(values) > len(fixed):
        raise TypeError(f"{model.__name__} has no column {', '.join(columns.keys() - fixed.keys())}")
    for name in called.keys() - columns.keys():
        values[name] = called[name]()
    instance.__dict__.update(values)
    return instance


class Statement(NamedTuple):
    """SQL with its values; `again` where it comes again and again in this form: PostgreSQL keeps how it is done."""

    sql: str
    params: Sequence[Any] = ()
    again: bool = True


@dataclass(frozen=True)
class Ready:
    """A query as a statement with its values; None where the ORM knows that nothing can match."""

    query: models.QuerySet[Any, Any]
    compiler: SQLCompiler
    question: Statement | None

    def read(self, rows: list[Sequence[Any]]) -> list[Any]:
        """What was answered, as the query gives it."""
        values = self.compiler.results_iter([rows], tuple_expected=True)
        return _as_asked(self.query, values)


def ask(*queries: models.QuerySet[Any, Any] | Ready) -> list[list[Any]]:
    """What several queries give, in one trip where the database takes several: instances, or tuples of a `values_list`.

    A query for instances brings what `select_related` names of its own relations, and nothing beyond these.
    """
    asked = [query if isinstance(query, Ready) else _ready(query) for query in queries]
    answers = iter(fetch(*(each.question for each in asked if each.question)))
    return [each.read(next(answers)) if each.question else [] for each in asked]


def _ready(query: models.QuerySet[Any, Any]) -> Ready:
    compiler = _as_values(query).query.get_compiler(connection.alias)
    try:
        sql, params = compiler.as_sql()
        return Ready(query, compiler, Statement(sql, params, again=False))
    except EmptyResultSet:
        return Ready(query, compiler, None)


class Prepared:
    """A query that is asked again and again, and that the ORM writes once: it takes longer to write than to answer.

    `write` makes it of whole numbers, instants, words, or tuples of these, which change its conditions and not its
    form, but for how many a tuple holds; its results are as `ask` gives them. Of long tuples, which are rare and cost
    more than the writing, nothing is kept.
    """

    MOST = 20  # values in a tuple

    def __init__(self, write: Callable[..., models.QuerySet[Any, Any]]) -> None:
        self._write = write
        self._written: dict[tuple[object, ...], tuple[Ready, list[int | None]]] = {}

    def forget(self) -> None:
        """Have the ORM write it again when it is asked next."""
        self._written.clear()

    def __call__(self, *values: Any) -> Ready:
        """The query for these values."""
        lengths = [len(value) if isinstance(value, tuple) else 0 for value in values]
        if max(lengths) > self.MOST:
            return _ready(self._write(*values))
        form = (connection.vendor, *lengths)
        if form not in self._written:
            self._written[form] = self._with_samples(values)
        written, places = self._written[form]
        sql, constants, _again = known(written.question)
        given = [_as_param(value) for value in _flat(values)]
        params = [
            constant if place is None else given[place] for constant, place in zip(constants, places, strict=True)
        ]
        compiler = copy(written.compiler)
        compiler.connection = connection
        return Ready(written.query, compiler, Statement(sql, params))

    def _with_samples(self, values: Sequence[Any]) -> tuple[Ready, list[int | None]]:
        """The query as it is written for values that stand nowhere else, and the places in it that take each."""
        numbers = iter(range(len(_flat(values))))
        samples = [
            tuple(_sample(next(numbers), part) for part in value)
            if isinstance(value, tuple)
            else _sample(next(numbers), value)
            for value in values
        ]
        ready = _ready(self._write(*samples))
        params = known(ready.question).params
        stand_for = {_as_param(sample): number for number, sample in enumerate(_flat(samples))}
        places = [stand_for.get(param) for param in params]
        if set(places) - {None} != set(stand_for.values()):
            raise ValueError(f"{self._write.__name__} does not ask for each of its values")
        return ready, places


def _sample(number: int, like: object) -> Any:
    if isinstance(like, datetime):
        return datetime(1000, 1, 1, tzinfo=UTC) + timedelta(days=number)
    return f"sample {number}" if isinstance(like, str) else 9_000_000_000_000 + number


def _flat(values: Iterable[Any]) -> list[Any]:
    return [part for value in values for part in (value if isinstance(value, tuple) else (value,))]


def _as_param(value: Any) -> Any:
    """A value as a statement takes it."""
    return connection.ops.adapt_datetimefield_value(value) if isinstance(value, datetime) else value


def instances(query: models.QuerySet[M]) -> list[M]:
    """What one query gives: a fifth of the time that the ORM needs for it."""
    (rows,) = ask(query)
    return rows


def _wants_instances(query: models.QuerySet[Any, Any]) -> bool:
    return issubclass(query._iterable_class, ModelIterable)


def _brought(query: models.QuerySet[Any, Any]) -> list[Any]:
    """The relations whose rows come with those of a query for instances."""
    named = query.query.select_related
    return [query.model._meta.get_field(name) for name in named] if isinstance(named, dict) else []


def _as_values(query: models.QuerySet[Any, Any]) -> models.QuerySet[Any, Any]:
    if not _wants_instances(query):
        return query
    others = [f"{field.name}__{name}" for field in _brought(query) for name in _names(field.related_model)]
    return query.select_related(None).values_list(*_names(query.model), *others)


def _as_asked(query: models.QuerySet[Any, Any], rows: Iterable[Sequence[Any]]) -> list[Any]:
    if not _wants_instances(query):
        return list(rows)
    names, brought = _names(query.model), _brought(query)
    instances = []
    for row in rows:
        instance, rest = _read(query.model, names, row[: len(names)]), row[len(names) :]
        for field in brought:
            own = _names(field.related_model)
            other = _read(field.related_model, own, rest[: len(own)])
            field.set_cached_value(instance, other if other.pk is not None else None)
            rest = rest[len(own) :]
        instances.append(instance)
    return instances


def fetch(*questions: Statement) -> list[list[Any]]:
    """What each of these statements gives, asked one after the other, in one trip where the database takes several.

    Each sees what was committed before it began, whatever the one before it has waited for.
    """
    answers = []
    for cursor in _sent(questions):
        if cursor.description:
            answers.append(cursor.fetchall())
        while connection.vendor == "postgresql" and cursor.nextset():
            if cursor.description:
                answers.append(cursor.fetchall())
    return answers


def _sent(statements: Sequence[Statement]) -> Iterator[Any]:
    """The cursor after each trip: PostgreSQL takes several statements at once, bound by the client (Django's default).

    What it keeps is only named to it, since planning a statement about one unit takes longer than doing it.
    """
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            for statement in statements:
                cursor.execute(statement.sql, statement.params)
                yield cursor
        elif statements:
            kept, names = _KEPT.setdefault(connection.connection, {}), dict[str, str]()
            text = ";\n".join(_named(statement, kept, names) for statement in statements)
            cursor.execute(text, [param for statement in statements for param in statement.params])
            kept |= names
            yield cursor


def _named(statement: Statement, kept: Mapping[str, str], names: dict[str, str]) -> str:
    """A statement as PostgreSQL is told it: by the name of what it keeps, which it is given first among new `names`.

    A name is never given twice: what becomes of a trip that fails on its way is not known. Behind a pool the next
    transaction may have another server's connection, which keeps something else.
    """
    sql, params, again = statement
    lent = connection.settings_dict["DISABLE_SERVER_SIDE_CURSORS"]
    if not again or lent or len(params) > FEW:
        return sql
    name, first = kept.get(sql) or names.get(sql), ""
    if name is None:
        if len(kept) + len(names) >= MOST_KEPT:
            return sql
        name = names[sql] = f"kept_{next(_NUMBERS)}"
        numbers = count(1)
        first = f"PREPARE {name} AS " + re.sub("%s", lambda _place: f"${next(numbers)}", sql) + ";\n"
    return f"{first}EXECUTE {name}" + (f"({places(params)})" if params else "")


class Batch:
    """Statements that are sent together, in the order in which they were given; the caller is in a transaction."""

    def __init__(self) -> None:
        self._statements: list[Statement] = []

    def insert(self, rows: Sequence[models.Model], *, ignore_conflicts: bool = False) -> None:
        """Insert rows of one model, in their order; those without a key get one, those with one keep it."""
        if rows:
            fields = tuple(field for field in _fields(type(rows[0])) if not field.primary_key or rows[0].pk is not None)
            self.run(_insert(type(rows[0]), fields, ignore_conflicts, connection.vendor), _json(rows, fields))

    def insert_for_each(self, keys: Sequence[int], of: str, rows: Sequence[models.Model]) -> None:
        """Insert these rows once for each of the keys, which their foreign key `of` takes in its turn."""
        if rows and keys:
            model = type(rows[0])
            fields = tuple(field for field in _fields(model) if not field.primary_key and field.name != of)
            sql = _insert_for_each(model, model._meta.get_field(of), fields, connection.vendor)
            self.run(sql, json.dumps(keys), _json(rows, fields))

    def update(self, model: type[models.Model], rows: Sequence[Any], names: Sequence[str]) -> None:
        """Update these columns of rows, by their keys; a row is anything that has the attributes."""
        if rows:
            fields = (_key(model), *(field for field in _fields(model) if field.name in names))
            self.run(_update(model, fields, len(rows) == 1, connection.vendor), _json(rows, fields))

    def run(self, sql: str, *params: Any) -> None:
        """Any other statement that writes."""
        self._statements.append(Statement(sql, params))

    def send(self) -> None:
        """Send what was given: in one trip where the database takes several statements at once."""
        statements, self._statements = self._statements, []
        for _cursor in _sent(statements):
            continue


def places(values: Sized) -> str:
    """The places of so many values in a statement's `IN (…)`."""
    return ", ".join(["%s"] * len(values))


def next_keys(model: type[models.Model], count: int) -> list[int]:
    """Keys for rows that are inserted later in this transaction; asked once for all of a model's rows.

    SQLite gives the same keys again until they are used: its transactions begin with the write lock (IMMEDIATE).
    """
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"SELECT {_next_key(model)} FROM generate_series(1, %s)", [count])  # noqa: S608  names of ours
            return [key for (key,) in cursor.fetchall()]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [model._meta.db_table])
        last = (cursor.fetchone() or (0,))[0]
    return list(range(last + 1, last + 1 + count))


def keys_at_hand(model: type[models.Model], count: int) -> str:
    """A column that gives so many keys of `next_keys` with each row that is read; none on SQLite, which has no trips.

    Whoever needs none leaves a gap.
    """
    if connection.vendor == "postgresql":
        return f"ARRAY[{', '.join([_next_key(model)] * count)}]"
    return "''"


def _next_key(model: type[models.Model]) -> str:
    table, column = f'"{model._meta.db_table}"', _key(model).column
    return f"nextval((SELECT pg_get_serial_sequence('{table}', '{column}')))"


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
            known[key] = _read(self._model, self._names, values)
        return known[key]


def _read(model: type[M], names: Sequence[str], values: Sequence[Any]) -> M:
    """An instance of what was read, as `from_db` makes it."""
    instance = model.__new__(model)
    instance._state = state = ModelState()
    state.adding, state.db = False, DEFAULT_DB_ALIAS
    instance.__dict__.update(zip(names, values, strict=True))
    return instance


def _names(model: type[models.Model]) -> list[str]:
    return [field.attname for field in _fields(model)]


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


@cache
def _defaults(model: type[models.Model]) -> tuple[dict[str, Any], dict[str, Callable[[], Any]], dict[str, str]]:
    """What stands in each attribute where nothing is said, as one value for all rows or as what makes one for each.

    Besides, the attribute in which each relation keeps its key.
    """
    fields = _fields(model)
    called = {field.attname: field.get_default for field in fields if callable(field.default) and field.has_default()}
    fixed = {field.attname: field.get_default() for field in fields if field.attname not in called}
    return fixed | dict.fromkeys(called), called, {field.name: field.attname for field in fields if field.is_relation}


def _json(rows: Sequence[Any], fields: Sequence[Field]) -> str:
    """Rows as one text; a row that is no model has the attributes of its columns in some other way."""
    names, columns = [field.attname for field in fields], [field.column for field in fields]
    texts = [field.column for field in fields if _is_text(field)]
    written = [(field.column, write) for field in fields if (write := _writer(field, connection.vendor)) is not None]
    records = []
    for row in rows:
        known = row.__dict__
        try:
            values = [known[name] for name in names]
        except KeyError:
            values = [getattr(row, name) for name in names]
        record = dict(zip(columns, values, strict=True))
        for column in texts:
            if (value := record[column]).__class__ is not str and value is not None:
                record[column] = str(value)
        for column, write in written:
            if (value := record[column]) is not None:
                record[column] = write(value)
        records.append(record)
    text = json.dumps(records, ensure_ascii=False)
    if NUL in text and any("\0" in (record[column] or "") for record in records for column in texts):
        # SQLite would cut it off there and say nothing; PostgreSQL takes none
        raise DataError("a text can't hold the character NUL")
    return text


def _target(field: Field) -> Field:
    return field.target_field if isinstance(field, models.ForeignKey) else field


def _is_text(field: Field) -> bool:
    """Whether a column holds a usual text, which needs none of the ORM's detours."""
    return type(_target(field)) in (models.CharField, models.TextField)


@cache
def _writer(field: Field, vendor: str) -> Callable[[Any], Any] | None:
    """What the ORM does with a column's value on the way in, as far as JSON goes; None where that is nothing."""
    kept = _target(field)
    if isinstance(kept, PLAIN) or _is_text(field) or (isinstance(kept, models.JSONField) and vendor == "postgresql"):
        return None
    if type(kept) is models.DateTimeField:
        return str if vendor == "postgresql" else lambda value: str(connection.ops.adapt_datetimefield_value(value))

    def write(value: Any) -> Any:
        prepared = kept.get_db_prep_save(value, connection)
        as_text = AS_TEXT.get(type(prepared))
        return as_text(prepared) if as_text else prepared

    return write


@cache
def _insert(model: type[models.Model], fields: tuple[Field, ...], ignore_conflicts: bool, vendor: str) -> str:
    names = ", ".join(f'"{field.column}"' for field in fields)
    values = ", ".join(_value(field, vendor) for field in fields)
    # SQLite would take ON CONFLICT for the condition of a join where the SELECT has no WHERE.
    rest = "WHERE true ON CONFLICT DO NOTHING" if ignore_conflicts else ""
    return f'INSERT INTO "{model._meta.db_table}" ({names}) SELECT {values} FROM {_rows(fields, vendor)} {rest}'  # noqa: S608  names of ours


@cache
def _insert_for_each(model: type[models.Model], key: Field, fields: tuple[Field, ...], vendor: str) -> str:
    names = ", ".join(f'"{field.column}"' for field in (key, *fields))
    values = ", ".join(_value(field, vendor) for field in fields)
    if vendor == "postgresql":
        columns = ", ".join(f'"{field.column}" {_type(field)}' for field in fields)
        keys, order = "json_array_elements_text(%s) WITH ORDINALITY AS k(value, place)", "k.place, r.place"
        rows = (
            f"ROWS FROM (json_to_recordset(%s) AS ({columns})) WITH ORDINALITY AS r({names.split(', ', 1)[1]}, place)"
        )
    else:
        keys, order, rows = "json_each(%s) AS k", "k.key, r.key", "json_each(%s) AS r"
    value = f"CAST(k.value AS {_type(key)})"
    return (
        f'INSERT INTO "{model._meta.db_table}" ({names}) SELECT {value}, {values}'  # noqa: S608  names of ours
        f" FROM {keys} CROSS JOIN {rows} ORDER BY {order}"
    )


@cache
def _update(model: type[models.Model], fields: tuple[Field, ...], is_one: bool, vendor: str) -> str:
    key, *others = fields
    table, same = f'"{model._meta.db_table}"', _value(key, vendor)
    values = ", ".join(f'"{field.column}" = {_value(field, vendor)}' for field in others)
    rows = _rows(fields, vendor)
    if is_one:  # PostgreSQL takes any JSON for a hundred rows, and would read a small table whole
        rows = f"(SELECT * FROM {rows} LIMIT 1) AS r"  # noqa: S608  names of ours
    return f'UPDATE {table} SET {values} FROM {rows} WHERE {table}."{key.column}" = {same}'  # noqa: S608  names of ours


def _rows(fields: Sequence[Field], vendor: str) -> str:
    if vendor == "postgresql":
        columns = ", ".join(f'"{field.column}" {_type(field)}' for field in fields)
        return f"json_to_recordset(%s) AS r({columns})"
    return "json_each(%s) AS r"


def _type(field: Field) -> str:
    kept = _target(field)
    return str(kept.rel_db_type(connection) if kept.primary_key else kept.db_type(connection))


def _value(field: Field, vendor: str) -> str:
    column = f'"{field.column}"'
    return f"r.{column}" if vendor == "postgresql" else f"json_extract(r.value, '$.{column}')"
