// One colour per bot. It comes from the name, so that a bot looks the same on every page
// unless another bot of that page has the same hue by chance.

export const hueCount = 8;

/** A hue for each name; names that would share one move on to the next free hue while there are any. */
export function assignHues(names: Iterable<string>): Map<string, number> {
  const hues = new Map<string, number>();
  const taken = new Set<number>();
  for (const name of [...new Set(names)].sort()) {
    let hue = hashOf(name) % hueCount;
    for (let tries = 0; tries < hueCount && taken.has(hue); tries++) hue = (hue + 1) % hueCount;
    taken.add(hue);
    hues.set(name, hue);
  }
  return hues;
}

/** FNV-1a. */
function hashOf(name: string): number {
  let hash = 0x811c9dc5;
  for (const character of name) hash = Math.imul(hash ^ character.codePointAt(0)!, 0x01000193);
  return hash >>> 0;
}
