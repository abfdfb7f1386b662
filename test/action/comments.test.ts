import { beforeEach, describe, expect, it } from 'vitest';
import { annotation, validationAnnotations } from '../../action/annotations.mjs';
import { markerOf, quoted, renderComment } from '../../action/report.mjs';
import { upsertComment } from '../../action/upsert-comment.mjs';
import { type FakeForge, startForge } from './support/fake-forge.ts';

let forge: FakeForge;
const MARKER = markerOf('policy.yaml');

beforeEach(async () => {
  forge = await startForge();
});

function upsert(body: string): ReturnType<typeof upsertComment> {
  const issues = `${forge.url}/repos/acme/access/issues`;
  return upsertComment(
    {
      url: `${issues}/7/comments`,
      urlOf: (id) => `${issues}/comments/${id}`,
      updateMethod: 'PATCH',
      headers: { authorization: 'Bearer job-token' },
      isOwn: (comment) => comment.user.login === 'github-actions[bot]',
      linkOf: (comment) => comment.html_url,
    },
    { marker: MARKER, body: `${MARKER}\n${body}` },
  );
}

describe('the one comment', () => {
  it('is found again among many pages', async () => {
    for (let n = 0; n < 230; n += 1) forge.add(`words ${n}`, 'somebody');
    const own = forge.add(`${MARKER}\nold`);
    for (let n = 0; n < 30; n += 1) forge.add(`${n} more words`, 'somebody');
    expect(await upsert('new')).toEqual({ did: 'updated', link: own.html_url });
    expect(own.body).toBe(`${MARKER}\nnew`);
    expect(forge.comments).toHaveLength(261);
    expect(forge.requests.map(({ method }) => method)).toEqual(['GET', 'GET', 'GET', 'PATCH']);
  });

  it('is not looked for beyond the last page', async () => {
    for (let n = 0; n < 100; n += 1) forge.add(`words ${n}`);
    expect(await upsert('new')).toMatchObject({ did: 'created' });
    expect(forge.requests.map(({ path }) => path.replace(/.*\?/, ''))).toEqual([
      'per_page=100&page=1&sort=asc',
      'per_page=100&page=2&sort=asc',
      '/repos/acme/access/issues/7/comments',
    ]);
  });

  it('is its own: a marker that somebody pasted, quoted or put into the middle is left alone', async () => {
    const others = [
      forge.add(`${MARKER}\nmine now`, 'mallory'),
      forge.add(`> ${MARKER}\n`),
      forge.add(`${markerOf('b')}\n`),
    ];
    const before = others.map(({ body }) => body);
    expect(await upsert('new')).toMatchObject({ did: 'created' });
    expect(others.map(({ body }) => body)).toEqual(before);
  });

  it('waits for a forge that stumbles, and asks again only what may be asked twice', async () => {
    forge.failures.push({ status: 502 }, { status: 403, headers: { 'retry-after': '0' } });
    expect(await upsert('new')).toMatchObject({ did: 'created' });
    forge.comments.length = 0;
    forge.requests.length = 0;
    forge.failures.push({ status: 429, headers: { 'retry-after': '0' } });
    await upsert('again');
    expect(forge.requests.map(({ method }) => method)).toEqual(['GET', 'GET', 'POST']);
  });

  it('a POST that ended in a 500 is not sent again: it may have taken effect', async () => {
    forge.failures.push({ status: 500, method: 'POST' });
    await expect(upsert('new')).rejects.toThrow('POST /repos/acme/access/issues/7/comments: 500');
    expect(forge.requests.map(({ method }) => method)).toEqual(['GET', 'POST']);
  });

  it('a token that may not write makes no comment, and says why', async () => {
    forge.mayWrite = false;
    expect(await upsert('new')).toEqual({ did: 'refused', why: expect.stringContaining('403') });
  });

  it('a redirect is an error, and so is an address that is not https', async () => {
    forge.failures.push({ status: 302, headers: { location: `${forge.url}/elsewhere` } });
    forge.failures.push({ status: 302, headers: { location: `${forge.url}/elsewhere` } });
    forge.failures.push({ status: 302, headers: { location: `${forge.url}/elsewhere` } });
    await expect(upsert('new')).rejects.toThrow('no answer');
    expect(forge.requests.every(({ path }) => !path.includes('elsewhere'))).toBe(true);
    const other = { url: 'http://forge.example/c', urlOf: String, updateMethod: 'PUT', headers: {} } as const;
    const comments = { ...other, isOwn: () => true, linkOf: () => null };
    await expect(upsertComment(comments, { marker: 'm', body: 'b' })).rejects.toThrow('no https address');
  });
});

describe('what it says', () => {
  const told = { commit: '0123456789abcdef', logUrl: 'https://github.test/run/1' };

  it('never more than a comment may hold: a section that does not fit is left out whole, and named', () => {
    const long = (letter: string, rows: number) => `${`${letter.repeat(99)}\n`.repeat(rows)}`;
    const report = {
      policy: 'policy.yaml',
      headline: '**Valid.**',
      remarks: [],
      sections: [
        { title: 'Comparison', markdown: long('c', 640) },
        { title: 'Plan', markdown: long('p', 20) },
      ],
    };
    const body = renderComment(report, told);
    expect(body.length).toBeLessThanOrEqual(65_536);
    expect(body).toContain('c'.repeat(99));
    expect(body).not.toContain('ppp');
    expect(body).toContain(
      '**Plan: too long for this comment.** The [summary of the job](https://github.test/run/1) has it.',
    );
    expect(body.startsWith(markerOf('policy.yaml'))).toBe(true);
    expect(body).toContain('For commit 0123456789ab.');
    for (let rows = 600; rows < 660; rows += 1) {
      const sections = [{ title: 'Comparison', markdown: long('c', rows) }];
      expect(renderComment({ ...report, sections }, told).length).toBeLessThanOrEqual(65_536);
    }
  });

  it('one marker for each policy, which says nothing of its path', () => {
    const markers = ['a.yaml', 'b.yaml', '--> <img>'].map(markerOf);
    expect(new Set(markers).size).toBe(3);
    for (const marker of markers) expect(marker).toMatch(/^<!-- grantd check [0-9a-f]{16} -->$/);
  });

  it('a quotation that nothing in it can close, cut at a line', () => {
    expect(quoted('a\n````\n@everyone\n')).toBe('`````text\na\n````\n@everyone\n`````\n');
    const cut = quoted('line\n'.repeat(10_000));
    expect(cut.length).toBeLessThan(20_200);
    expect(cut).toMatch(/line\n```\n\n\*\*Cut to fit:\*\*/);
  });

  it('an annotation that cannot begin another one', () => {
    expect(annotation('error', { file: 'a,b:c\n', title: '100%' }, 'one\r\n::error::two 5%')).toBe(
      '::error file=a%2Cb%3Ac%0A,title=100%25::one%0D%0A::error::two 5%25',
    );
  });

  it('as many annotations as are of use, and how many there are besides', () => {
    const problem = {
      code: 'unknown-key',
      severity: 'error',
      message: 'what',
      remedy: 'do',
      file: 'p.yaml',
      line: 1,
      column: 2,
    } as const;
    const lines = validationAnnotations('p.yaml', { problems: new Array(60).fill(problem), tests: [] });
    expect(lines).toHaveLength(51);
    expect(lines[0]).toBe('::error file=p.yaml,line=1,col=2,title=unknown-key::what%0Ado');
    expect(lines[50]).toContain('10 more');
  });

  it('an invariant that the snapshot breaks is told like a test that fails', () => {
    const never = [
      { verdict: 'failed', who: 'token:*', resource: 'account', reason: 'held by ci', file: 'p.yaml', line: 9 },
    ];
    expect(validationAnnotations('p.yaml', { problems: [], tests: [], never })).toEqual([
      '::error file=p.yaml,line=9,title=never::token:* on account: held by ci',
    ]);
  });
});
