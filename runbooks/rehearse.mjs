#!/usr/bin/env zx
// See it all happen on this machine: a disposable host, the real deploy over SSH, a timed report, and nothing left behind.
import { RunbookError, runbook } from 'gitea-runbooks';
import { LabError, lower, open, raise, rehearse, renderRehearsal, status } from '../dist/lab.js';

const seconds = (ms) => (ms === undefined ? '' : ` (${(ms / 1000).toFixed(1)} s)`);

await runbook({
  name: 'rehearse',
  purpose: 'Raise a disposable lab on this machine, deploy onto its bare host over SSH, check, report, take it down.',
  words: { show: '[up|down|status]', most: 1, choices: ['up', 'down', 'status'] },
  flags: { keep: { describe: 'leave the lab up, to look around and to try the other runbooks on it' } },
  examples: ['npm run rehearse', 'npm run rehearse -- --keep', 'npx zx runbooks/rehearse.mjs down'],
  exitCodes: [
    'configInvalid',
    'locked',
    'hostUnreachable',
    'hostKeyMismatch',
    'credentialsRefused',
    'changeFailed',
    'checkFailed',
    'refused',
  ],
  async main({ flags, words: [word], signal, onEvent }) {
    const say = (text) => text && onEvent({ type: 'step', text });
    const onLab = ({ phase, text, ms }) => say(`${phase}: ${text}${seconds(ms)}`);
    try {
      if (word === 'down') return await lower().then(() => ({ text: 'The lab is down.', json: { up: false } }));
      if (word === 'status') {
        const found = await status();
        const lines = found.containers.map(({ name, state }) => `  ${name}  ${state}`);
        return { text: [`The lab is ${found.up ? 'up' : 'down'}.`, ...lines].join('\n'), json: found };
      }
      const started = performance.now();
      const lab = (await open()) ?? (await raise({ signal }, onLab));
      const raised = performance.now() - started;
      const around = [
        `The lab is up. Config for every runbook: --config ${lab.configPath}`,
        `Open ${lab.url} (add to /etc/hosts: ${lab.hosts[0].address} ${lab.domain}; trust ${lab.caPath})`,
        'Take it down: npx zx runbooks/rehearse.mjs down',
      ].join('\n');
      if (word === 'up') return { text: around, json: { config: lab.configPath, url: lab.url } };
      try {
        const result = await rehearse(lab, say, signal);
        const text = [renderRehearsal(result, raised), ...(flags.keep ? ['', around] : [])].join('\n');
        return { text, json: { raised, ...result }, exit: result.ok ? 'done' : 'checkFailed' };
      } finally {
        if (!flags.keep) await lab.lower();
      }
    } catch (error) {
      if (!(error instanceof LabError)) throw error;
      throw new RunbookError('changeFailed', {
        what: error.message.split('\nNext: ')[0],
        where: 'lab',
        next: error.next,
      });
    }
  },
});
