"""The limit: an exclusion written by hand over the same tables, as SQL for the whole cycle at once.

It writes the rows that the house writes (outcome, the three tasks and their links, step, event, mail) and asks nothing:
no rule, no lock in order, no template of a letter, no encryption.
"""

from django.db import connection, transaction

from scoring.models import Cycle

EXCLUDE = """
WITH silent AS (
    SELECT task.id, task.process_id, task.token, sheet.unit_id, sheet.id AS sheet_id
      FROM workflow_task task
      JOIN workflow_assessment process ON process.id = task.process_id
      JOIN scoring_scoresheet sheet ON sheet.id = process.sheet_id
     WHERE sheet.cycle_id = %(cycle)s AND task.finished IS NULL
       AND task.flow_task = 'workflow/flows.AssessmentFlow.self_evaluation'
       FOR NO KEY UPDATE OF process
), ended AS (
    UPDATE workflow_task SET status = 'DONE', started = now(), finished = now()
     WHERE id IN (SELECT id FROM silent)
), stepped AS (
    UPDATE workflow_assessment SET step = 'excluded' WHERE id IN (SELECT process_id FROM silent)
), outcomes AS (
    INSERT INTO workflow_outcome (task_id, kind, at, why, parts, departments)
    SELECT id, 'excluded', now(), '', '[]', '[]' FROM silent
), gates AS (
    INSERT INTO workflow_task (process_id, flow_task, flow_task_type, status, created, finished, token,
                               role, scope, fires, attempts)
    SELECT process_id, 'workflow/flows.AssessmentFlow.after_self_evaluation', 'SWITCH', 'DONE', now(), now(), token,
           '', '[]', false, 0 FROM silent
    RETURNING id, process_id
), waiting AS (
    INSERT INTO workflow_task (process_id, flow_task, flow_task_type, status, created, token,
                               role, scope, fires, attempts)
    SELECT process_id, 'workflow/flows.AssessmentFlow.excluded', 'FUNC', 'NEW', now(), token,
           '', '[]', false, 0 FROM silent
    RETURNING id, process_id
), first_links AS (
    INSERT INTO workflow_task_previous (from_task_id, to_task_id)
    SELECT gates.id, silent.id FROM gates JOIN silent USING (process_id)
), second_links AS (
    INSERT INTO workflow_task_previous (from_task_id, to_task_id)
    SELECT waiting.id, gates.id FROM waiting JOIN gates USING (process_id)
), events AS (
    INSERT INTO audit_event (at, verb, subject, cycle, came_from, went_to, why, data)
    SELECT now(), 'excluded', 'sheet:' || sheet_id, %(slug)s, 'self_evaluation', 'excluded', '', '{}' FROM silent
)
INSERT INTO outbox_message (cause, channel, to_id, address, subject, body, minting, about, path, created_at,
                            next_attempt_at, attempts, refusals, reason)
SELECT 'hand:' || silent.id || ':' || held.user_id, 'mail', held.user_id, '', 'excluded', 'excluded', '',
       'task:' || waiting.id, '', now(), now(), 0, 0, ''
  FROM silent JOIN waiting USING (process_id) JOIN accounts_membership held ON held.unit_id = silent.unit_id
"""


def exclude(cycle: Cycle) -> int:
    """Exclude every silent unit of a cycle; how many."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(EXCLUDE, {"cycle": cycle.pk, "slug": cycle.slug})
        return int(cursor.rowcount)
