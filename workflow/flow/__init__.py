"""The process: nodes, duties, tasks, the one way a task ends, who may, who sees what."""
