"""Who may connect: the key of an upgrade request and what is wrong with it."""

from dataclasses import dataclass

from hamsa_mock.core.actions import Why
from hamsa_mock.core.events import Opening
from hamsa_mock.providers.hamsa.accounts import Accounts, Key
from hamsa_mock.providers.hamsa.limits import Wallets
from hamsa_schemas import Facts


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a client is refused: the documented text, the close code, and the words for the console."""

    text: str
    code: int
    why: Why


class Doorkeeper:
    """Judges keys. The order of the checks is assumed: key, internal error, user, project, money."""

    def __init__(self, accounts: Accounts, wallets: Wallets, facts: Facts) -> None:
        self._accounts = accounts
        self._wallets = wallets
        self._facts = facts

    def judge(self, opening: Opening) -> Key | Refusal:
        """The account of a key that may connect, or why it may not. An empty key is a missing key (assumed)."""
        sent = self.key_sent(opening)
        if not sent:
            header, parameter = self._facts.text("auth.header"), self._facts.text("auth.query_parameter")
            words = f"no key in header {header} or query parameter {parameter}"
            if "authorization" in opening.headers:
                words += "; the WebSocket does not read the Authorization header"
            return self._refuse("text.missing_key", "close.authentication_failed", words)
        key = self.judge_key(sent)
        return key if isinstance(key, Refusal) else self.broke(key) or key

    def key_sent(self, opening: Opening) -> str | None:
        """The key comes as header `X-Api-Key` (WST-3) or as query parameter `api_key` (WST-2). Where both are there
        the header is taken (assumed).
        """
        header, parameter = self._facts.text("auth.header"), self._facts.text("auth.query_parameter")
        return opening.headers.get(header.lower()) or opening.query.get(parameter)

    def broke(self, key: Key) -> Refusal | None:
        """API-25: the wallet of the key's project holds nothing any more."""
        balance = self._wallets.balance(self._accounts.project_of(key))
        if balance > 0:
            return None
        words = f"the wallet of the project of key {key.shown} holds {balance:.0f} seconds of audio"
        return self._refuse("text.insufficient_funds", "close.insufficient_funds", words)

    def judge_key(self, sent: str) -> Key | Refusal:
        """The account of a key that is in order, whatever its wallet holds."""
        key = self._accounts.keys.get(sent)
        failed = "close.authentication_failed"
        if key is None:
            known = ", ".join(self._accounts.test_keys)
            words = f"the key ({len(sent)} characters) is unknown; this mock knows {known}"
            return self._refuse("text.unknown_key", failed, words)
        if key.expired:
            return self._refuse("text.unknown_key", failed, f"the key {key.shown} has expired")
        if key.internal_error:
            words = f"the key {key.shown} makes the service fail"
            return self._refuse("reason.internal_authentication_error", "close.internal_authentication_error", words)
        if not self._accounts.user_of(key).active:
            return self._refuse("text.inactive_user", failed, f"the user of key {key.shown} is inactive")
        if not self._accounts.project_of(key).active:
            return self._refuse("text.inactive_project", failed, f"the project of key {key.shown} is inactive")
        return key

    def _refuse(self, text: str, code: str, words: str) -> Refusal:
        return Refusal(self._facts.text(text), self._facts.code(code), Why(words))
