"""Where things are kept: hot (Redis, on the path of an open) and cold (SQL, off it)."""
