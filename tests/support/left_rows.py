"""What assessments leave in the tables, to be compared with what they leave on another way."""

import re
from typing import Any

from audit.models import Event
from outbox.models import Message
from workflow.flow.models import Assessment, Outcome, Task


def everything() -> list[Any]:
    """Every row and column that an assessment leaves, with keys counted within their assessment."""
    names: dict[int, str] = {}
    for process in Assessment.objects.all():
        for number, key in enumerate(process.task_set.order_by("pk").values_list("pk", flat=True)):
            names[key] = f"{process.sheet_id}.{number}"
    sheets = {process.pk: process.sheet_id for process in Assessment.objects.all()}

    def named(text: str) -> str:
        text = re.sub(r"(?<=task:)\d+|(?<=excluded:)\d+|(?<=/tasks/)\d+", lambda match: names[int(match[0])], text)
        return re.sub(r"(?<=/assessments/)\d+", lambda match: str(sheets[int(match[0])]), text)

    def row(one: Any, **known: Any) -> dict[str, Any]:
        values = {field.attname: getattr(one, field.attname) for field in one._meta.concrete_fields}
        return {name: str(value) for name, value in values.items()} | known

    tasks = [
        row(task, id=names[task.pk], process_id=sheets[task.process_id], token=_token(task, names))
        for task in Task.objects.all()
    ]
    links = [(names[link.from_task_id], names[link.to_task_id]) for link in Task.previous.through.objects.all()]
    outcomes = [row(outcome, id=0, task_id=names[outcome.task_id]) for outcome in Outcome.objects.all()]
    processes = [row(process, id=0) for process in Assessment.objects.all()]
    events = [row(event, id=0) for event in Event.objects.all()]
    messages = [
        row(message, id=0, cause=named(message.cause), about=named(message.about), path=named(message.path))
        for message in Message.objects.all()
    ]
    return [sorted(some, key=str) for some in (tasks, links, outcomes, processes, events, messages)]


def _token(task: Task, names: dict[int, str]) -> str:
    return re.sub(r"(?<=/)\d+(?=_)", lambda match: names[int(match[0])], task.token.token)
