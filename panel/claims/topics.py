"""The yes-or-no topics of a tool, by the words that name them. Data only."""

import re

# topic: (what says it, whether a bare mention in a quote already claims it)
TOPICS: dict[str, tuple[str, bool]] = {
    "free plan": (
        r"\bfree[- ](?:plan|tier|version|account|edition|offering)\b|\bfree for(?:ever| good)\b|\bforever free\b"
        r"|\bfree for (?:individuals|personal|everyone|hobby|students|open|non|small|up to|teams|all)"
        r"|\bfreemium\b|\bfree for (?:up to )?(?:\d+|one|two|three|a single)\b(?! (?:days?|weeks?|months?"
        r"|years?))|(?:\b(?:it|this|that|everything|app|tool|product|editor|core|service|software|thing"
        r"|rest|client|extension|model)(?:['’]s| is| stays| remains)|^[A-Z]\w+ is|\b(?:entirely|completely"
        r"|totally)) (?:\w+ly |still |now )?free\b(?! (?:of|from|trial|to (?:leave|cancel|choose))|\s*(?:for"
        r"|during) (?:\d+|two|seven|fourteen|thirty|the first|a (?:week|month)))"
        r"|\b(?:costs?|pays?)(?: you| us)? nothing\b|\buse it for nothing\b|\bfree to (?:use|start"
        r"|try)\b(?! for)|\bfree of charge\b|^Free\s?[:–(—]|\bfree,? for ever\b|\bfree of cost\b|\b(?:use"
        r"|using|run) it for free\b|\b(?:use|try|run|have|get) (?:it|this"
        r"|that) (?:\w+ )?for free\b|\bwithout paying\b|^Free\b(?=,| and)",
        True,
    ),
    "free for some": (
        r"\b(?:students?|schools?|charities|non-?profits?|teachers?|academics?|educators?|open[- ]source (?:projects"
        r"|maintainers)|startups?|researchers?) (?:\w+ )?(?:get|use|have|pay|run|try)s? (?:it |the (?:app|tool"
        r"|thing) )?(?:for )?"
        r"(?:free|nothing)\b",
        True,
    ),
    "data export": (
        r"\b(?:get|take|move|carry|pull) (?:all )?(?:your|my|our|the) (?:own )?(?:data|notes|files|work"
        r"|documents|history|chats)"
        r" (?:back )?(?:out|elsewhere|with (?:you|me|us))\b|\bdata export\b|\bexport(?:s|ed)? (?:all |everything"
        r"|of all )?(?:of )?(?:your"
        r" |my |the )?(?:data|notes|workspace)\b|\b(?:your|my|our) (?:data|notes|files) leaves? (?:as|in)\b",
        True,
    ),
    "profitable": (r"\bprofitab\w+|\b(?:breaks?|broke|breaking) even\b|\bin the black\b", False),
    "voice cloning": (
        r"\bvoice[- ]cloning\b|\bclon(?:e|es|ing) (?:\w+ ){0,3}(?:voices?|speakers?)\b|\bcustom voices?\b",
        True,
    ),
    "trial": (
        r"\b(?:free )?trials?\b(?! (?:and|by) )|\btry it (?:out )?(?:for )?free\b|\b(?:days?|weeks?"
        r"|month) free\b|\bfree (?:for )?(?:\w+ )?(?:days|weeks)\b",
        False,
    ),
    "card": (
        r"\b(?:credit |debit |payment )?card (?:is |required|needed|details|up front|number|on file)"
        r"|\bcredit card\b|\b(?:a|your|the) card\b|\bno card\b|\bentering a card",
        True,
    ),
    "self-hosting": (
        r"\bself[- ]?host(?:ed|ing|able)?\b|\bon[- ]prem(?:ises?|ise)?\b|\b(?:your|our|my"
        r"|one['’]s) own (?:servers?|infrastructure|hardware|cloud|vpc|cluster|machines?|metal|network"
        r"|kubernetes)\b"
        r"|\bhost(?:ing)? it (?:yourself|ourselves|myself)\b|\brun it yourself\b|\bair[- ]gapped\b"
        r"|\binside your (?:vpc|network|firewall|cluster)\b|\bin your (?:own )?(?:vpc|data ?cent(?:re|er)"
        r"|cluster)\b|\bown box\b|\bbehind (?:your|the|our) firewall",
        True,
    ),
    "offline": (
        r"\boffline\b|\bon a plane\b|\bno (?:internet|connection|network|wi-?fi|signal)\b|\bwithout (?:an |the "
        r"|any |a )?(?:internet|network|connection)\b|\b(?:runs?|works?"
        r"|stays?|happens|inference|processing|processed|everything|run) (?:entirely |fully "
        r"|completely )?(?:locally|on[- ]device|on your (?:own )?(?:machine|laptop|device|computer|mac|phone"
        r"|hardware))\b|\bon[- ]device\b|\bfully local\b|\blocal[- ]first\b|\bair[- ]plane mode\b|\brun(?:s"
        r"|ning)? it (?:locally|at home|on a laptop)\b|\bnever leaves? (?:your|the) (?:machine|laptop|device"
        r"|computer|phone)\b",
        True,
    ),
    "trains on data": (
        r"\btrain(?:s|ed|ing)? (?:\w+ )?(?:on|with|using) (?:your|customer|user|our|my|client|what you"
        r"|anything you|what people|their customers['’]?|personal)\b|\bused (?:for|to) (?:\w+ )?(?:train"
        r"|training)\b|\btrain (?:its|their|our|the) models? (?:on|with) (?:your|customer|what you)"
        r"|\bmodel training\b|\bfed (?:back )?(?:in)?to (?:the|its|their|a) (?:\w+ )?models?\b|\btraining set\b"
        r"|\b(?:teach(?:es)?|improves?) (?:the|its|their) models? (?:with|using|from|on)\b|\blearns? from"
        r" (?:your|customer|user)\b|\bfor training\b|\btraining data for",
        True,
    ),
    "keeps data": (
        r"\b(?:keeps?|stores?|retains?|logs?|saves?|holds? on to|hangs? on to|remembers?) (?:any of |a copy of "
        r"|all )?(?:your|my|our"
        r"|user|customer|the) (?:own |old )?(?:prompts?|data|drafts?|inputs?|messages|recordings?|audio|code"
        r"|conversations"
        r"|files|transcripts?|queries|content|uploads|documents)\b(?! (?:in|tidy|safe|within|under|apart|separate))"
        r"|\b(?:prompts?|data|drafts?|inputs?|messages|recordings?|audio|code|conversations|files|transcripts?"
        r"|queries"
        r"|content|uploads|documents) (?:is|are|gets?) (?:\w+ ){0,2}?(?:stored|kept|retained|logged|saved|held)"
        r"|\b(?:zero|no) data retention\b",
        False,
    ),
    "commercial use": (
        r"\bcommercial(?:ly)?[- ](?:use|usage|purposes?|projects?|products?|licen[cs]e|work|rights)\b"
        r"|\bcommercially\b|\b(?:use|using) it (?:at work|in a (?:business|company)|for (?:a )?clients?)\b"
        r"|\bnon-?commercial\b|\b(?:re-?)?sell(?:ing)? (?:what|it|the|its|on)\b"
        r"|\bresearch[- ](?:use )?only\b|\bresearch (?:use|purposes) only\b|\bfor (?:commercial"
        r"|business) (?:use|purposes)\b|\bpersonal use only\b",
        True,
    ),
    "api": (
        r"\b(?:REST|public|HTTP|GraphQL|streaming|open|official|developer)? ?API\b(?! (?:key|v\d|design|docs))",
        False,
    ),
    "logs": (r"\blogs\b", False),
    "sso": (r"\bSSO\b|\bsingle sign[- ]on\b|\bSAML\b|\bOkta\b", False),
    "scim": (r"\bSCIM\b|\buser provisioning\b", False),
    "soc 2": (r"\bSOC ?-?2\b", True),
    "hipaa": (r"\bHIPAA\b", True),
    "iso 27001": (r"\bISO(?:/IEC)? ?-?27001\b", True),
    "gdpr": (r"\bGDPR\b", True),
    "pci": (r"\bPCI(?:[- ]DSS)?\b", True),
    "fedramp": (r"\bFedRAMP\b", True),
    "audit log": (r"\baudit[- ](?:logs?|trails?)\b", False),
    "encryption": (
        r"\bend[- ]to[- ]end encrypt\w+|\bencrypted end[- ]to[- ]end\b|\bE2EE\b|\bencrypted? (?:at rest"
        r"|in transit)|\bencrypts\b|\bzero[- ]knowledge\b",
        True,
    ),
    "mobile app": (
        r"\b(?:mobile|iOS|Android|iPhone|phone|iPad) (?:app|client|version|build)s?\b|\bapps? for (?:iOS"
        r"|Android|iPhone)|\bon (?:iOS|Android|iPhone)\b|\b[Pp]hone users\b|\bmobile apps?\b|\bapp for (?:the"
        r" )?(?:phone|iPhone)",
        False,
    ),
    "linux": (r"\bLinux\b|\bUbuntu\b|\bDebian\b", False),
    "windows": (r"\bWindows\b", False),
    "macos": (r"\bmac ?OS\b|\bMac(?:s|Book)?\b|\bOS X\b", False),
    "ios": (r"\biOS\b|\biPhone\b|\biPad\b", False),
    "android": (r"\bAndroid\b", False),
    "browser extension": (
        r"\bbrowser (?:extension|plug-?in|add-?on)\b|\bChrome extension\b|\bextension for (?:Chrome|Firefox)",
        False,
    ),
    "chrome": (r"\bChrome\b", False),
    "firefox": (r"\bFirefox\b", False),
    "vs code": (r"\bVS ?Code\b|\bVisual Studio Code\b|\bVSCode\b", False),
    "jetbrains": (r"\bJetBrains\b|\bIntelliJ\b|\bPyCharm\b", False),
    "postgres": (r"\bPostgres(?:QL)?\b", False),
    "docker": (r"\bDocker\b", False),
    "kubernetes": (r"\bKubernetes\b|\bHelm\b|\bk8s\b", False),
    "webhooks": (r"\bweb ?hooks?\b", False),
    "streaming": (
        r"\bstreaming\b(?! (?:video|service|platform))|\bstreams? (?:its |the )?(?:tokens|output|answers|replies)\b",
        False,
    ),
    "fine-tuning": (r"\bfine[- ]?tun(?:e|ing)\b(?! of)", False),
    "function calling": (r"\bfunction[- ]call(?:ing|s)?\b|\btool[- ](?:calling|use)\b|\btool calls\b", True),
    "json mode": (r"\bJSON (?:mode|output)\b|\bstructured outputs?\b", False),
    "image input": (
        r"\bimage inputs?\b|\bvision (?:input|support|capabilit\w+)|\bunderstands images\b|\baccepts images\b"
        r"|\bmulti-?modal\b|\b(?:sees|reads|takes) images\b|\btext[- ]only\b",
        False,
    ),
    "dark mode": (r"\bdark (?:mode|theme)\b", False),
    "version history": (r"\bversion history\b", False),
    "pdf export": (r"\b(?:PDF exports?|exports? (?:to |as )?(?:a )?PDFs?|export (?:\w+ )?to PDF)\b", False),
    "csv export": (r"\b(?:CSV exports?|exports? (?:to |as )?(?:a )?CSVs?)\b", False),
    "phone support": (
        r"\bphone support\b|\bsupport (?:is )?by phone\b|\bno phone\b|\bring (?:them|up)\b|\bcall them\b|\bphone"
        r" number\b|\b(?:by|over the|on the) (?:tele)?phone\b|\bhotline\b|\btelephone\b",
        False,
    ),
    "priority support": (r"\bpriority (?:support|queue)\b|\bdedicated support\b", False),
    "watermark": (r"\bwatermark(?:s|ed|ing)?\b", False),
    "gpu": (
        r"\b(?:NVIDIA |Nvidia )?GPUs?\b(?![- ]hours?)|\b(?:NVIDIA|Nvidia|graphics) card\b|\bCPU[- ]only\b"
        r"|\bon (?:a|the) (?:plain |laptop )?CPU\b",
        False,
    ),
    "cli": (r"\bCLI\b|\bcommand[- ]line (?:tool|client|interface)\b", False),
    "python sdk": (r"\bPython (?:SDK|client|library|package|bindings)\b", False),
    "typescript sdk": (r"\b(?:TypeScript|JavaScript|Node(?:\.js)?) (?:SDK|client|library|package|bindings)\b", False),
    "go sdk": (r"\bGo (?:SDK|client|library|bindings)\b", False),
    "telemetry": (r"\btelemetry\b|\bphones? home\b|\busage (?:statistics|analytics)\b", True),
    "contract": (
        r"\b(?:annual |yearly |long[- ]term |minimum )?(?:contract|commitment)\b|\bcancel (?:at )?any ?time\b"
        r"|\bsans engagement\b|\block(?:ed)?[- ]in\b|\bmonth[- ]to[- ]month\b",
        False,
    ),
    "refunds": (r"\bnon-?refundable\b|\brefund(?:s|ed|able)?\b|\bmoney[- ]back\b", False),
    "waitlist": (
        r"\bwait(?:ing)?[- ]?list\b|\binvite[- ]only\b|\bclosed beta\b|\bgenerally available\b"
        r"|\bgeneral availability\b",
        False,
    ),
    "ads": (r"\b[Aa]dverts?\b|\b[Aa]dvertisements?\b|\bads\b|\badvertising\b|\bad[- ]free\b", True),
    "account": (
        r"\b(?:needs?|requires?|must (?:create|make|open)|want|wants) an account\b|\bwithout (?:an "
        r"|creating an |any )?(?:account|sign-?up|signing up|registration|login)\b|\bno (?:account|sign-?up"
        r"|login|registration)\b|\b(?:account|sign-?up|registration) (?:is |required)",
        True,
    ),
    "speaker labels": (
        r"\bspeaker (?:labels|identification|diari[sz]ation|names)\b|\bdiari[sz]ation\b|\bwho spoke\b"
        r"|\bseparates speakers\b",
        False,
    ),
    "real time": (
        r"\breal[- ]time (?:collaboration|transcription|editing|translation)\b|\blive (?:captions"
        r"|transcription|collaboration|translation)\b",
        False,
    ),
    "eu hosting": (
        r"\b(?:EU|Europe|European|Frankfurt|Germany|Ireland|Dublin)[- ](?:hosting|hosted|data|servers?|region"
        r"|residency|only)\b|\b(?:hosted|stored|servers?|data|stays|kept"
        r"|processed) (?:\w+ ){0,2}in (?:the )?(?:EU|Europe|Germany|Frankfurt|Ireland|Dublin|Paris)\b",
        True,
    ),
    "us hosting": (
        r"\b(?:hosted|stored|servers?|data|stays|kept|processed) (?:\w+ ){0,2}in (?:the )?(?:US|USA"
        r"|United States|Virginia|Oregon|America)\b|\bUS[- ](?:only|hosted|region)\b",
        True,
    ),
    "plugins": (r"\bplug-?in (?:system|API|marketplace)\b", False),
    "custom models": (
        r"\b(?:bring|use) your own (?:model|key|API key)s?\b|\bBYOK\b|\bcustom models\b|\b(?:your"
        r"|my) own (?:API )?keys?\b",
        True,
    ),
    "funded": (
        r"\b[Rr]aised\b(?! (?:an?|my|the|questions?|eyebrows?)\b)|\b[Vv]enture[- ]backed\b|\b[Bb]ootstrapped\b"
        r"|\bSeries [A-E]\b|\bseed round\b",
        True,
    ),
}
# Everyday words: naming them claims nothing until the sentence says the tool has them.
SAID_IN_PASSING = {"logs", "api", "trial", "windows", "chrome", "keeps data", "contract", "gpu"}
COMPILED = {
    name: re.compile(p, 0 if name in {"funded", "us hosting", "windows", "chrome", "ads"} else re.IGNORECASE)
    for name, (p, _) in TOPICS.items()
}
BARE = {name for name, (_, bare) in TOPICS.items() if bare or name not in SAID_IN_PASSING}
