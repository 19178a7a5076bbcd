"""The folder of a recorded crawl: recording.json holds the moment it believed in; guest/recorder.py fills it."""

import json
from datetime import datetime
from pathlib import Path

from errors import ConfigError

ABOUT = "recording.json"


def begin_recording(folder: Path, now: datetime) -> None:
    """Raises ConfigError when the folder cannot be written, or holds something else."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise ConfigError(f"{folder} is not empty; name a new folder for the recording.")
        (folder / ABOUT).write_text(json.dumps({"now": now.isoformat()}) + "\n", encoding="utf-8")
    except OSError as exc:
        raise ConfigError(f"The recording cannot be written to {folder}: {exc.strerror}; name another folder.") from exc


def moment_of_recording(folder: Path) -> datetime:
    """When it was made: a replayed crawl believes in that moment, or its questions would be others.

    Raises ConfigError when the folder holds no recording.
    """
    try:
        now = datetime.fromisoformat(json.loads((folder / ABOUT).read_text(encoding="utf-8"))["now"])
    except (OSError, ValueError, KeyError, TypeError) as exc:
        raise ConfigError(f"{folder} holds no recording ({ABOUT} is missing or unreadable); see --record.") from exc
    if now.tzinfo is None:
        raise ConfigError(f"{folder / ABOUT} states a moment without a time zone; write it as 2026-11-16T09:00:00Z.")
    return now
