from collections.abc import AsyncGenerator

import pytest_asyncio

from tests.faults import FaultServer, fault_server


@pytest_asyncio.fixture
async def server() -> AsyncGenerator[FaultServer]:
    async with fault_server() as running:
        yield running
