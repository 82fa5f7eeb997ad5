"""The accounts room as Django starts it."""

from importlib import import_module

from django.apps import AppConfig

from outbox.minting import register


class AccountsConfig(AppConfig):
    """Says how the links to passwords are made as their mails are sent."""

    name = "accounts"

    def ready(self) -> None:
        """Register the maker: it reads models, so not before these are there."""
        register("password", import_module("accounts.telling").mint_link)
