"""What surrounds a deployment: its folder, its public address, the proxies in front, its secret."""

import ipaddress
import os
import shutil
from pathlib import Path
from urllib.parse import urlsplit

from app.flows.diagnosing import Finding, Status, good

DISK_WARN_BYTES, DISK_FAIL_BYTES = 2**30, 100 * 2**20
LOCAL_NAMES = ("localhost", "127.0.0.1", "::1", "0.0.0.0", "::")  # noqa: S104


def look_at_folder(folder: Path) -> Finding:
    """Whether VAR_DIR can be written and has room."""
    probe = folder / f".doctor-{os.getpid()}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.write_bytes(b"x" * 4_096)
        probe.unlink()
    except OSError as refused:
        return Finding(
            "var",
            "fail",
            f"{folder} cannot be written: {refused.strerror}",
            "the spool keeps events there while Redis is away; without it they are lost",
            f"make room, or let the user of the servers write to {folder}, or set VAR_DIR",
        )
    free = shutil.disk_usage(folder).free
    told = f"{folder} has {free / 2**30:.1f} GiB free"
    status: Status = "fail" if free < DISK_FAIL_BYTES else "warn" if free < DISK_WARN_BYTES else "ok"
    if status == "ok":
        return good("var", told)
    return Finding("var", status, told, "a full disk loses events while Redis is away", "make room")


def look_at_base_url(base_url: str, *, is_production: bool) -> Finding:
    """Whether mail clients anywhere can reach the addresses that go into messages."""
    parts = urlsplit(base_url)
    host = parts.hostname or ""
    if host in LOCAL_NAMES:
        if not is_production:
            return good(
                "base_url", f"{base_url}: messages open on this machine alone, which is right to try it"
            )
        return Finding(
            "base_url",
            "fail",
            f"{base_url} is this machine to whoever opens a message",
            "every picture and link in messages leads to the reader's own machine",
            "set BASE_URL to the public address, such as https://m.shop.example",
        )
    if _is_private(host):
        return Finding(
            "base_url",
            "warn",
            f"{base_url} is an address inside your network",
            "readers outside it see no pictures, and Gmail's and Apple's proxies are outside",
            "set BASE_URL to a public name",
        )
    if parts.scheme == "http":
        return Finding(
            "base_url",
            "warn",
            f"{base_url} is not encrypted",
            "whoever is between reads which customer opened what; some clients show no http pictures",
            "put a proxy with a certificate in front, and set BASE_URL to https://",
        )
    return good("base_url", base_url)


def look_at_proxies(base_url: str, trusted: int) -> Finding:
    """Whether readers' addresses can be told from the proxy's."""
    if base_url.startswith("https://") and not trusted:
        return Finding(
            "proxies",
            "warn",
            "BASE_URL is https, which a proxy in front must speak, and TRUSTED_PROXIES is 0",
            "every opener then seems to come from the proxy's address",
            "set TRUSTED_PROXIES to how many proxies are in front",
        )
    return good("proxies", f"{trusted} in front")


def look_at_secret(file: Path) -> Finding:
    """Whether only its owner reads the signing key that `mailtide run` made."""
    if file.exists() and file.stat().st_mode & 0o077:
        return Finding(
            "signing_key",
            "warn",
            f"others on this machine may read {file}",
            "who has it can sign URLs in any customer's name",
            f"chmod 600 {file}; if others are not to be trusted, rotate it",
        )
    return good("signing_key", "is there, and kept to ourselves")


def _is_private(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return host.endswith((".local", ".internal", ".lan", ".test")) or "." not in host
