"""Processes that run beside the web."""
