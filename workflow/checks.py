"""What a deployment is checked for: every node at which an open task stands is still declared in the flow."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import Error, Tags, register
from django.db import connections
from django.db.models import CharField
from django.db.models.functions import Cast

from workflow.flow.models import Task
from workflow.flow.queries.process import flow_ref
from workflow.flows import AssessmentFlow

UNDECLARED = "workflow.E001"


def declared_nodes() -> frozenset[str]:
    """The names under which the flow's nodes stand in the database."""
    return frozenset(flow_ref(node.name) for node in AssessmentFlow.instance.nodes())


def undeclared_nodes(using: str) -> list[str]:
    """The nodes of open tasks that the flow does not declare any more, sorted (one query)."""
    # Cast: read as text, since a name that is not declared can't be read as a node.
    nodes = Task.objects.using(using).filter(finished=None).order_by().annotate(node=Cast("flow_task", CharField()))
    return sorted(set(nodes.values_list("node", flat=True).distinct()) - declared_nodes())


@register(Tags.database)
def open_tasks_have_their_nodes(*, databases: Sequence[str] | None = None, **_more: Any) -> list[Error]:
    """An error for each retired node at which tasks still stand (design.md section 5, Versions).

    Asked by `check --database default` and before each `migrate`; a database without tables has no tasks.
    """
    return [
        Error(
            f"Open tasks stand at {node}, which the flow does not declare.",
            hint="Keep the node declared, without incoming edges, until no open task uses it.",
            id=UNDECLARED,
        )
        for alias in databases or ()
        if Task._meta.db_table in connections[alias].introspection.table_names()
        for node in undeclared_nodes(alias)
    ]
