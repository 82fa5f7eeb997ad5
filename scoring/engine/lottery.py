"""The public lottery whose numbers come last in the seed of a drawing: 福彩双色球 (docs/draw.md).

Six of 33 red balls and one of 16 blue ones, drawn on Tuesdays, Thursdays and Sundays: 17,721,088 outcomes, each equally
likely, which nobody can know or choose beforehand.
"""

import re
from datetime import time

REDS, HIGHEST_RED, HIGHEST_BLUE = 6, 33, 16
WEEKDAYS = frozenset({1, 3, 6})  # Tuesday, Thursday, Sunday, as `date.weekday` counts
CLOSES, DRAWN = time(20, 0), time(21, 15)  # Beijing: the last tickets are sold, the balls are drawn
ISSUE = re.compile(r"20\d{2}(?!000)\d{3}", re.ASCII)
