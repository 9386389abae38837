"""The environment as one frozen object; everything missing or wrong is named at once."""

from ipaddress import ip_address
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.domain.errors import NearerError, StorageTrouble, WrongKey
from bot.storage.address import read_address
from bot.storage.sealing import read_keys


class SettingsError(NearerError):
    """Settings are missing or wrong; the message names them all and how to get each."""


#: What Telegram carries for nothing, messages a second for one bot.
FREE_RATE = 30.0
#: Where a web server listens when nothing says so.
USUAL_PORT = 8080
_LOOPBACK = ("127.0.0.1", "::1", "localhost")
#: How to get what has no default.
HOW = {
    "TELEGRAM_TOKEN": "talk to @BotFather in Telegram, /newbot, and copy the token it gives you",
    "NEARER_KEY": "run `nearer keys new`, and keep a copy of the key apart from the database",
    "WEBHOOK_SECRET": "16 to 256 letters, digits, - and _; or leave it out, and one is made from the token",
    "METRICS_TOKEN": "at least 16 characters without a space",
}


class Settings(BaseSettings):
    """Read from environment variables of the same names in capitals."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", case_sensitive=False)

    telegram_token: Annotated[str, Field(pattern=r"^\d+:[A-Za-z0-9_-]{3,}$", repr=False)]
    nearer_key: Annotated[str, Field(repr=False)]
    database_url: Annotated[str, Field(repr=False)] = "sqlite:///nearer.db"
    telegram_api_url: str = "https://api.telegram.org"
    send_rate: Annotated[float, Field(gt=0, le=1000)] = 30.0
    paid_broadcast: bool = False
    languages: Annotated[tuple[str, ...], NoDecode] = ("en",)
    operator: str = ""
    access: Literal["open", "invite", "list"] = "open"
    allowed: Annotated[tuple[int, ...], NoDecode] = ()
    operators: Annotated[tuple[int, ...], NoDecode] = ()
    webhook_url: str = ""
    webhook_secret: Annotated[str, Field(pattern=r"^([A-Za-z0-9_-]{16,256})?$", repr=False)] = ""
    bind: str = ""
    port: Annotated[int, Field(ge=0, le=65_535)] | None = None
    metrics_token: Annotated[str, Field(pattern=r"^(\S{16,})?$", repr=False)] = ""
    sentry_dsn: Annotated[str, Field(repr=False)] = ""
    keep_replies: Annotated[int, Field(ge=1, le=1200)] | None = None
    deleted_list: str = ""
    log_json: bool = False

    @field_validator("nearer_key")
    @classmethod
    def _keys_open(cls, value: str) -> str:
        try:
            read_keys(value)
        except WrongKey as error:
            raise ValueError(str(error)) from None
        return value

    @field_validator("database_url")
    @classmethod
    def _address_known(cls, value: str) -> str:
        try:
            read_address(value)
        except StorageTrouble as error:
            raise ValueError(str(error)) from None
        return value

    @field_validator("telegram_api_url")
    @classmethod
    def _plain_address(cls, value: str) -> str:
        if not value.startswith(("http://", "https://")):
            raise ValueError("write it as https://host or http://host:port")
        return value.rstrip("/")

    @field_validator("webhook_url")
    @classmethod
    def _https(cls, value: str) -> str:
        at = urlsplit(value)
        here = at.scheme == "http" and at.hostname in _LOOPBACK
        if value and not ((at.scheme == "https" and at.hostname) or here):
            raise ValueError("write it as https://host, the address at which Telegram reaches this machine")
        if at.query or at.fragment or at.username:
            raise ValueError("write it as https://host, with nothing after the path")
        return value.rstrip("/")

    @field_validator("bind")
    @classmethod
    def _one_address(cls, value: str) -> str:
        if value and value != "localhost":
            try:
                ip_address(value)
            except ValueError:
                raise ValueError("write an address of this machine, as 127.0.0.1 or 0.0.0.0") from None
        return value

    @field_validator("port", "keep_replies", mode="before")
    @classmethod
    def _not_given(cls, value: Any) -> Any:
        return None if value == "" else value

    @field_validator("sentry_dsn")
    @classmethod
    def _whole_dsn(cls, value: str) -> str:
        at = urlsplit(value)
        if value and not (at.scheme in ("http", "https") and at.username and at.hostname and at.path.strip("/")):
            raise ValueError("write it as https://key@host/number, as the error service gives it")
        return value

    @property
    def serves(self) -> bool:
        """Whether health and metrics are wanted of a process that need not serve anything."""
        return bool(self.bind or self.port is not None or self.webhook_url)

    @property
    def listens_at(self) -> tuple[str, int]:
        """Host and port: whoever gives only PORT is a host that routes to it from outside."""
        everywhere = "127.0.0.1" if self.port is None else "0.0.0.0"  # noqa: S104 - as such hosts want it
        return self.bind or everywhere, USUAL_PORT if self.port is None else self.port

    @model_validator(mode="after")
    def _rate_allowed(self) -> Self:
        if self.send_rate > FREE_RATE and not self.paid_broadcast:
            raise ValueError("SEND_RATE above 30 a second needs PAID_BROADCAST=1")
        return self

    @model_validator(mode="after")
    def _list_given(self) -> Self:
        if self.access == "list" and not self.allowed:
            raise ValueError("ACCESS=list needs ALLOWED, the Telegram ids of who may come in")
        return self

    @field_validator("languages")
    @classmethod
    def _english_among_them(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if "en" not in value:
            raise ValueError("en has to be among them: it stands in for a language that is not there")
        return value

    @field_validator("languages", "allowed", "operators", mode="before")
    @classmethod
    def _listed(cls, value: Any) -> Any:
        return tuple(filter(None, (part.strip() for part in value.split(",")))) if isinstance(value, str) else value


def read_settings(**given: Any) -> Settings:
    """The settings of the environment, `given` before them.

    Raises SettingsError: one message that names everything missing or wrong and how to get each.
    """
    try:
        return Settings(**given)
    except ValidationError as error:
        raise SettingsError(_told(error)) from None


def _told(error: ValidationError) -> str:
    lines = ["Nearer cannot start; these settings are missing or wrong:"]
    for one in error.errors():
        name = str(one["loc"][0]).upper() if one["loc"] else "settings"
        wrong = "is missing" if one["type"] == "missing" else one["msg"].removeprefix("Value error, ")
        if one["type"] == "string_pattern_mismatch":
            wrong = "does not look right"
        lines.append(f"  {name}: {wrong}" + (f" ({HOW[name]})" if name in HOW else ""))
    return "\n".join(lines)
