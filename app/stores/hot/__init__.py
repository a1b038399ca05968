"""Redis: the customer's latest state, choices, the touch ledger, the event streams, what is published."""
