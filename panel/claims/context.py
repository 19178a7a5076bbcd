"""What a number is about: which plan, input or output, cold start or reply. Two numbers meet only when these"
" agree."""

import itertools
import re

# Families of metrics per kind of number; two members of one family are different things.
FAMILIES: dict[str, dict[str, str]] = {
    "time": {
        "cold start": r"cold[- ](?:start|boot|container|worker|instance|function|pod|box)s?|\bwakes?\b|to wake"
        r"|\bspin(?:s|ning)? up|\bboots?\b|warm(?:s"
        r"|ing)? up",
        "first token": r"first (?:token|word|byte|audio|sound|chunk)|to speak",
        "latency": (
            r"latency|\bwaits?\b(?! ?list)|\bready (?:in|within|after)|respon[sd]|\brepl(?:y|ies)|answers? "
            r"|\banswers?\b|come back|comes back|round[- ]trip"
            r"|autocomplete|completions?\b|suggestions? (?:appear|arrive)|lookups?|queries return|query time"
            r"|search(?:es)? (?:take|return)"
        ),
        "session": r"sessions?\b|log(?:s|ged)? (?:you )?out\b|idle|\bexpires?\b|sign(?:s|ed)? (?:you )?out",
        "retention": (
            r"retention|retain|\bkept\b|keeps?\b|\bstored?\b|\bstays?\b|\bvanish|deleted?\b|\blogs\b|history"
            r"|erased?|purged?|recordings|backups?|wiped?|\bgone after|remembers?|discarded|logs? (?:are|is)"
        ),
        "trial": (
            r"\btrial|try (?:it|out)|free before|\bto try\b|(?:days?|weeks?) free|free for (?:\w+[- ])?(?:\d+|two"
            r"|one|three|seven|fourteen|thirty|a)\b|to make up your mind|to decide\b|before (?:the"
            r"|your) card|test drive"
        ),
        "refund": r"refunds?|money[- ]back|your money|get (?:it|the money) back|returns? (?:policy|window)",
        "release": (
            r"\breleases?\b (?:every|each|come)|ships? (?:an? )?(?:update|release|version)|released every"
            r"|update[sd]? every|cadence"
        ),
        "support": (
            r"support (?:repl|respon|answer)|first response|ticket|business (?:hours?|days?)|support team|helpdesk"
            r"|from support|human (?:repl|answer)|(?:repl(?:y|ies)|answers?|hear back) from|support replies"
            r"|support tickets?"
        ),
        "set-up": (
            r"set[- ]?ups?\b|install(?:s|ed|ation|ing)?\b|onboarding|up and running|get(?:ting)? started"
            r"|go(?:es)? live|migrat"
        ),
        "sample": (
            r"\bcalls? (?:may |can )?last|\blength\b|clon(?:e|es|ing)|\bsamples?\b|of (?:speech|audio|video"
            r"|reference)|\bclips?\b|per (?:clip|video)|recording length|maximum (?:length|duration)|longest"
            r"|meetings? (?:up to|of|longer)|(?<!a )long\b(?! time)"
        ),
        "conversion": r"\bconverts?\b|\bturns?\b|\bbecomes?\b|change date|change licen[cs]e|\breverts?\b",
        "contract": r"contract|commit\b|commitment|notice|minimum term|\bterm\b|lock-in|locked in",
        "build": (
            r"transcripts?\b|hands? over|delivers?\b|(?:render|generat|process|transcrib|export|index|train"
            r"|fine-tun|encod|review|draft|crawl|build|deploy|scan)(?:e|es|s|ed|ing)?\b|per image|an image"
            r"|takes? (?:\w+ )*(?:per|to)|\bjobs?\b|finetun"
        ),
        "uptime window": r"uptime|downtime|outage|maintenance|\bdown for\b|\bwent (?:down|dark)\b",
        "refresh": (
            r"refresh(?:es|ed)?|sync(?:s|ed)?|re-?crawl|polls?\b|re-?index|updated (?:every|each)|index(?:es"
            r"|ed)? (?:is|are)? ?(?:re|up)"
        ),
        "battery": r"battery|charge lasts",
        "timeout": r"time[- ]?outs?|times out|cut off after|killed after|execution limit|maximum (?:run|execution)",
    },
    "bytes": {
        "vram": r"\bvram\b|video memory|\bgpu\b|graphics|on (?:a|the|one) card|\bcard\b|graphics memory",
        "ram": r"(?<!v)\bram\b|system memory|\bmemory\b|of memory",
        "storage": (
            r"storage|\bdisk\b|\bspace\b|keeps?\b|recordings|\bstored?\b|\bstores\b|workspace|archive|quota|bucket"
            r"|vault"
        ),
        "upload": r"upload|file size|\bfiles?\b|attachment|import|drop in|documents?\b|per file",
        "download": (
            r"\bdownloads?\b(?! limit)|model size|\bweights\b|checkpoint|installer|image size|footprint|on disk"
            r"|\bpackage\b|binary|weighs?"
        ),
        "traffic": r"bandwidth|traffic|transfer|egress",
    },
    "token": {
        "context": (
            r"context|window|input|upload|attach|prompts?\b|reads?\b|\bin one go\b|holds?\b|swallow|takes in"
            r"|\bin mind\b|feed it"
            r"|room|digests?|remembers?|\btakes\b|ingest|fits?\b|memory|attention|\bsends?\b|\bpaste|at once|sees\b"
        ),
        "output": (
            r"output|in one reply|\breply\b|\breplies\b|completion|\bwrites?\b|generat|\banswers?\b|respon[sd]"
            r"|\bemits?\b|per reply"
        ),
        "training": r"train|corpus|dataset|pre-?train|fed on|learn(?:ed|t)",
        "vocabulary": r"vocabular|tokeni[sz]er",
        "allowance": (
            r"per (?:month|day|minute|hour)|a (?:month|day|minute|hour)|included|free (?:plan|tier)|credits?"
            r"|allowance|monthly|daily|quota"
        ),
    },
    "percent": {
        "uptime": r"uptime|availab|\bsla\b|nines|downtime|stays? up|is up\b|reliab",
        "discount": (
            r"\boff\b|discount|annual|yearly|billing|pay(?:ing)? (?:for (?:a|the) year|up front|upfront)|prepay"
            r"|students?|non-?profits?|education|academ|startups? get"
        ),
        "accuracy": (
            r"accura|right\b|correct|scor|benchmark|humaneval|mmlu|swe-bench|gsm8k|\bevals?\b|pass(?:es|ed)?\b"
            r"|precision|recall|gets .* right|wins?\b|win rate|\bf1\b|success|solv|resolv"
        ),
        "error": r"error|fail|wrong|hallucinat|bugs?\b|\bwer\b|mistak|misses|false (?:positive|alarm)|crash",
        "saving": (
            r"sav(?:e|es|ed|ing|ings)\b|cut(?:s|ting)?\b|reduc|cheaper|less\b|lower|fewer|falls?\b|drop(?:s"
            r"|ped)?\b|trim|shav|shrink|smaller|halve"
        ),
        "gain": (
            r"faster|speed|quicker|jump|improv|better|increase|\brise|rises?\b|gain|boost|more\b|up by|grow|uplift"
            r"|higher|(?<!\w)\+|over the (?:last|previous)|outperform|beats"
        ),
        "fee": (
            r"commission|\bfees?\b|revenue|\bcut of\b|takes? .*(?:sale|payment)|transaction|royalt|mark-?up"
            r"|surcharge|share of"
        ),
        "share": (
            r"\busers\b|\bcustomers\b|\bteams\b|\bcompanies\b|of (?:users|customers|teams|companies|revenue"
            r"|developers|the fortune|calls|requests|answers)"
        ),
        "vat": r"\bvat\b|\btax\b",
    },
    "money": {
        "funding": (
            r"raised|\bround\b|\bseed\b|series [a-d]\b|valuation|valued at|funding|investors?|venture|backed"
            r"|\bbacking|revenue|\barr\b"
        ),
        "bounty": r"bounty|prize|fine of|penalt|settlement",
        "training cost": r"cost(?:s)? (?:\w+ )*to train|training (?:run|cost)|fine-?tun",
        "add-on": (
            r"add[- ]?on|overage|on top|extra (?:seat|user|credit)|additional|top[- ]up|beyond the"
            r"|over the (?:limit|quota|allowance)|after that|each extra"
        ),
        "set-up": r"set-?up fee|onboarding fee|implementation|one-time (?:set|onboard)",
        "storage": r"storage|stored|egress|bandwidth",
        "gpu": r"gpu|h100|a100|l4\b|l40|instance|compute",
    },
}
COMPILED = {
    dim: {name: re.compile(p, re.IGNORECASE) for name, p in members.items()} for dim, members in FAMILIES.items()
}
# Qualities that any number may have; within one, different values exclude each other.
QUALITIES: dict[str, dict[str, str]] = {
    "direction": {
        "cached": r"\bcached?\b|\bcaching\b",
        "input": (
            r"\binputs?\b|\bprompts?\b(?! (?:library|templates?|cache|caching))|tokens? in\b"
            r"|going in|\bin(?=,| and (?:\$"
            r"|\w+ (?:dollars|cents))|\.|;|$)|\bread(?:s|ing)? (?:a|costs)"
        ),
        "output": r"\boutputs?\b|\bcompletions?\b|generated tokens|tokens? out\b|coming (?:back|out)|\bout(?=,"
        r"|\.|;|$)",
        "batch": r"\bbatch(?:ed)?\b",
        "embedding": r"\bembeddings?\b",
    },
    "weights": {
        "active": (
            r"\bactiv(?:e|ated|ates)\b|\bfires?\b|at (?:a time|once)\b(?=.*param)|per token\b(?=.*(?:param"
            r"|weights))|per token|lights? up|\bon every token|in use for each"
        ),
        "total": r"\btotal\b|\boverall\b|altogether|\ball told|all in",
    },
    "percentile": {
        "median": r"\bmedian\b|\bp50\b|typical(?:ly)?|half of (?:all )?(?:calls|requests)",
        "p90": r"\bp90\b|90th|\b(?:nine|9) (?:of|out of|in) (?:every |each )?(?:ten|10)\b",
        "p95": (
            r"\bp95\b|95th|95 (?:of|out of|in) (?:every |each )?(?:100|a hundred)|95 ?% of (?:calls|requests|repl"
            r"|resp|answers)"
        ),
        "p99": (
            r"\bp99\b|99th|99 (?:of|out of|in) (?:every |each )?(?:100|a hundred)|99 ?% of (?:calls|requests|repl"
            r"|resp|answers)"
        ),
        "average": r"\baverages?\b|\bmean\b|on average",
    },
    "languages": {
        "programming": r"programming|coding",
        "interface": r"interface|\bui\b|menus|dashboard|translated into|locali[sz]ed",
        "speech": r"transcri|speech|spoken|voice|dub",
    },
    "effect": {
        "speed": r"faster|speed|quicker|latency|throughput",
        "quality": r"accura|benchmark|\bevals?\b|scores?\b|quality|code[- ]review|instruction",
        "cost": r"\bcosts?\b|cheaper|price|\bbill\b|spend",
        "tokens": r"token (?:use|usage|count)|tokens used|fewer tokens",
        "errors": r"errors?\b|bugs\b|hallucinat|mistakes",
        "time": r"review time|hours|time spent|turnaround",
    },
    "platform": {
        "mobile": r"\bmobile\b|\bphone\b|\bios\b|\bandroid\b",
        "desktop": r"\bdesktop\b|\blaptop\b",
    },
    "who": {"student": r"\bstudents?\b|academic|education", "non-profit": r"non-?profits?|charit"},
    "trip": {"download": r"\bdownloads\b", "monthly-active": r"monthly active|\bdaily active"},
}
QUALITY = {
    group: {name: re.compile(p, re.IGNORECASE) for name, p in members.items()} for group, members in QUALITIES.items()
}


def segments(text: str) -> list[tuple[int, int]]:
    """Parts between commas, semicolons and joining words; numbers keep their separators."""
    cuts = [
        m.span()
        for m in re.finditer(
            r"[,;](?=\s)|\s[–—-]\s|\s?\|\s?|\.\s|\(|\)|\s(?:and|but|while|against|versus|then|plus|whereas)\s", text
        )
    ]
    bounds = [0, *(end for _, end in cuts), len(text)]
    return [(a, b) for a, b in itertools.pairwise(bounds) if b > a]


def nearest(found: list[tuple[int, int, str]], start: int, end: int, text: str) -> frozenset[str]:
    """Those in the number's own part of the sentence; else the closest one."""
    if not found:
        return frozenset()
    left, right = next((s for s in segments(text) if s[0] <= start < s[1]), (0, len(text)))
    inside = frozenset(name for a, b, name in found if a < max(right, end) and b > left)
    if inside:
        return inside
    closest = min(found, key=lambda one: min(abs(one[0] - end), abs(start - one[1])))
    return frozenset({closest[2]})


def family(text: str, dim: str, start: int, end: int) -> frozenset[str]:
    found = [(m.start(), m.end(), name) for name, p in COMPILED.get(dim, {}).items() for m in p.finditer(text)]
    return nearest(found, start, end, text)


def qualities(text: str, start: int, end: int) -> dict[str, frozenset[str]]:
    said = {}
    for group, members in QUALITY.items():
        found = [(m.start(), m.end(), name) for name, p in members.items() for m in p.finditer(text)]
        if found:
            said[group] = nearest(found, start, end, text)
    return said
