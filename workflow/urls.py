"""Addresses of the workflow, step by step."""

from django.urls import URLPattern

from workflow.board import urls as board
from workflow.bulk import urls as bulk
from workflow.circulation import urls as circulation
from workflow.consolidation import urls as consolidation
from workflow.filing import urls as filing
from workflow.inbox import urls as inbox
from workflow.office import urls as office
from workflow.publicity import urls as publicity
from workflow.rating import urls as rating
from workflow.review import urls as review

urlpatterns: list[URLPattern] = [
    *inbox.urlpatterns,
    *bulk.urlpatterns,
    *office.urlpatterns,
    *filing.urlpatterns,
    *review.urlpatterns,
    *rating.urlpatterns,
    *consolidation.urlpatterns,
    *board.urlpatterns,
    *publicity.urlpatterns,
    *circulation.urlpatterns,
]
