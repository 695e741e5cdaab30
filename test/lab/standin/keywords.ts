const CLOSES =
  /(?:^|[\s([])(?:close|closes|closed|fix|fixes|fixed|resolve|resolves|resolved):?\s#(\d+)(?=$|[\s)\]'"]|[:;,.?!](?:\s|$))/gi;

/** Numbers of the issues of the same repository that a commit message closes. */
export function closedBy(message: string): number[] {
  return [...message.matchAll(CLOSES)].map(([, index]) => Number(index));
}
