"""工作考核: the reviews of a department, the grid, the records of the year."""

from django.urls import URLPattern, path

from workflow.review.views import handing_over, records, review, review_grid, sheet

urlpatterns: list[URLPattern] = [
    path("assessments/<key:pk>/sheet/", sheet.whole_sheet, name="whole-sheet"),
    path("review/", review.review, name="review"),
    path("review/approve/", review.approve, name="review-approve"),
    path("review/grid/<slug:code>/", review_grid.review_grid, name="review-grid"),
    path("review/grid/<slug:code>/hand-over/", handing_over.hand_over, name="review-hand-over"),
    path("review/<key:pk>/", review.review_unit, name="review-unit"),
    path("review/<key:pk>/hand-back/", review.hand_back, name="review-hand-back"),
    path("records/", records.records, name="records"),
    path("records/<key:pk>/withdraw/", records.withdraw, name="record-withdraw"),
]
