"""Blocks: a document as its author wrote it, checked whole and compiled.

parts        what a block is made of
compiling    the whole document
outcomes     what a variant leads to: a creative, a split, or nothing that takes room
creatives    pictures and links, and the paths in them
"""

from app.domain.blocks.compiling import compile_block
from app.domain.blocks.parts import FALLBACK, Block, Creative, Holdout, Sticky, Variant, holdout_of

__all__ = ["FALLBACK", "Block", "Creative", "Holdout", "Sticky", "Variant", "compile_block", "holdout_of"]
