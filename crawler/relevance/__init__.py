"""Is it AI, and is it a launch of a usable tool? Two questions, asked apart, answered with reasons."""

from crawler.relevance.judging import Judgement, judge, judge_repository
from crawler.relevance.places import is_article
from crawler.relevance.versions import version_of

__all__ = ["Judgement", "is_article", "judge", "judge_repository", "version_of"]
