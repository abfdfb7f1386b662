// Which tests did not run, and why: one line for each reason. Takes the JSON reports of Vitest of one CI run; a test that was
// skipped in one of them and ran in another is not skipped.
import { readFileSync } from 'node:fs';

const NO_REASON = 'its test says no reason';

const ran = new Set();
const skipped = new Map();
for (const file of process.argv.slice(2)) {
  const { testResults } = JSON.parse(readFileSync(file, 'utf8'));
  for (const { name, assertionResults } of testResults) {
    for (const { fullName, status, meta } of assertionResults) {
      const test = `${name} ${fullName}`;
      if (status === 'passed' || status === 'failed') ran.add(test);
      else skipped.set(test, meta?.skipped ?? NO_REASON);
    }
  }
}

const counts = new Map();
for (const [test, reason] of skipped) if (!ran.has(test)) counts.set(reason, (counts.get(reason) ?? 0) + 1);
for (const [reason, count] of [...counts].sort(([, a], [, b]) => b - a)) {
  process.stdout.write(`skipped: ${count} ${count === 1 ? 'test' : 'tests'}: ${reason}\n`);
}
