/** One @, and nothing that separates or hides: stricter than mail itself, and no account shows another. */
const EMAIL = /^[^@,;:<>()[\]"`\\*\p{C}\p{Z}\p{Pi}\p{Pf}]+@[^@,;:<>()[\]"`\\*\p{C}\p{Z}\p{Pi}\p{Pf}]+$/u;

/** Whether a policy can name this address. */
export function isEmailText(text: string): boolean {
  return EMAIL.test(text) && !mixesScripts(text);
}

/** A Cyrillic or Greek letter among Latin ones, in one part of an address, looks like one of them, and is another address. */
export function mixesScripts(text: string): boolean {
  return text
    .split(/[@.]/)
    .some((part) => /\p{Script=Latin}/u.test(part) && /[\p{Script=Cyrillic}\p{Script=Greek}]/u.test(part));
}
