"""Everything this package raises on purpose.

    AuditorError
    ├── SourceError        a path or URL that cannot be audited as given
    ├── ConfigError        an option, a check's name or a config file that makes no sense
    ├── ModelError         a model file that is missing, damaged or of another version
    └── StoreError         a store that cannot be read or written

A message is one line and ends with what to do next. What goes wrong with one document of many is not an
exception but a `Failure` in the report (see `auditor.page.snapshot`).
"""


class AuditorError(Exception):
    """The root of the tree; the command line turns it into one line on stderr and exit code 2."""


class SourceError(AuditorError):
    """A path or URL that cannot be audited as given."""


class ConfigError(AuditorError):
    """An option, a check's name or a config file that makes no sense."""


class ModelError(AuditorError):
    """A model file that is missing, damaged or of another version."""


class StoreError(AuditorError):
    """A store that cannot be read or written, or a run that it does not have."""
