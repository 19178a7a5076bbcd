"""What is known of web addresses, as data: what tracks, what stands in for a home page, who holds many tools."""

import re

# Parameters that say where a reader came from, never what is shown. Stripped on every host.
TRACKING = re.compile(
    r"utm_?\w*|mtm_\w+|matomo_\w+|(?:pk|piwik)_(?:campaign|kwd|keyword|source|medium|content)|"  # campaigns
    r"ga_\w+|gs_l|_ga|_gl|_gac|gad_\w+|"
    r"fb_(?:source|ref|action_\w+)|action_\w+_map|hmb_\w+|otm_\w+|[io]tm_\w+|sc_campaign|"
    r"\w{1,3}clid|msclkid|(?:\w+_|ir)?clickid|[gw]braid|srsltid|cjevent|sscid|li_fat_id|epik|"  # adverts
    r"_hs\w+|__hs\w+|hsctatracking|mc_(?:cid|eid|tc)|ml_subscriber\w*|mkt_tok|vero_\w+|oly_\w+_id|__s|_kx|"  # mailings
    r"wickedid|s_cid|i?cmpid|[ino]cid|campaign\w*|trk\w*|tracking\w*|spm|scm|_openstat|wt_z?mc|echobox|"
    r"ref_?|ref_(?:src|source|url|campaign)|refer+er\w*|referral\w*|source|via|igsh\w*|guc\w+|"  # referrals
    r"aff|aff_?id|affiliate\w*|fp(?:r|_ref|_sid)|lmref|dub_id|gr_pk|tap_[as]|sref|_branch_\w+|producthunt",
    re.IGNORECASE,
)
# And what only changes how one page is shown, host by host.
TRACKING_ON = {
    "youtube.com": frozenset(("feature", "si", "pp", "kw")),
    "youtu.be": frozenset(("feature", "si")),
    "twitter.com": frozenset(("s", "t", "cn")),
    "x.com": frozenset(("s", "t", "cn")),
    "reddit.com": frozenset(("share_id", "rdt", "correlation_id")),
    "linkedin.com": frozenset(("lipi", "licu", "trackingid", "refid", "originalsubdomain")),
    "github.com": frozenset(("tab", "email_token", "email_source")),
    "huggingface.co": frozenset(("logs", "library", "tab")),
    "producthunt.com": frozenset(("comment", "launch", "bc")),
    "medium.com": frozenset(("sk",)),
}

# One product's pages that say no more than its front page does.
HOME_PATHS = frozenset(
    "index home main welcome start get-started getting-started pricing prices plans features product overview about "
    "about-us download downloads install docs documentation latest stable login log-in signin sign-in signup sign-up "
    "register waitlist join faq en de fr es it pt nl pl ja jp ko zh cn ru tr en-us en-gb en_us de-de fr-fr es-es pt-br "
    "zh-cn zh-hans ja-jp ko-kr".split()
)
HOME_SUBDOMAINS = frozenset("www app docs home get try en m".split())
# A list of many things, not one of them.
LISTINGS = frozenset(
    "blog blogs news newsroom index products models research press posts updates changelog stories articles "
    "announcements resources solutions technologies tools apps developers api company".split()
)
ARTICLES = frozenset("blog blogs news newsroom press posts post updates stories articles announcements".split())
# Sub-domains of a vendor that speak of many tools too.
VENDOR_WIDE = frozenset(
    "www ai about apps blog blogs build cloud community dev developer developers docs engineering azure aws help "
    "labs learn machinelearning ml news open opensource research store studio support tech techcommunity".split()
)
# Whose domain holds many tools: family → its domains, then after '@' its names on GitHub and Hugging Face.
FAMILIES = """
adobe: adobe.com @ adobe
alibaba: alibaba.com alibabacloud.com aliyun.com qwen.ai qwenlm.ai @ alibaba qwen qwenlm
allenai: allenai.org @ allenai
amazon: amazon.com amazon.science awsstatic.com @ aws awslabs amazon amazonscience
anthropic: anthropic.com claude.ai claude.com @ anthropic anthropics
apache: apache.org @ apache
apple: apple.com @ apple
arize: arize.com @ arizeai
atlassian: atlassian.com @ atlassian
baidu: baidu.com @ baidu paddlepaddle
bytedance: bytedance.com volcengine.com doubao.com @ bytedance bytedanceseed
canva: canva.com
cloudflare: cloudflare.com @ cloudflare
cohere: cohere.com cohere.ai @ cohereai coherelabs cohere
databricks: databricks.com @ databricks
deepseek: deepseek.com @ deepseekai
eclipse: eclipse.org @ eclipse
elastic: elastic.co @ elastic
github: github.com github.blog github.dev githubnext.com @ github githubnext
google: google.com google.dev google google.cn deepmind.com deepmind.google research.google labs.google
  blog.google withgoogle.com googleblog.com @ google googledeepmind googlegemini googleresearch googleapis googlelabs
hpc: hpe.com hp.com
huawei: huawei.com @ huawei
huggingface: huggingface.co hf.co @ huggingface
ibm: ibm.com research.ibm.com @ ibm ibmgranite
intel: intel.com @ intel
jetbrains: jetbrains.com @ jetbrains
jina: jina.ai @ jinaai
langchain: langchain.com langchain.dev @ langchainai
lightning: lightning.ai @ lightningai pytorchlightning
linuxfoundation: linuxfoundation.org lfaidata.foundation cncf.io @ cncf lfaidata
meta: meta.com facebook.com fb.com llama.com meta.ai @ facebook facebookresearch metallama meta
microsoft: microsoft.com bing.com azure.com office.com live.com windows.com visualstudio.com @ microsoft azure
minimax: minimax.io minimaxi.com @ minimaxai
mistral: mistral.ai @ mistralai
moonshot: moonshot.ai moonshot.cn kimi.com @ moonshotai
mozilla: mozilla.org mozilla.ai @ mozilla mozillaocho mozillaai
notion: notion.com notion.so @ makenotion
nvidia: nvidia.com @ nvidia nvlabs nvidianemo nvidiamerlin
openai: openai.com chatgpt.com sora.com @ openai
oracle: oracle.com @ oracle
replit: replit.com repl.it @ replit
salesforce: salesforce.com @ salesforce
samsung: samsung.com
sap: sap.com @ sap
snowflake: snowflake.com @ snowflakedb snowflakelabs
stability: stability.ai @ stabilityai
tencent: tencent.com @ tencent tencentarc tencenthunyuan
vercel: vercel.com @ vercel vercellabs
xai: x.ai grok.com @ xai xaiorg
zapier: zapier.com @ zapier
zhipu: z.ai zhipuai.cn bigmodel.cn @ zaiorg thudm
zoom: zoom.us zoom.com @ zoom
"""
# Of those, domains whose front page is one tool's own; their other pages may still be other tools'.
FLAGSHIPS = frozenset(
    "canva.com chatgpt.com claude.ai claude.com cohere.ai cohere.com doubao.com grok.com kimi.com lightning.ai "
    "llama.com meta.ai notion.com notion.so repl.it replit.com sora.com zapier.com".split()
)
# Repositories in which every folder is a tool of its own.
MANY_TOOLS = frozenset(
    "modelcontextprotocol/servers awslabs/mcp anthropics/skills anthropics/claude-plugins-official "
    "google-research/google-research microsoft/unilm microsoft/mcp docker/mcp-registry github/awesome-copilot".split()
)


def read_families(text: str) -> tuple[dict[str, str], dict[str, str]]:
    """(domain → family, owner's squashed name → family)"""
    domains: dict[str, str] = {}
    owners: dict[str, str] = {}
    for line in text.replace("\n  ", " ").strip().splitlines():
        family, _, rest = line.partition(":")
        own_domains, _, own_names = rest.partition("@")
        domains |= dict.fromkeys(own_domains.split(), family)
        owners |= dict.fromkeys([family, *own_names.split()], family)
    return domains, owners


FAMILY_OF_DOMAIN, FAMILY_OF_OWNER = read_families(FAMILIES)
