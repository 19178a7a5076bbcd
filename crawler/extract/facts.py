"""Find what a page states about its tool, in a fixed order of kinds. Prices have a module of their own."""

from crawler.extract.claims import find_claims
from crawler.extract.findings import Finding
from crawler.extract.page import Page
from crawler.extract.prose import Prose
from crawler.extract.rivals import find_rivals
from crawler.extract.sizes import find_context_lengths, find_parameters
from crawler.extract.terms import find_free_credits, find_licences, find_weights

FINDERS = (
    find_licences,
    find_parameters,
    find_context_lengths,
    find_weights,
    find_free_credits,
    find_rivals,
    find_claims,
)


def find_facts(page: Page) -> list[Finding]:
    """Every fact the page states, in a fixed order of kinds."""
    prose = Prose(page)
    return [found for find in FINDERS for found in find(page, prose)]
