"""Code 128: any ASCII text in the fewest symbols that the code sets A, B and C allow.

ISO/IEC 15417. A has capitals and control characters, B all that is printed, C two digits in one symbol; a
switch costs one symbol, or one for a single character (shift) between A and B.
"""

from functools import lru_cache

from renderers.codes.linear import Bars

MAX_CHARS = 80

# Widths of the bars and spaces of each symbol value, in modules, from the standard's table 1.
_TABLE = (
    "212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132 "
    "122231 113222 123122 123221 223211 221132 221231 213212 223112 312131 311222 321122 321221 312212 "
    "322112 322211 212123 212321 232121 111323 131123 131321 112313 132113 132311 211313 231113 231311 "
    "112133 112331 132131 113123 113321 133121 313121 211331 231131 213113 213311 213131 311123 311321 "
    "331121 312113 312311 332111 314111 221411 431111 111224 111422 121124 121421 141122 141221 112214 "
    "112412 122114 122411 142112 142211 241211 221114 413111 241112 134111 111242 121142 121241 114212 "
    "124112 124211 411212 421112 421211 212141 214121 412121 111143 111341 131141 114113 114311 411113 "
    "411311 113141 114131 311141 411131 211412 211214 211232"
)
_WIDTHS = _TABLE.split()
_STOP = "2331112"
_START = {"A": 103, "B": 104, "C": 105}
_SWITCH = {"A": 101, "B": 100, "C": 99}
_SHIFT = 98
_QUIET = 10

_Way = tuple[int, tuple[int, ...]]  # how many symbols, and which


def code128(text: str) -> Bars:
    """Raises ValueError for what no code set has, with what to type."""
    if not text.isascii():
        raise ValueError("must have letters without accents, digits and signs of ASCII: take qr for others")
    if not 1 <= len(text) <= MAX_CHARS:
        raise ValueError(f"must have 1 to {MAX_CHARS} characters: take qr for longer ones")
    values = symbols(text)
    check = (values[0] + sum(at * value for at, value in enumerate(values))) % 103
    widths = "".join(_WIDTHS[value] for value in (*values, check)) + _STOP
    modules = "".join("10"[at % 2] * int(width) for at, width in enumerate(widths))
    return Bars(modules, (_QUIET, _QUIET), groups=((text, 0, len(modules)),))


@lru_cache(maxsize=256)
def symbols(text: str) -> tuple[int, ...]:
    """Start symbol and data, without the check symbol: the shortest of all ways, found from the end."""
    rest: list[dict[str, _Way]] = [{} for _ in range(len(text))]
    rest.append(dict.fromkeys("ABC", (0, ())))
    for at in range(len(text) - 1, -1, -1):
        staying = {name: _staying(text, at, name, rest) for name in "ABC"}
        for name in "ABC":
            ways = [way for way in (staying[name],) if way is not None]
            ways += [
                _before(_SWITCH[other], way)
                for other, way in staying.items()
                if other != name and way is not None
            ]
            rest[at][name] = min(ways)
    return min(_before(_START[name], way) for name, way in rest[0].items())[1]


def _staying(text: str, at: int, name: str, rest: list[dict[str, _Way]]) -> _Way | None:
    """The shortest way whose next symbol is data of this code set; None where it has no such symbol."""
    if name == "C":
        pair = text[at : at + 2]
        return _before(int(pair), rest[at + 2]["C"]) if len(pair) == 2 and pair.isdigit() else None
    value = _value(text[at], name)
    if value is not None:
        return _before(value, rest[at + 1][name])
    other = _value(text[at], "B" if name == "A" else "A")
    return _before(_SHIFT, _before(other or 0, rest[at + 1][name]))


def _value(char: str, name: str) -> int | None:
    code = ord(char)
    if 32 <= code < 96:
        return code - 32
    if name == "A":
        return code + 64 if code < 32 else None
    return code - 32 if code >= 96 else None


def _before(value: int, way: _Way) -> _Way:
    return way[0] + 1, (value, *way[1])
