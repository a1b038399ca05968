"""SQL: drafts and versions, customers, events, touches, decisions; never on the path of an open."""
