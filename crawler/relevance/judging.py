"""The judgement itself: two questions asked apart, points added up, every point with its reason. Pure."""

from dataclasses import dataclass

from crawler.relevance.ai import IS_AI, points_of_ai
from crawler.relevance.launch import IS_LAUNCH, points_of_launch
from crawler.relevance.posts import Point, Post, strongest, total
from crawler.relevance.versions import is_update, version_of
from db.words import LaunchKind

WEIGHS, WEIGHS_MUCH = -0.5, -2.0  # what counts less is no reason by itself; a silence about AI outweighs most
READ = 700  # characters of a description: what follows rarely says what the thing is


@dataclass(frozen=True)
class Judgement:
    """`why` says in one sentence why it was set aside; `reasons` give all that spoke, the strongest first."""

    kind: LaunchKind
    why: str
    version: str | None = None
    is_ai: bool = False
    is_launch: bool = False
    reasons: tuple[str, ...] = ()


def judge(
    title: str,
    tagline: str = "",
    topics: tuple[str, ...] = (),
    *,
    announces: bool = True,
    url: str = "",
    place: str = "",
) -> Judgement:
    """
    Args:
        announces: whether the place holds launches only (Show HN, a launch list); in a vendor's feed an
            entry must say itself that something is launched.
        url: the address the announcement points to.
        place: the name of the source it was seen on.
    """
    spelled = " ".join(topic.replace("-", " ") for topic in topics)
    said = "" if tagline.strip() == title.strip() else tagline.strip()[:READ]
    post = Post(title.strip()[:500], said, spelled, url.strip(), place, announces)
    about_ai, for_launch = list(points_of_ai(post)), list(points_of_launch(post))
    is_ai = total(about_ai) >= IS_AI
    version = version_of(post.title)
    reasons = tuple(point.reason for point in strongest(about_ai) + strongest(for_launch))
    if version and is_update(post, version):
        why = f"a release of a known tool: {version}"
        return Judgement(LaunchKind.UPDATE, why, version, is_ai, False, (why, *reasons))
    if total(for_launch) >= IS_LAUNCH and is_ai:
        return Judgement(LaunchKind.LAUNCH, "", version, True, True, reasons)
    return Judgement(LaunchKind.NOISE, why_noise(is_ai, for_launch), None, is_ai, False, reasons)


def why_noise(is_ai: bool, for_launch: list[Point]) -> str:
    """One sentence: the strongest thing that spoke against it."""
    against = min(for_launch, key=lambda point: point.points, default=None)
    if against and against.points < (WEIGHS if is_ai else WEIGHS_MUCH) and total(for_launch) < IS_LAUNCH:
        return f"not a launch: {against.reason}"
    return "not a launch: the entry announces nothing" if is_ai else "nothing in it speaks of AI"


def judge_repository(description: str, *, fork: bool, archived: bool, template: bool) -> str:
    """'' for a repository that may be a tool, else why it is none."""
    if fork:
        return "a fork of another repository"
    if archived:
        return "an archived repository"
    if template:
        return "a template repository"
    return "" if description.strip() else "a repository without a description"
