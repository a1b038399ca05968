"""The demo deployment: a small pottery, four customers, three messages, and the inbox to open them in."""
