/** The end of the string that begins at `at` (at its quote): the position behind the closing quote. */
export function endOfString(text: string, at: number): number {
  let end = at + 1;
  while (text[end] !== '"') end += text[end] === "\\" ? 2 : 1;
  return end + 1;
}

/** The members of a stored array or object as they stand there: `1`, `"a":2`. */
export function members(stored: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 1;
  for (let at = 1; at < stored.length - 1;) {
    const letter = stored[at]!;
    if (letter === '"') {
      at = endOfString(stored, at);
      continue;
    }
    if (letter === "{" || letter === "[") depth += 1;
    else if (letter === "}" || letter === "]") depth -= 1;
    else if (letter === "," && depth === 0) {
      parts.push(stored.slice(start, at));
      start = at + 1;
    }
    at += 1;
  }
  if (stored.length > 2) parts.push(stored.slice(start, -1));
  return parts;
}

/** Key and value of an object's members, keys without their quotes. */
export function entries(stored: string): (readonly [string, string])[] {
  return members(stored).map((member) => {
    const end = endOfString(member, 0);
    return [JSON.parse(member.slice(0, end)) as string, member.slice(end + 1)] as const;
  });
}

export function arrayOf(elements: readonly string[]): string {
  return `[${elements.join(",")}]`;
}
