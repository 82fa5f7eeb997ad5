"""What reviewers and heads do."""
