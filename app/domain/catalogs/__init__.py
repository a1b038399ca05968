"""Catalogues: what a shop sells or a paper prints, and choosing among it for one customer."""
