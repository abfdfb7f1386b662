import assert from 'node:assert/strict';

const REAL = 'https://mailtrap.io';

/**
 * An official client whose requests reach the simulator, and the last answer as it was on the wire. The client has no setting for
 * the host, so its own axios instance is told.
 */
export function connect(MailtrapClient, url, options) {
  const client = new MailtrapClient({
    token: 'simulator-admin-token',
    accountId: 3229,
    organizationId: 1208,
    ...options,
  });
  const { axios } = client;
  const last = {};
  axios.interceptors.request.use((config) => {
    assert.ok(config.url.startsWith(`${REAL}/api/`), config.url);
    return { ...config, url: url + config.url.slice(REAL.length), proxy: false };
  });
  axios.defaults.transformResponse = [
    (text, headers, status) => Object.assign(last, { text, status, headers: headers.toJSON() }),
    ({ text }) => parsed(text),
  ];
  return { client, last };
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
