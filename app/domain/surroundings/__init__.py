"""What an open is surrounded by: the reader's device, the customer's day, the place, the weather."""
