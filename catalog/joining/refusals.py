"""Which pairs of tools were asked about, and which an editor said are two: those are never joined by us again."""

from datetime import datetime

from sqlmodel import Session, select

from db.models import MergeProposal, Tool
from db.words import ProposalState


def find_proposal(session: Session, one: Tool, other: Tool) -> MergeProposal | None:
    low, high = pair_of(one, other)
    query = select(MergeProposal).where(MergeProposal.tool_a_id == low, MergeProposal.tool_b_id == high)
    return session.exec(query).one_or_none()


def pair_of(one: Tool, other: Tool) -> tuple[int, int]:
    assert one.id is not None and other.id is not None
    return min(one.id, other.id), max(one.id, other.id)


def is_refused(session: Session, one: Tool, other: Tool) -> bool:
    proposal = find_proposal(session, one, other)
    return proposal is not None and proposal.state == ProposalState.REFUSED


def remember_refusal(session: Session, one: Tool, other: Tool, why: str, by: str, now: datetime) -> MergeProposal:
    """The two are two, by an editor's word."""
    low, high = pair_of(one, other)
    proposal = find_proposal(session, one, other)
    proposal = proposal or MergeProposal(tool_a_id=low, tool_b_id=high, why=why, created_at=now)
    proposal.state, proposal.decided_at = ProposalState.REFUSED, now
    proposal.decided_by, proposal.decided_why = by, why
    session.add(proposal)
    session.flush()
    return proposal
