"""The facts of the documents room."""

from documents.models.materials import Material, MaterialKind
from documents.models.notices import NoticeReceipt, ResultNotice
from documents.models.roster import RosterEntry, RosterWaiver
from documents.models.submissions import Submission, UnsubmittedDraft

__all__ = [
    "Material",
    "MaterialKind",
    "NoticeReceipt",
    "ResultNotice",
    "RosterEntry",
    "RosterWaiver",
    "Submission",
    "UnsubmittedDraft",
]
