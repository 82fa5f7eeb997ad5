"""Tables in and out: workbooks read within bounds, rows written so that no cell is a formula."""
