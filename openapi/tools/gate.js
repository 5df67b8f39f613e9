// Compares a document with the latest that was released, and fails if clients of that would break.
//
//     node gate.js RELEASED_DIRECTORY DOCUMENT

import { breaking, unaccepted } from "./breaking.js";
import { latest, read } from "./released.js";

const [directory, path] = process.argv.slice(2);
const { version, document, accepted } = latest(directory);
const { left, unused } = unaccepted(breaking(document, read(path)), accepted);

for (const { operation, at, what } of left) console.error(`${operation}: ${at}: ${what}`);
for (const { operation = "everywhere", at, what } of unused) {
    console.error(`accepted.json accepts what is not there: ${operation}: ${at}: ${what}`);
}
if (left.length > 0) {
    console.error(`\n${left.length} changes break clients of ${version}. Keep what it had, or say in accepted.json why not.`);
}
process.exitCode = left.length + unused.length > 0 ? 1 : 0;
if (process.exitCode === 0) console.log(`nothing breaks clients of ${version} but what was accepted: ${accepted.length} changes`);
