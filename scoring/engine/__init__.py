"""The assessment engine: plain Python that reads notices, scores, ranks, counts working days and draws."""
