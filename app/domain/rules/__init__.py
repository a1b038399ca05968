"""Rules: a JSON condition tree, checked at save and compiled to closures that never raise.

bounds      how large a rule may be, and what one is once compiled
operators   every operator by name: what it takes, what it does, and its line in the guide
comparing listing texts versions moments   what the operators do, by what they look at
compiling   the tree to closures
tracing     the tree evaluated again, term by term, by other code
sentences   the tree in plain English
checking    the tree against the catalogue of attributes
"""

from app.domain.rules.bounds import Rule
from app.domain.rules.compiling import compile_rule
from app.domain.rules.tracing import Term, trace

__all__ = ["Rule", "Term", "compile_rule", "trace"]
