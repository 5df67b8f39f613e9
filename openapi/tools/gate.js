// Compares a document with the latest that was released, and fails if clients of that would break.
//
//     node gate.js RELEASED_DIRECTORY DOCUMENT

import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { breaking, unaccepted } from "./breaking.js";

const [directory, path] = process.argv.slice(2);
const read = (path) => JSON.parse(readFileSync(path, "utf8"));

const versions = readdirSync(directory).filter((name) => /^\d+\.\d+\.\d+\.json$/.test(name));
const numbers = (name) => name.split(".").slice(0, 3).map(Number);
const later = (a, b) => numbers(a).map((number, i) => number - numbers(b)[i]).find((difference) => difference !== 0) ?? 0;
const latest = versions.sort(later).at(-1);
if (!latest) throw new Error(`${directory} has no released document`);

const version = latest.replace(/\.json$/, "");
const accepted = read(join(directory, "accepted.json"))[version] ?? [];
const { left, unused } = unaccepted(breaking(read(join(directory, latest)), read(path)), accepted);

for (const { operation, at, what } of left) console.error(`${operation}: ${at}: ${what}`);
for (const { at, what } of unused) console.error(`accepted.json accepts what is not there: ${at}: ${what}`);
if (left.length > 0) {
    console.error(`\n${left.length} changes break clients of ${version}. Keep what it had, or say in accepted.json why not.`);
}
process.exitCode = left.length + unused.length > 0 ? 1 : 0;
if (process.exitCode === 0) console.log(`nothing breaks clients of ${version} but what was accepted: ${accepted.length} changes`);
