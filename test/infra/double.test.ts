// The double is as strict as Terraform where infra could go wrong. Each of these was seen from the real one, 1.15.9.
import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import t, { type Test } from 'tap';
import { setUpApplied } from './setup.ts';

t.setTimeout(120_000);

async function at(t: Test) {
  const run = await setUpApplied(t);
  const cwd = run.work;
  const terraform = async (words: string, env: Record<string, string> = {}) => {
    const options = { cwd, env: { ...run.env, ...env } };
    const ended = await promisify(execFile)('terraform', words.split(' '), options).then(
      ({ stdout }) => ({ code: 0, stdout, stderr: '' }),
      (error) => error as { code: number; stdout: string; stderr: string },
    );
    const lines = ended.stdout.split('\n').filter((line) => line.startsWith('{"@'));
    const errors = lines.map((line) => JSON.parse(line).diagnostic?.summary).filter(Boolean);
    return { ...ended, errors };
  };
  const variables = (change: (values: Record<string, unknown>) => void) => {
    const path = join(cwd, 'terraform.tfvars.json');
    const values = JSON.parse(readFileSync(path, 'utf8'));
    change(values);
    writeFileSync(path, JSON.stringify(values));
  };
  return { ...run, cwd, terraform, variables };
}

t.test('command lines', async (t) => {
  const { terraform } = await at(t);
  t.match(await terraform('plan -bogus'), { code: 1, stderr: /flag provided but not defined: -bogus/ });
  t.match(await terraform('paln'), { code: 1, stderr: /no command named "paln"/ });
  t.match(await terraform('apply -json -input=false none.tfplan'), {
    code: 1,
    errors: ['Failed to load "none.tfplan" as a plan file'],
  });
  t.match(await terraform('show -json none.tfplan'), { code: 1 });
});

t.test('a folder that is not initialised, or for another backend', async (t) => {
  const { terraform, cwd } = await at(t);
  const path = join(cwd, 'gitea-runbooks_override.tf.json');
  writeFileSync(path, readFileSync(path, 'utf8').replace('terraform.tfstate', 'other.tfstate'));
  const wanted = 'Backend initialization required, please run "terraform init"';
  t.match(await terraform('plan -json'), { code: 1, errors: [wanted] });
  writeFileSync(path, readFileSync(path, 'utf8').replace(/"bucket": "[^"]*"/, '"bucket": "nobodys"'));
  t.match(await terraform('init -json -reconfigure'), { code: 1, errors: [/S3 bucket/] });
});

t.test('variables', async (t) => {
  const { terraform, variables } = await at(t);
  variables((values) => {
    values.bogus = 1;
  });
  t.match(await terraform('plan -json'), { code: 0, errors: ['Value for undeclared variable'] });
  variables((values) => {
    delete values.bogus;
    delete values.domain;
    values.data_volume_gib = '50';
    values.name = null;
  });
  const { code, errors } = await terraform('plan -json');
  t.equal(code, 1);
  t.same(errors.sort(), [
    'Invalid value for input variable',
    'No value for required variable',
    'Required variable not set',
  ]);
});

t.test('infra gives every variable, and none that is not declared', async (t) => {
  const { terraform } = await at(t);
  t.match(await terraform('plan -json -detailed-exitcode'), { code: 0, errors: [] });
});

t.test('protection, overrides and exit codes', async (t) => {
  const { terraform, cwd } = await at(t);
  t.match(await terraform('plan -json -destroy'), {
    code: 1,
    errors: Array.from({ length: 10 }, () => 'Instance cannot be destroyed'),
  });
  t.match(await terraform('plan -json -destroy -target=aws_instance.host -detailed-exitcode'), { code: 2, errors: [] });
  const lifted = { resource: { aws_ebs_volume: { data: { lifecycle: { prevent_destroy: false } } } } };
  writeFileSync(join(cwd, 'x_override.tf.json'), JSON.stringify(lifted));
  t.match(await terraform('plan -json -replace=aws_ebs_volume.data -detailed-exitcode'), { code: 2, errors: [] });
});

t.test('a saved plan: once, and with the ephemeral values that it was made with', async (t) => {
  const { terraform, variables } = await at(t);
  variables((values) => {
    values.data_volume_gib = 60;
  });
  const key = { TF_VAR_host_key: 'k' };
  t.match(await terraform('plan -json -out=p.tfplan', key), { code: 0 });
  t.match(await terraform('apply -json p.tfplan'), { code: 1, errors: ['No value for required variable'] });
  t.match(await terraform('apply -json p.tfplan', key), { code: 0 });
  t.match(await terraform('apply -json p.tfplan', key), { code: 1, errors: ['Saved plan is stale'] });
});

t.test('the lock', async (t) => {
  const { terraform, lockFile } = await at(t);
  mkdirSync(join(lockFile, '..'), { recursive: true });
  writeFileSync(lockFile, JSON.stringify({ ID: 'one', Who: 'alice' }));
  t.match(await terraform('plan -json'), { code: 1, errors: ['Error acquiring the state lock'] });
  t.match(await terraform('plan -json -lock=false'), { code: 0 });
  t.match(await terraform('untaint aws_eip.host'), { code: 1 });
  t.match(await terraform('force-unlock -force two'), { code: 1 });
  t.match(await terraform('force-unlock -force one'), { code: 0 });
  t.match(await terraform('untaint aws_eip.host'), { code: 1, stderr: /not currently tainted/ });
});
