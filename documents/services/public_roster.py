"""The public side of a roster: opaque ids and commitments, fixed and published before a seed exists (contract 4)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db.models import QuerySet
from django.db.models.fields.json import KeyTransform
from django.utils.translation import gettext as _

from audit.services import event, log_all
from audit.verbs import Verb
from common import clock
from common.language import in_house_language
from common.rows import Prepared, ask
from documents.models import RosterEntry, Submission
from scoring.engine.categories import categories_csv
from scoring.engine.draw import roster_csv, roster_sha256
from scoring.models import PublicRoster, ScoreSheet


def fix_rosters(
    sheets: Iterable[ScoreSheet], *, left_out: Mapping[int, Collection[str]] | None = None, why: str = ""
) -> list[PublicRoster]:
    """Fix the public rosters of sheets as they were handed in last; those in force (a fixed number of statements).

    The caller holds what guards the sheets. People `left_out` (sheet id → opaque ids) don't take part. A roster that
    stands as it is stays; another takes the place of the one before, which says `why`. Nobody is decrypted: the sealed
    submission has the commitments.
    """
    wanted = {sheet.pk: sheet for sheet in sheets if sheet.rules.recipients is not None}
    if not wanted:
        return []
    keys = tuple(wanted)
    people, submissions, in_force = ask(_people(keys), _submissions(keys), _in_force(keys))
    made = _as_handed_in(submissions, _categories(people), left_out or {})
    standing = {roster.sheet_id: roster for roster in in_force}
    new = [roster for key, roster in made.items() if key not in standing or standing[key].sha256 != roster.sha256]
    replaced = [standing[roster.sheet_id].pk for roster in new if roster.sheet_id in standing]
    if replaced:
        PublicRoster.objects.filter(pk__in=replaced).update(
            superseded_at=clock.now(), superseded_why=why or _handed_in_anew()
        )
    PublicRoster.objects.bulk_create(new)
    log_all(
        event(Verb.ROSTER_FIXED, wanted[roster.sheet_id], by=None, why=why, data={"sha256": roster.sha256})
        for roster in new
    )
    return list((standing | {roster.sheet_id: roster for roster in new}).values())


def _handed_in_anew() -> str:
    with in_house_language():
        return _("The materials were handed in anew.")


@Prepared
def _people(sheets: tuple[int, ...]) -> QuerySet[RosterEntry, Any]:
    return RosterEntry.every.filter(sheet__in=sheets).order_by().values_list("sheet", "opaque_id", "category")


@Prepared
def _submissions(sheets: tuple[int, ...]) -> QuerySet[Submission, Any]:
    # By its name ("body__roster") Django would keep hold, in a circle, of all that called it.
    roster = KeyTransform("roster", "body")
    return Submission.objects.filter(sheet__in=sheets).order_by("sheet_id", "number").values_list("sheet", roster)


@Prepared
def _in_force(sheets: tuple[int, ...]) -> QuerySet[PublicRoster]:
    return PublicRoster.objects.filter(sheet__in=sheets, superseded_at=None)


def _as_handed_in(
    submissions: Iterable[tuple[int, list[tuple[str, str]]]],
    categories: Mapping[int, Mapping[str, str]],
    left_out: Mapping[int, Collection[str]],
) -> dict[int, PublicRoster]:
    """The public rosters, not yet written, that the last submissions of sheets give."""
    now = clock.now()
    made: dict[int, PublicRoster] = {}
    for key, sealed in submissions:
        rows = [(opaque_id, digest) for opaque_id, digest in sealed if opaque_id not in left_out.get(key, ())]
        named = {opaque_id: categories[key][opaque_id] for opaque_id, _digest in rows}
        made[key] = PublicRoster(
            sheet_id=key,
            sha256=roster_sha256(rows),
            content=roster_csv(rows),
            categories=categories_csv(named),
            fixed_at=now,
        )
    return made


def _categories(people: Iterable[tuple[int, str, str]]) -> dict[int, dict[str, str]]:
    """Sheet id → opaque id → category."""
    categories: dict[int, dict[str, str]] = defaultdict(dict)
    for key, opaque_id, category in people:
        categories[key][opaque_id] = category
    return categories
