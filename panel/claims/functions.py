"""What a tool is said to do or to have, without a number: 'syncs with a calendar', 'there is a command palette'.

Such a sentence is borne when some fact speaks of the same thing, denied when the fact says no to it.
"""

import re
from collections.abc import Iterator, Sequence

from panel.claims.denial import in_denial
from panel.claims.rhetoric import is_condition, is_forecast
from panel.claims.sentence import Read
from panel.claims.stems import stem, stems
from panel.claims.values import ANCHORED, CONTRADICTED, UNANCHORED, Claim

Known = Sequence[tuple[int, Read]]
# Verbs a program does and a person is seldom praised for.
DEEDS = (
    r"exports?|imports?|syncs?|synchroni[sz]es?|integrates?|encrypts?|supports?|transcribes?|translates?|indexes"
    r"|compiles?|deploys?|summari[sz]es?|detects?|redacts?|caches|anonymi[sz]es?|authenticates?|backs up|plugs into"
    r"|connects? to|ships? with|comes? with|bundles|installs? (?:on|as|from|with|via)|generates?|accepts?"
    r"|auto-?(?:saves?|completes?|corrects?|tags?)|stores|scans|schedules|records"
)
SUBJECT = r"(?:it|they|this|(?:the|its|their|our) (?:[a-z-]+ )?[a-z]+|[A-Z][\w.-]+)"
DOES = re.compile(
    rf"(?:^|[,;:.] |\b(?:and|but|that|which|because|since|so|as|while|what) )(?i:{SUBJECT}) "
    rf"(?:(?:also|now|even|only|already|still|happily|quietly|automatically|never|does not|do not|can|cannot|will"
    rf"|can also|can even|will not|can now|doesn['’]t|can['’]t|won['’]t) )?(?P<verb>{DEEDS}) (?P<what>[^.,;:!?–—]+)"
)
PARTS = (
    r"apps?|clients?|extensions?|plug-?ins?|SDKs?|dashboards?|exports?|imports?|exporter|importer|integrations?"
    r"|connectors?|certificates?|certifications?|marketplace|sync|encryption|sandbox|backups?|endpoints?|installers?"
    r"|adapters?|playgrounds?|API|CLI|bindings|bots?|add-?ons?|discounts?|guarantees?|permissions|widgets?|shortcuts?"
    r"|binar(?:y|ies)|wheels?|containers?|marketplaces?|leaderboards?|changelog|add-in|notebooks?|status page"
    r"|keyboard"
    r"|palette|mode|scheduler|recorder|webhooks?|builds?|hotline|helpdesk"
)
HAS = re.compile(
    r"\b(?:(?:there is|there are|there['’]s|it has|it even has|they have|you get|you also get|it offers|they offer"
    r"|they sell|it gets you|comes? with|ships? with|also has|complete with|includes)"
    rf" (?P<no>no |not even )?(?P<what>(?:an? |the |its |some )?(?:[\w/+-]+ ){{0,3}}?(?:{PARTS})\b(?: for"
    rf" [A-Z]\w+)?))",
    re.IGNORECASE,
)
LETS_YOU = re.compile(
    r"\b(?:you|users|anyone|customers|admins|members|one|teams|we)"
    r" (?P<no>(?:can|may|cannot|can not|can['’]t) (?:also |even |now |only |not |never )*)"
    r"(?P<what>(?:clone|export|import|pay|upload|download|schedule|embed|invite|pin|tag|undo|record|train|fine-tune"
    r"|script|automate|filter|sort|mute|rename|archive|restore|revert|roll back|white-label|connect|swap|translate"
    r"|print|dictate|annotate|merge|branch|fork|deploy|host|self-host|encrypt|sync|publish|password-protect|delete"
    r"|lock|approve|assign|comment|transfer|cancel|pause|upgrade|downgrade|resell|remove|drag|duplicate|version"
    r"|generate|transcribe|redact|mask|review|audit|block|whitelist|blacklist|batch|customi[sz]e|configure)"
    r"\b [^.,;:!?–—]+)",
    re.IGNORECASE,
)
IS_THERE = re.compile(
    r"(?:^|[,;:] |\b(?:and|but|while|since|because) )(?P<what>(?!(?i:none|nothing|nobody|no one)\b)(?:[\w/+-]+"
    r" ){0,3}?[\w/+-]+"
    r" (?:is|are|comes?|gets?) (?:(?:also|even|now|only|all|not|never|already|fully|automatically) )*(?:accepted"
    r"|supported"
    r"|included|available|possible|allowed|permitted|built[- ]in|encrypted|logged|bundled|on offer|forbidden"
    r"|prohibited"
    r"|disabled|enabled|optional|mandatory|supplied|provided|unsupported|standard|redacted|anonymi[sz]ed|thrown in"
    r"|an (?:optional )?(?:extra|add-on)|reserved for|metered|throttled|watermarked|backed up|versioned|indexed)\b)",
)
AT_WORK = re.compile(
    rf"(?:^|[,;:] |\b(?:and|but|while) )(?P<what>(?:[\w/+-]+ ){{1,2}}(?:{PARTS})) (?:works?|exists?|comes?"
    rf"|fires?|ships?)\b"
)
BUILT_IN = re.compile(
    r"\b(?:built[- ]in|bundled|baked[- ]in|native|out-of-the-box) (?P<what>(?:[\w-]+ ){0,2}[\w-]+)", re.IGNORECASE
)
HANDLED = re.compile(
    r"(?:^|[,;:] |\b(?:and|but|while|since|because) )(?P<what>(?!(?i:none|nothing|nobody|no one)\b)(?:[\w/'+-]+"
    r" ){0,4}?[\w/'+-]+"
    r" (?:is|are|gets?) (?:(?:also|even|now|only|all|not|never|automatically) )*(?:guessed|renamed|inferred"
    r"|detected|tagged"
    r"|sorted|grouped|generated|extracted|exported|imported|synced|transcribed|translated|summari[sz]ed|cached|queued"
    r"|routed|signed|hashed|compressed|streamed|batched|parsed|highlighted|rendered|merged|deduplicated|filtered"
    r"|labelled"
    r"|ranked|masked|blurred|mirrored|refreshed|retried|scanned|moderated|rate-limited|sandboxed|pinned)"
    r"\b(?: (?:from|by|with|in|into|to|on|at|for) [^.,;:!?]+)?)",
)
OPERATED = re.compile(
    r"^(?P<what>(?:(?:Drag|Drop|Paste|Upload|Type|Press|Tap|Highlight|Select) [^.;!?]+? and"
    r"|(?:Throw|Feed|Show|Send|Hand|Point) [^.;!?]{1,40}? and (?:get|out|you get)) [^.;!?]+)"
)
REFUSES = re.compile(
    r"\b(?:refuses|declines|will not|won['’]t) (?:to )?(?:even )?(?P<what>(?:discuss|answer|write|generate|draw|talk"
    r" about|touch|process|transcribe|translate|summari[sz]e|quote|produce|open|read|accept|import|export)"
    r" [^.,;:!?]+)"
)
IDLE_WORDS = frozenset(
    stem(word)
    for word in (
        "anything everything something nothing thing what claim promise sense work life job people team everyone idea"
        " case day world time little lot own another other same kind sort whole real proper decent single native"
        " application app client mode integration support button menu option price free rest mind way your right"
        " accepted supported"
        " included available possible allowed permitted built forbidden optional mandatory supplied provided standard"
        " windows linux macos mac ios android chrome firefox build builds binary installer version thrown extra"
        " reserved offer fully automatically also even now comes gets already"
    ).split()
)
PATTERNS = (DOES, HAS, LETS_YOU, IS_THERE, HANDLED, OPERATED, AT_WORK, BUILT_IN, REFUSES)
OPINION = re.compile(
    r"\b(?:charm|patience|taste|soul|confidence|trust|doubt|opinions?|hope|regret|excuses?|apolog\w+|attitude"
    r"|feelings?"
    r"|drama|caveats?|asterisk|surprises?|conviction|heart|nerve|wit|grace|dignity|ambition|noise|nonsense"
    r"|poetry|joke"
    r"|personality|manners|problem|answers? to|questions?|strings|learning curve|manual|price tag|sense|more heat)\b",
    re.IGNORECASE,
)


def judge_functions(read: Read, known: Known) -> Iterator[Claim]:
    for pattern in PATTERNS:
        for match in pattern.finditer(read.text):
            words = match["what"]
            about = stems(words) - IDLE_WORDS
            before = read.text[: match.start()]
            if not about or OPINION.search(words) or is_condition(before) or is_forecast(before):
                continue
            denied = in_denial(read.text, match.start("what"), match.end("what"))
            verdict, index = judge_function(about, denied, known)
            if verdict != ANCHORED:
                yield function_claim(read, match.start(), match.end(), words, verdict, index, known)


def judge_function(about: frozenset[str], denied: bool, known: Known) -> tuple[str, int | None]:
    """The fact that shares most with what is said decides; it denies it when only one of the two says no."""
    shared = [(len(about & fact.stems), index, fact) for index, fact in known if about & fact.stems]
    if not shared:
        return UNANCHORED, None
    most = max(size for size, _, _ in shared)
    opinions = [(denies_it(about, fact) == denied, index) for size, index, fact in shared if size == most]
    agreeing = [index for agrees, index in opinions if agrees]
    return (ANCHORED, agreeing[0]) if agreeing else (CONTRADICTED, opinions[0][1])


def denies_it(about: frozenset[str], fact: Read) -> bool:
    words = [match for match in re.finditer(r"[A-Za-z]{3,}", fact.text) if stem(match[0].lower()) in about]
    return bool(words) and all(in_denial(fact.text, word.start(), word.end()) for word in words)


def function_claim(
    read: Read, start: int, end: int, words: str, verdict: str, index: int | None, known: Known
) -> Claim:
    fact = next((one.text for at, one in known if at == index), "")
    why = {
        CONTRADICTED: f"'{words.strip()}' is denied by the fact '{fact[:120]}'; correct the sentence.",
        UNANCHORED: f"No fact speaks of '{words.strip()}'; cite one that does, or leave it out.",
    }[verdict]
    return Claim(start, end, "function", words.strip().lower(), verdict, why, index, 0, len(fact))
