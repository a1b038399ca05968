"""How gunicorn serves `wsgi:app`: read by `make run`, the Procfile and a plain `gunicorn wsgi:app`.

HOST, PORT, WEB_CONCURRENCY and WEB_THREADS change what a deployment may want to change.
"""

import ctypes
import os
from pathlib import Path
from typing import Any

from prometheus_client.multiprocess import mark_process_dead


def _address() -> str:
    host, port = os.environ.get("HOST", "127.0.0.1"), os.environ.get("PORT", "8000")
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _usable_cores() -> int:
    """Cores this process may run on: a container's share can be smaller than the machine."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


bind = _address()

# One process a core: an open is CPU of ours (0.9 ms) and one short wait for Redis.
workers = int(os.environ.get("WEB_CONCURRENCY") or _usable_cores())
worker_class = "gthread"
# Enough for the API's slower calls (SQL, batches) not to hold up the opens; measured, the number
# itself makes no difference to the rate of opens. Each thread keeps one connection to Redis.
threads = int(os.environ.get("WEB_THREADS") or 8)

# Not preloaded: a process's stores hold sockets and a refreshing thread, which do not survive a
# fork, and SIGHUP then loads new code without a stop. Preloading brought no measurable speed.
preload_app = False

# A worker that has not answered for this long is killed; the longest request is a batch of 1,000.
timeout = 30
# With two seconds that gunicorn grants kept-alive connections, a stop stays under five.
graceful_timeout = 3
# Longer than the idle time of usual proxies (nginx 60 s), so that they close first and no request
# is sent into a connection that is just being closed.
keepalive = 75

# Our own URLs are under 400 bytes; merge tags and a campaign's query parameters come on top.
limit_request_line = 4094
limit_request_fields = 64
limit_request_field_size = 8190

# The heartbeat file on a disk can block a worker when the disk is busy; in memory it cannot.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108
# The control socket has one address per user: a second deployment of that user would fight for it.
control_socket_disable = True

# No access log: every hit is an event already, and addresses do not belong in files nobody prunes.
accesslog = None
errorlog = "-"
loglevel = os.environ.get("GUNICORN_LOG_LEVEL", "warning")
proc_name = "mailtide-web"


def post_fork(_server: Any, _worker: Any) -> None:
    """Keep glibc's memory for all threads in two arenas, and give what canvases took back to the system.

    An arena for each thread holds 3 MB a process for nothing, and freed canvases stay in it for ever.
    """
    libc = ctypes.CDLL(None)
    if hasattr(libc, "mallopt"):  # the numbers are of malloc.h; other C libraries have neither
        libc.mallopt(-8, 2)  # M_ARENA_MAX
        libc.mallopt(-3, 128 * 2**10)  # M_MMAP_THRESHOLD


def child_exit(_server: Any, worker: Any) -> None:
    """A worker that ended holds nothing any more: its gauges leave /metrics, its counters stay."""
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]
