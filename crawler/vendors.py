"""The vendors and lists we watch, as data. An operator's [feeds], [pages] and [lists] replace these."""

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
