"""What is written and kept: materials, rosters, submissions and official documents."""
