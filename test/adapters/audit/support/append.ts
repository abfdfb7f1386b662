import { openAuditLog } from '../../../../src/adapters/audit/open-audit-log.ts';

/**
 * `node append.js FILE NAME`: adds PUTs to a log, four at a time, until it is killed. Says each record once it may count
 * on it.
 */
const [file = '', name = ''] = process.argv.slice(2);
const { journal } = await openAuditLog({ file, account: 3229, now: Date.now });

async function writeForEver(lane: number): Promise<never> {
  for (let turn = 0; ; turn += 1) {
    const runId = `${name}-${lane}-${turn}`;
    const entry = await journal.intend({
      runId,
      account: 3229,
      access: lane,
      changes: [
        {
          kind: 'create',
          principal: { kind: 'user', email: `${runId}@example.com` },
          access: lane,
          resource: { type: 'project', id: turn, label: `project:${'x'.repeat(turn % 300)}` },
          before: 0,
          after: 10,
          why: [],
        },
      ],
      revision: null,
      planDigest: 'sha256:0',
      approved: [],
    });
    process.stdout.write(`intent ${runId}\n`);
    await entry.ended({ kind: 'answered', receipt: { status: 200, requestId: null, serverTime: null } });
    process.stdout.write(`outcome ${runId}\n`);
  }
}

await Promise.all([1, 2, 3, 4].map(writeForEver));
