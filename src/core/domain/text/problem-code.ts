/**
 * Every code of a problem, with its meaning in one line. The list is closed: docs/errors.md has a row for each code, and a
 * test compares both.
 */
export const PROBLEM_CODES = {
  // The text itself.
  'file-too-large': 'the file is over 1 MiB',
  'too-many-values': 'the file has over 200,000 words and marks, or over 400,000 with spaces and line ends',
  'binary-file': 'the file contains NUL bytes, so it is not text',
  'not-utf8': 'the file contains bytes that are not UTF-8',
  'control-character':
    'a character is invisible, looks like a space where YAML needs one, or changes the order of the displayed text',
  'empty-file': 'the file contains nothing but comments',
  'too-many-problems': 'there are more problems than grantd shows',

  // YAML that grantd reads more strictly than YAML itself.
  'yaml-syntax': 'the file is not valid YAML 1.2',
  'yaml-directive': 'a %YAML or %TAG line would change how the file is read',
  'yaml-tag': 'a value begins with !, which YAML reads as a tag',
  'yaml-alias': 'an anchor (&name) or an alias (*name) is used',
  'merge-key': 'the merge key << is used',
  'several-documents': 'the file contains more than one YAML document',
  'too-deep': 'lists and maps are nested more than 32 levels deep',
  'tab-indent': 'a line is indented with a tab',
  'duplicate-key': 'a key appears twice in one map',
  'ambiguous-number': 'a number is written in a way that tools read differently',
  'unsafe-integer': 'a number is too large to be read exactly',

  // Values that YAML silently reads as something else.
  'star-is-alias': 'a pattern begins with *, which YAML reads as an alias',
  'hash-cuts-text': 'YAML cuts a text at a # that follows a space',
  'hash-empties-value': 'a value begins with #, which YAML reads as a comment, so the value is empty',
  'comma-splits-text': 'a text contains a comma, so YAML reads two items',
  'colon-needs-space': 'no space follows a colon, so YAML reads the key and its value as one word',
  'space-after-colon': 'a space follows the colon of a text such as project:NAME, so YAML reads a map',
  'text-over-lines': 'a text continues on the next line',
  'unquoted-text': 'a text is not quoted, so YAML reads a number, a boolean, nothing or a list',

  // The shape that the schema asks for.
  'unknown-key': 'a key that does not exist',
  'missing-key': 'a required key is missing',
  'wrong-type': 'a value has the wrong type for its key',
  'bad-value': 'a value is not one of those allowed',
  'over-limit': 'a value is too long, too large or too small, or there are too many values',

  // Words of the policy language.
  'bad-name': 'the name of a group, role or token contains a character that names cannot contain',
  'bad-principal': 'not an e-mail, group:NAME or token:NAME',
  'pattern-not-allowed': 'a * is used where exactly one name is needed',
  'star-in-foreign-label': 'a * stands beside a character outside ASCII, or beside xn--, between two dots of a domain',
  'bad-resource': 'not written as a resource',
  'bad-id': 'an id is not a positive whole number up to 9007199254740991',
  'escaped-star': 'a backslash precedes a *; it does not escape it',
  'bad-date': 'not a date or a moment, or one that does not exist',
  'paused-not-last': '`paused` is not the last key of the file',

  // The files of a policy.
  'bad-include': 'an entry of `include` names no file, several, or one outside the directory of the root file',
  'included-twice': '`include` names a file or a team twice',
  'include-unreadable': 'an included file cannot be read',
  'complete-not-last': '`complete` is not the last key of an included file',
  'name-in-two-files': 'a group or role has the name of one in another file',
  'beyond-scope': 'a team file names something outside its `may`, or gives more than its `upTo`',

  // References and identities.
  'unknown-group': 'a group that is not declared',
  'unknown-role': 'a role that is not declared',
  'unknown-token': 'a token that is not declared',
  'group-cycle': 'a group contains itself',
  'groups-too-deep': 'groups are nested more than 32 deep',
  'too-many-members': 'the policy is too large once its groups are expanded',
  'similar-names': 'two names differ only by case',
  'email-spelled-twice': 'one e-mail is spelled in two ways',
  'id-used-twice': 'two tokens have the same access id or token id',

  // Contradictions that the text alone proves.
  'role-or-resource': 'a grant needs either a role, or a resource and a level',
  'until-before-from': 'a grant ends before it begins',
  'grants-ignored': 'a grant, role or group names what `ignore` lists',
  'except-below-grant': 'an `except` names something below a resource that the same entry still grants',
  'ends-protected': '`ends` names someone who is protected',
  'ends-ignored': '`ends` names someone who is ignored',
  'unlisted-missing': '`unlisted` is missing; only mode additive can do without it',
  'revoke-needs-authoritative': '`unlisted: revoke` in mode additive, which removes no access',
  'revokes-no-one': 'the list of `unlisted: { revoke: [] }` is empty',
  'never-broken': 'a grant breaks a `never` rule',
  'requirement-unmet': 'a grant lacks what `require` asks for',
  'requires-nothing': 'an entry of `require` asks for nothing',

  // Warnings.
  'unused-group': 'nothing refers to this group',
  'unused-role': 'no grant refers to this role',
  'listed-twice': 'one list contains the same entry twice',
  'looks-like-id': 'a name has only digits, so it looks like an id',
  'except-undone': 'another grant to the same principal cancels this `except`',
  'except-without-effect': 'an `except` drops nothing from its own entry',
  'except-takes-all': 'an `except` drops everything that its entry grants',
  'until-on-protected': 'an `until` applies to someone who is protected',
  'ends-in-additive': '`until` or `ends` in mode additive, which removes no access',
  'outside-manage': 'a grant names something that `manage` leaves out',
  'observes-ignored': '`observe` lists what `ignore` lists too, and `ignore` wins',
  'takes-nothing': 'no grant has begun in mode authoritative, so nothing is given and nothing is taken',
} as const;

/** One of `PROBLEM_CODES`. */
export type ProblemCode = keyof typeof PROBLEM_CODES;
