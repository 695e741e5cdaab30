/** What is read off Terraform's state (`terraform state pull`, format 4). It names things; no secret is in it. */
export interface StateSummary {
  /** Addresses of what is managed, a whole module as one: what `-target` takes. */
  readonly targets: readonly string[];
  /** Addresses of the root module's resources and of all in modules, each instance by itself. */
  readonly addresses: readonly string[];
  /** Instances whose making was cut off: Terraform would replace them. */
  readonly tainted: readonly string[];
  /** Size of the data volume in GiB. */
  readonly dataVolumeGiB?: number;
  /** The login key that the host was made with. */
  readonly publicKey?: string;
}

interface RawInstance {
  readonly index_key?: string | number;
  readonly status?: string;
  readonly attributes?: Readonly<Record<string, unknown>>;
}

interface RawResource {
  readonly module?: string;
  readonly mode?: string;
  readonly type?: string;
  readonly name?: string;
  readonly instances?: readonly RawInstance[];
}

/** Pure; an empty text is an empty state. */
export function readState(text: string): StateSummary {
  const raw = (text.trim() === '' ? {} : JSON.parse(text)) as { resources?: readonly RawResource[] };
  const managed = (raw.resources ?? []).filter(
    ({ mode, instances = [] }) => mode === 'managed' && instances.length > 0,
  );
  const each = managed.flatMap((resource) =>
    (resource.instances ?? []).map((instance) => ({ instance, address: addressOf(resource, instance) })),
  );
  const attributes = (address: string) => each.find((one) => one.address === address)?.instance.attributes;
  const size = attributes('aws_ebs_volume.data')?.size;
  const key = attributes('aws_key_pair.operator')?.public_key;
  return {
    targets: [...new Set(managed.map(({ module, type, name }) => topModule(module) ?? `${type}.${name}`))].sort(),
    addresses: each.map(({ address }) => address).sort(),
    tainted: each.filter(({ instance }) => instance.status === 'tainted').map(({ address }) => address),
    ...(typeof size === 'number' ? { dataVolumeGiB: size } : {}),
    ...(typeof key === 'string' && key !== '' ? { publicKey: key } : {}),
  };
}

function addressOf({ module, type, name }: RawResource, { index_key: key }: RawInstance): string {
  const index = key === undefined ? '' : `[${JSON.stringify(key)}]`;
  return `${module === undefined ? '' : `${module}.`}${type}.${name}${index}`;
}

/** "module.vpc" of "module.vpc.module.inner[0]". */
const topModule = (module: string | undefined) =>
  module === undefined ? undefined : /^module\.[^.[]+/.exec(module)?.[0];
