import tests.support.tasks  # noqa: F401 - registers the test jobs in this process too
from tests.support.worker import broker, ready_worker, worker  # noqa: F401 - fixtures of this folder
