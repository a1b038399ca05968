"""The one absence every store knows: it is away, or too slow to wait for."""


class Unavailable(Exception):
    """Redis or SQL did not answer; the flow says beside its call what happens then."""
