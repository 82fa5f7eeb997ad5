"""公示: what the public sees, and objections."""

from django.urls import URLPattern, path

from workflow.publicity.views import objections, public, publicity

urlpatterns: list[URLPattern] = [
    path("publicities/", publicity.publicities, name="publicities"),
    path("publicities/new/<key:pk>/", publicity.publish_board, name="publicity-new"),
    path("objections/<key:pk>/", objections.objection, name="objection"),
    path("public/", public.public_list, name="public"),
    path("public/objections/<str:receipt>/", public.objection, name="public-objection"),
    path("public/<str:slug>/", public.publicity, name="public-publicity"),
    path("public/<str:slug>/object/", public.object_to, name="public-object"),
]
