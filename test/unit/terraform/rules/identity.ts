import { at, type Body, list, type Module, strings } from '../module.ts';
import type { Rule } from '../policy.ts';
import { allowed, arn, denied, policies } from './rights.ts';

const statementsOf = (module: Module, local: string) => list(at(module.locals[local], 'Statement')) as Body[];
const words = (value: unknown) => list(value).map(String);

const each = (check: (statement: Body, local: string) => readonly string[]): Rule['check'] => {
  return (module) =>
    Object.keys(allowed).flatMap((local) =>
      statementsOf(module, local).flatMap((statement) =>
        check(statement, local).map((said) => [`local.${local}`, said] as const),
      ),
    );
};

const allows = ({ Effect }: Body) => Effect !== 'Deny';

export const identityRules: readonly Rule[] = [
  {
    id: 'policies-are-data',
    check: ({ resources }) =>
      Object.entries(resources).flatMap(([where, body]) => {
        const [argument = 'policy', local] = policies[where] ?? [];
        const given = ['policy', 'assume_role_policy', 'inline_policy'].filter((key) => key in body);
        const right =
          local === undefined
            ? given.length === 0
            : given.join() === argument && body[argument] === `\${jsonencode(local.${local})}`;
        return right ? [] : [[where, 'has a policy that no rule can read'] as const];
      }),
  },
  {
    id: 'no-wildcard-action',
    check: each((statement) =>
      allows(statement)
        ? words(statement.Action)
            .filter((action) => /[*?]/.test(action))
            .map((action) => `allows ${action}`)
        : [],
    ),
  },
  {
    id: 'no-wildcard-resource',
    check: each((statement, local) =>
      allows(statement) && local !== 'session_manager_policy'
        ? words(statement.Resource)
            .filter((one) => /^\*|^arn:[^$]*\*$|:\*$/.test(one))
            .map((one) => `allows something on ${one}`)
        : [],
    ),
  },
  {
    id: 'nothing-turned-round',
    check: each((statement) =>
      ['NotAction', 'NotResource', 'NotPrincipal']
        .filter((key) => key in statement)
        .map((key) => `${key} allows all but what it names`),
    ),
  },
  {
    id: 'only-these-rights',
    check: each((statement, local) =>
      allows(statement)
        ? words(statement.Action).flatMap((action) =>
            words(statement.Resource)
              .filter((resource) => !allowed[local]?.[action]?.includes(resource))
              .concat(allowed[local]?.[action] === undefined && statement.Resource === undefined ? ['everything'] : [])
              .map((resource) => `${action} on ${resource} is more than is needed`),
          )
        : [],
    ),
  },
  {
    id: 'all-these-rights',
    check: (module) =>
      Object.entries(allowed).flatMap(([local, wanted]) => {
        const given = statementsOf(module, local).filter(allows);
        return Object.entries(wanted).flatMap(([action, resources]) => {
          const on = given.filter((statement) => words(statement.Action).includes(action));
          if (on.length === 0) return [[`local.${local}`, `${action} is missing`] as const];
          return resources
            .filter((resource) => !on.some((statement) => words(statement.Resource).includes(resource)))
            .map((resource) => [`local.${local}`, `${action} on ${resource} is missing`] as const);
        });
      }),
  },
  {
    id: 'protection-stays',
    check: (module) => {
      const denials = statementsOf(module, 'backup_policy').filter(
        ({ Effect, Resource, Condition }) =>
          Effect === 'Deny' &&
          Condition === undefined &&
          JSON.stringify(Resource) === JSON.stringify([arn, `${arn}/*`]),
      );
      const all = denials.flatMap(({ Action }) => words(Action));
      return denied
        .filter((action) => !all.includes(action))
        .map((action) => ['local.backup_policy', `${action} is not denied`]);
    },
  },
  {
    id: 'only-the-instance-takes-the-role',
    check: each((statement, local) =>
      local !== 'host_trust' || JSON.stringify(statement.Principal) === '{"Service":"ec2.amazonaws.com"}'
        ? []
        : [`${JSON.stringify(statement.Principal)} may take the role of the host`],
    ),
  },
  {
    id: 'session-manager-on-request',
    check: ({ resources }) =>
      resources['aws_iam_role_policy.session_manager']?.count === '${var.access == "ssm" ? 1 : 0}'
        ? []
        : [['aws_iam_role_policy.session_manager', 'is there without access = ssm']],
  },
  {
    id: 'no-ready-made-policy',
    check: ({ resources, locals }) =>
      Object.entries({ ...resources, locals })
        .filter(
          ([where, body]) =>
            /policy_attachment/.test(where) ||
            'managed_policy_arns' in body ||
            strings(body).some((text) => /:iam::aws:policy\/|FullAccess/.test(text)),
        )
        .map(([where]) => [where, 'a policy of AWS gives more than is needed, and changes by itself']),
  },
];
