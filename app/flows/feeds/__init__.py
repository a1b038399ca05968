"""Feeds: a catalogue's items, fetched from where somebody said they are."""
