"""单位自评: the unit's sheet, files and roster, and the desk's acceptance."""

from django.urls import URLPattern, path

from workflow.filing.views import acceptance, materials, receipt, self_evaluation

urlpatterns: list[URLPattern] = [
    path("self-evaluation/", self_evaluation.self_evaluation, name="self-evaluation"),
    path("self-evaluation/<key:pk>/", self_evaluation.sheet, name="self-evaluation-sheet"),
    path("self-evaluation/<key:pk>/save/", self_evaluation.save, name="self-evaluation-save"),
    path("self-evaluation/<key:pk>/check/", self_evaluation.check, name="self-evaluation-check"),
    path("self-evaluation/<key:pk>/materials/", materials.materials, name="materials"),
    path("self-evaluation/<key:pk>/materials/<key:material_pk>/remove/", materials.remove, name="material-remove"),
    path("self-evaluation/<key:pk>/roster/", materials.roster, name="roster"),
    path("self-evaluation/<key:pk>/roster/template.csv", materials.roster_template, name="roster-template"),
    path("materials/<key:pk>/", materials.download, name="material"),
    path("acceptance/", acceptance.acceptance, name="acceptance"),
    path("acceptance/many/", acceptance.many, name="acceptance-many"),
    path("acceptance/<key:pk>/", acceptance.unit, name="acceptance-unit"),
    path("receipts/<key:pk>/", receipt.receipt, name="receipt"),
]
