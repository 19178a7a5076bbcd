"""What a title gives itself away by, each class of words with its points and its reason. Pure."""

import re

from crawler.relevance.posts import Clue, any_of

TOOL = (
    r"(?:tools?|apps?|api|sdk|cli|library|framework|models?|assistants?|agents?|plugins?|extensions?|servers?|editor|"
    r"platform|toolkit|engine|chatbot|copilot|co-?pilot|browser|studio|ide|workspace|companion|generator|builder|"
    r"client|runtime|orchestrator|harness|harnesses|gateway|proxy|simulator|database|search engine|skill|system|"
    r"service|suite|software|app store|marketplace|dashboard|package|app|bot|infrastructure|coach|tutor|detector)"
)
MADE = re.compile(
    r"^\W*(?:show hn\W+)?(?:\[p\]\s*)?(?:i|we)(?:'ve|’ve| have)?(?: just)? (?:built|made|created|wrote|developed|"
    r"trained|open[- ]sourced|released|launched)\b",
    re.IGNORECASE,
)
TITLE = (
    Clue(
        "introduced",
        2.5,
        "the title introduces something",
        re.compile(
            r"^\W*(?:introducing|announcing|launching|releasing|unveiling|presenting|open[- ]sourcing|say hello to|"
            r"meet|welcome(?! to)|pr[ée]sentation de|nous lançons|presentamos|lanzamos|apresentamos|lançamos|"
            r"wir stellen|vorgestellt|представляем|推出|发布)(?![a-z])",
        ),
    ),
    Clue(
        "out",
        2.0,
        "the title says it can be had now",
        any_of(
            r"(?:is|are) (?:now )?(?:here|out|live|open|available|generally available)|now (?:in|available|open|live)",
            r"available (?:today|now|to|on|in|for)|released|open[- ]sourced|(?:public|research|open) (?:beta|preview)",
            r"release$|beta release|open release|early access|general availability|goes? live|launches|"
            r"new models?|in preview",
            r"ist da|est disponible|disponible|verfügbar|вышл[аои]|выпустил\w*",
        ),
    ),
    Clue(
        "now",
        0.8,
        "the title says what is new in it",
        any_of(r"can now|now (?:supports?|has|with|comes|offers|lets|works|runs)"),
    ),
    Clue(
        "page",
        2.0,
        "the title is a model's or a repository's",
        re.compile(r"^[\w.-]+/[\w.-]+ [·|-] hugging ?face|^github - "),
    ),
    Clue(
        "released",
        1.8,
        "the title says it can be had now",
        re.compile(r"发布|推出|上线|开源|公開|リリース|登場|출시|공개"),
    ),
    Clue(
        "made",
        1.5,
        "its maker says they made it",
        MADE,
    ),
    Clue("project", 0.5, "the forum marks it a project", re.compile(r"\[p\]")),
    Clue("tool", 0.6, "the title speaks of a kind of tool", any_of(TOOL)),
    Clue(
        "company",
        -3.5,
        "the title reads as company news",
        any_of(
            r"raises?|raised|funding|series [a-g]|seed round|valuation|acquir\w+|acquisition|to buy|buys|merger|ipo",
            r"hiring|hires|joins?|joining|offices?|bureau|appoints?|names .{3,40} (?:chief|officer|president|head|cfo|"
            r"ceo)",
            r"partners?|partnerships?|partnering|teams up|collaborat\w+|coalition|memorandum|brand ambassador|"
            r"layoffs?|investments?|grants?|expand(?:s|ing)|deepens|signs|stake|revenue|earnings|shares|lawsuit",
            r"advisory board|board of directors|foundation(?! models?)|fellowship|(?:partner|publishers’?'?|bounty|"
            r"startup) program\w*",
        ),
    ),
    Clue(
        "headline",
        -2.5,
        "the title is a news headline",
        any_of(
            r"says?|said|sues?|sued|bans?|banned|warns?|reportedly|rumou?r\w*|accus\w+|claims?|alleg\w+|wants to|could|"
            r"may|might|plans? to|set to|unveils|reveals|faces|hits|slams|urges?|lawmakers?|regulators?|senate|court|"
            r"judge|president|china|beijing|government|pentagon|military|police|ceo|billions?|million (?:users|people|"
            r"dollars)|jobs|backlash|"
            r"crackdown|tariffs?|stocks?|investors?|bubble|hype|war|deal|sparks?|surges?|upends?|proposes?|proposing|"
            r"apologi[sz]es|chips?|data ?cent(?:er|re)s?",
        ),
    ),
    Clue(
        "lesson",
        -3.0,
        "the title reads as a lesson or an account",
        any_of(
            r"how (?:to|we|i|do|does|is|are|can|an?|the)|tutorials?|guides?|lessons|introduction to|primer|basics",
            r"step[- ]by[- ]step|explained|explainer|getting started|get started|fundamentals|best practices?|tips|"
            r"my (?:setup|workflow)|"
            r"cookbook|recipes?|walkthrough|deep dive|field guide|demystif\w+|mastering|master|handbook|case stud(?:y|"
            r"ies)",
            r"learn(?:ed|ing from)|under the hood|behind the scenes|inside|(?:part|episode|vol\.?) \d+|from scratch|"
            r"patterns? for|with \w+ from scratch",
        ),
    ),
    Clue(
        "lesson_elsewhere",
        -3.0,
        "the title reads as a lesson or an account",
        re.compile("教程|入门|实战|指南|怎么|保姆级|攻略|详解|入門|使い方|강좌|튜토리얼"),
    ),
    Clue(
        "course",
        -3.0,
        "the title reads as a course or an event",
        any_of(
            r"courses?|curriculum|bootcamp|workshops?|webinars?|lectures?|syllabus|exercises|meet-?ups?|hackathons?",
            r"conference|summit|keynote|podcast|interviews?|panel|fireside|office hours|live ?stream|cohort|"
            r"training day",
            r"masterclass|certification|class of|contest|competition|quiz|challenge|recap|register|rsvp|student club|"
            r"career|internship|\d{4} edition|symposium|expo|forum|talks?|session|demo day|night",
        ),
    ),
    Clue(
        "list",
        -5.0,
        "the title reads as a list",
        any_of(
            r"awesome(?:[- ][\w-]+)?|curated|list of|cheat ?sheets?|reading list|round-?ups?|newsletter|this week in|"
            r"weekly|digest|best \w+ (?:models|tools|apps)|top \d+|collection of|directory|catalog|recommended|"
            r"resources",
            r"^\d+ (?:\w+ ){0,3}(?:ways|tips|tools|things|reasons|moments|lessons|ideas|questions|steps|papers|apps)|"
            r"(?:two|three|four|five|six|seven|ten) (?:ways|tips|reasons|things|lessons|steps)|catch up|announced at",
        ),
    ),
    Clue(
        "measured",
        -2.5,
        "the title reads as a study or a benchmark",
        any_of(
            r"evaluat\w+|compar\w+|surveys?|stud(?:y|ies)|analysis|analy[sz]ing|vs\.?|"
            r"versus|measuring|understanding|towards?|investigat\w+|interpretab\w+|empirical|evidence|findings|"
            r"results|explor\w+|rethinking|revisiting|scaling laws?|theor(?:y|em|ies)|papers?|preprint|arxiv|datasets?|"
            r"researchers|(?:new|our) research|technical report|tested|review of",
        ),
    ),
    Clue("benchmark", -4.5, "the title reads as a benchmark", any_of(r"benchmark\w*|bench")),
    Clue("ranks", -4.5, "the title is a leaderboard's", any_of(r"leader-?boards?|arena rankings?")),
    Clue(
        "essay",
        -2.5,
        "the title reads as an essay",
        any_of(
            r"why|thoughts on|^on the|the (?:case|art|problem|trouble|rise|fall|end|death|age|era|state|myth|cost) "
            r"(?:for|against|of|with)|essay|opinion|my (?:college|old|first|dead|family\S*|kids?|son|daughter|wife|"
            r"husband|mom|dad|grand\w+|dog|cat|life|journey|experience)|"
            r"reviving|remembering|(?:the )?future (?:of|is)|next phase|notes on|rants?|musings|reflections?|manifesto|"
            r"what (?:is|are|makes|i|we)\b|new era|a world|the age|considered harmful|i (?:tried|used|asked|let|"
            r"quit|stopped|think|hate|love|spent|switched|fed|replaced|taught|benchmarked|tested|compared|measured|"
            r"analy[sz]ed)|is (?:dead|a lie|not|broken)|"
            r"needs? to|should|we need|^stop|^dear|anatomy of|welcome to|lessons from|story of|history of|story",
        ),
    ),
    Clue(
        "policy",
        -2.5,
        "the title speaks of rules and safety, not of a tool",
        any_of(
            r"system card|safety|governance|principles|policy|policies|responsib\w+|our approach|transparen\w+|"
            r"misalignment|risks?|trust(?:ed|worthy)?|compliance|fedramp|privacy (?:policy|notice)|bug bounty|societal|"
            r"resilience|provenance|economic|societ\w+|education|attacks?|vulnerabilit\w+|pricing|terms of|incident",
        ),
    ),
    Clue(
        "customer",
        -2.5,
        "the title tells how others use it",
        re.compile(
            r"\b(?:uses|using|built with|powered by|turns|helps|helping|boosts|scales|accelerates|reshapes|"
            r"moves faster|"
            r"transforms?|saves|cuts|(?:brings?|empower\w*) .{3,60} (?:to|with)|story|"
            r"how .{2,60} (?:uses?|is|are|builds?|built|turns?|delivers?|helps?|deliver|scaled?))\b",
        ),
    ),
    Clue(
        "doing",
        -1.5,
        "the title speaks of a practice, not of a thing",
        re.compile(
            r"^\W*(?:\w+ly )?(?!introduc|announc|launch|releas|open|meet|unveil|present|thing)[a-z]{3,}ing\b(?!\W*$)",
        ),
    ),
    Clue(
        "toy",
        -2.5,
        "the title tells of an amusement",
        any_of(r"snake|tetris|pong|chess|pok[ée]mon|doom|band|toy|for fun|homework|school project|superhuman|meme"),
    ),
    Clue(
        "copy",
        -6.0,
        "it is a copy or conversion of another's work",
        re.compile(
            r"gguf|gptq|\bawq\b|exl[23]|\b(?:[2348]|1\.58)[- ]?bit\b|\bmlx[- ]\d|nvfp4|\bfp8\b|abliterated|"
            r"\bfork of|mirror of|re-?upload|unofficial|boilerplate|starter kit|templates? for|templates?$|heretic",
        ),
    ),
    Clue(
        "asks",
        -2.5,
        "the title reads as a question or a discussion",
        re.compile(
            r"^(?:ask|tell) hn|^(?:can|could|did|do|does|are|is|was|will|should|what|which|who|how|why|has|have|"
            r"anyone|any|where|when|am|looking for|need|best)\b.*\?|\?\s*$|？|吗|\[[dnr]\]|\bdiscussion\b|吗？",
        ),
    ),
    Clue("versus", -1.5, "the title compares things", re.compile(r"\bvs\.? ")),
    Clue("long", -0.8, "the title is a whole sentence", re.compile(r"^(?:\S+\s+){13,}\S")),
)
