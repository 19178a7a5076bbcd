"""Two tools that may be one: joined where it is proven and nobody has judged them, else put before an editor, once."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from catalog.addresses import canonical_url
from catalog.identity import Announcement, Decision, judge
from catalog.joining.belongings import lots
from catalog.joining.merge_alerts import clear_same_tool, raise_same_tool
from catalog.joining.merged_pairs import proposals_of
from catalog.joining.refusals import find_proposal, is_refused, pair_of, remember_refusal
from catalog.merges import IDENTITY, is_in_a_comparison, merge_tools
from catalog.naming import older_first, settle
from db import audit
from db.models import Merge, MergeProposal, Tool, ToolKey
from db.words import ProposalState
from errors import AppError, NotAllowed, NotFound

MOST_NAMESAKES = 20  # of one tool are judged


@dataclass(frozen=True)
class Asked:
    """An open proposal with its two tools."""

    proposal: MergeProposal
    a: Tool
    b: Tool


def join(session: Session, tool: Tool, other_id: int, why: str, now: datetime) -> Tool:
    """Their addresses prove them one: the tool both are now, or `tool` where that is for an editor to say."""
    other = session.get(Tool, other_id)
    if other is None or other.id == tool.id or is_refused(session, tool, other):
        return tool
    if is_in_a_comparison(session, tool.id or 0, other_id):
        propose(session, tool, other, why, now)
        low, high = sorted((tool, other), key=lambda one: one.id or 0)
        raise_same_tool(session, low, high, why, now)
        return tool
    keep, gone = older_first(session, tool, other)
    merge_tools(session, keep, gone, why, IDENTITY, now)
    return keep


def propose(session: Session, one: Tool, other: Tool, why: str, now: datetime) -> MergeProposal:
    """Asked once; an answered question stays answered."""
    known = find_proposal(session, one, other)
    if known:
        return known
    low, high = pair_of(one, other)
    proposal = MergeProposal(tool_a_id=low, tool_b_id=high, why=why, created_at=now)
    session.add(proposal)
    session.flush()
    return proposal


# ── what evidence adds up to ─────────────────────────────────────────────────────────────────────


def consider(session: Session, tool: Tool, links: str, now: datetime) -> Tool:
    """Judge a tool against its namesakes; the tool it is afterwards. `links`: where its own pages lead."""
    return consider_all(session, [tool], {tool.id or 0: links}, now)[tool.id or 0]


def consider_all(session: Session, tools: Sequence[Tool], links: Mapping[int, str], now: datetime) -> dict[int, Tool]:
    """The same for a batch, in a handful of queries; each tool's id → the tool it is afterwards."""
    became = {tool.id or 0: tool for tool in tools}
    rivals = find_rivals(session, tools)
    if not any(rivals.values()):
        return became
    answered = {(one.tool_a_id, one.tool_b_id): one for one in proposals_about(session, list(became))}
    merged: dict[int, Tool] = {}
    for tool_id in list(became):
        for other in rivals.get(tool_id, ()):
            here, there = now_called(merged, became[tool_id]), now_called(merged, other)
            if here is there:
                continue
            known = answered.get(pair_of(here, there))
            kept = weigh(session, here, there, known, links.get(tool_id, ""), now)
            if kept:
                gone = there if kept is here else here
                merged[gone.id or 0] = kept
                answered = {(one.tool_a_id, one.tool_b_id): one for one in proposals_about(session, list(became))}
    return {tool_id: now_called(merged, tool) for tool_id, tool in became.items()}


def now_called(merged: Mapping[int, Tool], tool: Tool) -> Tool:
    while (tool.id or 0) in merged:
        tool = merged[tool.id or 0]
    return tool


def weigh(
    session: Session, one: Tool, other: Tool, known: MergeProposal | None, links: str, now: datetime
) -> Tool | None:
    """Act on what is known of two tools now; the tool that stays when they became one."""
    if known and known.state != ProposalState.OPEN:
        return None
    judgement = judge(announced(one), announced(other), evidence(one, other, links))
    is_judged = is_in_a_comparison(session, one.id or 0, other.id or 0)
    if judgement.decision is Decision.MERGE and not is_judged:
        keep, gone = older_first(session, one, other)
        merge_tools(session, keep, gone, judgement.why, IDENTITY, now)
        settle(session, keep, now)
        return keep
    if judgement.decision is Decision.DIFFERENT:
        if known and not is_judged:
            session.delete(known)  # what spoke for it no longer does
            session.flush()
    elif known is None:
        propose(session, one, other, judgement.why, now)
    return None


def announced(tool: Tool) -> Announcement:
    return Announcement(tool.name, tool.home_url, tool.repository or "", tool.tagline)


def evidence(one: Tool, other: Tool, links: str) -> str:
    """Where their pages lead, and where they moved to, as `judge` reads it."""
    moves = [f"{tool.home_url} redirects to {tool.moved_to}" for tool in (one, other) if tool.moved_to]
    return "\n".join([*moves, links])


def links_of(tool: Tool, addresses: Iterable[str]) -> str:
    """The addresses a tool's own pages link to, as `judge` reads them."""
    return "\n".join(f"{tool.home_url} -> {address}" for address in addresses)


def find_rivals(session: Session, tools: Sequence[Tool]) -> dict[int, list[Tool]]:
    """Of each tool those it may be: the same name, the same repository, the place its home page moved to."""
    by_name = namesakes(session, {tool.name_key for tool in tools if tool.name_key})
    by_key = key_owners(session, tools)
    asked = open_rivals(session, [tool.id or 0 for tool in tools])
    found = {}
    for tool in tools:
        wanted = [*by_key.get(tool.id or 0, ()), *asked.get(tool.id or 0, ()), *by_name.get(tool.name_key, ())]
        others = {one.id or 0: one for one in wanted if one.id != tool.id}
        found[tool.id or 0] = [others[own] for own in sorted(others)[:MOST_NAMESAKES]]
    return found


def namesakes(session: Session, names: set[str]) -> dict[str, list[Tool]]:
    """Of each name the first few tools that have it: a name that thousands bear says nothing anyway."""
    found: dict[str, list[Tool]] = defaultdict(list)
    for some in lots(sorted(names)):
        for tool in session.exec(first_of_each(some)):
            found[tool.name_key].append(tool)
    return found


def first_of_each(names: list[str]) -> SelectOfScalar[Tool]:
    most = MOST_NAMESAKES + 1  # the tool itself may be among them
    if len(names) == 1:  # the index alone answers, however many there are
        return select(Tool).where(Tool.name_key == names[0]).order_by(col(Tool.id)).limit(most)
    place = func.row_number().over(partition_by=col(Tool.name_key), order_by=col(Tool.id)).label("place")
    placed = select(col(Tool.id).label("id"), place).where(col(Tool.name_key).in_(names)).subquery()
    return (
        select(Tool).where(col(Tool.id).in_(select(placed.c.id).where(placed.c.place <= most))).order_by(col(Tool.id))
    )


def key_owners(session: Session, tools: Sequence[Tool]) -> dict[int, list[Tool]]:
    """Whose keys a tool's own words name: the repository it learnt, the address it moved to."""
    named: dict[tuple[str, str], list[int]] = defaultdict(list)
    for tool in tools:
        for kind, value in (("repository", tool.repository), ("url", canonical_url(tool.moved_to or ""))):
            if value:
                named[kind, value].append(tool.id or 0)
    found: dict[int, list[Tool]] = defaultdict(list)
    for some in lots(sorted({value for _, value in named})):
        query = select(ToolKey, Tool).join(Tool, col(Tool.id) == col(ToolKey.tool_id))
        kinds = col(ToolKey.kind).in_(("repository", "url"))
        for key, owner in session.exec(query.where(kinds, col(ToolKey.value).in_(some))):
            for tool_id in named.get((key.kind, key.value), ()):
                found[tool_id].append(owner)
    return found


def open_rivals(session: Session, tool_ids: list[int]) -> dict[int, list[Tool]]:
    """Those a tool is asked about already: new evidence may settle it."""
    asked = [one for one in proposals_about(session, tool_ids) if one.state == ProposalState.OPEN]
    wanted = {tool_id for one in asked for tool_id in (one.tool_a_id, one.tool_b_id)}
    tools: dict[int, Tool] = {}
    for some in lots(sorted(wanted)):
        tools |= {tool.id or 0: tool for tool in session.exec(select(Tool).where(col(Tool.id).in_(some)))}
    found: dict[int, list[Tool]] = defaultdict(list)
    for one in asked:
        found[one.tool_a_id].append(tools[one.tool_b_id])
        found[one.tool_b_id].append(tools[one.tool_a_id])
    return found


def proposals_about(session: Session, tool_ids: list[int]) -> list[MergeProposal]:
    return [one for some in lots(tool_ids) for one in proposals_of(session, *some)]


# ── what an editor says ──────────────────────────────────────────────────────────────────────────


def open_proposals(session: Session, limit: int = 500) -> list[Asked]:
    found = select(MergeProposal).where(MergeProposal.state == ProposalState.OPEN).order_by(col(MergeProposal.id))
    asked = session.exec(found.limit(limit)).all()
    ids = {tool_id for one in asked for tool_id in (one.tool_a_id, one.tool_b_id)}
    tools = {
        tool.id: tool for some in lots(sorted(ids)) for tool in session.exec(select(Tool).where(col(Tool.id).in_(some)))
    }
    return [Asked(one, tools[one.tool_a_id], tools[one.tool_b_id]) for one in asked]


def get_open_proposal(session: Session, proposal_id: int) -> Asked:
    proposal = session.get(MergeProposal, proposal_id)
    if proposal is None:
        raise NotFound("open proposal", proposal_id, "see 'verdicts tools proposals'")
    if proposal.state != ProposalState.OPEN:
        raise NotAllowed(f"Proposal {proposal_id} is decided", f"{proposal.decided_by} said {proposal.state}")
    return Asked(proposal, session.get_one(Tool, proposal.tool_a_id), session.get_one(Tool, proposal.tool_b_id))


def accept(session: Session, proposal_id: int, by: str, why: str, now: datetime) -> Merge:
    """They are one. A tool readers know stays; of two alike, the one announced first."""
    asked = get_open_proposal(session, proposal_id)
    keep, gone = older_first(session, asked.a, asked.b)
    if is_in_a_comparison(session, gone.id or 0) and not is_in_a_comparison(session, keep.id or 0):
        keep, gone = gone, keep
    return merge_tools(session, keep, gone, why.strip() or asked.proposal.why, by, now)


def refuse(session: Session, proposal_id: int, by: str, why: str, now: datetime) -> None:
    """They are two, and we do not ask again."""
    asked = get_open_proposal(session, proposal_id)
    if not why.strip():
        raise AppError("A refusal needs its reason (--why).")
    remember_refusal(session, asked.a, asked.b, why.strip(), by, now)
    clear_same_tool(session, [asked.a, asked.b], now)
    audit.record(session, now, by, "refuse merge", f"tool {asked.a.id}", other=asked.b.slug, why=why.strip())
