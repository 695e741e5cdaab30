export { firewall } from './firewall.ts';
export { removeSettings, sshd } from './sshd.ts';
