"""Is it AI: the words that say so, in the languages we meet, and the addresses that do. Pure."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from catalog.text import lowered
from crawler.relevance.posts import Point, Post, any_of

IS_AI = 2.0  # the points it takes
READ_OF_ADDRESS = 300
PAPERS = re.compile(r"papers?|arxiv|preprint|journal", re.IGNORECASE)
AI_HOSTS = frozenset(
    "huggingface.co openai.com chatgpt.com anthropic.com claude.com mistral.ai x.ai ollama.com perplexity.ai "
    "cohere.com groq.com deepmind.google deepmind.com ai.meta.com ai.google.dev stability.ai openrouter.ai".split()
)
AI_PAPER_HOSTS = ("arxiv.org", "openreview.net", "aclanthology.org", "mlr.press", "alphaxiv.org")
AI = any_of(
    r"ai|a\.i\.|agi|artificial intelligence|machine learning|deep learning|ml (?:models?|engineers?|ops)|mlops|"
    r"neural|genai|generative",
    r"\w{0,3}llms?|slms?|vlms?|gpt(?:-?\w+)?|chatgpt|openai|claude|anthropic|gemini|gemma|llama|mistral|mixtral|qwen",
    r"deepseek|kimi|xai|huggingface|hugging face|gguf|ollama|vllm|langchain|langgraph|llamaindex|openrouter",
    r"perplexity|midjourney|stable diffusion|dall-e|pytorch|tensorflow|nemotron|sora|groq|cohere|deepmind|copilot",
    r"language models?|foundation models?|(?:local|small|large|vision|on-device|frontier|world|diffusion|reasoning|"
    r"open|speech|voice|image|video|embedding|multimodal|pre-?trained|open[- ]weights?) models?|models? locally",
    r"open[- ]weights?|multi-?modal|vision[- ]language|fine-?tun\w+|pre-?train\w+|post-?train\w+|system prompts?",
    r"reinforcement learning|imitation learning|self-supervised|context windows?|tokenizers?|transformers|mcp",
    r"agentic|multi-?agents?|superagents?|subagents?|(?:coding|autonomous|voice|background|browser) agents?|agent "
    r"(?:skills?|harness|memory)",
    r"gpu (?:capacity|clouds?|clusters?|marketplace|infrastructure|rental)|chat-?bots?|prompt (?:injection|"
    r"engineering)|prompts|vibe[- ]cod\w+|vector (?:search|database|store|index)",
    r"speech[- ]to[- ]text|text[- ]to[- ](?:speech|image|video|3d)|image[- ]to[- ]\w+|speech recognition|tts|asr",
    r"transcrib\w+|transcriptions?|dictation|diari[sz]ation|computer vision|object detection|ocr|deep ?fakes?",
    r"voice (?:assistants?|clon\w+)|(?:image|video|music|code) generat(?:ion|ors?|ing)|semantic search|embeddings?",
    r"cursor (?:ide|for \w+|alternatives?)|windsurf|elevenlabs|runwayml|suno|comfyui|lm studio",
    r"open ?webui|notebooklm|stability ai|hunyuan|minimax|glm-?\d\S*|phi-?\d\S*|whisper|firecrawl|weights (?:and|&) "
    r"biases",
    r"model context protocol|gradient descent|stochastic gradient|sgd|semantically|semantic (?:search|index\w*|"
    r"chunking)",
    r"(?:from|one|an?|your|text|single) prompts?|nlp|natural language|backprop\w*|gans?|convnets?|language "
    r"modell?ing|superintelligence|jailbreak\w*|codex",
    r"intelligence artificielle|inteligencia artificial|intelig[êe]ncia artificial|intelligenza artificiale",
    r"künstliche\w* intelligenz|apprentissage automatique|aprendizaje autom[áa]tico|maschinelles lernen|yapay zek[âa]",
    r"искусственн\w+ интеллект\w*|нейросет\w+|машинно\w+ обучени\w+|языков\w+ модел\w+|trí tuệ nhân tạo",
)
# Scripts without spaces, and the two-letter names of other languages: these need their own spelling.
AI_ELSEWHERE = re.compile(
    r"人工智能|人工知能|大模型|大语言|语言模型|言語モデル|智能体|智能助手|生成式|机器学习|機械学習|深度学习|深層学習|神经网络|提示词|"
    r"인공지능|머신러닝|딥러닝|언어 ?모델|챗봇|ปัญญาประดิษฐ์|ذكاء اصطناعي|الذكاء الاصطناعي|"
    r"\b(?:ML|RAG|LoRA|Grok|ИИ)\b|\bFLUX\b|\bML/AI\b|\bKI\b|\bIA\b|[a-z]AI\b|\bAI(?=[A-Z][a-z])|\b\w+\.ai\b|"
    r"(?<=[A-Z])GPT|GPT(?=[A-Z\d]|\b)|\bMoE\b|\bVLA\b|\bRL\b"
)
# One of these says little; two different ones, or one at a place of AI, say enough.
HALF_AI = any_of(
    r"cognitive|rag|lora|grok|ml|flux|models?|prompt|gpus?|tpus?|inference|transformer|diffusion|embedding|training|"
    r"trained|"
    r"tokens?|reasoning",
    r"robots?|robotics|autonomous|skills?|chat|nvidia|cuda|data ?sets?|benchmarks?|distill\w+|latent|attention",
    r"quanti[sz]\w+|weights|hallucinat\w+|alignment|policy optimi[sz]ation|smart|assistant|automat\w+|personali[sz]ed",
    r"generat\w+|voice-?overs?|text prompts?|intelligent|classifier|predict\w+|self-play|cursor|windsurf|context",
    r"(?:un|semi-)?supervised|clustering|classification|regression|forecasting|anomaly detection|learning|learners?|"
    r"learnable",
    r"bayesian|bandits?|pac|personas?|dialogues?|simulators?|shared task|algorithms?|knowledge graphs?|retrieval|"
    r"corpus",
)

# How a thing was made is not what it does: "vibe-coded over a weekend", "written with Claude".
HOW_MADE = re.compile(
    r"\bvibe[- ]?cod(?:ed|ing)\b|\b(?:built|made|written|coded|created|developed)(?: \w+){0,2} (?:with|by|using)"
    r"(?: the)?(?: help of)? (?:claude(?: code)?|ai|codex|cursor|chatgpt|gpt\S*|an? llms?|llms?|copilot|gemini)\b",
    re.IGNORECASE,
)
AGENT = any_of(r"agents?")  # nearly always one of AI, if not quite


def points_of_ai(post: Post) -> Iterator[Point]:
    told = HOW_MADE.sub(" ", post.description)
    for text, points, name in ((post.title, 3.0, "title"), (told, 2.0, "description"), (post.topics, 2.0, "topics")):
        found = AI.search(lowered(text)) or AI_ELSEWHERE.search(text)
        if found:
            yield Point(f"ai_{name}", points, f"the {name} speaks of AI ({text[slice(*found.span())]})")
    yield from points_of_half_words(lowered(f"{post.title} {told} {post.topics}"))
    yield from points_of_ai_address(post)


def points_of_half_words(text: str) -> Iterator[Point]:
    if AGENT.search(text):
        yield Point("ai_agent", 2.0, "it speaks of agents")
    halves = sorted({word.rstrip("s") for word in HALF_AI.findall(text)})
    if halves:
        yield Point("ai_half", 0.7 * min(len(halves), 3), f"it speaks of {' and '.join(halves[:3])}")


def points_of_ai_address(post: Post) -> Iterator[Point]:
    if AI.search(lowered(said_by(post.url))):
        yield Point("ai_address", 2.0, "the address speaks of AI")
    host = host_of(post.url)
    if is_ai_host(host):
        yield Point("ai_host", 2.0, "the address is one of AI")
    elif host.endswith(".ai"):
        yield Point("ai_domain", 1.3, "the address ends in .ai")
    elif host.endswith(AI_PAPER_HOSTS) or PAPERS.search(post.place):
        yield Point("ai_papers", 1.3, "it is a paper where those on AI appear")


def said_by(url: str) -> str:
    """The words of an address's path: 'r/LocalLLaMA', 'vllm project', 'a guide to small agents'."""
    path = url.partition("://")[2].partition("/")[2].partition("?")[0]
    return re.sub(r"[-_/.]+|(?<=[a-z])(?=[A-Z])", " ", path)[:READ_OF_ADDRESS]


def is_ai_host(host: str) -> bool:
    return any(host == known or host.endswith(f".{known}") for known in AI_HOSTS)


def host_of(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").lower().removeprefix("www.")
    except ValueError:
        return ""
