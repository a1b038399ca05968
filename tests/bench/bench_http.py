"""Opens and clicks with full recording against a bare callable, on the same server, in turn, in one run."""

import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests import make
from tests.journeys.deployment import ROOT, Deployment, free_port

ROUNDS = 5
SECONDS = 2.0
CONNECTIONS = 32
ADDED_MAX_US = 100
TARGETS = {"pixel": 0.5, "click": 0.5, "image, already rendered": 0.4}
OPENS = 10_000
CUSTOMERS = 10_000
RSS_MAX_MB = 120


def rows() -> list[dict[str, Any]]:
    """Requests a second as a share of the bare callable's, CPU a request, and a process's memory."""
    with tempfile.TemporaryDirectory() as folder:
        deployment = Deployment(Path(folder), processes=1)
        try:
            deployment.start()
            return _measure(deployment)
        finally:
            deployment.stop()


def _measure(deployment: Deployment) -> list[dict[str, Any]]:
    paths = _urls(deployment)
    port = free_port()
    env = {**os.environ, "PORT": str(port), "WEB_CONCURRENCY": "1"}
    command = [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py", "tests.bench.bare:app"]
    bare = subprocess.Popen(command, env=env, cwd=ROOT)
    try:
        make.wait_until(lambda: _answers(deployment, port), timeout_s=20)
        result = _rates(deployment, paths, port)
        result += _added(deployment)
        result += _memory(deployment)
        return result
    finally:
        bare.terminate()
        bare.wait()


def _rates(deployment: Deployment, paths: dict[str, str], bare_port: int) -> list[dict[str, Any]]:
    rates: dict[str, list[float]] = {name: [] for name in ("bare", *paths)}
    cpu: dict[str, list[float]] = {name: [] for name in paths}
    web = _web_process(deployment)
    for _ in range(ROUNDS):
        rates["bare"].append(_burst(bare_port, "/o/bare.gif") / SECONDS)
        for name, path in paths.items():
            before = _cpu_s(web)
            answered = _burst(deployment.port, path)
            cpu[name].append((_cpu_s(web) - before) / answered * 1e6)
            rates[name].append(answered / SECONDS)
    bare = statistics.median(rates["bare"])
    found = [{"name": "http: bare callable", "value": round(bare), "unit": "req/s"}]
    for name, target in TARGETS.items():
        share = statistics.median(
            mine / other for mine, other in zip(rates[name], rates["bare"], strict=True)
        )
        found.append(
            {
                "name": f"http: {name}, fully recorded",
                "value": round(statistics.median(rates[name])),
                "unit": "req/s",
                "rival": round(bare),
                "ratio": round(share, 2),
                "target": f">= {target} of bare",
                "met": share >= target,
            }
        )
        cpu_us = statistics.median(cpu[name])
        found.append({"name": f"http: {name}, CPU a request", "value": round(cpu_us), "unit": "us"})
    return found


def _added(deployment: Deployment) -> list[dict[str, Any]]:
    """What a ticking countdown costs the web process beside a block of nothing, asked for in turn."""
    deadline = {"kind": "countdown", "params": {"deadline": "2027-06-01T12:00:00Z"}}
    creatives = {"clock": deadline, "nothing": {"kind": "collapse", "params": {}}}
    for block_id, creative in creatives.items():
        shown = {"creative": creative, "link": "https://shop.example/"}
        document = make.block(width=600, height=120, variants=[], fallback=shown)
        deployment.api("PUT", f"/v1/blocks/{block_id}", document)
        deployment.api("POST", f"/v1/blocks/{block_id}/publish", {})
    paths = _paths(deployment, "clocks", [*creatives])
    web = _web_process(deployment)
    cpu: dict[str, list[float]] = {name: [] for name in creatives}
    for _ in range(2 * ROUNDS):
        for name in creatives:
            before = _cpu_s(web)
            answered = _burst(deployment.port, paths[name])
            cpu[name].append((_cpu_s(web) - before) / answered * 1e6)
    clock, nothing = (statistics.median(cpu[name]) for name in creatives)
    added = statistics.median(mine - other for mine, other in zip(cpu["clock"], cpu["nothing"], strict=True))
    return [
        {"name": "http: countdown, CPU a request", "value": round(clock), "unit": "us"},
        {"name": "http: block of nothing, CPU a request", "value": round(nothing), "unit": "us"},
        {
            "name": "http: CPU a request that a countdown adds to nothing",
            "value": round(added),
            "unit": "us",
            "target": f"<= {ADDED_MAX_US}",
            "met": added <= ADDED_MAX_US,
        },
    ]


def _paths(deployment: Deployment, message_id: str, blocks: list[str]) -> dict[str, str]:
    """Where the blocks of a new message are for one customer; each has been shown once."""
    message = {
        "name": message_id,
        "channel": "email",
        "category": "newsletter",
        "class": "promotional",
        "blocks": blocks,
    }
    told = {"touch_id": f"t-{message_id}", "customer_id": "ana", "message_id": message_id}
    deployment.api("PUT", f"/v1/messages/{message_id}", message)
    urls = deployment.api("POST", "/v1/touches/urls", told)["urls"]["blocks"]
    for block_id in blocks:
        image = urls[block_id]["image"]
        make.wait_until(
            lambda image=image: deployment.fetch(image).headers["X-Mailtide-Why"] == "no_rule_held"
        )
    return {block_id: urlsplit(urls[block_id]["image"]).path for block_id in blocks}


def _memory(deployment: Deployment) -> list[dict[str, Any]]:
    """Every open a picture of its own, as long as there are customers: more than the cache keeps."""
    web = _web_process(deployment)
    paths = _many_images(deployment)
    sizes = []
    for _ in range(2):
        answered = 0
        while answered < OPENS:
            answered += _burst(deployment.port, *paths)
        sizes.append(_rss_mb(web))
    early, late = sizes
    return [
        {
            "name": f"web process after {2 * OPENS:,} opens of {CUSTOMERS:,} pictures",
            "value": round(late),
            "unit": "MB RSS",
            "target": f"<= {RSS_MAX_MB}",
            "met": late <= RSS_MAX_MB,
        },
        {
            "name": f"web process, growth over the last {OPENS:,} opens",
            "value": round(late - early, 1),
            "unit": "MB",
            "target": "<= 5",
            "met": late - early <= 5,
        },
    ]


def _urls(deployment: Deployment) -> dict[str, str]:
    api = deployment.api
    api("PUT", "/v1/blocks/hero", make.block())
    api("POST", "/v1/blocks/hero/publish", {})
    message = {
        "name": "Spring",
        "channel": "email",
        "category": "newsletter",
        "class": "promotional",
        "blocks": ["hero"],
    }
    api("PUT", "/v1/messages/spring", message)
    api("PUT", "/v1/customers/ana", {"attributes": {"tier": "gold", "first_name": "Ana", "points": 420}})
    made = api("POST", "/v1/touches/urls", {"touch_id": "t-1", "customer_id": "ana", "message_id": "spring"})
    urls = made["urls"]
    image = urls["blocks"]["hero"]["image"]
    make.wait_until(lambda: deployment.fetch(image).headers["X-Mailtide-Why"] == "rule_held")
    return {
        "pixel": urlsplit(urls["pixel"]).path,
        "click": urlsplit(urls["blocks"]["hero"]["link"]).path,
        "image, already rendered": urlsplit(image).path,
    }


def _many_images(deployment: Deployment) -> list[str]:
    api = deployment.api
    paths = []
    for start in range(0, CUSTOMERS, 1_000):
        numbers = range(start, start + 1_000)
        api(
            "POST",
            "/v1/customers/batch",
            [
                {
                    "customer_id": f"c-{n}",
                    "attributes": {"tier": "gold", "first_name": f"Ana {n}", "points": n},
                }
                for n in numbers
            ],
        )
        told = [{"touch_id": f"t-{n}", "customer_id": f"c-{n}", "message_id": "spring"} for n in numbers]
        made = api("POST", "/v1/touches/urls", told)["results"]
        paths += [urlsplit(one["urls"]["blocks"]["hero"]["image"]).path for one in made]
    return paths


def _burst(port: int, *paths: str) -> int:
    command = [
        sys.executable,
        "-m",
        "tests.bench.load",
        str(port),
        str(CONNECTIONS),
        str(SECONDS),
        make.CHROME,
    ]
    told = "\n".join(paths)
    done = subprocess.run(command, input=told, capture_output=True, text=True, cwd=ROOT, check=True)
    answered, bad = (int(word) for word in done.stdout.split())
    if bad or not answered:
        raise AssertionError(f"{paths[0]}: {bad} of {answered} answers were bad")
    return answered


def _answers(deployment: Deployment, port: int) -> bool:
    try:
        return deployment.fetch(f"http://127.0.0.1:{port}/").status == 200
    except OSError:
        return False


def _web_process(deployment: Deployment) -> int:
    """The one worker below gunicorn's master."""
    master = deployment.pid("web")
    children = Path(f"/proc/{master}/task/{master}/children").read_text().split()
    return int(children[0])


def _cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _rss_mb(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise AssertionError("no VmRSS")
