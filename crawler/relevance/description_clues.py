"""What a description says of the thing, each class of words with its points and its reason. Pure."""

import re

from crawler.relevance.posts import Clue, any_of
from crawler.relevance.title_clues import TOOL

DESCRIPTION = (
    Clue(
        "offered",
        1.2,
        "the description says how to have it",
        any_of(
            r"open[- ]?sourc\w*|try it|try now|downloads?|installs?|pip install|npm|brew|docker|self-host\w*|sign up|"
            r"waitlist|free (?:tier|plan|trial|to use)|api (?:is )?available|available (?:now|today|on|in|via|to)|"
            r"now available|is available|in (?:public )?(?:beta|preview)|mit licen[cs]e\w*|apache[- ]2(?:\.0)?|"
            r"open[- ]weights?|github|demo|weights|via api|research preview|early (?:beta|access)|hugging ?face",
            "开源|免费|下载|试用|无料|무료",
        ),
    ),
    Clue(
        "available",
        1.0,
        "the description says it can be had now",
        any_of(
            r"(?:is|are) (?:now |initially )?(?:live|here|out|available)|now available|in (?:public |"
            r"research )?(?:beta|preview)|"
            r"generally available|available (?:now|today)|public preview",
        ),
    ),
    Clue(
        "announced",
        1.5,
        "the description announces it",
        re.compile(
            r"\b(?:we(?:’|')?(?:re| are)?(?: excited| thrilled| proud| happy)?(?: to)? (?:launch|releas|introduc|"
            r"announc|open[- ]?sourc|shar)\w*|today,? (?:we|i)\b|introducing|(?:i|we) (?:built|made|created)|"
            r"(?:first|new) (?:version|release)|launch(?:es|ing|ed)?|previewing)\b",
        ),
    ),
    Clue(
        "is_tool",
        1.2,
        "the description says what kind of tool it is",
        re.compile(
            rf"(?:\b(?:is|are|as)\b[^.]{{0,12}}\b(?:an?|the|our|your|my)\b|^\W*(?:an?|the|your|our|"
            rf"my)?\b)[^.!?]{{0,70}}?"
            rf"\b{TOOL}\b",
        ),
    ),
    Clue(
        "does",
        1.0,
        "the description says what one does with it",
        re.compile(
            r"\b(?:lets? you|allows? you|enables? you|helps? you|so you can|you can|makes it easy|designed for|"
            r"built for)\b|"
            r"^\W*(?:build|turn|generate|design|create|chat|write|edit|run|automate|convert|transform|find|get|make|"
            r"ship|"
            r"manage|track|translate|clone|deploy|record|search|connect|monitor|control|talk|ask|use|give|upload|"
            r"organi[sz]e|understand|visuali[sz]e|plan|test|scrape|extract|analy[sz]e|summari[sz]e)\b(?!.{0,20}\?)",
        ),
    ),
    Clue(
        "abstract",
        -2.5,
        "the description is an abstract",
        any_of(
            r"we (?:present|propose|study|show|find|investigate|demonstrate|evaluate|analy[sz]e|argue|examine|tested)",
            r"in this (?:paper|work|post|article|report|study)|abstract|experiments|our (?:method|findings|results)|"
            r"arxiv|preprint|a (?:new )?(?:benchmark|dataset|data set|method)|benchmark|research shows|new research",
        ),
    ),
    Clue(
        "teaches",
        -2.0,
        "the description teaches or tells",
        any_of(
            r"(?:learn|discover|explore|see|explains?|understand) (?:how|why|what|about|the|more)|this (?:post|article|"
            r"guide|tutorial|blog|episode|video|series)|step[- ]by[- ]step|best practices|practical techniques|"
            r"inside look|case study|lessons|read more|register|join us|course|i'?d love to hear|what do you think",
            r"how (?:\w+ ){1,3}(?:uses?|used|built|builds|runs?|rebuilt|engineers)|a look at|shares? how|"
            "教程|课程|入门",
        ),
    ),
    Clue(
        "told",
        -1.5,
        "the description reports on others",
        any_of(
            r"acquir\w+|partner(?:s|ed|ing|ship|ships)|funding|raises|raised|signed|coalition|joins?|appeared first on|"
            r"(?:new|our|an?) (?:\w+ ){0,2}(?:company|organi[sz]ation|fund)|"
            r"according to|told|reports?|workshop|program(?:me)?|grants?|invest\w+|agreement|"
            r"(?:uses?|using) (?:chatgpt|openai|codex|claude|llama|gemini|gpt-\S+)",
        ),
    ),
    Clue(
        "copied",
        -4.0,
        "the description says it is a copy",
        any_of(
            r"quanti[sz]ed (?:version|model|by)|fork of|mirror of|gguf|(?:curated|personal) (?:list|collection|catalog|"
            r"directory)|directory of|collection of (?:links|resources|prompts)"
        ),
    ),
)
