"""How far an import came: a small file under VAR_DIR, for the same file and the same columns."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from app.cli.row_reading import Place

READ_BYTES = 2**20


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Everything before this place is in; `rejected_bytes` of the rejected rows' file belong to it."""

    place: Place
    taken: int = 0
    refused: int = 0
    rejected_bytes: int = 0


def checkpoint_file(var: Path, source: Path, manner: Sequence[object]) -> Path:
    """Where the checkpoint of one file, imported in one manner, is kept."""
    digest = hashlib.blake2b(repr(manner).encode(), digest_size=12)
    with source.open("rb") as file:
        while data := file.read(READ_BYTES):
            digest.update(data)
    return var / "imports" / f"{digest.hexdigest()}.json"


def read(file: Path) -> Checkpoint | None:
    """The checkpoint, or None where there is none that can be read."""
    try:
        return msgspec.json.decode(file.read_bytes(), type=Checkpoint)
    except (FileNotFoundError, msgspec.MsgspecError):
        return None


def write(file: Path, checkpoint: Checkpoint) -> None:
    """Keep it, whole or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_suffix(".draft")
    draft.write_bytes(msgspec.json.encode(checkpoint))
    draft.replace(file)


def forget(file: Path) -> None:
    """The import is finished."""
    file.unlink(missing_ok=True)
