"""The store's files in a bucket of an S3-compatible server. Every write is one plain PUT, never a conditional one: some
servers ignore the condition, and a key that names its content needs none."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO, cast

from boto3.exceptions import Boto3Error
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import ContentFile
from storages.backends.s3 import S3Storage

from dermref.media.storage import place_of

ONE_PUT = 1 << 32  # bytes; a file that would be sent in parts could be left in parts
IN_MEMORY = 4 * 1024 * 1024  # bytes of a file being read; the rest goes to a temporary file


class S3Shelf(S3Storage):  # type: ignore[misc]  # django-storages ships no types
    """A bucket, or a prefix of one. Takes `bucket_name`, `location` (the prefix), `endpoint_url`, `region_name` and
    `addressing_style`; credentials are found the way every S3 client finds them."""

    def __init__(self, **options: str) -> None:
        style = {"addressing_style": options.pop("addressing_style", "auto")}
        # Checksums in trailers are newer than many servers; over TLS, and with names that are hashes, they add nothing.
        config = Config(s3=style, request_checksum_calculation="when_required", retries={"mode": "standard"})
        transfer = TransferConfig(multipart_threshold=ONE_PUT, use_threads=False)
        super().__init__(
            **options, client_config=config, transfer_config=transfer, max_memory_size=IN_MEMORY, file_overwrite=True
        )

    @property
    def shelf_name(self) -> str:
        """Bucket and prefix."""
        return f"s3://{self.bucket_name}/{self.location}"

    @property
    def bucket(self) -> Any:
        """One for each thread: boto3's resources are not made to be shared."""
        return self.connection.Bucket(self.bucket_name)

    def keep(self, name: str, data: bytes) -> None:
        """One PUT."""
        with _as_os_error():
            self.save(name, ContentFile(data))

    def read(self, name: str) -> tuple[BinaryIO, int]:
        """Asks for the size at once, and for the bytes when the first of them is read."""
        with _as_os_error():
            file = self.open(name)
            return cast(BinaryIO, file), int(file.size)

    def measure(self, name: str) -> int | None:
        """One HEAD."""
        try:
            with _as_os_error():
                return int(self.size(name))
        except FileNotFoundError:
            return None

    def drop(self, name: str) -> None:
        """One DELETE."""
        with _as_os_error():
            self.delete(name)

    def walk(self) -> Iterator[tuple[str, int]]:
        """The bucket's own listing, which is in order of key, a thousand at a time."""
        prefix = "/".join(part for part in (self.location, "sha256/") if part)
        with _as_os_error():
            pages = self.connection.meta.client.get_paginator("list_objects_v2")
            for found in pages.paginate(Bucket=self.bucket_name, Prefix=prefix).search("Contents[].[Key, Size]"):
                name = found[0].removeprefix(prefix) if found else ""  # an empty bucket lists nothing at all
                key = name.rpartition("/")[2]
                if len(key) == 64 and name == place_of(key).removeprefix("sha256/"):
                    yield key, int(found[1])


@contextmanager
def _as_os_error() -> Iterator[None]:
    try:
        yield
    except (BotoCoreError, Boto3Error, ClientError) as error:
        raise OSError(str(error).strip().partition("\n")[0]) from error
