"""The board: the list of a track that the leading group reviews and its head signs as one (R12)."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.subjects import Subject
from common import clock
from scoring.models import ScoreSheet, Track


class Board(Subject, models.Model):
    """A version of a track's list. Signed boards are sealed; a later version supersedes them."""

    recorded_kind = "board"

    track = models.ForeignKey(Track, verbose_name=_("track"), on_delete=models.PROTECT, related_name="boards")
    version = models.PositiveSmallIntegerField(_("version"))
    submitted_by = models.ForeignKey(User, verbose_name=_("submitted by"), on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField(_("submitted at"), default=clock.now)
    signed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField(_("signed at"), null=True)
    # The canonical list that was signed, and its digest.
    sealed = models.JSONField(_("sealed list"), null=True)
    sha256 = models.CharField(_("SHA-256"), max_length=64, blank=True)
    superseded_at = models.DateTimeField(_("superseded at"), null=True)

    class Meta:
        ordering = ["track", "-version"]
        verbose_name = _("board")
        verbose_name_plural = _("boards")
        constraints = [
            models.UniqueConstraint(fields=["track", "version"], name="board_version"),
            models.UniqueConstraint(
                fields=["track"], condition=Q(signed_at=None, superseded_at=None), name="board_one_open"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.track} v{self.version}"

    @property
    def recorded_cycle(self) -> str:
        """The name of its cycle."""
        return self.track.cycle.slug

    @property
    def is_open(self) -> bool:
        """Whether it can still be changed: it is neither signed nor superseded."""
        return self.signed_at is None and self.superseded_at is None

    @property
    def which(self) -> dict[str, Any]:
        """Whose list it is and the how-manieth, as events about it say."""
        return {"track": self.track.code, "version": self.version}


class BoardLine(models.Model):
    """One unit on a board: its rank and total as consolidated, and the grade that the leading group gives."""

    board = models.ForeignKey(Board, verbose_name=_("board"), on_delete=models.CASCADE, related_name="lines")
    sheet = models.ForeignKey(ScoreSheet, verbose_name=_("sheet"), on_delete=models.PROTECT, related_name="board_lines")
    rank = models.PositiveIntegerField(_("rank"), null=True)
    total = models.DecimalField(_("total"), max_digits=8, decimal_places=2, null=True)
    components = models.JSONField(_("components"), default=dict, blank=True)
    barred = models.JSONField(_("barred grades"), default=list, blank=True)
    bar_reasons = models.JSONField(_("why barred"), default=list, blank=True)
    grade = models.CharField(_("grade"), max_length=20, blank=True)

    class Meta:
        ordering = ["rank", "sheet__unit__code"]
        verbose_name = _("line of a board")
        verbose_name_plural = _("lines of a board")
        constraints = [models.UniqueConstraint(fields=["board", "sheet"], name="board_line_once")]

    def __str__(self) -> str:
        return f"{self.rank} {self.sheet_id}"
