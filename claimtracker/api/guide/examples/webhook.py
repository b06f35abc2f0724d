import logging
import os
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

from standardwebhooks import Webhook, WebhookVerificationError

webhook = Webhook(os.environ["WEBHOOK_SECRET"])  # whsec_…
inbox = Path("inbox.txt")  # who works on it reads it here; in earnest a table of your database
done: set[str] = set()  # that too


def take_in(kind: str, data: dict[str, Any]) -> None:
    match kind:
        case "webhook.test":
            what = data["message"]
        case "request.declined":
            what = f"{data['request']} {data['reason']}"
        case _:  # tells of a publication, unless it is of a type that we do not know yet
            what = data.get("publication", "")
    with inbox.open("a", encoding="utf-8") as lines:
        lines.write(f"{kind} {what}\n")


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))  # the bytes as they came
        self.send_response(receive({name.lower(): value for name, value in self.headers.items()}, body))
        self.end_headers()


def receive(headers: dict[str, str], body: bytes) -> int:
    try:
        event = webhook.verify(body, headers)
    except (WebhookVerificationError, ValueError):
        return 400
    if headers["webhook-id"] in done:  # the same id at every try
        return 204
    try:
        take_in(event["type"], event["data"])
    except Exception:
        logging.exception("we are sent it again")
        return 500
    done.add(headers["webhook-id"])  # only now: what failed before must come again
    return 204


HTTPServer(("127.0.0.1", int(os.environ["PORT"])), Receiver).serve_forever()
