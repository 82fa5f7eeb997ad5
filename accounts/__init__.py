"""Who: users, units, departments, memberships, sign-in and permissions."""
