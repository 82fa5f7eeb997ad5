"""Whether the house is well, for machines that ask each minute: public, cheap, and no more than that."""

from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache

from accounts.permissions import Action, reads
from workflow.office.queries.attention import watch


@reads(Action.PUBLIC)
@never_cache
def health(request: HttpRequest) -> JsonResponse:
    """`ok` and `age`, the seconds since the last finished sweep (null: none yet); 503 when that is too long ago."""
    state = watch()
    age = int(state.age.total_seconds()) if state.age is not None else None
    return JsonResponse({"ok": not state.is_late, "age": age}, status=503 if state.is_late else 200)
