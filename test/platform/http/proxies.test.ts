import { describe, expect, it } from 'vitest';
import { type ProxyEnvironment, ProxyProblem, proxyFor, readProxies } from '../../../src/platform/http/proxies.ts';

const API = new URL('https://mailtrap.io');

function proxyOf(environment: ProxyEnvironment, url = API): string | null {
  return proxyFor(url, readProxies(environment))?.url.href ?? null;
}

function problemOf(environment: ProxyEnvironment): ProxyProblem {
  try {
    readProxies(environment);
  } catch (error) {
    if (error instanceof ProxyProblem) return error;
  }
  throw new Error('it was taken');
}

describe('the variables', () => {
  it.each<[fact: string, environment: ProxyEnvironment, https: string | null, http: string | null]>([
    ['none', {}, null, null],
    ['an empty one is none', { HTTPS_PROXY: '', https_proxy: '' }, null, null],
    ['upper case', { HTTPS_PROXY: 'http://a:1' }, 'http://a:1/', null],
    ['lower case goes first', { HTTPS_PROXY: 'http://a:1', https_proxy: 'http://b:1' }, 'http://b:1/', null],
    ['an empty lower case does not', { HTTPS_PROXY: 'http://a:1', https_proxy: '' }, 'http://a:1/', null],
    ['that of http serves for https', { http_proxy: 'http://a:1' }, 'http://a:1/', 'http://a:1/'],
    ['in upper case only for https', { HTTP_PROXY: 'http://a:1' }, 'http://a:1/', null],
    ['that of https goes first', { HTTPS_PROXY: 'http://a:1', http_proxy: 'http://b:1' }, 'http://a:1/', 'http://b:1/'],
    ['ALL_PROXY is not read', { ALL_PROXY: 'http://a:1', all_proxy: 'http://a:1' }, null, null],
  ])('%s', (_, environment, https, http) => {
    expect([proxyOf(environment), proxyOf(environment, new URL('http://mailtrap.io'))]).toEqual([https, http]);
  });

  it.each([
    ['http://proxy.corp:3128', 'http://proxy.corp:3128/'],
    ['proxy.corp:3128', 'http://proxy.corp:3128/'],
    ['127.0.0.1:3128', 'http://127.0.0.1:3128/'],
    ['[fd00::1]:3128', 'http://[fd00::1]:3128/'],
    ['proxy', 'http://proxy/'],
    ['HTTPS://Proxy.Corp', 'https://proxy.corp/'],
    [' http://proxy.corp:3128/ ', 'http://proxy.corp:3128/'],
    ['user:secret@proxy.corp:3128', 'http://proxy.corp:3128/'],
  ])('%s is taken as curl takes it', (text, url) => {
    expect(proxyOf({ HTTPS_PROXY: text })).toBe(url);
  });

  it.each([
    ['http://me:100%25@p:1', 'me:100%'],
    ['http://me:100%@p:1', 'me:100%'],
    ['http://me:%zz%4@p:1', 'me:%zz%4'],
    ['http://me:a%40b%3Ac@p:1', 'me:a@b:c'],
    ['http://me:ü@p:1', 'me:ü'],
    ['me@p:1', 'me:'],
    ['http://:word@p:1', ':word'],
  ])('the user and password of %s are %s', (text, credentials) => {
    const authorization = readProxies({ HTTPS_PROXY: text }).https?.authorization;
    expect(authorization).toBe(`Basic ${Buffer.from(credentials).toString('base64')}`);
  });

  it('without user and password nothing is sent, and the URL that is kept holds none', () => {
    expect(readProxies({ HTTPS_PROXY: 'http://p:1' }).https?.authorization).toBe(null);
    expect(readProxies({ HTTPS_PROXY: 'http://me:hunter2@p:1' }).https?.url.href).toBe('http://p:1/');
  });

  it.each<[text: string, reason: RegExp]>([
    ['ftp://hunter2:1', /scheme/],
    ['socks5://hunter2:1', /scheme/],
    ['//hunter2:8080', /not a URL/],
    ['//hunter2 8080', /not a URL/],
    ['no url', /not a URL/],
    ['http://', /not a URL/],
    ['http://proxy:99999', /not a URL/],
    ['http://me:12#hunter2@proxy:3128', /fragment/],
    ['http://me:12?hunter2@proxy:3128', /query/],
  ])('%s is a problem of the variable, which does not repeat it', (text, reason) => {
    for (const variable of ['https_proxy', 'HTTPS_PROXY', 'http_proxy', 'HTTP_PROXY']) {
      const problem = problemOf({ [variable]: text });
      expect(problem).toMatchObject({ variable, reason: expect.stringMatching(reason) });
      expect(problem.message.startsWith(`${variable}: `)).toBe(true);
      expect(`${problem.message}${problem.remedy}`).not.toContain('hunter2');
    }
  });

  it('a bad variable that is not used is no problem', () => {
    expect(proxyOf({ https_proxy: 'http://a:1', HTTPS_PROXY: 'ftp://b', HTTP_PROXY: 'ftp://c' })).toBe('http://a:1/');
  });
});

describe('no proxy', () => {
  it.each(['http://localhost:1', 'http://127.0.0.1:1', 'https://127.9.9.9', 'http://[::1]:1'])('for %s', (url) => {
    expect(proxyOf({ http_proxy: 'http://a:1' }, new URL(url))).toBe(null);
  });

  it('for a host that NO_PROXY names, in the lower case first', () => {
    const environment = { HTTPS_PROXY: 'http://a:1', NO_PROXY: '10.0.0.0/8' };
    expect(proxyOf(environment, new URL('https://10.1.2.3'))).toBe(null);
    expect(proxyOf(environment)).toBe('http://a:1/');
    expect(proxyOf({ ...environment, no_proxy: 'x' }, new URL('https://10.1.2.3'))).toBe('http://a:1/');
  });
});
