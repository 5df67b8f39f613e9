"""localstripe on this machine alone, on a free port, with its books in memory; prints its address.

By itself it listens everywhere, keeps a file under /tmp, and refuses three parameters that Stripe knows: those are taken
out of what it is sent."""

import asyncio
import functools

from aiohttp import web
from localstripe import resources

UNHEARD_OF = ("cancellation_reason", "confirmation_method", "use_stripe_sdk")


def without(call):
    @functools.wraps(call)
    def wrapped(*args, **parameters):
        return call(*args, **{name: text for name, text in parameters.items() if name not in UNHEARD_OF})

    return wrapped


resources.store.dump_to_disk = lambda: None
resources.PaymentIntent.__init__ = without(resources.PaymentIntent.__init__)
# Before the server is imported, which makes routes of these.
resources.extra_apis[:] = [(method, url, without(call)) for method, url, call in resources.extra_apis]

from localstripe import server  # noqa: E402


async def main():
    runner = web.AppRunner(server.app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = site._server.sockets[0].getsockname()[:2]
    print(f"http://{host}:{port}", flush=True)
    await asyncio.Event().wait()


asyncio.run(main())
