"""The pages that stand where a tool should: bot walls, hosts' "not found" pages, parked domains. Patterns only."""

import re
from typing import NamedTuple

from db.words import Availability

NEVER = re.compile(r"(?!)")


class Sign(NamedTuple):
    """One page known to stand in a tool's place; both patterns are for lower case.

    Attributes:
        alone: whether title or text tells it without the other, where the page says nothing else.
    """

    state: Availability
    why: str
    title: re.Pattern[str]
    text: re.Pattern[str]
    alone: bool = True


def sign(state: Availability, why: str, title: str, text: str, *, alone: bool = True) -> Sign:
    """A title must be the page's whole title, or a whole part of it between dashes or bars."""
    part = rf"(?:^|[|·•–—-]\s?)(?:{title})\W{{0,3}}(?=$|\s?[|·•–—-])"
    return Sign(state, why, re.compile(part) if title else NEVER, re.compile(text), alone)


def wall(who: str, title: str, text: str, *, alone: bool = True) -> Sign:
    return sign(Availability.BOT_WALL, f"{who} asks whether we are a person", title, text, alone=alone)


def gone(why: str, title: str, text: str) -> Sign:
    return sign(Availability.DEAD, why, title, text)


def parked(why: str, title: str, text: str) -> Sign:
    return sign(Availability.PARKED, why, title, text, alone=False)


WALLS = (
    wall(
        "Cloudflare",
        r"just a moment|attention required|un momento|einen moment(?:, bitte)?|nur einen moment|un instant",
        r"enable javascript and cookies to continue|security by cloudflare|ddos protection by cloudflare|"
        r"cloudflare ray id|performing security verification|checking your browser before accessing|"
        r"sorry, you have been blocked|error code: 10(?:0[5-9]|1[0-2]|15|20)|"
        r"needs to review the security of your connection|verif(?:y|ies) you are (?:human|not a bot)",
    ),
    wall("DataDome", r"datadome captcha", r"please enable js and disable any ad blocker|captcha-delivery\.com"),
    wall(
        "Akamai",
        r"access denied|challenge validation",
        r"errors\.edgesuite\.net|you don't have permission to access .{1,300} on this server\.? reference #|"
        r"reference #\d{1,3}\.[0-9a-f]{6,}",
    ),
    wall(
        "PerimeterX",
        r"access to this page has been denied",
        r"press (?:&|and) hold to confirm you are|px-captcha|we believe you are using automation tools",
    ),
    wall(
        "Vercel",
        r"vercel security checkpoint",
        r"we're verifying your browser|failed to verify your browser|vercel security checkpoint",
    ),
    wall(
        "Anubis",
        r"making sure you(?:'re| are) not a bot|oh noes",
        r"protected by anubis|has set up anubis|anubis uses a proof-of-work",
    ),
    wall(
        "Imperva",
        r"pardon our interruption",
        r"incapsula incident id|something about your browser made us think you (?:were|might be) a bot",
    ),
    wall("Fastly", r"client challenge", r"javascript is disabled in your browser"),
    wall("DDoS-Guard", r"ddos-guard", r"checking your browser before accessing"),
    wall("Sucuri", r"sucuri (?:website|web site) firewall.{0,40}", r"access denied .{0,200}sucuri website firewall"),
    wall(
        "its bot check",
        r"verifying your (?:browser|connection|request)|checking your (?:browser|connection)|"
        r"(?:please )?wait for verification|verifying (?:that )?you(?:'re| are) (?:a )?human|verify you are human",
        r"checking your browser\W{1,3}starting|we are checking your browser|verifying your browser\W{1,4}please wait",
    ),
    wall(
        "its bot check",
        r"checking your (?:browser|connection)|(?:security|bot|browser|human|robot) (?:check|verification|challenge)|"
        r"are you (?:a )?(?:human|robot|a bot)\??|captcha|one moment, please|you have been blocked|access denied",
        r"checking your browser|verif(?:y|ying) (?:that )?you are (?:a )?(?:human|not a (?:ro)?bot)|"
        r"confirm you are (?:a )?human|(?:complete|solve) the (?:captcha|security check)|(?:i am|i'm) not a robot|"
        r"prove (?:that )?you are (?:human|not a robot)|unusual traffic from your|enter the characters you see below|"
        r"please wait while (?:we|your request is being) verif",
        alone=False,
    ),
)

GONE = (
    gone("GitHub Pages has no site there", r"site not found", r"there isn't a github pages site here"),
    gone("Heroku has no such app", r"no such app", r"no such app|there's nothing here, yet"),
    gone(
        "Vercel has no such deployment",
        r"404: (?:not_found|deployment_not_found|deployment_deleted)|deployment_not_found",
        r"deployment_(?:not_found|deleted|disabled)|this deployment cannot be found|deployment has been disabled",
    ),
    gone(
        "Netlify has no such site",
        r"site not available",
        r"not found - request id|broken link or entered a url that doesn't exist on (?:this site|netlify)",
    ),
    gone(
        "its host suspended the account",
        r"(?:account|site|website) suspended|suspended (?:site|domain|page|website)",
        r"this (?:account|site|website|domain) (?:has been|is) (?:temporarily )?suspended",
    ),
    gone("Railway has no app there", "", r"the train has not arrived at the station"),
    gone("its storage bucket is gone", "", r"nosuchbucket|the specified bucket does not exist"),
    gone(
        "its site builder has no site there",
        r"website expired|domain not (?:claimed|connected)|site not published",
        r"this website has expired|looks like this domain isn't connected to a website yet|"
        r"the authors have deleted this site|sorry, this shop is currently unavailable",
    ),
)
# Both are asked for: programs of a single page are served with such a title, too.
NOT_FOUND = gone(
    "its home page says it cannot be found",
    r"(?:error )?404(?:\W{1,3}(?:page |site |error )?(?:not found)?)?|(?:page|site|file) not found|not found|"
    r"404: this page could not be found",
    r"\b(?:page|site|url|file|link|resource)\b[^.]{0,60} (?:could not be|was not|can't be|cannot be|not) found|"
    r"\b(?:page|site|url|file|link)\b[^.]{0,60} (?:doesn't|does not|no longer) exist|^404\b|error 404",
)

BROKERS = re.compile(
    r"\b(?:sedo|dan\.com|afternic|hugedomains|godaddy|namecheap|bodis|parkingcrew|porkbun|dynadot|uniregistry|"
    r"squadhelp|spaceship|above\.com|undeveloped|brandbucket|sav\.com|epik|parklogic|domainmarket|atom\.com|namesilo|"
    r"ionos|strato|hostinger|gandi|ovh|united-domains|escrow\.com)\b"
)
SALE = r"(?:is|may be|might be|could be) (?:listed )?(?:for sale|available for (?:sale|purchase))"
FOR_SALE = (
    rf"this (?:premium )?(?:web )?(?:domain|address)(?: name)? {SALE}|"
    rf"the domain(?: name)? \S{{1,80}}\.\w{{2,20}} {SALE}|"
    r"(?:buy|get|own|purchase) this domain|make an offer on this domain|(?:inquire about|interested in) this domain|"
    r"diese domain (?:steht|ist) zu(?:m verkauf|\s?verkaufen)|ce domaine est à vendre|"
    r"este dominio (?:está )?en venta|questo dominio è in vendita|该域名出售"
)
PARKED = (
    parked("its domain is for sale", rf"\S{{1,80}}\.\w{{2,20}} {SALE}|{FOR_SALE}|domain for sale", FOR_SALE),
    parked(
        "its domain is parked at its registrar",
        r"(?:\S{1,80} (?:was |is )?)?registered at (?:namecheap|porkbun|dynadot|gandi)(?:\.com)?|"
        r"(?:domain )?parking(?: page)?|parked(?: page| domain)|domain default page",
        r"is parked free,? courtesy of|was recently registered at (?:namecheap|porkbun)|"
        r"this (?:domain|web ?page|site|website)(?: name)? (?:is|has been) (?:currently )?parked|"
        r"this domain(?: name)? (?:was|has been|is) (?:recently |already )?registered (?:at|by|with|through)|"
        r"diese domain (?:ist|wurde) (?:bereits )?(?:registriert|geparkt)|"
        r"related searches\b.{0,400}privacy policy",
    ),
    parked(
        "its domain has run out",
        r"(?:this )?domain (?:has |is )?expired|expired domain",
        r"this domain(?: name)? (?:\S{1,80} )?(?:has |is )?expired|is pending renewal or deletion",
    ),
)
# Where a domain that is sold or resting sends its visitors.
PARKING_DOMAINS = frozenset(
    "sedo.com sedoparking.com dan.com undeveloped.com afternic.com hugedomains.com bodis.com parkingcrew.net "
    "brandbucket.com uniregistry.com squadhelp.com atom.com domainmarket.com buydomains.com above.com efty.com "
    "domainnamesales.com parklogic.com spaceship.com dynadot.com perfectdomain.com expireddomains.com godaddy.com "
    "namecheap.com".split()
)

START_PAGE = sign(
    Availability.UNREACHABLE,
    "it shows its web server's own start page",
    r"welcome to (?:nginx|openresty|caddy|openlitespeed).{0,40}|apache2? .{0,40}default page.{0,20}|"
    r"test page for the .{0,80}|iis windows server|index of /",
    r"nginx web server is successfully installed|default welcome page used to test|iis windows server|"
    r"parent directory|successfully installed and working|used to test the proper operation",
    alone=False,
)
