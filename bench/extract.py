"""A tool's page of 150 kB read for its facts. Beside it Beautiful Soup over the whole page for less (title, OpenGraph,
JSON-LD, prices, links), and the floor: lexbor's parsing and selecting of the same alone. CPU time, in turn."""

import json
import re
import statistics
import time
from collections.abc import Callable
from typing import Any

from bs4 import BeautifulSoup
from selectolax.lexbor import LexborHTMLParser

from crawler.extract.facts import find_facts
from crawler.extract.page import read_page
from crawler.extract.pricing import find_pricing

ROUNDS = 25
CARDS = 340
URL = "https://kestrel.example/pricing"
PRICE = re.compile(r"\$\d+(?:\.\d\d)?")
CARD = """    <div class="card rounded-lg border p-4 shadow-sm" data-number="{n}">
      <h3 class="card-title text-lg"><a class="link" href="/tools/wren-{n}">Wren {n}</a></h3>
      <p class="card-text muted">Drafts replies for support teams, and files them by their subject.</p>
      <span class="price">${price}/mo</span>
      <a class="btn btn-primary btn-sm" href="https://wren-{n}.example/start?ref=list">Visit the site</a>
    </div>
"""


def run() -> dict[str, Any]:
    body = page_of(CARDS)
    works = (lambda: ours(body), lambda: with_beautiful_soup(body), lambda: with_lexbor(body))
    own, soup, floor = cpu_in_turn(works, ROUNDS)
    return {
        "page, bytes": len(body),
        "page read for facts, ours, CPU ms": own * 1e3,
        "Beautiful Soup (lxml), five things, CPU ms": soup * 1e3,
        "lexbor, the same five things, CPU ms": floor * 1e3,
        "ratio to Beautiful Soup": own / soup,
    }


def ours(body: bytes) -> int:
    page = read_page(body, URL)
    return len(find_facts(page)) + len(find_pricing(page))


def with_beautiful_soup(body: bytes) -> tuple[Any, ...]:
    soup = BeautifulSoup(body, "lxml")
    return (
        soup.title and soup.title.get_text(),
        {str(tag.get("property")): tag.get("content") for tag in soup.find_all("meta", property=True)},
        [json.loads(tag.get_text()) for tag in soup.find_all("script", type="application/ld+json")],
        PRICE.findall(soup.get_text(" ")),
        [tag["href"] for tag in soup.find_all("a", href=True)],
    )


def with_lexbor(body: bytes) -> tuple[Any, ...]:
    tree = LexborHTMLParser(body)
    return (
        [tag.text() for tag in tree.css("title")],
        {tag.attributes["property"]: tag.attributes.get("content") for tag in tree.css("meta[property]")},
        [json.loads(tag.text()) for tag in tree.css("script[type='application/ld+json']")],
        PRICE.findall(tree.body.text(separator=" ") if tree.body else ""),
        [tag.attributes["href"] for tag in tree.css("a[href]")],
    )


def page_of(cards: int) -> bytes:
    stated = {
        "@context": "https://schema.org",
        "@type": "SoftwareApplication",
        "name": "Kestrel",
        "offers": {"@type": "Offer", "price": "9", "priceCurrency": "USD"},
    }
    head = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Kestrel - tools and what they cost</title>'
        '<meta property="og:title" content="Kestrel"><meta property="og:site_name" content="Kestrel">'
        '<meta name="description" content="What tools cost"><link rel="icon" href="/icon.png">'
        f'<script type="application/ld+json">{json.dumps(stated)}</script></head><body><main class="grid">\n'
    )
    shown = (CARD.format(n=n, price=9 + n % 90) for n in range(cards))
    return f"{head}{''.join(shown)}</main></body></html>".encode()


def cpu_in_turn(works: tuple[Callable[[], object], ...], rounds: int) -> list[float]:
    """Median CPU seconds of each, A B C A B C …, after one round that is not counted."""
    taken: list[list[float]] = [[] for _ in works]
    for number in range(rounds + 1):
        for times, work in zip(taken, works, strict=True):
            began = time.process_time()
            work()
            if number:
                times.append(time.process_time() - began)
    return [statistics.median(times) for times in taken]
