"""The tables. Words are DESIGN's; constraints here are the last word on every promise they can hold.

Table models are not validated when built: values from outside enter through plain models
(crawler/items.py, web forms), and CHECK, UNIQUE and NOT NULL decide. No `from __future__ import
annotations` here: SQLModel reads the annotations.
"""

from db.models.house import Alert, AuditEntry, Editor, Run
from db.models.knowledge import (
    Change,
    Contradiction,
    Fact,
    Merge,
    MergeProposal,
    Release,
    Snapshot,
    Tool,
    ToolKey,
    ToolSlug,
)
from db.models.mailing import Bounce, Delivery, Edition, Entry, FrozenEdition, Letter, Signup, Subscriber, Suppression
from db.models.panel import Comparison, Conflict, Prediction, Review, ReviewFact, Verdict, VerdictFact, Waiver
from db.models.watching import Crawl, HostPause, Launch, Recording, RelevanceLabel, Source, Traction, Validator

__all__ = [
    "Alert",
    "AuditEntry",
    "Bounce",
    "Change",
    "Comparison",
    "Conflict",
    "Contradiction",
    "Crawl",
    "Delivery",
    "Edition",
    "Editor",
    "Entry",
    "Fact",
    "FrozenEdition",
    "HostPause",
    "Launch",
    "Letter",
    "Merge",
    "MergeProposal",
    "Prediction",
    "Recording",
    "Release",
    "RelevanceLabel",
    "Review",
    "ReviewFact",
    "Run",
    "Signup",
    "Snapshot",
    "Source",
    "Subscriber",
    "Suppression",
    "Tool",
    "ToolKey",
    "ToolSlug",
    "Traction",
    "Validator",
    "Verdict",
    "VerdictFact",
    "Waiver",
]
