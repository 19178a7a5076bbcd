"""Tier and entry price: the traps real pricing pages set, one small page each."""

import pytest

from crawler.extract.amounts import amounts_of
from crawler.extract.findings import Finding
from crawler.extract.page import read_page
from crawler.extract.price_reading import PriceReading
from crawler.extract.pricing import find_pricing


def card(name: str, price: str, more: str = "") -> str:
    return (
        f"<div><h3>{name}</h3><p>For people</p><div>{price}</div>{more}"
        "<ul><li>10 seats</li><li>5,000 requests/month</li></ul></div>"
    )


def pricing(
    markup: str, url: str = "https://acme.example/pricing", title: str = "Pricing - Acme"
) -> dict[str, Finding]:
    page = read_page(f"<title>{title}</title><body>{markup}".encode(), url)
    found = find_pricing(page)
    assert all(page.text[one.start : one.end] == one.quote for one in found)
    return {one.key: one for one in found}


def value(found: dict[str, Finding], key: str) -> str | None:
    return found[key].value if key in found else None


CASES = {
    "struck price": (card("Pro", "<s>$15</s> $11.99/mo"), "Paid", "$11.99/month"),
    "price struck by the style sheet": (
        "<style>.o{text-decoration:line-through}</style>"
        + card("Pro", "<span class=o>$15</span><span>$11.99</span>/mo"),
        "Paid",
        "$11.99/month",
    ),
    "old price beside the new": (card("Pro", "<span>$15</span> <span>$11.99</span>/mo"), "Paid", "$11.99/month"),
    "annual rate next to monthly": (
        card("Free", "$0") + card("Pro", "$12/mo", "<p>$10/mo billed annually</p>"),
        "Freemium",
        "$12/month",
    ),
    "annual rate first": (
        card("Pro", "$10/mo", "<p>billed annually, or $12/mo billed monthly</p>"),
        "Paid",
        "$12/month",
    ),
    "year price too": (card("Pro", "$12/month", "<p>or $120/year</p>"), "Paid", "$12/month"),
    "split digits": (
        card("Pro", "<span>$</span> <span>3</span> <span>.99</span><span>/mo</span>"),
        "Paid",
        "$3.99/month",
    ),
    "split digits in blocks": (
        card("Pro", "<div>$</div><div>3</div><div>.99</div><div>/mo</div>"),
        "Paid",
        "$3.99/month",
    ),
    "raised cents": (card("Pro", "$3<sup>99</sup>/mo"), "Paid", "$3.99/month"),
    "sign after the number": (card("Gratuit", "0 € / mois") + card("Pro", "49 € / mois"), "Freemium", "€49/month"),
    "decimal comma": (card("Pro", "29,99 € / Monat"), "Paid", "€29.99/month"),
    "add-on": (card("Free", "$0") + card("Pro", "$10/mo", "<p>+$4.99 per seat</p>"), "Freemium", "$10/month"),
    "add-on line": (card("Pro", "$10/mo") + "<p>Extra workspace: $3/mo add-on</p>", "Paid", "$10/month"),
    "bundle with a from price": (card("Single", "from $49") + "<p>2 pairs from $349</p>", "Paid", "$49"),
    "per user per month": (
        card("Free", "Free") + card("Team", "$20", "<p>per user per month</p>"),
        "Freemium",
        "$20/month per seat",
    ),
    "per user slash month": (card("Team", "$20 / user / month"), "Paid", "$20/month per seat"),
    "contact sales only": (card("Enterprise", "Contact sales"), "Contact sales", None),
    "custom plans only": (card("Growth", "Custom") + card("Enterprise", "Custom"), "Contact sales", None),
    "free plan and custom plan": (card("Community", "Free forever") + card("Enterprise", "Custom"), "Freemium", None),
    "trial is no free plan": (
        card("Starter", "$0 for 14 days", "then $19/month") + card("Pro", "$19/month", "<p>14-day free trial</p>"),
        "Paid",
        "$19/month",
    ),
    "trial as a card": (card("Free Trial", "$0", "<p>14 days</p>") + card("Pro", "$15/mo"), "Paid", "$15/month"),
    "one-time payment": (card("Lifetime", "$99", "<p>one-time payment</p>"), "Paid", "$99 once"),
    "usage prices only": (
        "<p>Pay only for what you use.</p><table><tr><th>GPU</th><th>Price</th></tr>"
        "<tr><td>H100</td><td>$0.001097 / sec</td></tr><tr><td>A100</td><td>$0.000583 / sec</td></tr></table>",
        "Paid",
        "$0.000583/second",
    ),
    "compute and credits": (
        card("Starter", "$0 + compute / month", "<p>$30 / month free credits</p>")
        + card("Team", "$250 + compute / month", "<p>$100 / month free credits</p>"),
        "Freemium",
        "$250/month",
    ),
    "token prices": ("<p>Input: $0.50 / 1M tokens</p><p>Output: $1.50 / 1M tokens</p>", "Paid", "$0.5/1M tokens"),
    "price per thousand tokens": ("<p>Our API costs $0.02 per 1,000 tokens.</p>", "Paid", "$0.02/1K tokens"),
    "grouped thousands": (card("Pro", "$2,879.20/year"), "Paid", "$2879.2/year"),
    "apostrophe thousands": (card("Pro", "CHF 1'200 / year"), "Paid", "CHF 1200/year"),
    "no free plan said": (
        card("Pro", "$5/mo") + "<p>Is there a free plan?</p><p>No, we do not offer a free plan.</p>",
        "Paid",
        "$5/month",
    ),
    "free and open source": ("<p>Acme is free and open source.</p><p>No paid plans.</p>", "Free", "Free"),
    "free self-hosting": (card("Cloud", "$15/mo") + "<p>You can self-host for free.</p>", "Freemium", "$15/month"),
    "included credits": (card("Pro", "$20/mo", "<p>includes $10 in credits</p>"), "Paid", "$20/month"),
    "saving": (card("Pro", "$20/mo", "<p>Save $48 per year</p>"), "Paid", "$20/month"),
    "first month offer": (card("Pro", "$20/mo", "<p>$1 for the first month</p>"), "Paid", "$20/month"),
    "currency code": (card("Pro", "29 USD / month"), "Paid", "$29/month"),
    "rupees": (card("Pro", "₹1,499/month"), "Paid", "₹1499/month"),
    "no sign at all": (card("Pro", "29/month"), "Paid", "29/month"),
    "plans as columns": (
        "<table><tr><th></th><th>Free</th><th>Pro</th><th>Team</th></tr><tr><td>Price</td><td>$0</td><td>$9/mo</td><td>$29/mo</td></tr></table>",
        "Freemium",
        "$9/month",
    ),
    "plans as rows": (
        "<table><tr><th>Plan</th><th>Price</th></tr><tr><td>Hobby</td><td>Free</td></tr><tr><td>Pro</td><td>$9/mo</td></tr></table>",
        "Freemium",
        "$9/month",
    ),
    "price in a sentence": ("<p>Pricing starts at $20 per user per month.</p>", "Paid", "$20/month per seat"),
    "testimonial": (card("Pro", "$9/mo") + '<blockquote>"It saved us $2/month"</blockquote>', "Paid", "$9/month"),
    "other tools": (card("Pro", "$9/mo") + "<p>Other tools charge $5/mo for less.</p>", "Paid", "$9/month"),
    "two currencies": (card("Pro", "$9/mo (€8/mo)"), "Paid", "$9/month"),
    "hidden annual rate": (card("Pro", '<span>$12</span><span style="display:none">$9</span>/mo'), "Paid", "$12/month"),
    "no price": ("<p>Our plans are coming soon.</p>", None, None),
    "only billed yearly": (
        card("Free", "$0/month") + card("Pro", "$7", "<p>per month, billed annually</p>"),
        "Freemium",
        "$7/month",
    ),
    "price per image": (card("API", "$0.004 per image"), "Paid", "$0.004/image"),
    "free forever": (card("Free", "$0/forever") + card("Pro", "$9/month"), "Freemium", "$9/month"),
    "self-hosting for enterprise": (
        card("Pro", "$9/month") + "<p>Enterprise customers can self-host.</p>",
        "Paid",
        "$9/month",
    ),
    "free for open source only": (
        card("Pro", "$9/month") + "<p>Do you offer discounts? Pro is free for open source projects and students.</p>",
        "Paid",
        "$9/month",
    ),
    "start for free": (card("Pro", "$9/month") + "<p>Try it free for 14 days. Start for free.</p>", "Paid", "$9/month"),
    "gifts": (card("Pro", "$9/month") + "<p>Get a $5 gift card.</p><p>Free shipping.</p>", "Paid", "$9/month"),
    "annual plan is lowest": (
        card("Basic", "$8/mo", "<p>billed annually</p>") + card("Pro", "$12/mo", "<p>billed monthly</p>"),
        "Paid",
        "$8/month",
    ),
    "French": ("<h1>Tarifs</h1>" + card("Pro", "9,90&nbsp;€", "<p>par mois</p>"), "Paid", "€9.9/month"),
    "Japanese": (card("Pro", "¥1,200/月"), "Paid", "¥1200/month"),
    "plan called Free": ("<div><h3>Free</h3><p>Get going</p></div>" + card("Pro", "$9/mo"), "Freemium", "$9/month"),
    "period on the next line": (
        "<button>Monthly</button><button>Yearly</button>" + card("Pro", "$9", "<p>/ month</p>"),
        "Paid",
        "$9/month",
    ),
    "lifetime beside a subscription": (card("Pro", "$9/mo") + card("Lifetime", "$5 once"), "Paid", "$9/month"),
    "revenue": (
        "<h2>From $0 to $10k MRR</h2>" + card("Pro", "$9/mo") + "<p>Make $5/month extra</p>",
        "Paid",
        "$9/month",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_tier_and_entry_price_are_read(case: str) -> None:
    markup, tier, entry = CASES[case]

    found = pricing(f"<h1>Pricing</h1>{markup}")

    assert (value(found, "tier"), value(found, "entry_price")) == (tier, entry)


def test_entry_price_is_normalised_and_quoted() -> None:
    found = pricing("<h1>Pricing</h1>" + card("Pro", "$2,879.20/year"))["entry_price"]

    assert found.normal == {"amount": "2879.2", "currency": "USD", "period": "year", "plan": "Pro", "per": None}
    assert found.quote == "Pro\nFor people\n$2,879.20/year"


def test_annual_rate_is_noted_beside_the_month_price() -> None:
    found = pricing(card("Pro", "$12/mo", "<p>$10/mo billed annually</p>"))["entry_price"]

    assert found.normal["annual"] == {"amount": "10", "currency": "USD", "period": "month"}


def test_tier_lists_the_plans() -> None:
    plans = pricing(card("Hobby", "$0") + card("Pro", "$9/mo"))["tier"].normal["plans"]

    assert [(plan["name"], plan["amount"], plan["free"]) for plan in plans] == [
        ("Hobby", "0", True),
        ("Pro", "9", False),
    ]


def test_price_without_sign_is_doubted() -> None:
    assert pricing("<h1>Pricing</h1>" + card("Pro", "29/month"))["entry_price"].confidence < 0.6


def test_prices_of_providers_are_not_the_tools() -> None:
    found = pricing(
        "<h1>Provider pricing</h1><p>Acme is free and open source. Bring your own API keys.</p>"
        "<h2>Monthly estimates</h2>"
        "<h3>Balanced</h3><p>$0.66/mo</p><h2>Speech</h2><table><tr><td>Wren</td><td>$0.04</td></tr></table>"
    )

    assert (value(found, "tier"), value(found, "entry_price")) == ("Free", "Free")


def test_column_of_a_rival_is_not_the_tools() -> None:
    table = (
        "<table><tr><th></th><th>Acme</th><th>Wren</th></tr><tr><td>Price</td><td>$9/mo</td><td>$5/mo</td></tr></table>"
    )

    assert value(pricing(f"<h1>Pricing</h1>{table}"), "entry_price") == "$9/month"


def test_structured_data_alone_never_says_free() -> None:
    offer = (
        '<script type="application/ld+json">{"@type": "Product", "offers": {"price": "0"}}</script><p>Fast birds</p>'
    )

    assert pricing(offer, "https://acme.example/", "Acme") == {}


def test_home_with_a_pricing_link_is_not_called_free() -> None:
    found = pricing(
        '<a href="/pricing">Pricing</a><p>Acme is free and open source.</p>', "https://acme.example/", "Acme"
    )

    assert found == {}


def test_home_with_a_free_licence_and_no_pricing_is_free() -> None:
    found = pricing(
        "<p>Acme is free to use.</p><p>Released under the MIT license.</p>", "https://acme.example/", "Acme"
    )

    assert value(found, "tier") == "Free"


def test_unseen_price_of_a_named_plan_is_doubted() -> None:
    found = pricing("<h2>Pricing</h2><table><tr><th>Free</th><th>Pro</th></tr><tr><td>0</td><td>12</td></tr></table>")

    assert value(found, "tier") == "Freemium"
    assert found["tier"].confidence < 0.6


def test_article_with_sums_of_money_says_nothing() -> None:
    found = pricing(
        "<h1>Acme raises money</h1><p>It raised $5 million and sold $300 phones.</p>", "https://news.example/a", "News"
    )

    assert found == {}


SET_PLANS = "Plan    Price    Seats\nFree    $0       1\nPro     $9/mo    5\nTeam    $29/mo   20"


def test_plans_set_as_preformatted_text_are_doubted() -> None:
    found = pricing(f"<h1>Pricing</h1><pre>{SET_PLANS}</pre>")

    assert (value(found, "tier"), value(found, "entry_price")) == ("Freemium", "$9/month")
    assert all(one.confidence <= 0.5 for one in found.values())


def test_free_row_of_a_set_table_is_seen() -> None:
    found = pricing("<h1>Pricing</h1><pre>| Plan | Price |\n| Hobby | Free |\n| Pro | $9/mo |</pre>")

    assert (value(found, "tier"), found["tier"].quote) == ("Freemium", "| Hobby | Free |")


@pytest.mark.parametrize(
    "sample",
    [
        f"<pre><code>{SET_PLANS}</code></pre>",
        "<pre>$ tool price --all\nPro $9/mo\nFree $0</pre>",
        "<pre>price = 9  # $9/mo\nfree = 0  # $0</pre>",
        "<p>Print <code>$9/mo</code> and <samp>$19/mo</samp>.</p>",
    ],
)
def test_code_samples_have_no_prices(sample: str) -> None:
    assert "entry_price" not in pricing(f"<h1>Pricing</h1>{sample}")


def test_preformatted_text_elsewhere_has_no_prices() -> None:
    assert pricing(f"<pre>{SET_PLANS}</pre>", "https://acme.example/docs/start", "Start - Acme") == {}


def test_shown_prices_come_before_set_ones() -> None:
    found = pricing("<h1>Pricing</h1>" + card("Pro", "$20/mo") + f"<pre>{SET_PLANS}</pre>")

    assert (value(found, "entry_price"), found["entry_price"].confidence) == ("$20/month", 0.9)


@pytest.mark.parametrize(
    ("words", "amounts"),
    [
        ("US$5 and AU$6", ["5", "6"]),
        ("EUR 5, CHF 1'200 and 7 USD", ["5", "1200", "7"]),
        ("49 € or 1 234,50 €", ["49", "1234.50"]),
        ("x$5 and 10 birds", []),
    ],
)
def test_sums_are_found_by_their_signs(words: str, amounts: list[str]) -> None:
    page = read_page(f"<p>{words}</p>".encode(), "https://acme.example/")

    assert [str(one.amount) for one in amounts_of(PriceReading(page))] == amounts
