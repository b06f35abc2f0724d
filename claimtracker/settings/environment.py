"""Where settings come from: an environment variable, or the file that NAME_FILE names, as secrets are handed
to containers."""

import environ
from environ.fileaware_mapping import FileAwareMapping


class VariablesAndFiles(FileAwareMapping):
    """Editors end a file with a line break; a secret has none."""

    def __getitem__(self, key: str) -> str:
        value: str = super().__getitem__(key)
        return value.rstrip("\r\n")


class Environment(environ.FileAwareEnv):
    ENVIRON = VariablesAndFiles()


env = Environment()
