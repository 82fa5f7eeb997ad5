"""领导小组审定: the ranked list of a track, graded and signed as one."""
