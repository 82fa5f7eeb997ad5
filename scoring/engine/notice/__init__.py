"""Reads an assessment notice: source, fold, marks, then letter and annexes, then the checks."""

from scoring.engine.notice.checks import check, read_findings
from scoring.engine.notice.reader import read_notice
from scoring.engine.notice.source import Cell, Paragraph, Source, SourceRow, Table, from_text

__all__ = ["Cell", "Paragraph", "Source", "SourceRow", "Table", "check", "from_text", "read_findings", "read_notice"]
