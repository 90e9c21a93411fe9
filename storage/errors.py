"""What can go wrong with the database, said as what happened."""

from __future__ import annotations


class StorageError(Exception):
    """The database cannot be used as asked. `code` names the template that explains it to a person."""

    code = "unavailable"

    def __init__(self, detail: str = "") -> None:
        super().__init__(f"{self.code}: {detail}" if detail else self.code)
        self.detail = detail


class DatabaseUnavailable(StorageError):
    """It cannot be opened or reached: no such folder, no right to write, no server."""


class DatabaseLocked(DatabaseUnavailable):
    """Another program holds the file for longer than anybody waits."""

    code = "locked"


class RightsMissing(DatabaseUnavailable):
    """The role of the URL may not do on the server what the program has to."""

    code = "rights_missing"


class ReadOnly(DatabaseUnavailable):
    """It can be read and not written: a file of somebody else, a full disk's read-only mount, a standby server."""

    code = "read_only"


class NotADatabase(StorageError):
    """The file named is something else, or is damaged."""

    code = "not_a_database"


class DatabaseTooNew(StorageError):
    """A newer program has migrated it; going on would spoil its data."""

    code = "too_new"


class DatabaseTooOld(StorageError):
    """It lacks migrations; on PostgreSQL an administrator runs `dondoc migrate`."""

    code = "too_old"


class MigrationChanged(StorageError):
    """A migration that was applied no longer reads as it did then."""

    code = "migration_changed"


class MigrationTwice(StorageError):
    """Two of the migrations that came with the program have one number: which of them is meant cannot be told."""

    code = "migration_twice"


class SpoiltTransaction(StorageError):
    """A statement failed and the block went on as if it had not; nothing of it was kept."""

    code = "spoilt"


class Outdated(Exception):
    """What a transaction went by has been changed by another; nothing of it was kept. Done anew, it will see that."""


class UnknownDatabase(StorageError):
    """The URL names an engine this program does not know."""

    code = "unknown_url"


class DriverMissing(StorageError):
    """The driver of the engine is not installed (the extra `postgres`)."""

    code = "driver_missing"
