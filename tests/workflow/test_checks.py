"""The check of a deployment: a node that open tasks stand at stays declared (design.md section 5, Versions)."""

from io import StringIO

import pytest
from django.apps import apps
from django.core.checks import Tags, registry, run_checks
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import connection

from common import clock
from tests.support.world import World, a_cycle
from workflow.checks import UNDECLARED, declared_nodes, open_tasks_have_their_nodes, undeclared_nodes
from workflow.flow.models import Task
from workflow.flow.queries.process import flow_ref

pytestmark = pytest.mark.django_db
RETIRED = "workflow/flows.AssessmentFlow.second_opinion"
NODES = (
    "start",
    "self_evaluation",
    "excluded",
    "acceptance",
    "split",
    "rework",
    "department_review",
    "recipient_rating",
    "leadership_rating",
    "join",
    "consolidation",
    "approval",
    "publicity",
    "circulation",
    "end",
)


def stand_at(node: str) -> World:
    """A world in which one open task stands at `node`, written as an older version of the flow left it."""
    world = a_cycle().with_units(1).opened()
    task = world.task(world.assessments[0], "self_evaluation")
    with connection.cursor() as cursor:
        table, column = Task._meta.db_table, Task._meta.get_field("flow_task").column
        cursor.execute(f"UPDATE {table} SET {column} = %s WHERE id = %s", [node, task.pk])  # noqa: S608  # names of ours
    return world


@pytest.mark.parametrize("node", NODES)
def test_the_nodes_of_the_design_are_declared(node: str) -> None:
    assert flow_ref(node) in declared_nodes()


def test_open_tasks_at_declared_nodes_are_no_error() -> None:
    a_cycle().with_units(2).with_units(1, "society").accepted()
    assert undeclared_nodes("default") == []
    assert open_tasks_have_their_nodes(databases=["default"]) == []


def test_a_retired_node_with_an_open_task_is_an_error_that_names_it() -> None:
    stand_at(RETIRED)
    (error,) = open_tasks_have_their_nodes(databases=["default"])
    assert error.id == UNDECLARED
    assert RETIRED in error.msg
    assert error.hint


def test_a_retired_node_whose_tasks_have_all_ended_may_go() -> None:
    stand_at(RETIRED)
    Task.objects.filter(finished=None).update(finished=clock.now())
    assert open_tasks_have_their_nodes(databases=["default"]) == []


def test_without_a_database_to_ask_nothing_is_asked() -> None:
    stand_at(RETIRED)
    assert open_tasks_have_their_nodes(databases=None) == []
    assert run_checks(tags=[Tags.database]) == []


def test_a_database_without_tables_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    stand_at(RETIRED)
    monkeypatch.setattr(connection.introspection, "table_names", list)
    assert open_tasks_have_their_nodes(databases=["default"]) == []


def test_the_command_of_a_deployment_asks_it() -> None:
    stand_at(RETIRED)
    with pytest.raises(SystemCheckError, match="second_opinion"):
        call_command("check", databases=["default"], stdout=StringIO())


def test_the_room_registers_it() -> None:
    assert apps.get_app_config("workflow").name == "workflow"
    assert open_tasks_have_their_nodes in registry.registry.registered_checks
