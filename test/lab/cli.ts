// The lab from a shell, for work on the lab itself: node --import tsx test/lab/cli.ts up|down|status|exec HOST SCRIPT.
import { LabCancelled, LabError, type LabEvent, lower, open, raise, status } from './lab.ts';

const show = ({ phase, text, ms }: LabEvent) =>
  process.stderr.write(`${phase.padEnd(18)} ${text}${ms === undefined ? '' : ` (${(ms / 1000).toFixed(1)} s)`}\n`);

async function main([command, ...rest]: string[]): Promise<number> {
  if (command === 'up') {
    const lab = await raise({ keep: rest.includes('--keep') }, show);
    for (const image of lab.images)
      process.stdout.write(`${image.ref.padEnd(34)} ${image.kind.padEnd(13)} ${image.note}\n`);
    process.stdout.write(`config ${lab.configPath}\nurl    ${lab.url}\n`);
    return 0;
  }
  if (command === 'down') {
    await lower();
    return 0;
  }
  if (command === 'status') {
    process.stdout.write(`${JSON.stringify(await status(), null, 2)}\n`);
    return 0;
  }
  const lab = await open();
  if (command === 'exec' && lab) {
    const result = await lab.exec(rest[0] as string, rest.slice(1).join(' '));
    process.stdout.write(result.stdout);
    process.stderr.write(result.stderr);
    return result.code;
  }
  process.stderr.write('usage: cli.ts up | down | status | exec HOST SCRIPT (the lab must be up for exec)\n');
  return 1;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error instanceof LabError ? error.message : (error as Error).stack}\n`);
  process.exitCode = error instanceof LabCancelled ? 130 : 1;
}
