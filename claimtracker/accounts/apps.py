from django.apps import AppConfig

from claimtracker.kernel.at_rest import rotating


class AccountsConfig(AppConfig):
    name = "claimtracker.accounts"
    label = "accounts"

    def ready(self) -> None:
        from .second_factors import StoredSeeds  # it has models, which are there only now

        rotating.keeps_ciphertext(StoredSeeds)
