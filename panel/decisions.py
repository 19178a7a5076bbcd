"""What editors and reviewers do to a comparison: review, answer, waive, approve, reject.

Each verb checks its guard, writes the audit line in the same transaction, and refuses in a sentence.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from catalog.facts import current_facts, find_fact
from catalog.joining.merge_alerts import clear_settled_verdicts
from catalog.ledger.normal import same_statement
from catalog.ledger.standing import SINGLE
from config import Settings
from db import audit
from db.models import Comparison, Editor, Review, ReviewFact, Tool, Verdict, VerdictFact, Waiver
from db.words import ComparisonState, Stance
from errors import AppError, NotAllowed, NotFound
from panel.checks import unanchored
from panel.evidence import RESTING, anchor, evidence_level, facts_of_review
from panel.lenses import get_reviewer, reviewers
from panel.outcome import decide
from panel.wording import answer_form

UNDECIDED = (ComparisonState.PENDING, ComparisonState.DRAFTED, ComparisonState.RECHECK)
LONGEST_QUOTE = 1200
LONGEST_ANSWER = 400


@dataclass(frozen=True)
class Finding:
    """A check that failed. `name` is what a waiver names."""

    name: str
    sentence: str
    may_be_waived: bool = False


def get_comparison(session: Session, comparison_id: int) -> Comparison:
    comparison = session.get(Comparison, comparison_id)
    if comparison is None:
        raise NotFound("comparison", comparison_id, "see 'verdicts queue'")
    return comparison


def get_editor(session: Session, email: str) -> Editor:
    editor = session.exec(select(Editor).where(Editor.email == email.strip().casefold())).one_or_none()
    if editor is None or not editor.is_active:
        raise NotFound("editor", email, "add one with 'verdicts editors add EMAIL'")
    return editor


def tools_of(session: Session, comparison: Comparison) -> tuple[Tool, ...]:
    """Two, or one that stands alone."""
    return tuple(session.get_one(Tool, tool_id) for tool_id in comparison.tool_ids)


def add_review(
    session: Session,
    comparison_id: int,
    slug: str,
    reviewer: str,
    stance: str,
    quote: str,
    by: str,
    now: datetime,
    origin: str = "person",
    model_note: dict[str, object] | None = None,
) -> Review:
    """Write one reviewer's opinion of one tool; an earlier one by the same lens is replaced, not lost."""
    comparison = get_comparison(session, comparison_id)
    if comparison.state not in UNDECIDED:
        raise NotAllowed(f"Comparison {comparison_id} takes no review", f"it is {comparison.state}")
    tool = next((tool for tool in tools_of(session, comparison) if tool.slug == slug), None)
    if tool is None or tool.id is None:
        raise NotFound(f"tool in comparison {comparison_id}:", slug)
    quote = check_quote(quote)
    get_reviewer(reviewer)
    replace_standing(session, comparison_id, tool.id, reviewer, now)
    review = Review(
        comparison_id=comparison_id,
        tool_id=tool.id,
        reviewer=reviewer,
        stance=check_stance(stance),
        quote=quote,
        written_by=by,
        origin=origin,
        written_at=now,
        model_note=dict(model_note or {}),
    )
    session.add(review)
    session.flush()
    for fact in anchor(session, tool.id, quote, now):
        session.add(ReviewFact(review_id=review.id or 0, fact_id=fact.id or 0))
    session.flush()
    audit.record(session, now, by, "review", f"comparison {comparison_id}", tool=slug, reviewer=reviewer, stance=stance)
    mark_drafted(session, comparison)
    return review


def check_stance(stance: str) -> Stance:
    try:
        return Stance(stance)
    except ValueError as exc:
        raise AppError(f"'{stance}' is no vote; it is ship, skip or abstain.") from exc


def check_quote(quote: str) -> str:
    quote = " ".join(quote.split())
    if not quote:
        raise AppError("The quote is empty; write one to three sentences.")
    if len(quote) > LONGEST_QUOTE:
        raise AppError(f"The quote has {len(quote)} characters; {LONGEST_QUOTE} is the most.")
    return quote


def replace_standing(session: Session, comparison_id: int, tool_id: int, reviewer: str, now: datetime) -> None:
    for review in standing_reviews(session, comparison_id):
        if (review.tool_id, review.reviewer) == (tool_id, reviewer):
            review.replaced_at = now
            session.add(review)
            session.flush()


def standing_reviews(session: Session, comparison_id: int) -> list[Review]:
    """In the reviewers' order."""
    order = {one.key: one.order for one in reviewers()}
    found = session.exec(
        select(Review).where(Review.comparison_id == comparison_id, col(Review.replaced_at).is_(None))
    ).all()
    return sorted(found, key=lambda review: (review.tool_id, order.get(review.reviewer, 99), review.reviewer))


def set_answer(session: Session, comparison_id: int, answer: str, by: str, now: datetime) -> None:
    """The comparison's answer: 'Ship with A if …; with B if …'; of one tool 'Ship A if …; skip it if …'."""
    comparison = get_comparison(session, comparison_id)
    if comparison.state not in UNDECIDED:
        raise NotAllowed(f"The answer of comparison {comparison_id} stays as it is", f"it is {comparison.state}")
    answer = " ".join(answer.split())
    if not 10 <= len(answer) <= LONGEST_ANSWER:
        raise AppError(f"The answer has {len(answer)} characters; write between 10 and {LONGEST_ANSWER}.")
    comparison.answer = answer
    session.add(comparison)
    audit.record(session, now, by, "answer", f"comparison {comparison_id}")
    mark_drafted(session, comparison)


def mark_drafted(session: Session, comparison: Comparison) -> None:
    """pending → drafted once each tool has a review. A re-check stays one until it is decided again."""
    reviewed = {review.tool_id for review in standing_reviews(session, comparison.id or 0)}
    if comparison.state == ComparisonState.PENDING and reviewed == set(comparison.tool_ids):
        comparison.state = ComparisonState.DRAFTED
        session.add(comparison)


# ── checks ───────────────────────────────────────────────────────────────────────────────────────


def findings(session: Session, settings: Settings, comparison: Comparison) -> list[Finding]:
    """What stands between this comparison and its approval, waived checks left out."""
    assert comparison.id is not None
    waived = set(session.exec(select(Waiver.check).where(Waiver.comparison_id == comparison.id)))
    reviews = standing_reviews(session, comparison.id)
    found = [
        *missing_parts(session, settings, comparison, reviews),
        *unanchored_claims(session, comparison, reviews),
        *outdated_claims(session, comparison, reviews),
    ]
    return [finding for finding in found if finding.name not in waived]


def missing_parts(session: Session, settings: Settings, comparison: Comparison, reviews: list[Review]) -> list[Finding]:
    found = []
    tools = tools_of(session, comparison)
    if not comparison.answer:
        how = f"write one with 'verdicts answer {comparison.id} --file F' (“{answer_form(tools)}”)"
        found.append(Finding("answer", f"it has no answer; {how}"))
    for tool in tools:
        votes = [review for review in reviews if review.tool_id == tool.id]
        if len(votes) < settings.panel.minimum_reviews:
            found.append(
                Finding(
                    f"reviews:{tool.slug}",
                    f"{tool.name} has {len(votes)} of the {settings.panel.minimum_reviews} reviews it needs",
                )
            )
    return found


def unanchored_claims(session: Session, comparison: Comparison, reviews: list[Review]) -> list[Finding]:
    """Figures and licences no cited fact holds; the answer may use the facts of every tool."""
    found = []
    names = {tool.id: tool for tool in tools_of(session, comparison)}
    for review in reviews:
        tool = names[review.tool_id]
        texts = [f"{fact.value} {fact.quote}" for fact in facts_of_review(session, review)] + [tool.name]
        for claim in unanchored(review.quote, texts):
            sentence = f"the {review.reviewer}'s “{claim.written}” on {tool.name} stands in no fact of it"
            found.append(Finding(f"anchor:{tool.slug}:{review.reviewer}:{claim.written}", sentence, True))
    texts = [f"{fact.value} {fact.quote}" for tool_id in names for fact in current_facts(session, tool_id or 0)]
    texts += [tool.name for tool in names.values()]
    for claim in unanchored(comparison.answer or "", texts):
        found.append(
            Finding(f"anchor:answer:{claim.written}", f"“{claim.written}” in the answer stands in no fact", True)
        )
    return found


def outdated_claims(session: Session, comparison: Comparison, reviews: list[Review]) -> list[Finding]:
    """Quotes resting on a fact that has moved since: what they say was true once."""
    found = []
    for tool in tools_of(session, comparison):
        current = {fact.key: fact for fact in current_facts(session, tool.id or 0) if fact.key in SINGLE}
        for review in (review for review in reviews if review.tool_id == tool.id):
            for fact in facts_of_review(session, review):
                now_is = current.get(fact.key)
                if now_is and not same_statement(fact, now_is):
                    rests = f"the {review.reviewer}'s quote on {tool.name} rests on {fact.value}"
                    sentence = f"{rests}, which is now {now_is.value}"
                    name = f"outdated:{tool.slug}:{review.reviewer}:{fact.key}:{now_is.id}"  # the next move is another
                    found.append(Finding(name, sentence, True))
    return found


def waive(
    session: Session, settings: Settings, comparison_id: int, check: str, by: str, why: str, now: datetime
) -> None:
    """Let one failing check pass, by name. Missing reviews or answer cannot be waived."""
    comparison = get_comparison(session, comparison_id)
    get_editor(session, by)
    finding = next((one for one in findings(session, settings, comparison) if one.name == check), None)
    if finding is None:
        raise NotFound(
            f"failing check of comparison {comparison_id}:", check, f"see 'verdicts findings {comparison_id}'"
        )
    if not finding.may_be_waived:
        raise NotAllowed(f"The check {check} cannot be waived", finding.sentence)
    if not why.strip():
        raise AppError("A waiver needs its reason (--why).")
    session.add(Waiver(comparison_id=comparison_id, check=check, why=why.strip(), waived_by=by, waived_at=now))
    audit.record(session, now, by, "waive", f"comparison {comparison_id}", check=check, why=why.strip())


# ── decisions ────────────────────────────────────────────────────────────────────────────────────


def approve(session: Session, settings: Settings, comparison_id: int, by: str, now: datetime) -> list[Verdict]:
    """Approve by name: write each tool's verdict with what they rest on.

    Raises NotAllowed with the sentence that cures it.
    """
    comparison = get_comparison(session, comparison_id)
    editor = get_editor(session, by)
    if comparison.state not in UNDECIDED:
        raise NotAllowed(f"Comparison {comparison_id} cannot be approved", f"it is {comparison.state}")
    failing = findings(session, settings, comparison)
    if failing:
        raise NotAllowed(f"Comparison {comparison_id} cannot be approved", "; ".join(one.sentence for one in failing))
    comparison.state = ComparisonState.PUBLISHED if comparison.published_at else ComparisonState.APPROVED
    comparison.decided_at, comparison.decided_by = now, editor.email
    comparison.decided_why = comparison.recheck_why = None
    session.add(comparison)
    verdicts = [write_verdict(session, settings, comparison, tool, now) for tool in tools_of(session, comparison)]
    clear_settled_verdicts(session, now)
    audit.record(
        session,
        now,
        editor.email,
        "approve",
        f"comparison {comparison_id}",
        verdicts={str(verdict.tool_id): verdict.outcome for verdict in verdicts},
    )
    return verdicts


def write_verdict(session: Session, settings: Settings, comparison: Comparison, tool: Tool, now: datetime) -> Verdict:
    assert tool.id is not None and comparison.id is not None and comparison.decided_by is not None
    facts = current_facts(session, tool.id)
    reviews = [review for review in standing_reviews(session, comparison.id) if review.tool_id == tool.id]
    marks = {review.reviewer: review.stance for review in reviews}
    evidence = evidence_level(facts)
    result = decide(marks, settings.panel.minimum_reviews, evidence)
    verdict = Verdict(
        tool_id=tool.id,
        comparison_id=comparison.id,
        outcome=result.outcome,
        ships=result.ships,
        skips=result.skips,
        abstentions=result.abstentions,
        marks=marks,
        evidence=evidence,
        why=result.why,
        decided_at=now,
        approved_by=comparison.decided_by,
    )
    session.add(verdict)
    session.flush()
    cited = {fact.id for review in reviews for fact in facts_of_review(session, review)}
    cited |= {fact.id for key in RESTING if (fact := find_fact(facts, key))}
    for fact_id in sorted(fact_id for fact_id in cited if fact_id is not None):
        session.add(VerdictFact(verdict_id=verdict.id or 0, fact_id=fact_id))
    session.flush()
    return verdict


def reject(session: Session, comparison_id: int, by: str, why: str, now: datetime) -> None:
    comparison = get_comparison(session, comparison_id)
    editor = get_editor(session, by)
    if comparison.state not in UNDECIDED:
        raise NotAllowed(f"Comparison {comparison_id} cannot be rejected", f"it is {comparison.state}")
    if not why.strip():
        raise AppError("A rejection needs its reason (--why).")
    comparison.state = ComparisonState.REJECTED
    comparison.decided_at, comparison.decided_by, comparison.decided_why = now, editor.email, why.strip()
    session.add(comparison)
    audit.record(session, now, editor.email, "reject", f"comparison {comparison_id}", why=why.strip())


def queue(session: Session) -> list[Comparison]:
    """Comparisons awaiting a decision: what came back first, then the best."""
    found = session.exec(select(Comparison).where(col(Comparison.state).in_(UNDECIDED))).all()
    return sorted(found, key=lambda one: (one.state != ComparisonState.RECHECK, -one.score, one.id or 0))


def verdicts_of(session: Session, comparison: Comparison) -> dict[int, Verdict]:
    """tool id → the verdict in force (the newest of this comparison)."""
    rows = session.exec(select(Verdict).where(Verdict.comparison_id == comparison.id).order_by(col(Verdict.id)))
    return {verdict.tool_id: verdict for verdict in rows}
