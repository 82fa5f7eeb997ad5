"""Points and counts that departments give after review (R5), saved as they are typed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum, auto
from typing import Any

from django.utils.translation import gettext as _
from viewflow.workflow.status import STATUS

from accounts.actors import Actor, actor_of
from accounts.models import Role, User
from accounts.rules import require
from common import clock
from common.errors import DomainError
from common.saving import Saved
from scoring.engine.basis import Basis
from scoring.engine.numbers import points
from scoring.engine.track import Part, TrackRules
from scoring.models import LineKind, SheetLine
from scoring.refusals import require_admitted
from workflow.filing.services.claims import Claim, read_basis
from workflow.flow.endings import hold, require_open
from workflow.flow.models import Task
from workflow.flow.rules import reviews
from workflow.review.queries.lines import is_named, limit_of, lines_answered, sum_given

Place = tuple[int, str]  # the key of a review's task, and a field as pages name it, such as `value-1.1`
KEPT_AS = {"value": "reviewed", "note": "review_note"}


class Stays(Enum):
    """Says of a field that it did not come, and stays as it stands."""

    STAYS = auto()


@dataclass(frozen=True, kw_only=True)
class Given:
    """What a reviewer types for a line: points of a part or times of a rule, None to take them back, and the reason.

    Of a part `basis` is what its points come from, as typed, where the department finds otherwise than the unit says.
    """

    value: Decimal | Stays | None = Stays.STAYS
    note: str | Stays = Stays.STAYS
    basis: Sequence[Claim] = ()

    @property
    def typed(self) -> dict[str, Any]:
        """What came, by the name of its field."""
        fields = {"value": self.value, "note": self.note}
        return {name: value for name, value in fields.items() if not isinstance(value, Stays)}

    def places(self, code: str) -> list[str]:
        """The fields that came, as pages name them."""
        return [f"{name}-{code}" for name in self.typed] + [claim.key for claim in self.basis]


@dataclass
class SavedReviews(Saved[Place]):
    """What became of a save, and `sums`: by its key, the points that each review touched gives to its parts by now."""

    sums: dict[int, Decimal] = field(default_factory=dict)


def save_reviews(*, given: Mapping[Task, Mapping[str, Given]], by: User) -> SavedReviews:
    """Save what reviewers type, code → `Given` of each review; the first to type claims the review.

    What is not the department's, lies over its limit or is no whole count is refused at its field; so is every field of
    a review that is over, with its head, or not theirs. Where a level, a measured number or a loss changes, the part's
    points follow, unless others are typed beside it.
    """
    saved, touched, actor = SavedReviews(), set[SheetLine](), actor_of(by)
    with hold(given) as held:
        lines = lines_answered(held.tasks)
        for task in held.tasks:
            try:
                _require_with_reviewers(task, actor)
            except DomainError as error:
                places = [(task.pk, place) for code, line in given[task].items() for place in line.places(code)]
                saved.refused.update(dict.fromkeys(places, str(error.message)))
                continue
            covered = {line.code: line for line in lines[task.pk] if is_named(task, line)}
            changed = _put(task, given[task], covered, saved)
            if changed and task.owner_id is None:
                task.owner, task.status, task.assigned = by, STATUS.ASSIGNED, clock.now()
                task.save(update_fields=["owner", "status", "assigned"])
            touched |= changed
        saved.sums.update({key: sum_given(lines[key]) for key in {key for key, _name in saved.saved}})
        for line in touched:
            line.reviewed_by, line.reviewed_at = by, clock.now()
        SheetLine.objects.bulk_update(touched, [*KEPT_AS.values(), "reviewed_basis", "reviewed_by", "reviewed_at"])
    return saved


def _require_with_reviewers(task: Task, actor: Actor) -> None:
    require_open(task)
    require(actor, reviews, task)
    if task.role != Role.REVIEWER:
        raise DomainError(_("This review is with the department head. Ask for it back to change it."))


def _put(task: Task, given: Mapping[str, Given], lines: Mapping[str, SheetLine], saved: Saved[Place]) -> set[SheetLine]:
    """Set on the lines what is right, and note what is not; the lines that changed."""
    rules, changed = task.process.sheet.rules, set[SheetLine]()
    for code, typed in given.items():
        line = lines.get(code)
        if line is None:
            words = _("Your department does not answer for this part.")
            saved.refused.update({(task.pk, place): words for place in typed.places(code)})
            continue
        before = line.reviewed, line.review_note, line.reviewed_basis
        for name, value in typed.typed.items():
            with saved.refusing((task.pk, f"{name}-{code}")):
                if name == "value":
                    _check(value, line, rules)
                saved.saved.add((task.pk, f"{name}-{code}"))
                setattr(line, KEPT_AS[name], value)
        part = rules.part(code)
        if part is not None and _find(task, line, part, typed.basis, saved) and line.reviewed == before[0]:
            _follow(line, part)
        if (line.reviewed, line.review_note, line.reviewed_basis) != before:
            changed.add(line)
    return changed


def _find(task: Task, line: SheetLine, part: Part, typed: Iterable[Claim], saved: Saved[Place]) -> bool:
    """Set on the line what its points come from as the department finds; whether that is another than before."""
    before = basis = Basis.from_json(line.counted_basis)
    for claim in typed:
        with saved.refusing((task.pk, claim.key)):
            basis = read_basis(part, basis, claim)
            saved.saved.add((task.pk, claim.key))
    if basis != before:
        found = basis.to_json()
        line.reviewed_basis = None if found == line.basis else found
    return basis != before


def _follow(line: SheetLine, part: Part) -> None:
    """Give the points that follow from what the department finds; none follow where a person judges."""
    follows = Basis.from_json(line.counted_basis).points(part)
    if follows is not None:
        line.reviewed = points(follows)


def _check(value: Decimal | None, line: SheetLine, rules: TrackRules) -> None:
    if value is None:
        return
    limit = limit_of(rules, line)
    if value < 0:
        raise DomainError(_("Points can't be negative."))
    if limit is not None and value > limit:
        raise DomainError(_("At most %(limit)s.") % {"limit": limit.normalize().to_eng_string()})
    rule = rules.rule(line.code) if line.code in rules.at_discretion else None
    if rule is not None:
        require_admitted(rule, value)
    elif line.kind == LineKind.RULE and value != value.to_integral_value():
        raise DomainError(_("How many times must be a whole number."))
