"""What a comparison's page tells machines, in schema.org's words."""

from typing import Any

from config import Settings
from db.shown import PublishedComparison, ShownTool
from digest.render import link
from web.filters import name_of


def linked_data(comparison: PublishedComparison, settings: Settings) -> dict[str, Any]:
    """schema.org, and honest: software that drafted is named as software, never as an author of flesh."""
    publisher = {"@type": "Organization", "name": settings.mail.from_name, "url": settings.base_url}
    newest = comparison.verdicts[0] if comparison.verdicts else None
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "headline": comparison.title,
        "url": f"{settings.base_url}/compare/{comparison.slug}",
        "datePublished": comparison.published_at.isoformat(),
        "publisher": publisher,
        "creator": [creator(origin, comparison) for origin in comparison.origins] or publisher,
        **subject(comparison),
    }
    if newest:
        data |= {
            "dateModified": newest.decided_at.isoformat(),
            "editor": {"@type": "Person", "name": name_of(newest.approved_by)},
        }
    return data


def subject(comparison: PublishedComparison) -> dict[str, Any]:
    """An article about two tools; or a review of the one, without a rating: a verdict is none."""
    [first, *rest] = [application(tool) for tool in comparison.tools]
    if rest:
        return {"@type": "Article", "abstract": comparison.answer, "about": [first, *rest]}
    return {"@type": "Review", "reviewBody": comparison.answer, "itemReviewed": first}


def application(tool: ShownTool) -> dict[str, Any]:
    url = link(tool.home_url)
    return {"@type": "SoftwareApplication", "name": tool.name, **({"url": url} if url else {})}


def creator(origin: str, comparison: PublishedComparison) -> dict[str, Any]:
    reviews = [review for tool in comparison.tools for review in tool.reviews.values() if review.origin == origin]
    names = ", ".join(sorted({name_of(review.written_by) for review in reviews}))
    if origin == "person":
        return {"@type": "Person", "name": names}
    why = "Drafted by software" if origin == "model" else "Written in advance for a demonstration"
    return {"@type": "SoftwareApplication", "name": names, "description": f"{why}; approved by an editor."}
