"""Tier and entry price in the words, tables and languages that pricing pages are written in, one small page each."""

import pytest

from crawler.extract.findings import Finding
from crawler.extract.page import read_page
from crawler.extract.pricing import find_pricing

Case = tuple[str, str | None, str | None]


def card(name: str, price: str, per: str = "", *lines: str) -> str:
    """A card as style sheets of small classes make them: the price and its period in spans that touch."""
    points = "".join(f"<li>{line}</li>" for line in ("Unlimited projects", *lines))
    return (
        f'<div class="p-8"><h3>{name}</h3><p>Everything to get going.</p><p><span>{price}</span><span>{per}</span></p>'
        f'<a href="/signup">Get started</a><ul>{points}</ul></div>'
    )


def table(*rows: str) -> str:
    """Rows of cells set apart by bars."""
    cells = ("".join(f"<td>{cell.strip()}</td>" for cell in row.split("|")) for row in rows)
    return f"<table>{''.join(f'<tr>{row}</tr>' for row in cells)}</table>"


def read(markup: str, url: str = "https://acme.example/pricing") -> dict[str, Finding]:
    page = read_page(f"<title>Acme</title><body>{markup}".encode(), url)
    found = find_pricing(page)
    assert all(page.text[one.start : one.end] == one.quote for one in found)
    return {one.key: one for one in found}


def told(markup: str, url: str = "https://acme.example/pricing") -> tuple[str | None, str | None]:
    found = read(f"<h1>Pricing</h1>{markup}", url)
    return (
        found["tier"].value if "tier" in found else None,
        found["entry_price"].value if "entry_price" in found else None,
    )


PRO = card("Pro", "$25", "/month")

LASTING_FREE: dict[str, Case] = {
    "free for a number of things": ("<p>Free for 20 cards a month, then €5 per month.</p>", "Freemium", "€5/month"),
    "free for a number in words": (
        "<p>Oven: free for ten breads.</p><p>Bakery €15 per month</p>",
        "Freemium",
        "€15/month",
    ),
    "free for some users": (
        "<p>Free for up to 3 users. Then $4 per user per month.</p>",
        "Freemium",
        "$4/month per seat",
    ),
    "first things of each month": (
        "<p>The first 1,000 mails each month are free, then $0.002 per mail.</p>",
        "Freemium",
        "$0.002",
    ),
    "plan and its price in a line": ("<p>Community edition – free, self-hosted</p>" + PRO, "Freemium", "$25/month"),
    "free before a colon": ("<p><b>Free:</b> 100 runs a month</p>" + PRO, "Freemium", "$25/month"),
    "plans in one line": ("<p>Free · Pro $9/mo · Team $29/mo</p>", "Freemium", "$9/month"),
    "free after what is had": (
        "<p>Scout: 15 minutes a day, free.</p><p>Guide: $8 per month</p>",
        "Freemium",
        "$8/month",
    ),
    "nothing to pay in a sentence": (
        "<p>Personal: $0, with fifty thousand words a month (counted on Mondays)</p><p>Guide: $8/month</p>",
        "Freemium",
        "$8/month",
    ),
    "open source and a cloud": ("<p>Open source, free; Cloud from $20/month</p>", "Freemium", "$20/month"),
    "open source to run yourself": ("<p>Open source (MIT 2.0), run it yourself.</p>" + PRO, "Freemium", "$25/month"),
    "teachers' plan on a schools' page": (
        "<h2>For schools</h2>" + card("School", "$200", "/year"),
        "Paid",
        "$200/year",
    ),
}

NOT_LASTING: dict[str, Case] = {
    "free for days": ("<p>Use it free for 30 days, then $12 per month.</p>", "Paid", "$12/month"),
    "free first month": ("<p>Your first month is free, then $15/mo.</p>", "Paid", "$15/month"),
    "free for a few things once": ("<p>Try it free for 3 images, then $9 per month.</p>", "Paid", "$9/month"),
    "free to try": ("<p>Acme is free to try. Plans start at $11 per month.</p>", "Paid", "$11/month"),
    "free services": (PRO + "<p>Onboarding: free</p><p>Migration – free</p>", "Paid", "$25/month"),
    "free services in sentences": (PRO + "<p>Migration is free. Support is always free.</p>", "Paid", "$25/month"),
    "trial as a card": (card("Trial", "Free", "", "14 days") + PRO, "Paid", "$25/month"),
    "free service in a table": (table("|Basic|Pro", "Price|$9/mo|$19/mo", "Support|-|Free"), "Paid", "$9/month"),
    "free for students": (PRO + card("Students", "Free"), "Paid", "$25/month"),
    "free in the beta beside a plan": (PRO + "<p>The new editor is free during the beta.</p>", "Paid", "$25/month"),
    "introductory price": (card("Pro", "$1", " for the first month", "then $19/month"), "Paid", "$19/month"),
}

PERIODS: dict[str, Case] = {
    "hour in the column's head": (table("GPU|Price per hour", "H100|$1.99", "L4|$0.49"), "Paid", "$0.49/hour"),
    "tokens in the column's head": (table("Model|Input (per 1M tokens)", "wren|$0.15"), "Paid", "$0.15/1M tokens"),
    "month and year as columns": (table("Plan|Monthly|Yearly", "Solo|$9|$90", "Team|$29|$290"), "Paid", "$9/month"),
    "month in the row's head": (table("|Free|Plus", "Monthly price|$0|$12"), "Freemium", "$12/month"),
    "month as the card's name": (card("Monthly", "$15") + card("Yearly", "$150"), "Paid", "$15/month"),
    "year of an unnamed plan": (card("Yearly", "$48", "/year") + card("Monthly", "$6", "/month"), "Paid", "$6/month"),
    "month or year in a sentence": ("<p>Acme is $8 a month or $80 a year.</p>", "Paid", "$8/month"),
    "quarter": (card("Pro", "$30", "/quarter"), "Paid", "$30/quarter"),
    "touching spans": (card("Pro", "29 USD", "per month"), "Paid", "$29/month"),
    "user before the bar": (card("Pro", "$10", "user/mo"), "Paid", "$10/month per seat"),
    "thing and month": (card("Pro", "$70", "per workspace / month"), "Paid", "$70/month"),
    "any thing and month": ("<p>Fleet: $6 per machine per month. Starts at 10 machines.</p>", "Paid", "$6/month"),
    "letters for a month": (card("Pro", "£7", "p.m."), "Paid", "£7/month"),
    "Swedish": (card("Bas", "149 kr", "/mån"), "Paid", "SEK 149/month"),
    "Polish": (card("Start", "49 zł", "/ miesiąc"), "Paid", "PLN 49/month"),
    "German seat and month": (card("Team", "ab 15 €", "pro Nutzer und Monat"), "Paid", "€15/month per seat"),
    "French before tax": (card("Solo", "19€", "HT/mois"), "Paid", "€19/month"),
    "no cents as dashes": (card("Klein", "CHF 49.–", "/ Monat"), "Paid", "CHF 49/month"),
    "dollars of another country": (card("Pro", "$25 AUD", "/month"), "Paid", "AUD 25/month"),
    "two currencies share a period": (card("Solo", "$19 / €18", "per month"), "Paid", "$19/month"),
    "range shares a period": ("<p>Plans from $19 to $99 per month.</p>", "Paid", "$19/month"),
    "annual discount named": (
        card("Pro", "$17", " per month with annual subscription; $20 if billed monthly."),
        "Paid",
        "$20/month",
    ),
    "pack of credits": ("<p>$10 for 1,000 credits</p><p>$45 for 5,000 credits</p>", "Paid", "$10 once"),
    "packs that never expire": ("<p>Credits never expire.</p>" + card("S", "$10", " 100 credits"), "Paid", "$10 once"),
    "one-time payment of": ("<p>Unlock it for a one-time payment of $24.</p>", "Paid", "$24 once"),
}

NOT_ASKED: dict[str, Case] = {
    "extra seats": (card("Team", "$49", "/mo", "Extra seats $3.99/mo each"), "Paid", "$49/month"),
    "extra seats in the sentence": (
        "<p>5 seats for $49/month, $9/month for each additional seat.</p>",
        "Paid",
        "$49/month",
    ),
    "students": (PRO + card("Student", "$5", "/month"), "Paid", "$25/month"),
    "students in a sentence": ("<p>Acme is $12/mo. Students pay $6/mo.</p>", "Paid", "$12/month"),
    "what it replaces": (PRO + "<h2>What you replace</h2><p>A writer: $10/month</p>", "Paid", "$25/month"),
    "others charge less": ("<p>Others charge $9/month. Acme is $19/month.</p>", "Paid", "$19/month"),
    "a rival in an answer": (PRO + "<h3>Why not Wren?</h3><p>Wren costs $8 per month.</p>", "Paid", "$25/month"),
    "affiliates": (PRO + "<p>Affiliates earn about $7.50 per month.</p>", "Paid", "$25/month"),
    "never pay again": ("<p>Never pay $9/month again.</p><p>Acme is $19 once.</p>", "Paid", "$19 once"),
    "renewal": (card("Licence", "$79", " once", "Updates for a year; renew for $39/year"), "Paid", "$79 once"),
    "server to host it": (
        "<p>Acme is free and open source.</p><p>A small server costs about $5/month.</p>",
        "Free",
        "Free",
    ),
    "boast beside a price": ("<p>We raised $5M. Acme costs $9 per month.</p>", "Paid", "$9/month"),
}

TALKS: dict[str, Case] = {
    "contact us in a plan": (card("Enterprise", "Contact us"), "Contact sales", None),
    "talk to us in plans": (card("Growth", "Talk to us") + card("Enterprise", "Talk to us"), "Contact sales", None),
    "contact us below the page": ("<p>Soon.</p><footer><p>Contact us</p></footer>", None, None),
}

CASES = {**LASTING_FREE, **NOT_LASTING, **PERIODS, **NOT_ASKED, **TALKS}


@pytest.mark.parametrize("case", CASES)
def test_wording_gives_tier_and_price(case: str) -> None:
    markup, tier, entry = CASES[case]

    assert told(markup) == (tier, entry)


def test_free_in_the_beta_is_doubted() -> None:
    found = read("<h1>Pricing</h1><p>We are free while in beta.</p>")

    assert (found["tier"].value, found["tier"].quote) == ("Free", "free while in beta")
    assert all(one.confidence < 0.6 for one in found.values())


def test_home_page_sentence_tells_free_and_paid() -> None:
    words = "<p>Free for 20 cards a month, then €5 per month.</p>"

    assert told(words, "https://acme.example/") == ("Freemium", "€5/month")
