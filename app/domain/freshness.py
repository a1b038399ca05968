"""How long a file of another server may be taken as it is: what Cache-Control says, within our bounds."""

import re

LOW_S, HIGH_S = 60.0, 86_400.0
OTHERWISE_S = 3_600.0

_DIRECTIVE = re.compile(r"([a-z0-9-]+)(?:\s*=\s*\"?([^\",]*)\"?)?")


def fresh_for_s(cache_control: str, age: str = "") -> float:
    """Seconds that an answer with these header fields is fresh: a minute to a day, an hour where silent.

    `s-maxage` counts before `max-age`, as for any cache that serves many; `no-cache` and `no-store` are a
    minute, for asking at every open would be what their server wants least.
    """
    told = {name: value.strip() for name, value in _DIRECTIVE.findall(cache_control[:500].lower())}
    if "no-cache" in told or "no-store" in told:
        return LOW_S
    lifetime = _seconds(told.get("s-maxage", "")) or _seconds(told.get("max-age", ""))
    if lifetime is None:
        return OTHERWISE_S
    return min(max(lifetime - (_seconds(age.strip()) or 0.0), LOW_S), HIGH_S)


def _seconds(text: str) -> float | None:
    return float(text) if re.fullmatch(r"[0-9]{1,12}", text) else None
