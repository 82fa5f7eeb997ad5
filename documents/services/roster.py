"""The roster of service recipients: checked row by row, kept encrypted, shown masked (R7, R8, R17)."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.identity import holds_unseen
from accounts.models import User
from accounts.rules import is_office, not_own_unit, of_the_unit, require
from accounts.spelling import in_sight, marks_in, person_key, spelled_name, spelled_phone
from audit.services import log
from audit.verbs import Verb
from common import clock
from common.encryption import fingerprint
from common.errors import DomainError, require_reason
from common.tables.heads import TableRow
from documents.models import RosterEntry, RosterWaiver, new_salt
from scoring.engine.draw import commitment
from scoring.models import ScoreSheet

MOBILE = re.compile(r"1[3-9]\d{9}", re.ASCII)
LANDLINE = re.compile(r"0\d{2,3}\d{7,8}", re.ASCII)
LONGEST_NAME = 40
# Category, name, phone, and a mail address for whoever has one: what may stand over each.
COLUMNS = (
    frozenset({"类别", "类型", "人员类别", "对象类别", "category"}),
    frozenset({"姓名", "名字", "name"}),
    frozenset({"电话", "手机", "手机号", "手机号码", "电话号码", "联系电话", "联系方式", "phone", "mobile"}),
    frozenset({"邮箱", "电子邮箱", "电子邮件", "邮件地址", "邮箱地址", "mail", "email", "e-mail"}),
)
NEEDED = 3  # the columns without which there is no person
MOST_ERRORS = 50


@dataclass(frozen=True)
class Person:
    """A row of the roster that is right."""

    category: str
    name: str
    phone: str
    mail: str = ""

    @property
    def fingerprint(self) -> str:
        """Finds the same person twice without reading anybody."""
        return fingerprint(person_key(self.name, self.phone))


class RosterError(DomainError):
    """Rows of a roster are wrong; `problems` says which and why, one text each."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__(
            _("Nothing was stored: %(count)d problems. Please correct these rows.") % {"count": len(problems)},
            field="rows",
        )
        self.problems = list(problems)[:MOST_ERRORS]


def people_of(rows: Sequence[TableRow], categories: Sequence[str]) -> list[Person]:
    """The people of a table; raises RosterError naming every row that is wrong."""
    problems: list[str] = []
    people: list[Person] = []
    first_at: dict[str, int] = {}
    mail_at: dict[str, int] = {}
    for row in rows:
        try:
            person = _person(row, categories)
        except ValueError as problem:
            problems.append(_("Row %(row)d: %(problem)s") % {"row": row.number, "problem": problem})
            continue
        before = first_at.setdefault(person.fingerprint, row.number)
        if before != row.number:
            problems.append(
                _("Row %(row)d: the same person stands in row %(before)d.") % {"row": row.number, "before": before}
            )
        same_mail = mail_at.setdefault(person.mail.casefold(), row.number) if person.mail else row.number
        if same_mail != row.number:
            problems.append(
                _("Row %(row)d: row %(before)d has the same mail address; each person needs their own.")
                % {"row": row.number, "before": same_mail}
            )
        people.append(person)
    if not rows:
        problems.append(_("There is no row with a category, a name and a phone number."))
    if problems:
        raise RosterError(problems)
    return people


def _person(row: TableRow, categories: Sequence[str]) -> Person:
    if len(row.cells) < NEEDED:
        raise ValueError(_("three columns are needed: category, name, phone."))
    category, name = _category(row.cells[0], categories), spelled_name(row.cells[1])
    if not name:
        raise ValueError(_("the name is missing."))
    if len(name) > LONGEST_NAME:
        raise ValueError(_("“%(word)s…” is too long.") % {"word": name[:20]})
    if holds_unseen(name):
        marks = "、".join(marks_in(name))
        raise ValueError(
            _("the name holds marks that can't be seen and turn its letters round (%(marks)s); please type it anew.")
            % {"marks": marks}
        )
    mail = _mail(row.first(len(COLUMNS))[NEEDED])
    return Person(category=category, name=name, phone=read_phone(row.cells[2]), mail=mail)


def _mail(typed: str) -> str:
    """A mail address, or empty; ValueError for other words, which nothing keeps: a remark has a head of its own."""
    mail = spelled_name(typed)
    if not mail:
        return ""
    try:
        validate_email(mail)
    except ValidationError:
        text = _(
            "“%(typed)s” is no mail address; leave it out, or set a head over each column, such as 备注 for remarks."
        )
        raise ValueError(text % {"typed": in_sight(typed)}) from None
    return mail


def _category(typed: str, categories: Sequence[str]) -> str:
    """The category as the scheme writes it; quotation marks and spaces do not matter."""
    known = {_folded(category): category for category in categories}
    category = known.get(_folded(typed))
    if category is None and categories:
        raise ValueError(
            _("“%(typed)s” is none of the categories: %(known)s.") % {"typed": typed, "known": "、".join(categories)}
        )
    return category or spelled_name(typed)


def _folded(text: str) -> str:
    return re.sub(r"[\s“”\"'‘’]", "", spelled_name(text))


def read_phone(typed: str) -> str:
    """A mainland mobile or landline number as digits; ValueError says what is wrong."""
    digits = spelled_phone(typed)
    if MOBILE.fullmatch(digits) or LANDLINE.fullmatch(digits):
        return digits
    raise ValueError(
        _("“%(typed)s” is no mobile number of 11 digits and no landline number with its area code.")
        % {"typed": in_sight(typed)}
    )


def rows_with_marks(rows: Sequence[TableRow]) -> list[int]:
    """The numbers of the rows in whose names or phones marks stand that can't be seen and are left out."""
    return [row.number for row in rows if any(marks_in(cell) for cell in row.cells[1 : len(COLUMNS)])]


def same_people(sheet: ScoreSheet) -> dict[str, int]:
    """Who stands in a roster once more than above: opaque id → row; nobody in a roster read by these rules.

    One that was kept before them may still hold the same person spelled in two ways, who could be drawn twice (R8).
    """
    keys: set[str] = set()
    doubles: dict[str, int] = {}
    for person in sheet.roster.all():
        key = person_key(person.name, person.phone)
        if key in keys:
            doubles[person.opaque_id] = person.position
        keys.add(key)
    return doubles


def replace_roster(*, sheet: ScoreSheet, rows: Sequence[TableRow], by: User) -> int:
    """Put a whole new roster in place of the one before, all rows or none; returns how many people it has.

    Raises what `people_for` raises.
    """
    return put_roster(sheet=sheet, people=people_for(sheet=sheet, rows=rows), by=by)


def people_for(*, sheet: ScoreSheet, rows: Sequence[TableRow]) -> list[Person]:
    """The people of a table for the roster of a sheet, to be asked before any lock is taken; nothing is written.

    Raises RosterError naming every row that is wrong; DomainError where the track wants no roster: nobody's data is
    kept without need (R17).
    """
    recipients = sheet.rules.recipients
    if recipients is None:
        raise DomainError(_("No roster is wanted of this unit."))
    return people_of(rows, recipients.categories)


def entry_of(person: Person, *, sheet: ScoreSheet, position: int) -> RosterEntry:
    """A person as they are kept, not yet written: with a salt of their own, and the commitment that is made with it."""
    salt = new_salt()
    return RosterEntry(
        sheet=sheet,
        category=person.category,
        name=person.name,
        phone=person.phone,
        mail=person.mail,
        salt=salt,
        commitment=commitment(person.name, person.phone, bytes.fromhex(salt)),
        fingerprint=person.fingerprint,
        position=position,
    )


@transaction.atomic
def put_roster(*, sheet: ScoreSheet, people: Sequence[Person], by: User) -> int:
    """Put these people in place of the roster before; returns how many they are."""
    require(by, of_the_unit, sheet)
    RosterEntry.objects.filter(sheet=sheet).update(replaced_at=clock.now())
    RosterEntry.objects.bulk_create(
        entry_of(person, sheet=sheet, position=position) for position, person in enumerate(people, start=1)
    )
    log(Verb.ROSTER_REPLACED, sheet, by=by, data={"people": len(people)})
    return len(people)


@transaction.atomic
def waive_roster(*, sheet: ScoreSheet, by: User, reason: str) -> None:
    """Let a roster pass that is smaller than the sample, by the office's decision (R8). A second call changes nothing.

    Raises DomainError without a reason, or where the track wants no roster.
    """
    require_reason(reason, field="reason")
    require(by, is_office & not_own_unit, sheet)
    if sheet.rules.recipients is None:
        raise DomainError(_("No roster is wanted of this unit."))
    _waiver, made = RosterWaiver.objects.get_or_create(
        sheet=sheet, defaults={"reason": reason.strip(), "waived_by": by, "waived_at": clock.now()}
    )
    if made:
        log(Verb.ROSTER_WAIVED, sheet, by=by, why=reason.strip())


@dataclass(frozen=True)
class MaskedPerson:
    """A person of a roster as they may be shown: `张*`, `139****0001`; once forgotten, that they are."""

    position: int
    category: str
    name: str
    phone: str


def masked(entries: Sequence[RosterEntry]) -> list[MaskedPerson]:
    """The people as they may be shown."""
    return [
        MaskedPerson(person.position, person.category, mask_name(person.name), mask_phone(person.phone))
        if person.forgotten_at is None
        else MaskedPerson(person.position, person.category, _("deleted"), _("deleted"))
        for person in entries
    ]


def mask_name(name: str) -> str:
    """The first character, the rest starred."""
    return name[:1] + "*" * max(len(name) - 1, 1)


def mask_phone(phone: str) -> str:
    """The first three and the last four digits."""
    return f"{phone[:3]}****{phone[-4:]}"


def counts_by_category(sheet: ScoreSheet) -> list[tuple[str, int]]:
    """How many people each category of the scheme has, in the scheme's order, others after them."""
    counted = Counter(sheet.roster.values_list("category", flat=True))
    recipients = sheet.rules.recipients
    wanted = list(recipients.categories) if recipients else []
    return [(category, counted.pop(category, 0)) for category in wanted] + sorted(counted.items())
