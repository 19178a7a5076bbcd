"""What a comparison's page tells machines, in schema.org's words."""

from typing import Any

from config import Settings
from db.shown import PublishedComparison
from digest.render import link
from web.filters import name_of


def linked_data(comparison: PublishedComparison, settings: Settings) -> dict[str, Any]:
    """schema.org, and honest: software that drafted is named as software, never as an author of flesh."""
    names = [tool.name for tool in comparison.tools]
    publisher = {"@type": "Organization", "name": settings.mail.from_name, "url": settings.base_url}
    newest = comparison.verdicts[0] if comparison.verdicts else None
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Article",
        "headline": " vs ".join(names),
        "abstract": comparison.answer,
        "url": f"{settings.base_url}/compare/{comparison.slug}",
        "datePublished": comparison.published_at.isoformat(),
        "publisher": publisher,
        "creator": [creator(origin, comparison) for origin in comparison.origins] or publisher,
        "about": [
            {
                "@type": "SoftwareApplication",
                "name": tool.name,
                **({"url": url} if (url := link(tool.home_url)) else {}),
            }
            for tool in comparison.tools
        ],
    }
    if newest:
        data |= {
            "dateModified": newest.decided_at.isoformat(),
            "editor": {"@type": "Person", "name": name_of(newest.approved_by)},
        }
    return data


def creator(origin: str, comparison: PublishedComparison) -> dict[str, Any]:
    reviews = [review for tool in comparison.tools for review in tool.reviews.values() if review.origin == origin]
    names = ", ".join(sorted({name_of(review.written_by) for review in reviews}))
    if origin == "person":
        return {"@type": "Person", "name": names}
    why = "Drafted by software" if origin == "model" else "Written in advance for a demonstration"
    return {"@type": "SoftwareApplication", "name": names, "description": f"{why}; approved by an editor."}
