"""Barcodes: texts to dark and light modules, and modules to bitmaps. Knows nothing of colours or words."""
