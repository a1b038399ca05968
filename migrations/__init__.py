"""The database's history, one script a change; run by `mailtide migrate`."""
