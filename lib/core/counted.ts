/** A number with its noun, as people write it: `1 repository`, `2 repositories`. Pure. */
export const counted = (count: number, one: string, many = `${one}s`) => `${count} ${count === 1 ? one : many}`;
