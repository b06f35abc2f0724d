from tests.support.worker import broker, worker  # noqa: F401 - fixtures of this folder
