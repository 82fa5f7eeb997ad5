"""Screening what recipients wrote: released or withheld, each once, before anybody else reads it (R17)."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actors import actor_of
from accounts.models import User
from accounts.rules import is_office, require
from audit.services import event, log_all
from audit.verbs import Verb
from common.errors import DomainError
from common.saving import Saved
from scoring.models import Comment, ScoreSheet
from scoring.rules import none_of_own


@dataclass(frozen=True)
class Screening:
    """What becomes of a comment: it may be read, or it is withheld with a reason."""

    is_visible: bool
    why: str = ""


@transaction.atomic
def screen_comments(*, decisions: Mapping[UUID, Screening], by: User) -> Saved[UUID]:
    """Release or withhold comments, each that can be. Refused at its comment is what is screened already, what is about
    the person's own unit, and a comment withheld without a reason.

    The record says of each unit how many were released and withheld, and why; never what they say.
    """
    actor, saved = actor_of(by), Saved[UUID]()
    require(actor, is_office)
    rows = Comment.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=decisions).order_by("pk")
    comments = {comment.pk: comment for comment in rows.select_related("sheet__unit", "sheet__cycle")}
    for key, decision in decisions.items():
        with saved.refusing(key):
            comment = comments.get(key)
            if comment is None or comment.is_visible is not None:
                raise DomainError(_("This comment has been screened meanwhile."))
            require(actor, none_of_own, comment.sheet)
            if not decision.is_visible and not decision.why.strip():
                raise DomainError(_("Please give the reason."))
            comment.is_visible, comment.withheld_why, comment.screened_by = (
                decision.is_visible,
                decision.why.strip(),
                by,
            )
            saved.saved.add(key)
    screened = [comments[key] for key in saved.saved]
    Comment.objects.bulk_update(screened, ["is_visible", "withheld_why", "screened_by"])
    _record(screened, by)
    return saved


def _record(screened: list[Comment], by: User) -> None:
    of_sheet: Mapping[ScoreSheet, list[Comment]] = defaultdict(list)
    for comment in screened:
        of_sheet[comment.sheet].append(comment)
    log_all(
        event(
            Verb.COMMENTS_SCREENED,
            sheet,
            by=by,
            why="；".join(sorted({comment.withheld_why for comment in comments if comment.withheld_why})),
            data={
                "released": sum(comment.is_visible is True for comment in comments),
                "withheld": sum(comment.is_visible is False for comment in comments),
            },
        )
        for sheet, comments in sorted(of_sheet.items(), key=lambda item: item[0].pk)
    )
