// The service, and the stand-in for Stripe, as processes of their own on free ports of this machine, with data that goes with
// them.
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, open } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { eventually } from "./wait.mjs";

const BINARY = process.env.BOXOFFICE_BROWSER_BINARY;
const STRIPE = process.env.BOXOFFICE_BROWSER_STRIPE;
/** Lines of a log that are shown when a process does not do as it should. */
const LOG_TAIL_LINES = 30;

const running = new Set();
// Also when the tests end in some other way than by themselves.
process.on("exit", () => running.forEach((child) => child.kill("SIGKILL")));

/** The environment without what whoever runs the tests has set for their own service. */
function environment(settings) {
    const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith("BOXOFFICE_"));
    return { ...Object.fromEntries(inherited), ...settings };
}

class Process {
    constructor(program, args, settings, directory) {
        Object.assign(this, { program, args, settings, directory });
    }

    /** Starts it, and returns when it says where it listens. `args` are its arguments, by its directory. */
    static async start(program, args, settings = {}) {
        if (!program) throw new Error("run this by scripts/browser-test, which says where the programs are");
        const directory = await mkdtemp(join(tmpdir(), "boxoffice-browser-"));
        const started = new Process(program, args(directory), settings, directory);
        await started.launch();
        return started;
    }

    async launch() {
        const log = await open(join(this.directory, "log"), "a");
        const stdio = ["ignore", "pipe", log.fd];
        this.child = spawn(this.program, this.args, { env: environment(this.settings), stdio });
        running.add(this.child);
        this.child.on("exit", () => running.delete(this.child));
        // Read to its end, so that it never blocks on a full pipe.
        const lines = createInterface({ input: this.child.stdout });
        const first = await new Promise((done) => lines.once("line", done).once("close", () => done("")));
        await log.close();
        this.address = first.match(/https?:\/\/[^\s/]+/)?.[0];
        if (!this.address) throw new Error(`${this.program} did not say where it is:\n${await this.logTail()}`);
    }

    async logTail() {
        const log = await readFile(join(this.directory, "log"), "utf8");
        return log.split("\n").slice(-LOG_TAIL_LINES).join("\n");
    }

    signal(signal) {
        this.child.kill(signal);
    }

    async kill() {
        if (this.child.exitCode !== null || this.child.signalCode !== null) return;
        const ended = new Promise((done) => this.child.once("exit", done));
        // It may be paused, and then hears nothing else.
        this.child.kill("SIGKILL");
        await ended;
    }

    /** Kills it, and starts it at the same address on the same data. */
    async restart() {
        await this.kill();
        this.settings.BOXOFFICE_LISTEN = new URL(this.address).host;
        await this.launch();
        await untilReady(this);
    }

    async stop() {
        await this.kill();
        await rm(this.directory, { recursive: true, force: true });
    }
}

/** A service by itself; `settings` are environment variables. It is ready, and ends with the test `t`. */
export async function startService(t, settings = {}) {
    const service = await Process.start(BINARY, (directory) => ["serve", "--data-dir", join(directory, "data")], {
        BOXOFFICE_LISTEN: "127.0.0.1:0",
        BOXOFFICE_AUTH_RATE_PER_MINUTE: "0",
        ...settings,
    });
    t.after(() => service.stop());
    await untilReady(service);
    return service;
}

/** Three that vote. */
export async function startCluster(t, settings = {}) {
    const ports = await Promise.all([freePort(), freePort(), freePort()]);
    const peers = ports.map((port) => `127.0.0.1:${port}`);
    const start = (peer) =>
        Process.start(BINARY, (directory) => ["serve", "--data-dir", join(directory, "data")], {
            BOXOFFICE_LISTEN: "127.0.0.1:0",
            BOXOFFICE_AUTH_RATE_PER_MINUTE: "0",
            BOXOFFICE_CLUSTER_SECRET: "a secret of these tests alone",
            BOXOFFICE_PEER_LISTEN: peer,
            BOXOFFICE_PEERS: peers.join(","),
            ...settings,
        });
    const replicas = await Promise.all(peers.map(start));
    t.after(() => Promise.all(replicas.map((replica) => replica.stop())));
    await Promise.all(replicas.map(untilReady));
    return replicas;
}

/** A service whose payments go to a stand-in for Stripe, and that stand-in. */
export async function startServiceWithStripe(t, settings = {}) {
    // Each has to know where the other is before it starts.
    const port = await freePort();
    const webhooks = `http://127.0.0.1:${port}/api/payments/webhooks/stripe`;
    const stripe = await Process.start(STRIPE, () => ["--listen", "127.0.0.1:0", "--webhook-url", webhooks]);
    t.after(() => stripe.stop());
    const service = await startService(t, {
        BOXOFFICE_LISTEN: `127.0.0.1:${port}`,
        BOXOFFICE_STRIPE_SECRET_KEY: "sk_test_standin",
        BOXOFFICE_STRIPE_PUBLISHABLE_KEY: "pk_test_standin",
        BOXOFFICE_STRIPE_WEBHOOK_SECRET: "whsec_standin",
        BOXOFFICE_STRIPE_API_BASE: stripe.address,
        ...settings,
    });
    return { service, stripe };
}

async function untilReady(service) {
    await eventually(`${service.address}/readyz is 200`, async () => (await fetch(`${service.address}/readyz`)).ok);
}

/** One that nobody listens on right now. */
function freePort() {
    return new Promise((done, failed) => {
        const server = createServer();
        server.on("error", failed);
        server.listen(0, "127.0.0.1", () => {
            const { port } = server.address();
            server.close(() => done(port));
        });
    });
}
