"""Figures of speech: numbers that claim nothing of a tool. A span covered here is never a claim."""

import re

IDIOMS = re.compile(
    "|".join(
        (
            r"(?<!of )(?<!at )(?<!by )(?<!: )\b1[01]\d ?(?:%|per ?cent)(?! (?:of|more|faster"
            r"|higher|increase|growth|uptime))",
            r"\b(?:a |one )?hundred(?: and ten)? ?per ?cent\b(?! (?:uptime|accura|of the))",
            (
                r"\b(?:9[59]|99)(?:%| per ?cent) of (?:people|teams|users|us|you|companies|what|the time|my|founders"
                r"|startups|readers|cases|demos)\b"
            ),
            (
                r"\b\d+(?:%| per ?cent) of (?:this|that|it|the (?:way|value|work|job|battle|effort|magic)|what (?:you"
                r"|it|I|we))\b"
            ),
            r"\b[\w-]+(?: ?%| per ?cent) of [^.,;:]{2,32} (?:could|would|should|might|may as well)\b",
            r"\b(?:the|its|my|all) other (?:\d+|two|three|four|five|six|seven|eight|nine|ten|dozen|twenty"
            r"|hundred) [\w-]+",
            r"(?<=ing )(?:an?|one)(?: single)? (?:cent|penny|dime)\b",
            r"\bin the (?:land|kingdom|realm) of [^.;]*",
            r"\b\w+ times out of (?:\w+)\b",
            (
                r"(?<!s )\b(?:first|last|next|other|past|final) (?:\d+|few|couple|two|three|four|five|six|ten|twelve"
                r"|twenty|thirty|hundred) (?:minutes?|hours?|days?|weeks?|months?|years?|times?|attempts?|customers?"
                r"|users?|pages?|clicks?|tries|people|demos?|seconds?|prompts?|lines?)\b(?! of (?:audio|logs"
                r"|history))"
            ),
            r"\b\d{1,2}(?::\d\d)? ?[ap]\.?m\b",
            (
                r"\b(?:one|two|three|four|both|several|many|two or three|a couple of) (?:kinds?|sorts?|types?|camps?"
                r"|sides?|ways?|things?|reasons?|schools?|words?|halves|minds|cheers|steps?|tribes?|truths?|lessons?"
                r"|questions?|stars? out|points?|problems?|flavou?rs|worlds?|paths?|audiences?|parts?|tools in one)\b"
            ),
            r"\bone of (?:the|those|these|two|three|four|its|my|our)\b(?: (?:two|three|few|many|\d+))?",
            (
                r"\b(?:a|one) (?:hundred|thousand|million|dozen|billion)(?: and one)? (?:[\w-]+ )?(?:reasons?|ways?"
                r"|times?|cuts?|things?|ideas?|excuses?|questions?|little|small|tiny|paper|opinions?|demos?|pitches"
                r"|startups?|others?|miles|apps?|tools?|products?|clones?|plug-?ins|clicks?|voices in|dollars?"
                r" (?:idea|question))\b"
            ),
            (
                r"\bhundreds of|\bthousands of (?:(?:tiny|little|other|similar) )|\bmillion[- ]dollar\b"
                r"|\bsixty[- ]four[- ]thousand"
            ),
            (
                r"\b(?:10|100|1000|ten|hundred|1)[x×] (?:engineer|developer|tool|problem|team|founder|programmer"
                r"|company|idea|improvement|return|promise|claims?|thinking|person|bet|thing|crowd|hype)s?\b"
            ),
            (
                r"\b(?:zero|one)[- ]to[- ](?:one|many|two|\w+)\b|\b0[- ]to[- ]1\b|\bone-(?:trick|man|person|woman"
                r"|click|line|liner|stop|size|way|off (?!\$|payment))"
            ),
            (
                r"\b\d+(?:%| per ?cent) \w+(?: \w+)?(?:,| and|,? and the (?:other|rest)) \d+(?:%"
                r"| per ?cent) \w+\b(?<!off)(?<!input)(?<!output)"
            ),
            (
                r"\b20/20\b|\b24/7\b|\b50/50\b|\bfifty[- ]fifty\b|\b80/20\b|\b9[- ]to[- ]5\b|\bcatch[- ]22\b"
                r"|\b360(?:[- ]degrees?|°)|(?<=[a-z] )101\b(?=[.,;!?]|$)|\b4\d[34]s?\b(?= (?:error|page))"
            ),
            (
                r"\bif (?:you|we|they|your team|your company|your firm) (?:have|has|are|run|employ|hire|sell"
                r"|serve)\b[^,.;?!]*"
            ),
            r"\bnot (?:a|one) (?:single )?(?:milli)?(?:second|minute|day|cent|dollar|penny)\b",
            (
                r"\bthe \d+(?:%| per ?cent) (?:case|solution|version|answer|problem|rule|mark)\b|\bin a (?:world"
                r"|market|field|category|sea|crowd|room) (?:of|with|full of) [^,.;]*"
            ),
            (
                r"\b\w+ (?:months|weeks|years|days|hours|minutes) in\b(?=[,.]| and)"
                r"|\b[\w-]+ (?:hundred )?lines of (?:code|python|javascript|bash|glue|shell|rust|go|yaml|css|sql"
                r"|\w+script)\b|\ba 1% \w+er\b"
            ),
            (
                r"\bspen[dt]\w* (?:a |\w+ )?(?:million|thousand|hundred) (?:dollars|euros|pounds"
                r"|hours)(?: \w+){0,3}(?: and \w+ on\b)?"
            ),
            r"\b(?:\w+ (?:days|weeks|months|years) of )?trial and error\b",
            (
                r"\bgives? (?:you )?\d+(?:%| per ?cent) [^.;]*"
                r"|\bsquare one\b|\bday (?:one|two|thirty|zero|\d+)\b|\bnumber one\b|\bplan [ab]\b|\bround two\b"
                r"|\bact (?:one|two|three)\b|\bpart (?:one|two)\b|\bchapter (?:one|two)\b|\bstep (?:one|two|three"
                r"|\d)\b|\brule (?:one|number \w+)\b|\btake two\b|\bone day\b|\bweek (?:one|two|\d)\b|\bmonth (?:one"
                r"|two|three|\d)\b|\byear (?:one|two)\b"
            ),
            (
                r"\b(?:one|two|three|four) (?:more|too many|steps? (?:ahead|behind|back)|strikes|weekends?"
                r"|afternoons?"
                r"|evenings?|mornings?|nights?|Mondays?|Tuesdays?|sprints?|quarters?|coffees?|cups?|beers?|lunches"
                r"|meetings?|lines of|eyes|hands|thumbs|feet)\b"
            ),
            r"\bby (?:19|20)\d\d\b|\b(?:in|before|until|come) 20(?:2[6-9]|3\d|4\d)\b",
            (
                r"\b(?:\d+|\w+)[- ]?(?:month|year|week|day|minute|hour)s? (?:from now|ago|later|into|down the (?:road"
                r"|line)|hence)\b"
            ),
            (
                r"\b(?:in|within|give it|given|over|for) (?:\w+ )?(?:\d+|six|twelve|eighteen|two|three|five|ten|a|one"
                r"|a couple of|another \w+) (?:months?|years?|weeks?|quarters?|decade|decades)\b(?=,? (?:nobody"
                r"|no one"
                r"|everyone|everybody|this|that|I|we|you|they|it will|somebody|someone|half|most|or|and (?:it|you|I"
                r"|we)|the (?:market|question|category|name|price|same|incumbent|big|free|open)))"
            ),
            (
                r"(?<!\ba )(?<!per )(?<!every )(?<!each )"
                r"(?<!a half )(?<!one )(?<!two )(?<!three )(?<!four )(?<!of a )(?<!-)\b(?:second"
                r"|third|fourth|fifth|tenth|hundredth|1st|2nd|3rd|nth|umpteenth)\b(?!s? off| of (?:the|what|its"
                r"|that))"
            ),
            (
                r"\b(?:double|triple)[- ](?:check|edged|click|take|think|down|whammy|quote|spac)\w*|\btwice (?:before"
                r"|about|a day|this)|\bthink twice|\bonce or twice\b|\bhalf (?:the (?:battle|time|team|point|fun"
                r"|internet|industry|market|room|job|work|story|world|people|companies|startups|tools|features|menu"
                r"|office)|a (?:chance|mind|dozen (?:rivals|others|tabs|clones|competitors|tools))|of (?:it|them|us"
                r"|what|my|the (?:time|battle|team|features|internet|demo|menu|people))|(?:asleep|baked|finished|done"
                r"|joking|listening|built|hearted))|\bbetter half\b"
            ),
            (
                r"\b(?:two|three)[- ]?pizza|\bcloud nine\b|\bnine lives\b|\bseventh heaven\b|\bsixth sense\b"
                r"|\bthe whole nine|\bat sixes|\bback to zero|\bground zero\b|\bzero (?:chance|interest|doubt|drama"
                r"|patience|idea|fuss|surprise|sympathy)\b|\bsecond (?:to none|thoughts?|nature|look|glance|opinion"
                r"|hand|fiddle)\b|\bfirst (?:things first|class|look|glance|impression)\b|\bin two minds\b"
                r"|\bsix of one\b|\bten to one\b|\bone in a million\b|\bten out of ten\b|\b10/10\b|\b(?:two"
                r"|three|four"
                r"|five) stars? from me\b|\bfive o'clock\b|\bsix feet\b|\bmiles?\b"
            ),
            (
                r"\b(?:bet|wager|worth|save you|cost you|costs more than|pay|spend|spent|waste|wasted|lost"
                r"|burn(?:ed)?"
                r"|take|took|need|give|gave|lose|want)(?: (?:me|us|you|it))? (?:about |only |maybe |roughly "
                r"|a good )?(?:a|an|one|two|three|four|five|six|ten|twenty|thirty) (?:year|month|week|weekend|day"
                r"|afternoon|morning|evening|night|hour|minute)s?(?:['’]s?)?\b(?! (?:trial|of (?:audio|video|logs)"
                r"|to (?:first|install|set up|deploy|configure|migrate|onboard|import|export|process|transcribe"
                r"|render|generate|train|start|boot|wake)|per|for (?:each|every)|free))"
            ),
            (
                r"\btwo of (?:us|them|those|my)\b|\bme, and\b|\b[0-9]+ (?:browser )?tabs\b|\b(?:two|three|a hundred"
                r"|hundred|thousand|ten) (?:other )?(?:rivals|competitors|clones|copycats|wrappers|lookalikes|pitches"
                r"|demos|founders|startups|slides|open tabs|tabs|excuses|opinions|acronyms|logos|buzzwords|adjectives"
                r"|different people|people)\b"
            ),
        )
    ),
    re.IGNORECASE,
)
CLOCK = re.compile(
    r"\b(?:at|by|before|after|past|until) (?:\d{1,2}|\w+) (?:o'clock|in the (?:morning|afternoon|evening))",
    re.IGNORECASE,
)
FORECAST = re.compile(
    (
        r"\b(?:I(?:'d| would) (?:bet|wager|guess)|my bet|I (?:expect|predict|suspect|give it)|nobody will"
        r"|everyone will|will be (?:forgotten|dead|gone"
        r"|free|bought|acquired|absorbed|copied)|imagine|suppose|^picture|what if|one day|someday|by the time"
        r"|if I were|if I had|had I|as if|the price of a)\b"
    ),
    re.IGNORECASE,
)
QUESTION = re.compile(r"\?\s*$")
CONDITION = re.compile(
    r"\b(?:if|unless|whether|suppose|imagine|should you|were it|until|would have|could have|when your)\b", re.IGNORECASE
)


def idle_spans(text: str) -> list[tuple[int, int]]:
    return [match.span() for pattern in (IDIOMS, CLOCK) for match in pattern.finditer(text)]


def is_forecast(before: str) -> bool:
    """Whether the words before a number make it a guess about the future or a figure of speech."""
    return bool(FORECAST.search(before))


def is_condition(before: str) -> bool:
    return bool(CONDITION.search(before))


def covered(start: int, end: int, spans: list[tuple[int, int]]) -> bool:
    return any(start < right and left < end for left, right in spans)
