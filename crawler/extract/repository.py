"""A repository's record in GitHub's API, as text that facts can quote. Pure."""

from typing import Any

from catalog.text import one_line
from crawler.extract.findings import Finding

KEPT = ("full_name", "description", "language", "created_at", "pushed_at", "default_branch")


def read_repository_record(record: dict[str, Any]) -> tuple[str, list[Finding]]:
    """(one line a field, the facts in it). Raises KeyError for what is no repository record."""
    lines = [f"{key}: {one_line(str(record[key]))}" for key in KEPT if record.get(key)]
    if "full_name" not in record:
        raise KeyError("full_name")
    findings = []
    spdx = (record.get("license") or {}).get("spdx_id")
    if spdx and spdx != "NOASSERTION":
        findings.append(quote_line(lines, "license", spdx, "licence", {"spdx": spdx}))
    stars = record.get("stargazers_count")
    if isinstance(stars, int):
        findings.append(quote_line(lines, "stargazers_count", str(stars), "stars", {"stars": stars}))
    return "\n".join(lines), findings


def quote_line(lines: list[str], name: str, value: str, key: str, normal: dict[str, Any]) -> Finding:
    start = sum(len(line) + 1 for line in lines)
    lines.append(f"{name}: {value}")
    quote = lines[-1]
    return Finding(key, value, normal, quote, start, start + len(quote), 1.0)
