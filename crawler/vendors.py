"""The vendors and lists we watch, as data. An operator's [feeds], [pages] and [lists] replace these."""

from config import PageSource

# Feeds with a steady address that announce tools.
FEEDS = {
    "allenai": "https://allenai.org/rss.xml",
    "apple-ml": "https://machinelearning.apple.com/rss.xml",
    "deepmind": "https://deepmind.google/blog/rss.xml",
    "google-ai": "https://blog.google/technology/ai/rss/",
    "google-research": "https://research.google/blog/rss/",
    "huggingface-blog": "https://huggingface.co/blog/feed.xml",
    "microsoft-research": "https://www.microsoft.com/en-us/research/feed/",
    "mistral": "https://mistral.ai/rss.xml",
    "nvidia": "https://developer.nvidia.com/blog/feed",
    "ollama": "https://ollama.com/blog/rss.xml",
    "openai": "https://openai.com/news/rss.xml",
    "simonwillison": "https://simonwillison.net/atom/everything/",
    "smol-ai": "https://news.smol.ai/rss.xml",
    "stability": "https://stability.ai/news-updates?format=rss",
    "supabase": "https://supabase.com/rss.xml",
    "techcrunch-ai": "https://techcrunch.com/category/artificial-intelligence/feed/",
    "thinkingmachines": "https://thinkingmachines.ai/blog/index.xml",
    "tldr-ai": "https://tldr.tech/api/rss/ai",
    "together": "https://www.together.ai/blog/rss.xml",
    "vllm": "https://vllm.ai/blog/rss.xml",
}

# Curated lists on GitHub that name tools; each a source of its own.
LISTS = {
    "awesome-ai-agents": "e2b-dev/awesome-ai-agents",
    "awesome-ai-tools": "mahseema/awesome-ai-tools",
    "awesome-generative-ai": "steven2358/awesome-generative-ai",
    "awesome-llm": "Hannibal046/Awesome-LLM",
    "awesome-mcp-servers": "punkpeye/awesome-mcp-servers",
}

# Vendors without a feed. None of these could be tried against the live site; what a visit cannot find it tells.
PAGES = {
    "anthropic": PageSource(url="https://www.anthropic.com/sitemap.xml", include="^/news/."),
    "cohere": PageSource(url="https://cohere.com/sitemap.xml", include="^/blog/."),
    "cursor": PageSource(url="https://cursor.com/sitemap.xml", include="^/(changelog|blog)/."),
    "deepseek": PageSource(url="https://api-docs.deepseek.com/sitemap.xml", include="/news/."),
    "groq": PageSource(url="https://groq.com/sitemap.xml", include="^/(blog|newsroom)/."),
    "meta-ai": PageSource(url="https://ai.meta.com/blog/", kind="list"),
    "modal": PageSource(url="https://modal.com/sitemap.xml", include="^/blog/."),
    "perplexity": PageSource(url="https://www.perplexity.ai/sitemap.xml", include="^/hub/blog/."),
    "runway": PageSource(url="https://runwayml.com/sitemap.xml", include="^/(news|research)/."),
    "windsurf": PageSource(url="https://windsurf.com/sitemap.xml", include="^/(changelog|blog)/."),
    "xai": PageSource(url="https://x.ai/sitemap.xml", include="^/news/."),
}
