"""PostgreSQL learns that role, department, node and being open hang together: it took thousands of tasks for dozens."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

CREATE = (
    "CREATE STATISTICS workflow_task_places (mcv) ON role, department_id, flow_task, finished FROM workflow_task",
    "ANALYZE workflow_task",
)


def learn(_apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        for statement in CREATE:
            schema_editor.execute(statement)


def forget(_apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP STATISTICS workflow_task_places")


class Migration(migrations.Migration):
    dependencies = [("workflow", "0008_more_in_chunks")]

    operations = [migrations.RunPython(learn, forget)]
