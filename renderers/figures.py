"""Numbers written for people: grouped by commas, without idle zeros, long ones with a letter."""

# From how much on, in what unit, and its letter. Whatever would be rounded to the next unit is given in that.
_UNITS = (
    (999.95e9, 10**12, "T"),
    (999.95e6, 10**9, "B"),
    (999.95e3, 10**6, "M"),
    (10_000, 1_000, "k"),
)


def write_number(number: float, *, places: int = 2) -> str:
    """1,250.5: at most so many places, none of them an idle zero."""
    text = f"{number:,.{places}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text.replace("-", "−")


def unit_of(number: float) -> tuple[float, str]:
    """What a long number is written in, and its letter: 12.5k, 3.2M, 1.1B."""
    return next(((unit, letter) for least, unit, letter in _UNITS if abs(number) >= least), (1, ""))
