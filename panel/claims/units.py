"""Units as words: money, time, bytes, things that are counted, and what a price is per. Tables only."""

import re

SECOND, MINUTE, HOUR, DAY = 1.0, 60.0, 3600.0, 86400.0
YEAR = 365.25 * DAY
MONTH = YEAR / 12

TIME = {"ms": 0.001, "msec": 0.001, "millisecond": 0.001, "milliseconde": 0.001, "s": SECOND, "sec": SECOND}
TIME |= {"second": SECOND, "min": MINUTE, "minute": MINUTE, "h": HOUR, "hr": HOUR, "hour": HOUR, "day": DAY}
TIME |= {"week": 7 * DAY, "fortnight": 14 * DAY, "month": MONTH, "mo": MONTH, "year": YEAR, "yr": YEAR}
TIME |= {"quarter": MONTH * 3, "mois": MONTH, "monat": MONTH, "mes": MONTH, "mese": MONTH, "an": YEAR, "jahr": YEAR}
TIME |= {"jour": DAY, "tag": DAY, "stunde": HOUR, "heure": HOUR, "année": YEAR, "año": YEAR, "anno": YEAR}
TIME |= {"afternoon": 4 * HOUR, "morning": 4 * HOUR, "weekend": 2 * DAY}
TIME |= {"decade": 10 * YEAR, "microsecond": 1e-6, "µs": 1e-6, "us": 1e-6}

BYTES = {"kb": 1e3, "kib": 1e3, "kilobyte": 1e3, "mb": 1e6, "mib": 1e6, "megabyte": 1e6, "meg": 1e6}
BYTES |= {"gb": 1e9, "gib": 1e9, "gigabyte": 1e9, "gig": 1e9, "tb": 1e12, "tib": 1e12, "terabyte": 1e12}

SIGNS = {"$": "usd", "€": "eur", "£": "gbp", "¥": "jpy", "円": "jpy"}
CURRENCY = {"usd": "usd", "dollar": "usd", "buck": "usd", "eur": "eur", "euro": "eur", "gbp": "gbp", "pound": "gbp"}
CURRENCY |= {"quid": "gbp", "jpy": "jpy", "yen": "jpy", "cent": "usd", "pence": "gbp", "¢": "usd", "p": "gbp"}
CURRENCY |= {"chf": "chf", "cad": "cad", "aud": "aud", "franc": "chf", "inr": "inr", "rupee": "inr"}
HUNDREDTHS = {"cent", "pence", "¢"}

# What is counted, by one name each. A word not here is its own noun.
SAME_NOUN = {
    "user": "seat member editor teammate colleague collaborator head licence license",
    "person": "people human soul",
    "developer": "engineer programmer",
    "integration": "connector",
    "request": "call query invocation",
    "company": "firm organisation organization customer client",
    "team": "workspace organisation account",
    "employee": "staff worker",
    "template": "",
    "language": "tongue",
    "token": "tok",
    "parameter": "param weight",
    "voice": "",
    "file": "document upload pdf attachment",
    "image": "picture photo render",
    "video": "clip",
    "minute": "",
    "message": "email mail",
    "connection": "",
    "gpu": "card accelerator",
    "project": "",
    "credit": "",
    "format": "",
    "star": "",
    "run": "task job execution",
    "page": "",
    "character": "char",
    "model": "llm",
    "benchmark": "eval",
    "country": "",
    "speaker": "",
    "download": "install pull",
    "word": "",
    "question": "",
    "export": "",
    "bot": "agent assistant",
    "plugin": "extension addon",
    "plan": "tier",
    "record": "row entry",
    "repository": "repo",
    "site": "website domain",
    "investor": "",
    "source": "",
    "second": "",
}
NOUN = {name: name for name in SAME_NOUN} | {
    other: name for name, others in SAME_NOUN.items() for other in others.split()
}
# Nouns whose number is a statement about a tool, not a figure of speech.
COUNTED = {*NOUN.values()} | {
    *(
        "seat step endpoint layer expert contributor release commit fork issue engineer researcher office region node"
    ).split(),
    *(
        "server core tool app database action workflow environment branch channel contact lead meeting session track"
    ).split(),
    *"style font preset avatar scene effect rule check test sample example dataset chunk dimension bit pixel".split(),
    *(
        "frame shot track song prompt variable field column table board notebook recipe skill component widget theme"
    ).split(),
    *(
        "institution school hospital bank university student subscriber visitor command parameter layer head thread"
    ).split(),
    *"worker slot replica instance container pipeline device monitor sensor camera conversation ticket webhook".split(),
    *(
        "key secret role permission policy form survey response dollar euro lesson course chapter book paper citation"
    ).split(),
    *"partner reseller certification award patent article detector filter category label class entity type".split(),
    *"machine host vcpu cpu thread ipu".split(),
    *"locale dialect accent emotion currency timezone".split(),
}
# Words that a number may lean on without claiming anything of the tool.
IDLE_NOUNS = {
    *(
        "thing reason way camp time one kind sort part side point lesson problem idea word sentence answer step rule"
    ).split(),
    *(
        "question choice option year month week day hour minute second weekend morning evening night afternoon moment"
    ).split(),
    *(
        "people person customer client founder engineer developer colleague friend dollar penny cup coffee drink look"
    ).split(),
    *"attempt try tries click glance page line bite half quarter mile inch step hand leg eye head person team".split(),
    *"company competitor rival founder product tool demo meeting slide excuse surprise exception hurdle".split(),
}
# In words and small, these are said in passing: 'three emails could replace it'.
PASSING = {
    *"message meeting page word file question company bot tool model request plugin site source key call".split()
}
PASSING |= {*"track run plan record field paper book chapter lesson sample example song prompt button".split()}
RATES = {"rpm": ("request", 60.0), "tpm": ("token", 60.0), "rps": ("request", 1.0), "qps": ("request", 1.0)}
RATES |= {"tps": ("token", 1.0), "rpd": ("request", 86400.0), "fps": ("frame", 1.0)}
PER_ADVERB = {"monthly": "month", "yearly": "year", "annually": "year", "annual": "year", "daily": "day"}
PER_ADVERB |= {"weekly": "week", "hourly": "hour", "apiece": "user", "mensuel": "month", "nightly": "day"}
ONCE = re.compile(r"\b(once|one[- ](?:off|time)|lifetime|for ever|forever|for life|outright)\b", re.IGNORECASE)
WHOLE_TEAM = re.compile(
    r"\b(?:whole|entire) (?:team|company|office|organi[sz]ation)\b|\bper (?:team|workspace|organi[sz]ation|account)\b"
    r"|\bflat\b|\bunlimited (?:users|seats|members)\b|\bhowever many (?:people|users|seats)\b",
    re.IGNORECASE,
)


def singular(word: str) -> str:
    """'queries' → 'query', 'boxes' → 'box', 'minutes' → 'minute'; short words stay."""
    lower = word.lower()
    if len(lower) > 4 and lower.endswith("ies"):
        return lower[:-3] + "y"
    if len(lower) > 4 and lower.endswith(("sses", "xes", "ches", "shes")):
        return lower[:-2]
    if len(lower) > 2 and lower.endswith("s") and lower != "ms" and not lower.endswith(("ss", "us", "is")):
        return lower[:-1]
    return lower


def same_noun(one: str, other: str) -> bool:
    """'eleven people' may be a team of 11 or 11 users."""
    return one == other or ("person" in (one, other) and {one, other} <= {"person", "user", "employee", "developer"})


def noun_of(word: str) -> str:
    one = singular(word)
    return NOUN.get(one, one)
