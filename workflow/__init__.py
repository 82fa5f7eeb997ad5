"""What happens when: assessments, the flow, the inbox, deadlines, board, publicity, objections, circulation."""
