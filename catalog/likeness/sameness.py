"""What makes two announcements one tool, rule by rule: proof merges, likeness proposes. `identity.judge` has the order.

A name alone only proposes, and a name that many tools bear not even that.
"""

import re

from catalog.likeness.address_rules import FAMILY_OF_DOMAIN
from catalog.likeness.pairs import Decision, Judgement, Pair
from catalog.likeness.places import Kind, Place, are_kin, undressed
from catalog.likeness.stores import PACKAGES
from catalog.names import initials, name_key, plain_name, words_of

# An edition of a tool is that tool when both stand on one page.
EDITIONS = frozenset("app beta cloud desktop editor free io lite online platform plus pro studio web x".split())
DIGITS = re.compile(r"\d+")
TAGLINE_WORD = re.compile(r"[^\W\d_]{4,}")
PAGES = frozenset((Kind.SITE, Kind.VENDOR))
FAMILIES = frozenset(FAMILY_OF_DOMAIN.values())
MOVED_TO = frozenset(("com", "ai"))
YOUNG = frozenset("ai app co com dev in io net org sh so tech xyz".split())

# Proof


def judge_moved(pair: Pair) -> Judgement | None:
    """A redirect from one to the other is a rename, unless it only ends at a vendor's front page."""
    if pair.links.moves:
        if not pair.same and is_swallowed(pair):
            return Judgement(Decision.PROPOSE, "one redirects to the other's home page; the names differ")
        return Judgement(Decision.MERGE, "one redirects to the other", ("redirect",))
    if pair.links.said_moves:
        decision = Decision.MERGE if pair.same else Decision.PROPOSE
        return Judgement(decision, "a redirect is told, without its addresses", ("redirect",))
    return None


def is_swallowed(pair: Pair) -> bool:
    """A product's page that now leads to its maker's says that it ended, not what it became."""
    for one in pair.places_a:
        for other in pair.places_b:
            if one.is_general or other.is_general:
                return True
            if one.kind in PAGES and one.domain == other.domain and one.is_home != other.is_home:
                return True
    return False


def judge_key(pair: Pair) -> Judgement | None:
    """One repository, or one id in a store."""
    for one in pair.places_a:
        for other in pair.places_b:
            if one.store and other.store and one.store.key == other.store.key:
                return Judgement(Decision.MERGE, "one id in one store", (one.store.key,))
            if one.kind is Kind.REPOSITORY and one.home == other.home:
                return judge_repository(pair, one, other)
    return None


def judge_repository(pair: Pair, one: Place, other: Place) -> Judgement:
    evidence = (one.home,)
    if pair.same or one.address == other.address == one.home or is_release_page(one) or is_release_page(other):
        if have_other_numbers(pair):
            return Judgement(Decision.PROPOSE, "one repository, but other numbers in the names", evidence)
        return Judgement(Decision.MERGE, "one repository", evidence)
    return Judgement(Decision.PROPOSE, "two parts of one repository under two names", evidence)


def is_release_page(place: Place) -> bool:
    return "/releases" in place.address.removeprefix(place.home)


def judge_page(pair: Pair) -> Judgement | None:
    """One page, or two pages that stand for one front page."""
    one, other = pair.places_a[0], pair.places_b[0]
    if one.kind in (Kind.REPOSITORY, Kind.STORE) or one.home != other.home:
        return None
    evidence = (one.home,)
    if one.kind is Kind.SHARED or one.is_general:
        if not pair.same:
            return Judgement(Decision.DIFFERENT, "one page that carries many tools, and two names", evidence)
        decision = Decision.MERGE if pair.plainly else Decision.PROPOSE
        return Judgement(decision, "one page and one name", evidence)
    if pair.same or is_edition(pair):
        return Judgement(Decision.MERGE, "one page and one name", evidence)
    if have_other_numbers(pair) or (is_about_many(one, other) and not one_name_holds_the_other(pair)):
        return Judgement(Decision.DIFFERENT, "one page about two tools", evidence)
    return Judgement(Decision.PROPOSE, "one page under two names", evidence)


def is_about_many(one: Place, other: Place) -> bool:
    """A vendor's page or an article may announce several tools at once."""
    return any(place.kind is Kind.VENDOR or place.is_article for place in (one, other))


def one_name_holds_the_other(pair: Pair) -> bool:
    one, other = set(words_of(pair.a.name)), set(words_of(pair.b.name))
    return one <= other or other <= one


def is_edition(pair: Pair) -> bool:
    """'Hasura' and 'Hasura Cloud'."""
    one, other = set(words_of(pair.a.name)), set(words_of(pair.b.name))
    return one_name_holds_the_other(pair) and (one ^ other) <= EDITIONS


def have_other_numbers(pair: Pair) -> bool:
    """'GPT-4' and 'GPT-5'; a version is no part of the name."""
    one, other = (DIGITS.findall(plain_name(announcement.name)) for announcement in (pair.a, pair.b))
    return one != other and bool(one) and bool(other)


def judge_site(pair: Pair) -> Judgement | None:
    """Two pages of one owner's domain."""
    one, other = pair.places_a[0], pair.places_b[0]
    if one.kind not in PAGES or other.kind not in PAGES or one.domain != other.domain:
        return None
    is_feature = not pair.plainly and name_key(pair.a.name) == name_key(pair.b.name) and one.is_home != other.is_home
    if not pair.same or is_feature:  # 'Slack AI' is a page of Slack's
        return Judgement(Decision.DIFFERENT, "two pages of one domain, and two names", (one.domain,))
    is_own = undressed(one.owner) == undressed(name_key(pair.a.name)) and one.kind is Kind.SITE
    if pair.plainly and is_own and (one.is_home or other.is_home):
        return Judgement(Decision.MERGE, "one name on one domain of that name", (one.domain,))
    return Judgement(Decision.PROPOSE, "one name on one domain", (one.domain,))


def judge_shelf(pair: Pair) -> Judgement | None:
    """Two ids on one shelf are two things: a copy by another user, an app of the same name."""
    one, other = pair.places_a[0].store, pair.places_b[0].store
    if not one or not other or not (one.shelf == other.shelf or {one.shelf, other.shelf} <= PACKAGES):
        return None
    return Judgement(Decision.DIFFERENT, "two ids in the stores of one kind", (one.key, other.key))


# Likeness


def judge_linked(pair: Pair) -> Judgement | None:
    """A link joins a name's home to its code, package or app; a link between two names says nothing."""
    if not pair.links.links or not pair.same:
        return None
    kinds = {pair.places_a[0].kind, pair.places_b[0].kind}
    if kinds == {Kind.REPOSITORY} or Kind.NONE in kinds:
        return Judgement(Decision.PROPOSE, "one name, and one repository links to the other", ("link",))
    if any(place.is_general for place in (pair.places_a[0], pair.places_b[0])) and not pair.plainly:
        return Judgement(Decision.PROPOSE, "a vendor's page links to a tool of its name", ("link",))
    if kinds <= PAGES and judge_names(pair).decision is Decision.DIFFERENT:
        return Judgement(Decision.PROPOSE, "one name that many tools bear, and a link", ("link",))
    if not is_trusted(pair):
        return Judgement(Decision.PROPOSE, "one name and a link, but nothing says they have one owner", ("link",))
    return Judgement(Decision.MERGE, "one name, and one links to the other", ("link",))


def is_trusted(pair: Pair) -> bool:
    """A fork and a fan link to a tool's home page too; its home page links to its own code."""
    one, other = pair.places_a[0], pair.places_b[0]
    if pair.links.mutual or are_kin(one.owner, other.owner) or Kind.SHARED in (one.kind, other.kind):
        return True
    speakers = [one] * pair.links.to_b + [other] * pair.links.to_a
    return not pair.common and any(speaker.kind in PAGES or speaker.is_package for speaker in speakers)


def judge_names(pair: Pair) -> Judgement:
    """Nothing proves it. One name and one owner propose; one name alone only when few would choose it."""
    couples = [(one, other) for one in pair.places_a for other in pair.places_b]
    if not pair.same:
        return judge_other_names(pair, couples)
    for one, other in couples:
        if is_project_page(one, other) or is_project_page(other, one):
            return Judgement(Decision.MERGE, "the repository's own pages", (one.home, other.home))
    for one, other in couples:
        if have_one_owner(pair, one, other):
            return Judgement(Decision.PROPOSE, "one name, one owner", (one.owner, other.owner))
    if are_alike(pair.a.tagline, pair.b.tagline):
        return Judgement(Decision.PROPOSE, "one name, and taglines alike")
    if pair.common:
        return Judgement(Decision.DIFFERENT, "one name, but one that many tools bear, and two owners")
    if any(may_be_one(pair, *couple) for couple in couples):
        return Judgement(Decision.PROPOSE, "one uncommon name, two addresses")
    return Judgement(Decision.DIFFERENT, "one name, but neither address points to the other's owner")


def have_one_owner(pair: Pair, one: Place, other: Place) -> bool:
    """Two domains are one owner's by their label: 'klingai.com' and 'kling.ai'. 'usekettle' and 'runkettle' are two
    makers who both came too late for 'kettle', and a plain word is had by another maker under each ending."""
    if not are_kin(one.owner, other.owner):
        return False
    if not {one.kind, other.kind} <= PAGES or one.owner in FAMILIES:
        return True
    labels = {name_in(one), name_in(other)}
    if pair.common:
        return len(labels) == 1 and has_moved_up(one.domain, other.domain)
    return len(labels) == 1 or undressed(one.owner) in labels


def has_moved_up(one: str, other: str) -> bool:
    """A young maker's ending beside the one makers move to."""
    endings = {one.partition(".")[2], other.partition(".")[2]}
    return bool(endings & MOVED_TO) and endings <= YOUNG


def is_short_form(pair: Pair) -> bool:
    keys = {plain_name(pair.a.name), plain_name(pair.b.name)}
    short = min(keys, key=len)
    return len(short) >= 3 and bool(keys & {initials(pair.a.name), initials(pair.b.name)})


def judge_other_names(pair: Pair, couples: list[tuple[Place, Place]]) -> Judgement:
    if any(is_flagship(*couple) or is_flagship(*couple[::-1]) for couple in couples):
        return Judgement(Decision.PROPOSE, "a home page and its owner's repository of that name")
    if is_short_form(pair) and any(are_kin(one.owner, other.owner) for one, other in couples):
        return Judgement(Decision.PROPOSE, "a name and its initials, one owner")
    return Judgement(Decision.DIFFERENT, "two names, and nothing joins the addresses")


def is_project_page(site: Place, code: Place) -> bool:
    """ada.github.io/kettle can only be put there by the owner of ada/kettle."""
    if code.kind is not Kind.REPOSITORY or not site.domain.endswith("github.io"):
        return False
    owner, name = code.home.removeprefix("https://github.com/").split("/")
    return site.domain == f"{owner}.github.io" and site.home == f"https://{site.domain}/{name}"


def is_flagship(site: Place, code: Place) -> bool:
    """wandb.ai and wandb/wandb, whatever they are called."""
    if site.kind is not Kind.SITE or code.kind is not Kind.REPOSITORY or not site.is_home:
        return False
    return undressed(site.owner) == undressed(code.owner) == undressed(code.title)


def may_be_one(pair: Pair, one: Place, other: Place) -> bool:
    kinds = {one.kind, other.kind}
    if kinds == {Kind.REPOSITORY}:
        short, long = sorted((undressed(one.title), undressed(other.title)), key=len)
        return short in long
    if kinds <= PAGES:
        return may_be_one_site(pair, one, other)
    if kinds == {Kind.STORE} and one.store and other.store:
        return not (one.store.owner and other.store.owner)
    return Kind.NONE not in kinds


def may_be_one_site(pair: Pair, one: Place, other: Place) -> bool:
    """A name's own domain beside its maker's page of it. Two domains dressed each their way are two makers'."""
    name = undressed(name_key(pair.a.name))
    own = [place for place in (one, other) if undressed(name_in(place)) == name]
    foreign = [place for place in (one, other) if name not in place.owner]
    return bool(own) and (len(own) == 2 or bool(foreign))


def name_in(place: Place) -> str:
    return place.domain.partition(".")[0].replace("-", "")


def are_alike(one: str, other: str) -> bool:
    """Most telling words of two taglines are the same."""
    words, others = (set(TAGLINE_WORD.findall(text.casefold())) for text in (one, other))
    return min(len(words), len(others)) >= 3 and len(words & others) / len(words | others) >= 0.5
