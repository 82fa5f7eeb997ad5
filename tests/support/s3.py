"""An S3 server on a free loopback port, for the tests of file storage."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest


@dataclass(frozen=True)
class S3:
    """Where the server is and what it holds."""

    endpoint: str
    bucket: str
    access_key: str = "test-access"
    secret_key: str = "test-secret"
    region: str = "us-east-1"

    def storage_options(self) -> dict[str, object]:
        """The OPTIONS of django-storages' S3Storage for this bucket."""
        return {
            "bucket_name": self.bucket,
            "endpoint_url": self.endpoint,
            "access_key": self.access_key,
            "secret_key": self.secret_key,
            "region_name": self.region,
            "querystring_auth": True,
            "file_overwrite": False,
            "default_acl": None,
        }


@pytest.fixture(scope="session")
def s3() -> Iterator[S3]:
    """A server with one empty bucket; it does not check signatures."""
    import boto3  # they take a second to load: only for tests that need them
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    found = S3(endpoint=f"http://{host}:{port}", bucket="kaohe")
    client = boto3.client(
        "s3",
        endpoint_url=found.endpoint,
        aws_access_key_id=found.access_key,
        aws_secret_access_key=found.secret_key,
        region_name=found.region,
    )
    client.create_bucket(Bucket=found.bucket)
    yield found
    client.close()
    server.stop()
