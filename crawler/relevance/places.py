"""What kind of page an address is: a paper's, a model's, a repository's, an article's, a tool's own. Pure."""

import re
from collections.abc import Callable
from enum import StrEnum
from urllib.parse import SplitResult, urlsplit

from catalog.addresses import NOT_OWNERS


class Place(StrEnum):
    """Named as a reason reads: 'the address is …'."""

    PAPER = "a paper's"
    MODEL = "a model's own page"
    SPACE = "a running demo's"
    DATASET = "a data set's"
    REPOSITORY = "a repository's front page"
    INSIDE_REPOSITORY = "a page inside a repository"
    RELEASE = "a release's notes"
    PACKAGE = "a package's or an app's page"
    LAUNCHES = "a launch list's entry"
    NEWS = "a newspaper's or magazine's"
    THREAD = "a discussion's"
    VIDEO = "a video's or podcast's"
    EVENT = "an event's or a job's"
    LESSON = "documentation, a course or a guide"
    STORY = "a customer's story"
    ESSAY = "a personal publication's"
    POST = "an article's"
    HOME = "a site's front page"
    UNKNOWN = "no page we know the kind of"


def hosts(words: str) -> frozenset[str]:
    return frozenset(words.split())


HOSTS = {
    Place.PAPER: hosts(
        "arxiv.org openreview.net aclanthology.org biorxiv.org medrxiv.org nature.com science.org sciencedirect.com "
        "springer.com acm.org ieee.org mdpi.com doi.org ssrn.com semanticscholar.org alphaxiv.org jmlr.org mlr.press "
        "neurips.cc nips.cc plos.org frontiersin.org wiley.com paperswithcode.com oup.com researchgate.net osf.io "
        "zenodo.org thecvf.com scholar.google.com pubmed.ncbi.nlm.nih.gov"
    ),
    Place.VIDEO: hosts(
        "youtube.com youtu.be bilibili.com vimeo.com tiktok.com twitch.tv podcasts.apple.com open.spotify.com "
        "soundcloud.com podbean.com transistor.fm"
    ),
    Place.EVENT: hosts(
        "lu.ma luma.com meetup.com eventbrite.com eventbrite.co.uk eventbrite.de eventbrite.ca partiful.com "
        "konfhub.com devpost.com hopin.com greenhouse.io lever.co ashbyhq.com workable.com allevents.in airmeet.com"
    ),
    Place.THREAD: hosts(
        "reddit.com redd.it news.ycombinator.com lobste.rs twitter.com x.com bsky.app linkedin.com facebook.com "
        "threads.net stackoverflow.com stackexchange.com quora.com zhihu.com discord.com t.me v2ex.com"
    ),
    Place.LESSON: hosts(
        "coursera.org udemy.com edx.org deeplearning.ai manning.com oreilly.com packtpub.com freecodecamp.org "
        "datacamp.com fast.ai skool.com"
    ),
    Place.ESSAY: hosts(
        "medium.com substack.com dev.to hashnode.dev wordpress.com blogspot.com tumblr.com typepad.com hackernoon.com "
        "towardsdatascience.com wikipedia.org simonwillison.net bearblog.dev lesswrong.com beehiiv.com csdn.net "
        "juejin.cn qiita.com zenn.dev habr.com note.com"
    ),
    Place.NEWS: hosts(
        "techcrunch.com theverge.com wired.com arstechnica.com reuters.com bloomberg.com wsj.com ft.com economist.com "
        "bbc.com bbc.co.uk cnn.com cnbc.com forbes.com fortune.com axios.com theinformation.com businessinsider.com "
        "theguardian.com washingtonpost.com theatlantic.com newyorker.com technologyreview.com venturebeat.com "
        "zdnet.com theregister.com engadget.com gizmodo.com tomshardware.com pcmag.com 404media.co semafor.com npr.org "
        "apnews.com politico.com vox.com time.com the-decoder.com marktechpost.com infoq.com thenewstack.io "
        "restofworld.org 9to5mac.com macrumors.com eetimes.com spectrum.ieee.org quantamagazine.org phys.org "
        "geekwire.com sifted.eu heise.de golem.de lemonde.fr spiegel.de elpais.com 36kr.com ithome.com jiqizhixin.com "
        "qbitai.com leiphone.com infoworld.com computerworld.com pymnts.com prnewswire.com businesswire.com "
        "globenewswire.com tldr.tech smol.ai bensbites.com therundown.ai"
    ),
    Place.PACKAGE: hosts(
        "pypi.org npmjs.com crates.io rubygems.org hub.docker.com apps.apple.com play.google.com addons.mozilla.org "
        "chromewebstore.google.com chrome.google.com marketplace.visualstudio.com smithery.ai openrouter.ai"
    ),
    Place.LAUNCHES: hosts("producthunt.com betalist.com peerlist.io uneed.best tinylaunch.com"),
}
KIND_OF_HOST = {host: place for place, listed in HOSTS.items() for host in listed}
FORGES = hosts("github.com gitlab.com codeberg.org bitbucket.org gitee.com")
HUB = "huggingface.co"
NEWSLIKE = re.compile(r"(?:news|times|daily|herald|tribune|gazette|magazine|today|weekly)\.[a-z.]+$")
DATED = re.compile(r"/(?:19|20)\d\d/(?:\d\d|[A-Za-z]{3})(?:/|$)")
SEGMENTS = (
    (Place.EVENT, hosts("events event webinar webinars careers career jobs job meetup hackathon conference")),
    (
        Place.LESSON,
        hosts(
            "docs doc learn academy course courses tutorial tutorials guide guides training cookbook books wiki help"
        ),
    ),
    (Place.STORY, hosts("customers customer-stories case-studies case-study stories success-stories story")),
    (Place.VIDEO, hosts("podcast podcasts episode episodes watch video videos")),
    (
        Place.POST,
        hosts(
            "blog blogs news newsroom posts post index article articles announcements changelog updates research press "
            "press-releases hub p signal signals insights releases writing features publications archive"
        ),
    ),
)
POST_HOSTS = ("blog.", "blogs.", "news.", "newsroom.", "developers.", "engineering.", "research.", "about.")


def place_of(url: str) -> Place:
    """Place.UNKNOWN for what is no web address."""
    try:
        parts = urlsplit(url.strip())
        host = (parts.hostname or "").lower().removeprefix("www.")
    except ValueError:
        return Place.UNKNOWN
    if "." not in host:
        return Place.UNKNOWN
    return next((place for ask in ASKED if (place := ask(host, parts))), Place.UNKNOWN)


def of_hub(host: str, parts: SplitResult) -> Place | None:
    """Hugging Face holds papers, data sets, demos, articles and models under one roof."""
    if host != HUB:
        return None
    path = segments(parts)
    named = {"papers": Place.PAPER, "datasets": Place.DATASET, "spaces": Place.SPACE, "blog": Place.POST}
    others = {"docs": Place.LESSON, "learn": Place.LESSON, "collections": Place.POST, "posts": Place.THREAD}
    if not path or path[0] in named | others:
        return (named | others).get(path[0]) if path else Place.HOME
    return Place.MODEL if len(path) >= 2 else Place.HOME


def of_forge(host: str, parts: SplitResult) -> Place | None:
    if host not in FORGES:
        return None
    path = segments(parts)
    if len(path) == 2 and path[0] not in NOT_OWNERS:
        return Place.REPOSITORY
    return Place.RELEASE if "releases" in path else Place.INSIDE_REPOSITORY


def of_host(host: str, parts: SplitResult) -> Place | None:
    """By the host's own name, or by the name it stands under (www, old, en …)."""
    known = next((KIND_OF_HOST[name] for name in endings(host) if name in KIND_OF_HOST), None)
    return known or (Place.NEWS if NEWSLIKE.search(host) else None)


def of_path(host: str, parts: SplitResult) -> Place | None:
    if parts.path.lower().endswith(".pdf"):
        return Place.PAPER
    words = set(segments(parts))
    named = next((place for place, known in SEGMENTS if words & known), None)
    if named or not (host.startswith(POST_HOSTS) or DATED.search(parts.path)):
        return named
    return Place.POST


def of_shape(host: str, parts: SplitResult) -> Place | None:
    """A sentence in the path is an article's; a short path is a tool's own."""
    path = segments(parts)
    if path and (path[-1].count("-") >= 3 or path[-1].count("_") >= 3):
        return Place.POST
    if parts.path.endswith((".htm", ".html")) and len(path) > 1:
        return Place.POST
    return Place.HOME if len(path) <= 2 else None


def segments(parts: SplitResult) -> list[str]:
    return [word for word in parts.path.lower().split("/") if word]


def endings(host: str) -> list[str]:
    """'old.reddit.com' → itself, 'reddit.com', 'com'."""
    labels = host.split(".")
    return [".".join(labels[i:]) for i in range(len(labels))]


ASKED: tuple[Callable[[str, SplitResult], Place | None], ...] = (of_hub, of_forge, of_host, of_path, of_shape)


def is_article(url: str) -> bool:
    """Whether an address reads as a headline, /our-choir-sings-again: tools have names, articles have sentences."""
    last = urlsplit(url).path.rstrip("/").rpartition("/")[2]
    return last.count("-") >= 3
