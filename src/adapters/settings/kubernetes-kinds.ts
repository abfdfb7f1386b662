import { apiAddress, type Kind, type ReadValue, shown } from './kinds.ts';
import { ACCOUNT_PLACEHOLDER } from './path-kinds.ts';

/** The largest account id that grantd reads. A name must also be valid with this id. */
const LONGEST_ACCOUNT = String(Number.MAX_SAFE_INTEGER);

const LABEL = '[a-z0-9](?:[a-z0-9-]*[a-z0-9])?';
const SUBDOMAIN = new RegExp(`^(?=.{1,253}$)${LABEL}(?:\\.${LABEL})*$`);
const DNS_LABEL = new RegExp(`^(?=.{1,63}$)${LABEL}$`);

/** The name of an object that exists once for each account, so it must contain `{account}`. */
export function nameOfAccount(): Kind<string> {
  return {
    placeholder: 'NAME',
    schema: { type: 'string', minLength: 1, maxLength: 253, pattern: '\\{account\\}' },
    read: (text): ReadValue<string> => {
      if (!text.includes(ACCOUNT_PLACEHOLDER)) {
        const remedy = `put ${ACCOUNT_PLACEHOLDER} into it, for example grantd-${ACCOUNT_PLACEHOLDER}`;
        return {
          misfit: `${shown(text)} does not contain ${ACCOUNT_PLACEHOLDER}, and each account needs its own`,
          remedy,
        };
      }
      if (SUBDOMAIN.test(objectName(text, LONGEST_ACCOUNT))) return { value: text };
      return {
        misfit: `${shown(text)} cannot be the name of a Kubernetes object`,
        remedy:
          'write lower-case letters, digits, - and . only, with a letter or digit at both ends, 240 characters at most',
      };
    },
  };
}

/** The name for one account: `{account}` is replaced by its id. */
export function objectName(name: string, account: number | string): string {
  return name.replaceAll(ACCOUNT_PLACEHOLDER, String(account));
}

/** The name of a Kubernetes namespace. */
export function namespaceName(): Kind<string> {
  return {
    placeholder: 'NAME',
    schema: { type: 'string', minLength: 1, maxLength: 63 },
    read: (text) => {
      if (DNS_LABEL.test(text)) return { value: text };
      return {
        misfit: `${shown(text)} cannot be the name of a namespace`,
        remedy:
          'write lower-case letters, digits and - only, with a letter or digit at both ends, 63 characters at most',
      };
    },
  };
}

/** The address of the Kubernetes API. */
export function clusterAddress(): Kind<string> {
  return apiAddress('https://kubernetes.default.svc');
}
