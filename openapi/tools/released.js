// What was released: the documents of a directory, and what was accepted that breaks the clients of each.

import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

export const read = (path) => JSON.parse(readFileSync(path, "utf8"));

// The version, the document and the acceptances of the latest release.
export function latest(directory) {
    const versions = readdirSync(directory).filter((name) => /^\d+\.\d+\.\d+\.json$/.test(name));
    const name = versions.sort(later).at(-1);
    if (!name) throw new Error(`${directory} has no released document`);
    const version = name.replace(/\.json$/, "");
    return { version, document: read(join(directory, name)), accepted: read(join(directory, "accepted.json"))[version] ?? [] };
}

function later(a, b) {
    const numbers = (name) => name.split(".").slice(0, 3).map(Number);
    return numbers(a).map((number, i) => number - numbers(b)[i]).find((difference) => difference !== 0) ?? 0;
}
