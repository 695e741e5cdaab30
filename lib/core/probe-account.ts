/** The account that the checks from outside sign in with. Whose repository they push to; it sees nothing of anyone else. */
export const probeUser = 'runbooks-probe';

export const probeEmail = (domain: string): string => `${probeUser}@${domain}`;
