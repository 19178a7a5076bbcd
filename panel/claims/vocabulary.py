"""Words that begin a sentence or a fact with a capital and yet name no product. Data only."""

LANGUAGES = """english french german spanish italian portuguese dutch polish czech slovak hungarian romanian bulgarian
    greek turkish arabic hebrew persian hindi urdu bengali tamil telugu thai vietnamese indonesian malay filipino
    tagalog japanese korean chinese mandarin cantonese finnish swedish norwegian danish icelandic estonian
    latvian lithuanian ukrainian russian serbian croatian slovenian catalan basque galician welsh irish swahili
    afrikaans albanian""".split()

# Capitalised in the middle of a sentence and still no name of a product or firm.
NO_NAMES = set(
    """january february march april may june july august september october november december jan feb mar apr jun jul
    aug sep sept oct nov dec monday tuesday wednesday thursday friday saturday sunday christmas easter i i'm i'd
    i'll i've ai api apis sdk cli llm llms gpu gpus cpu cpus tpu ram vram ssd saas ui ux url sql json yaml xml
    csv pdf html css http https rest graphql grpc sso saml scim oauth mfa soc hipaa gdpr iso sla slas roi kpi
    ceo cto cfo vp hr it ok us uk eu usa emea europe european america american asia africa london paris berlin
    lisbon tokyo california jahr monat monate tag stunde woche nutzer benutzer platz lizenz mois utilisateur
    utilisateurs mes usuario german-made french-made english-only mb gb tb kb ms usd eur gbp vat pm am tv pc faq
    docs rag mcp ide ides tts stt asr ocr nlp ml mlops vpc mit apache gpl agpl lgpl bsd mpl isc bsl busl sspl
    osi cc by nc licence license public general community usd eur gbp chf jpy cad aud inr free pro team teams
    business enterprise starter growth hobby plus premium basic scale studio personal individual solo standard
    max lite developer creator agency professional ultra founder builder skeptic futurist founders builders
    skeptics futurists lifetime growth complete advanced essentials unlimited one two three four five six seven
    eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty
    forty fifty sixty seventy eighty ninety hundred thousand million billion dozen half quarter twenty-five
    forty-nine ninety-nine series seed round type level gen z god english linux windows macos mac macs ios
    ipados android web python javascript typescript java rust go golang ruby php kotlin swift scala cuda node
    pytorch tensorflow docker kubernetes postgres postgresql mysql sqlite redis nvidia amd intel arm apple
    internet wi-fi wifi bluetooth usb email q1 q2 q3 q4 h1 h2 american british swiss nordic western eastern
    version turing moore occam murphy pareto achilles trojan swiss kafkaesque""".split()
) | set(LANGUAGES)

# Words that open a sentence or head a fact: nouns of the trade, imperatives, adverbs, determiners.
OPENERS = NO_NAMES | set(
    """a an the this that these those it its he she they we you i my your our their his her one some any all both each
    every no not none nothing nobody somebody someone everyone everything anything most many much few several
    other another such and or but so yet nor for if when while where whether because since although though
    unless until as at by from in into of off on onto out over per than then there here to under up upon with
    within without after before during between what which who whom whose why how is are was were be been being
    am do does did has have had can could will would shall should may might must let let's just only even still
    also too very quite rather almost nearly about around roughly approximately perhaps maybe probably surely
    certainly clearly honestly frankly sadly happily luckily oddly curiously first second third last next
    finally again ever never always often sometimes usually now today tomorrow yesterday soon later already once
    twice half double triple thrice dozen hundreds thousands millions like unlike despite plus minus above below
    beyond behind against across along among beside besides except inside outside near past through throughout
    toward towards via versus ask buy call check choose click clone compare count deploy download drop expect
    fetch find forget get give go grab hold imagine install invite keep leave load look make mind move note open
    pay pick plug point pull push put read record remember run save say see send ship show skip start stay stop
    take think treat try turn use wait watch write add set connect convert cut create build built edit export
    import generate handle help host manage plan price reduce reduces save saves search select serve share sign
    stream support supports train transcribe transcribes translate translates upload visit works work written
    made founded trusted used backed based fine-tuned licensed released requires required needs available
    available includes including included integrates provides offers runs records reads writes returns hosted
    fully self-hosting self-hosted deployed launched updated published stored stores stores separates affordable
    blazing configure configured understands speaks knows comes costs cuts detects supported limited powered
    tested joins going gone being having doing making taking using running paying moving reading writing getting
    giving looking stepping access accuracy account accounts add-on admin agent agents analytics annual annually
    answer answers app apps archive audio audit auto autocomplete average backups bandwidth batch benchmark
    benchmarks beta bill billing bot browser budget bug cache cached calls cap capacity card change changelog
    channel channels chat checkout class click client cloud code cold collaboration commercial commit commits
    companies company compliance compute connectors context contract contributors conversation copy cost credit
    credits custom customer customers cutoff daily dashboard data database dataset date default delivery demo
    deployment design desktop devices diarisation discount discounts documentation document documents domain
    downloads drafts early editing editor edits email embedding embeddings employees encryption endpoint engine
    engineers english error errors evaluation event exports extension extensions failed failure fast feature
    features feedback file files fine-tuning flat form format formats framework frequency function future
    gateway generation global grade group hardware headquarters high history home hosting hour hours human image
    images inference initial input inputs installation instance integration integrations interface issue issues
    items job jobs key knowledge language languages large larger latency latest launch layer legal library
    licensing limit limits live local location log login logs low machine main maintenance maximum max mean
    median meetings members memory message messages metadata meter minimum minutes mixture mobile mode model
    models moderation monthly more music name native network new newest node notes notice number offer offline
    older on-premises online open open-weight optional order organisation organization original output outputs
    own owner page pages parameter parameters parsing payment peak people performance permanent phone photos
    plan plans platform platforms playback plugin plugins policy pool premium preview previous pricing priority
    privacy private processing production project projects prompt prompts public purchase quality queries query
    questions queue quick quota range rate rates real real-time recording recordings reference refund refunds
    region regional regular release releases reliability replies reply report reports repository request
    requests research resolution response responses result results retail retention review reviewers reviews
    rival rivals role room rows runtime sales sample samples scale scenes scores screen seat seats secret
    security self server servers service session sessions settings setup signup simple single site small
    software source sources speakers speech speed speech-to-text text-to-speech spending spaces staff standard
    stars storage streaming student students subscription subscriptions supported switching sync system table
    task tasks team template templates terms test text throughput ticket tier tiers time timeout token tokens
    tool tools top total tracking traffic training transcription transcripts translation trial two-factor
    typical unit unlimited update updates upgrade upgrades upload uploads uptime usage user users validation
    value variables vendor vendors version versions video videos view virtual vision visits vocabulary voice
    voices volume warranty watermark weak web webhook webhooks weekly weight weights widget window word words
    workers workspace workspaces yearly years zero business builders buyers founders editors readers developers
    engineers startups investors lawyers shops teams agencies schools hospitals banks hobbyists designers
    marketers managers pure plain good great bad better best worse worst big bigger little long longer short
    fair cheap cheaper expensive nice odd strange old young clean dirty quiet loud hard easy soft solid sharp
    strict slow slower fast faster free closed hidden direct distribution compression hindsight nothing whatever
    whoever whichever wherever everybody inference trained out right left well done thanks yes no hello welcome
    dear credit mine yours either neither judging given according assuming provided compared thanks instead
    meanwhile otherwise therefore thus hence indeed nowhere somewhere anywhere everywhere paid card cards cancel
    cancellation refundable billed charged offre ab preise tarif prix abonnement pair peer people's quietly
    notably rarely seldom hardly barely merely truly really simply mostly mainly partly largely finally""".split()
)

# Heads of a tag that say where a fact stands and nothing of whose it is.
TAGS = set(
    """docs doc documentation pricing homepage home page features feature faq blog repo repository readme model card
    changelog release releases notes note security status sla licence license about install installation guide
    settings benchmark benchmarks announcement announcements case study studies terms privacy policy download
    downloads integrations integration requirements comparison compare api reference tarifs tarif prix preise
    price prices precios prezzi 料金 support help center centre press news paper tech technical report whitepaper
    datasheet spec specs specification specifications product website site landing our check checks test tests
    review reviews third party vendor claim hands-on measured measurement plan plans limits quota quotas trust
    compliance legal system manual user app store marketplace listing and of the github gitlab huggingface
    hugging face pypi npm leaderboard data sheet dpa hn show launch post forum interview podcast live public
    official quickstart getting started deployment hardware command line cli tutorial examples team company
    careers jobs roadmap registry container dockerfile package manifest config env file eula contract order form
    billing page footer header banner""".split()
)
