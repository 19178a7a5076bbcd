"""reviewers: the panel's lenses and their track record."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from commands.base import Json, opened, say, say_json, say_table

if TYPE_CHECKING:
    from panel.agreement import Interval, Pair, Rate
    from panel.track_record import Record, Survival, TrackRecord


def list_reviewers(json: Json = False) -> None:
    """The panel's lenses, how each has voted, and of how many independent votes they are worth."""
    from panel.track_record import track_record

    with opened() as here, here.store.read() as session:
        found = track_record(session, here.now)
    if json:
        return say_json(document_of(found))
    return say_record(found)


def document_of(found: "TrackRecord") -> dict[str, Any]:
    from panel.lenses import reviewers

    lenses = {one.key: vars(one) for one in reviewers()}
    return {
        "reviewers": [lenses.get(one.key, {}) | document_of_one(one) for one in found.records],
        "panel": {
            "n": len(found.panel),
            "verdicts": found.verdicts,
            "sentence": found.sentence,
            "counted": list(found.independence.counted) if found.independence else [],
            "r": found.independence.r if found.independence else None,
            "effective_votes": found.independence.effective if found.independence else None,
            "effective_votes_interval": asdict(found.independence.interval) if found.independence else None,
            "survival": [document_of_survival(one) for one in found.survival],
        },
    }


def document_of_one(one: "Record") -> dict[str, Any]:
    return {
        "key": one.key,
        "name": one.name,
        "motto": one.motto,
        "is_on_panel": one.is_on_panel,
        "written_by": one.written_by,
        "votes": one.ships.of,
        "abstentions": one.abstentions,
        "ship_rate": asdict(one.ships),
        "split_rate": asdict(one.splits),
        "agreement": {
            other_of(one, pair): {"shared": pair.agreed.of, "agreed": asdict(pair.agreed), "r": pair.r}
            for pair in one.agreement
        },
        "flags": one.flags,
    }


def document_of_survival(one: "Survival") -> dict[str, Any]:
    apart = {"difference": one.apart[0], "interval": asdict(one.apart[1])} if one.apart else None
    return asdict(one) | {"apart": apart}


def other_of(one: "Record", pair: "Pair") -> str:
    return pair.b if pair.a == one.key else pair.a


# ── for people ───────────────────────────────────────────────────────────────────────────────────


def say_record(found: "TrackRecord") -> None:
    names = {one.key: one.name for one in found.records}
    say_table(
        ["key", "name", "motto", "written by", "votes", "ships", "against the majority"],
        [
            [one.key, one.name, one.motto, ", ".join(one.written_by), one.ships.of, said(one.ships), said(one.splits)]
            for one in found.records
        ],
        figures=["votes"],
    )
    pairs = [pair for one in found.records for pair in one.agreement if pair.a == one.key and pair.agreed.of]
    if pairs:
        say("")
        say_table(
            ["two reviewers", "shared votes", "agreed", "correlation"],
            [
                [
                    f"{names[pair.a]} and {names[pair.b]}",
                    pair.agreed.of,
                    said(pair.agreed),
                    "" if pair.r is None else f"{pair.r:.2f}",
                ]
                for pair in pairs
            ],
            figures=["shared votes", "correlation"],
        )
    say("")
    say_table(
        ["still there after", "shipped", "skipped", "difference"],
        [[f"{one.months} months", said(one.shipped), said(one.skipped), apart(one)] for one in found.survival],
    )
    say(f"\n{found.sentence}")
    for flag in dict.fromkeys(flag for one in found.records for flag in one.flags):
        say(flag)


def said(rate: "Rate") -> str:
    """'75 % (51 to 90 %)'."""
    if rate.share is None or rate.interval is None:
        return ""
    return f"{rate.share:.0%} ({between(rate.interval)}) of {rate.of}".replace("%", " %")


def between(interval: "Interval") -> str:
    return f"{interval.low * 100:.0f} to {interval.high * 100:.0f}%"


def apart(one: "Survival") -> str:
    if one.apart is None:
        return ""
    points, interval = one.apart
    return f"{points * 100:+.0f} points ({interval.low * 100:+.0f} to {interval.high * 100:+.0f})"
