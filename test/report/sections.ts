/**
 * A text beside another one: of each section that the other has word for word, only the first line, after an equals sign.
 * Sections are parted by empty lines.
 */
export function beside(other: string, text: string): string {
  const known = new Set(other.split('\n\n'));
  return text
    .split('\n\n')
    .map((section) => (known.has(section) ? section.replace(/^(.*)\n[\s\S]*$/, '= $1') : section))
    .join('\n\n');
}
