"""One way for every log line: structlog and plain loggers end in one handler, with request, task and job."""

from __future__ import annotations

from typing import Any

import structlog
from structlog.typing import Processor

from claimtracker.kernel.secret_addresses import masked, written_out

SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.stdlib.ExtraAdder(),
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]

TRACEBACKS = ("exception", "stack")


def formatter(style: str) -> structlog.stdlib.ProcessorFormatter:
    """``plain`` lines for people, ``json`` for machines; when empty, plain where DEBUG is on.

    Raises ValueError for another style.
    """
    from django.conf import settings

    style = style or ("plain" if settings.DEBUG else "json")
    last: list[Processor]
    if style == "plain":
        last = [
            _on_one_line,
            structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback),
        ]
    elif style == "json":
        last = [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(default=str)]
    else:
        raise ValueError(f'LOG_FORMAT must be "plain" or "json", not {style!r}')
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=SHARED,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last, _without_keys],
    )


def _on_one_line(_logger: Any, _method: str, facts: Any) -> Any:
    """JSON writes control characters out by itself; a plain line holds them as they were sent."""
    return {
        name: written_out(value) if isinstance(value, str) and name not in TRACEBACKS else value
        for name, value in facts.items()
    }


def _without_keys(_logger: Any, _method: str, line: Any) -> Any:
    """Django names the path, and the request, of whatever was refused or failed."""
    return masked(line)


def logging_settings(*, level: str, style: str) -> dict[str, Any]:
    """Django's LOGGING; also tells structlog to hand its lines to the standard loggers."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *SHARED,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.processors.StackInfoRenderer(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"chosen": {"()": "claimtracker.settings.logging.formatter", "style": style}},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "chosen"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            # Django's own handlers would print the same line a second time
            "django": {"handlers": [], "level": "NOTSET"},
            # every received and finished message is a line; jobs say themselves what they did
            "celery.worker.strategy": {"level": "WARNING"},
            "celery.app.trace": {"level": "WARNING"},
            "celery.beat": {"level": "WARNING"},
        },
    }
