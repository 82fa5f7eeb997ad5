"""The facts of the workflow room, which stand in the folder of the step that they belong to."""

import workflow.board.models
import workflow.bulk.models
import workflow.flow.models
import workflow.office.models
import workflow.publicity.models  # noqa: F401  # for Django, which looks for an app's models here
