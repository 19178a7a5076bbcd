"""The states of the week as words. What is stored is what a page shows."""

from enum import StrEnum


class CrawlOutcome(StrEnum):
    OK = "ok"
    NOT_MODIFIED = "not-modified"
    EMPTY = "empty"
    PARTIAL = "partial"
    BLOCKED = "blocked"
    ERROR = "error"


class LaunchKind(StrEnum):
    LAUNCH = "launch"
    UPDATE = "update"
    NOISE = "noise"


class Availability(StrEnum):
    UNREAD = "unread"
    ALIVE = "alive"
    DEAD = "dead"
    UNREACHABLE = "unreachable"
    CLOSED_TO_ROBOTS = "closed to robots"
    BOT_WALL = "bot wall"
    PARKED = "parked"
    MOVED = "moved"


class ProposalState(StrEnum):
    OPEN = "open"
    MERGED = "merged"
    REFUSED = "refused"


class FactLabel(StrEnum):
    VENDOR_CLAIM = "vendor_claim"
    THIRD_PARTY = "third_party"
    OUR_CHECK = "our_check"


class ComparisonState(StrEnum):
    PENDING = "pending"
    DRAFTED = "drafted"
    APPROVED = "approved"
    REJECTED = "rejected"
    PUBLISHED = "published"
    RECHECK = "recheck"


class Stance(StrEnum):
    SHIP = "ship"
    SKIP = "skip"
    ABSTAIN = "abstain"


class Outcome(StrEnum):
    SHIP = "ship"
    SKIP = "skip"
    WATCH = "watch"


class PredictionOutcome(StrEnum):
    YES = "yes"
    NO = "no"
    VOID = "void"


class ConflictKind(StrEnum):
    SPONSOR = "sponsor"
    AFFILIATE = "affiliate"
    OWNERSHIP = "ownership"
    OWN_MODEL = "own model"


class EditionState(StrEnum):
    DRAFT = "draft"
    APPROVED = "approved"
    SENDING = "sending"
    PAUSED = "paused"
    SENT = "sent"
    CANCELLED = "cancelled"
    SKIPPED = "skipped"


class SubscriberState(StrEnum):
    PENDING = "pending"
    ACTIVE = "active"
    UNSUBSCRIBED = "unsubscribed"
    SUPPRESSED = "suppressed"


class DeliveryState(StrEnum):
    PENDING = "pending"
    LEASED = "leased"
    TRANSMITTING = "transmitting"
    ACCEPTED = "accepted"
    RETRY = "retry"
    FAILED = "failed"
    SKIPPED = "skipped"
    UNKNOWN = "unknown"


class BounceKind(StrEnum):
    HARD = "hard"
    SOFT = "soft"
    COMPLAINT = "complaint"
    NONE = "none"


class LetterState(StrEnum):
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"


class RunState(StrEnum):
    DUE = "due"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Role(StrEnum):
    EDITOR = "editor"
    ADMIN = "admin"
