/**
 * Every code a problem may carry, with one line on what it means. The list is closed: docs/errors.md has a row for each,
 * and a test compares both ways.
 */
export const PROBLEM_CODES = {
  // The text itself.
  'file-too-large': 'the text is over 1 MiB',
  'binary-file': 'the text holds NUL bytes, so it is not text',
  'not-utf8': 'the text holds bytes that are not UTF-8',
  'control-character': 'the text holds a character that is invisible or that reorders what is read',
  'empty-file': 'the text holds nothing but comments',
  'too-many-problems': 'more was found than is shown',

  // YAML that grantd reads more strictly than YAML itself.
  'yaml-syntax': 'the text is not YAML 1.2',
  'yaml-directive': 'a %YAML or %TAG line would change how the text is read',
  'yaml-tag': 'a value begins with !, which YAML reads as a tag',
  'yaml-alias': 'an anchor (&name) or an alias (*name) is used',
  'merge-key': 'the merge key << is used',
  'several-documents': 'the file holds more than one document',
  'too-deep': 'lists and maps are nested deeper than 32 levels',
  'tab-indent': 'a line is indented with a tab',
  'duplicate-key': 'a key stands twice in one map',
  'ambiguous-number': 'a number is spelled in a way that tools read differently',
  'unsafe-integer': 'a number is too large to be read exactly',

  // Values that YAML silently reads as something else.
  'star-is-alias': 'a pattern that begins with * is read as an alias',
  'hash-cuts-text': 'a text is cut at a # that follows a space',
  'hash-empties-value': 'a value that begins with # is read as a comment, so nothing is left',
  'comma-splits-text': 'a text with a comma is read as two items',
  'colon-needs-space': 'a key and its value are read as one word, because no space follows the colon',
  'space-after-colon': 'a text such as project:NAME is read as a map, because a space follows the colon',
  'text-over-lines': 'a text runs on into the next line',
  'unquoted-text': 'a text is read as a number, a boolean, nothing or a list, because it is not quoted',

  // The shape that the schema asks for.
  'unknown-key': 'a key that does not exist',
  'missing-key': 'a key that is required is not there',
  'wrong-type': 'a value is of another kind than its key needs',
  'bad-value': 'a value is none of those allowed',
  'over-limit': 'a value is too long, too large, too small, or there are too many of them',

  // Words of the policy language.
  'bad-name': 'the name of a group, role or token is not spelled as names are',
  'bad-principal': 'neither an e-mail nor group:NAME nor token:NAME',
  'pattern-not-allowed': 'a * stands where only one name may stand',
  'bad-resource': 'not spelled as resources are',
  'bad-id': 'an id that is no positive whole number up to 9007199254740991',
  'escaped-star': 'a backslash stands before a *, which it does not escape',
  'bad-date': 'not a date or a moment, or one that does not exist',
  'paused-not-last': '`paused` is not the last key of the file',

  // References and identities.
  'unknown-group': 'a group that is not declared',
  'unknown-role': 'a role that is not declared',
  'unknown-token': 'a token that is not declared',
  'group-cycle': 'a group contains itself',
  'groups-too-deep': 'groups nest more than 32 deep',
  'similar-names': 'two names differ only by case',
  'email-spelled-twice': 'one e-mail is spelled in two ways',
  'id-used-twice': 'an access or token id is used for two tokens',

  // Contradictions that the text alone proves.
  'role-or-resource': 'a grant does not name either a role, or a resource and a level',
  'until-before-from': 'a grant ends before it begins',
  'grants-ignored': 'an entry names what is ignored',
  'except-below-grant': 'an `except` below what its own entry still grants',
  'ends-protected': '`ends` names somebody who is protected',
  'ends-ignored': '`ends` names somebody who is ignored',
  'revoke-needs-authoritative': '`unlisted: revoke` outside mode authoritative',
  'never-broken': 'a grant breaks a `never` rule',

  // Warnings.
  'unused-group': 'a group that nothing refers to',
  'unused-role': 'a role that no grant refers to',
  'listed-twice': 'the same entry stands twice in one list',
  'looks-like-id': 'a name that consists of digits only, so it looks like an id',
  'except-undone': 'an `except` that another grant to the same principal undoes',
  'except-without-effect': 'an `except` that drops nothing of its own entry',
  'except-takes-all': 'an `except` that drops everything that its entry grants',
  'until-on-protected': 'an `until` for somebody who is protected',
  'ends-in-additive': '`until` or `ends` in mode additive, which takes nothing away',
  'outside-manage': 'a grant on what `manage` leaves out',
} as const;

export type ProblemCode = keyof typeof PROBLEM_CODES;
