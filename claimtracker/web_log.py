"""The log of gunicorn, which has handlers of its own (``--logger-class claimtracker.web_log.WebLog``)."""

from __future__ import annotations

import logging
from typing import Any

from gunicorn.glogging import Logger

from claimtracker.kernel.secret_addresses import MaskingFormatter


class WebLog(Logger):
    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        for log in (self.error_log, self.access_log):
            for handler in log.handlers:
                handler.setFormatter(MaskingFormatter(handler.formatter or logging.Formatter()))
