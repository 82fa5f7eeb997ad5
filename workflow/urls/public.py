"""What the public sees."""

from django.urls import path

from workflow.views import public

urlpatterns = [
    path("public/", public.public_list, name="public"),
    path("public/objections/<str:receipt>/", public.objection, name="public-objection"),
    path("public/<str:slug>/", public.publicity, name="public-publicity"),
    path("public/<str:slug>/object/", public.object_to, name="public-object"),
]
