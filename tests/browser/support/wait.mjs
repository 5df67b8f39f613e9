/** Longer than anything takes on a busy machine. */
export const PATIENCE_MS = 30_000;

/** Waits until `holds` is true; what it throws counts as not yet. */
export async function eventually(what, holds) {
    const deadline = performance.now() + PATIENCE_MS;
    for (;;) {
        let last;
        try {
            if (await holds()) return;
        } catch (error) {
            last = error;
        }
        if (performance.now() > deadline) throw new Error(`not within ${PATIENCE_MS} ms: ${what}`, { cause: last });
        await new Promise((done) => setTimeout(done, 20));
    }
}
