"""sources.yaml, subscriptions.yaml and the environment -> models, with every mistake named at its line."""

from bot.config.edit import append_source
from bot.config.environment import Environment, load_environment
from bot.config.loading import Configuration, Watched, load
from bot.config.mail_server import MailServer
from bot.config.schema import schema_texts, sources_schema, subscriptions_schema
from bot.config.sources import SourcesFile, load_sources
from bot.config.subscriptions import SubscriptionsFile, load_subscriptions, own_themes
from bot.config.vocabulary import load_vocabulary

__all__ = [
    "Configuration",
    "Environment",
    "MailServer",
    "SourcesFile",
    "SubscriptionsFile",
    "Watched",
    "append_source",
    "load",
    "load_environment",
    "load_sources",
    "load_subscriptions",
    "load_vocabulary",
    "own_themes",
    "schema_texts",
    "sources_schema",
    "subscriptions_schema",
]
