"""Environment -> frozen Settings; refused at boot when wrong."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from app.domain.ids import is_id

PARTITIONS_MAX = 1_024
SECRET_MIN = 32
IMAGE_BYTES = 20_000, 900_000
HOLDOUT_MAX = 50


class WrongSettings(Exception):
    """The environment cannot be used; the message names each variable and what to do."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything a deployment may set. `mailtide doctor` tells what is wrong with it."""

    signing_keys: tuple[str, ...] = field(repr=False)
    redis_url: str = field(repr=False)
    database_url: str = field(repr=False)
    base_url: str = "http://127.0.0.1:8000"
    host: str = "127.0.0.1"
    port: int = 8000
    var_dir: Path = Path("var")
    partitions: int = 16
    deployment_zone: str = "UTC"
    policy_id: str = "default"
    trusted_proxies: int = 0
    image_max_bytes: int = 200_000
    image_hosts: tuple[str, ...] = ()
    image_wait_ms: int = 300
    link_hosts: tuple[str, ...] = ()
    global_holdout_percent: int = 0
    fonts_dir: Path | None = None
    place_file: Path | None = None
    weather_url: str = ""
    needs_approval: bool = False
    log_level: str = "info"
    is_demo: bool = False


# name of the variable, what it means, its default in words; docs and doctor read this table.
VARIABLES: tuple[tuple[str, str, str], ...] = (
    (
        "SIGNING_KEYS",
        "secrets that sign URLs, newest first, separated by commas; old ones still verify",
        "none",
    ),
    ("REDIS_URL", "redis://, rediss:// or unix:// of a Redis 7 or Valkey 8 and later", "the embedded Valkey"),
    ("DATABASE_URL", "postgresql:// or sqlite:/// of the cold store", "SQLite under VAR_DIR"),
    ("BASE_URL", "where mail clients reach this server; begins every URL it hands out", "http://HOST:PORT"),
    ("VAR_DIR", "folder of the embedded parts, the snapshot's disk copy and the spool", "var"),
    ("PARTITIONS", "parts the customers are spread over; fixed at first start", "16"),
    ("DEPLOYMENT_ZONE", "IANA zone of customers without one", "UTC"),
    ("POLICY_ID", "the policy that decisions follow", "default"),
    ("TRUSTED_PROXIES", "how many proxies in front add themselves to X-Forwarded-For", "0"),
    (
        "IMAGE_MAX_BYTES",
        "bytes of a picture at most; quality, colours and frames are lowered in steps until it fits",
        "200000",
    ),
    (
        "IMAGE_HOSTS",
        "servers that pictures may be fetched from, separated by commas; `*.shop.example` takes all below",
        "none",
    ),
    (
        "IMAGE_WAIT_MS",
        "milliseconds an open waits for a picture of another server that is not here yet",
        "300",
    ),
    (
        "LINK_HOSTS",
        "hosts that links may lead to, separated by commas; `*.shop.example` takes all below",
        "none: any that an author or an item writes out",
    ),
    (
        "GLOBAL_HOLDOUT_PERCENT",
        "percent of the customers, 0 to 50, who see every block's fallback",
        "0",
    ),
    (
        "FONTS_DIR",
        "folder of more fonts, for characters no shipped one has; its subfolders too",
        "none",
    ),
    ("PLACE_FILE", "MaxMind DB of places by network address, such as DB-IP City Lite", "none: no places"),
    (
        "WEATHER_URL",
        "weather provider that answers as Open-Meteo, such as https://api.open-meteo.com/v1/forecast",
        "none: no weather",
    ),
    (
        "PUBLISH_APPROVAL",
        "1 lets a block out only after a key of another name than the one that saved it approved it",
        "0",
    ),
    ("LOG_LEVEL", "debug, info, warning or error", "info; warning with `mailtide run`"),
    ("HOST, PORT", "where the web server listens", "127.0.0.1, 8000"),
    ("WEB_CONCURRENCY", "web processes", "one a core"),
    ("WEB_THREADS", "threads of each web process", "8"),
    (
        "PROMETHEUS_MULTIPROC_DIR",
        "empty folder where web processes count together for /metrics",
        "none; under VAR_DIR with `mailtide run`",
    ),
    (
        "MAILTIDE_DEMO",
        "1 loads the demo at the first `mailtide run`, also with servers of your own; 0 never does",
        "1 with the embedded parts alone",
    ),
)


def read(environ: Mapping[str, str] | None = None) -> Settings:
    """Make the settings, or raise WrongSettings with every fault at once."""
    told = os.environ if environ is None else environ
    faults: list[str] = []
    host, port = told.get("HOST") or "127.0.0.1", _number(told, "PORT", 8000, 1, 65_535, faults)
    for name, most in (("WEB_CONCURRENCY", 512), ("WEB_THREADS", 512)):  # gunicorn.conf.py reads them
        _number(told, name, 1, 1, most, faults)
    settings = Settings(
        signing_keys=_signing_keys(told, faults),
        redis_url=_url(told, "REDIS_URL", ("redis", "rediss", "unix"), faults),
        database_url=_url(
            told, "DATABASE_URL", ("sqlite", "postgresql", "postgres", "postgresql+psycopg"), faults
        ),
        base_url=_base_url(told, host, port, faults),
        host=host,
        port=port,
        var_dir=Path(told.get("VAR_DIR") or "var"),
        partitions=_number(told, "PARTITIONS", 16, 1, PARTITIONS_MAX, faults),
        deployment_zone=_zone(told, faults),
        policy_id=_policy_id(told, faults),
        trusted_proxies=_number(told, "TRUSTED_PROXIES", 0, 0, 10, faults),
        image_max_bytes=_number(told, "IMAGE_MAX_BYTES", 200_000, *IMAGE_BYTES, faults),
        image_hosts=_hosts(told, "IMAGE_HOSTS", faults),
        image_wait_ms=_number(told, "IMAGE_WAIT_MS", 300, 0, 2_000, faults),
        link_hosts=_hosts(told, "LINK_HOSTS", faults),
        global_holdout_percent=_number(told, "GLOBAL_HOLDOUT_PERCENT", 0, 0, HOLDOUT_MAX, faults),
        fonts_dir=_folder(told, "FONTS_DIR", faults),
        place_file=_file(told, "PLACE_FILE", faults),
        weather_url=_provider(told, faults),
        needs_approval=_choice(told, "PUBLISH_APPROVAL", ("0", "1"), faults) == "1",
        log_level=_choice(told, "LOG_LEVEL", ("info", "debug", "warning", "error"), faults),
        is_demo=told.get("MAILTIDE_DEMO") == "1",
    )
    if faults:
        raise WrongSettings("\n".join(faults))
    return settings


def _signing_keys(told: Mapping[str, str], faults: list[str]) -> tuple[str, ...]:
    secrets = tuple(secret.strip() for secret in told.get("SIGNING_KEYS", "").split(",") if secret.strip())
    if not secrets:
        faults.append("SIGNING_KEYS is empty: set at least one secret (`openssl rand -hex 32` makes one)")
    for place, secret in enumerate(secrets, 1):
        if len(secret) < SECRET_MIN:
            faults.append(
                f"SIGNING_KEYS: secret {place} has {len(secret)} characters; use {SECRET_MIN} or more"
            )
    return secrets


def _url(told: Mapping[str, str], name: str, schemes: tuple[str, ...], faults: list[str]) -> str:
    url = told.get(name, "")
    if not url:
        faults.append(f"{name} is empty: set it, or start with `mailtide run`, which brings its own")
    elif urlsplit(url).scheme not in schemes:
        faults.append(f"{name} must begin with one of {', '.join(scheme + '://' for scheme in schemes)}")
    return url


def _base_url(told: Mapping[str, str], host: str, port: int, faults: list[str]) -> str:
    # Listening everywhere is no address to go to.
    name = "127.0.0.1" if host in ("0.0.0.0", "::") else f"[{host}]" if ":" in host else host  # noqa: S104
    url = (told.get("BASE_URL") or f"http://{name}:{port}").rstrip("/")
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment:
        faults.append(
            "BASE_URL must be an http or https address without query, such as https://m.shop.example"
        )
    return url


def _folder(told: Mapping[str, str], name: str, faults: list[str]) -> Path | None:
    folder = Path(told[name]) if told.get(name) else None
    if folder is not None and not folder.is_dir():
        faults.append(f"{name} is no folder: name one, or leave it empty")
    return folder


def _file(told: Mapping[str, str], name: str, faults: list[str]) -> Path | None:
    file = Path(told[name]) if told.get(name) else None
    if file is not None and not file.is_file():
        faults.append(f"{name} is no file: name one, or leave it empty")
    return file


def _provider(told: Mapping[str, str], faults: list[str]) -> str:
    url = told.get("WEATHER_URL") or ""
    parts = urlsplit(url)
    if url and (parts.scheme != "https" or not parts.hostname or parts.fragment or len(url) > 400):
        faults.append("WEATHER_URL must be an https address, such as https://api.open-meteo.com/v1/forecast")
    return url


def _number(told: Mapping[str, str], name: str, default: int, low: int, high: int, faults: list[str]) -> int:
    raw = told.get(name) or str(default)
    if not re.fullmatch(r"\d{1,6}", raw) or not low <= int(raw) <= high:
        faults.append(f"{name} must be a whole number from {low} to {high}; it is {raw[:20]!r}")
        return default
    return int(raw)


def _zone(told: Mapping[str, str], faults: list[str]) -> str:
    zone = told.get("DEPLOYMENT_ZONE") or "UTC"
    if zone not in available_timezones():
        faults.append(f"DEPLOYMENT_ZONE {zone[:40]!r} is not an IANA time zone, such as Europe/Paris")
    return zone


def _policy_id(told: Mapping[str, str], faults: list[str]) -> str:
    name = told.get("POLICY_ID") or "default"
    if not is_id(name):
        faults.append("POLICY_ID must be an id: 1 to 128 of the characters A-Z a-z 0-9 . _ : @ -")
    return name


def _hosts(told: Mapping[str, str], variable: str, faults: list[str]) -> tuple[str, ...]:
    hosts = tuple(host.strip().lower() for host in told.get(variable, "").split(",") if host.strip())
    name = re.compile(r"(\*\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.){1,20}[a-z][a-z0-9-]{0,62}")
    faults += [
        f"{variable}: {host[:40]!r} is no host name, such as img.shop.example or *.shop.example"
        for host in hosts
        if len(host) > 253 or not name.fullmatch(host)
    ]
    return hosts


def _choice(told: Mapping[str, str], name: str, values: tuple[str, ...], faults: list[str]) -> str:
    value = told.get(name) or values[0]
    if value not in values:
        faults.append(f"{name} must be one of {', '.join(values)}; it is {value[:20]!r}")
    return value
