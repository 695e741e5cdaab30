// Images that a person brings along as `docker save` archives in the folder LAB_IMAGES.
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { type Context, phase } from './context.ts';
import type { Docker } from './docker.ts';
import type { LabImage, Role } from './images.ts';
import { LabError } from './process.ts';

const ARCHIVE = /\.(tar|tgz|tar\.(gz|xz|bz2|zst))$/;
const LOAD_LIMIT = 600;
export const ROLES: readonly Role[] = ['gitea', 'postgres', 'nginx', 'certbot', 'restic'];

/** Which part an image plays, by its repository; undefined for an image the lab has no use for. */
export function roleOf(repository: string): Role | undefined {
  const name = repository.split('/').pop();
  return ROLES.find((role) => role === name);
}

/** Orders tags by the numbers in them, newest first: 28.0.0 before 1.27.3 before 1.27.3-rc1. */
export function newestFirst(a: string, b: string): number {
  const numbers = (tag: string) => (/\d+(\.\d+)*/.exec(tag)?.[0] ?? '0').split('.').map(Number);
  const [left, right] = [numbers(a), numbers(b)];
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = (right[i] ?? 0) - (left[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return Number(/-(rc|dev|beta|nightly)/.test(a)) - Number(/-(rc|dev|beta|nightly)/.test(b));
}

/** The name under which the lab's registry offers an image, as a config names it. */
export function offeredAs(role: Role, tag: string): string {
  if (role === 'gitea') return `gitea/gitea:${tag.includes('-rootless') ? tag : `${tag}-rootless`}`;
  return role === 'certbot' || role === 'restic' ? `${role}/${role}:${tag}` : `${role}:${tag}`;
}

/** Loads every archive of the folder; of several versions of one part the newest is used (Gitea: LAB_GITEA picks one by its tag). */
export async function loadArchives(context: Context, docker: Docker, folder: string): Promise<LabImage[]> {
  const next =
    'make one with: docker save --output gitea.tar gitea/gitea:1.27.3-rootless, and set LAB_IMAGES to its folder';
  const names = await readdir(folder).catch((cause) => {
    throw new LabError(`cannot read the folder LAB_IMAGES=${folder}: ${cause.code}`, next, { cause });
  });
  const archives = names.filter((name) => ARCHIVE.test(name)).sort();
  if (archives.length === 0)
    throw new LabError(`no image archive (*.tar, *.tar.gz, …) lies in LAB_IMAGES=${folder}`, next);
  const images: LabImage[] = [];
  for (const name of archives) {
    const file = path.join(folder, name);
    const output = await phase(context, 'image:load', `loading ${file}`, () =>
      docker.run(['load', '--input', file], { timeout: LOAD_LIMIT }),
    );
    const tags = [...output.matchAll(/^Loaded image: (\S+)$/gm)].map((match) => match[1] as string);
    if (tags.length === 0) {
      throw new LabError(
        `${file} holds no tagged image: the lab knows images by their tags`,
        `save it by its name, not by its id: ${next}`,
      );
    }
    for (const local of tags) {
      const image = await describe(docker, local, file);
      if (image) images.push(image);
    }
  }
  return choose(images);
}

async function describe(docker: Docker, local: string, file: string): Promise<LabImage | undefined> {
  const at = local.lastIndexOf(':');
  const role = roleOf(local.slice(0, at));
  if (!role) return undefined;
  if (role === 'gitea') {
    const user = await docker.run(['image', 'inspect', '--format', '{{.Config.User}}', local]);
    if (!/^1000(:|$)/.test(user)) {
      throw new LabError(
        `${local} in ${file} is not a rootless image of Gitea (it runs as "${user || 'root'}", not as 1000:1000)`,
        'save the tag that ends in -rootless: the runbooks deploy that one only',
      );
    }
  }
  const note = `from ${path.basename(file)}`;
  return { role, ref: offeredAs(role, local.slice(at + 1)), kind: 'real', note, used: false, local };
}

/** Marks the one image a part that the lab's config uses. */
export function choose(images: LabImage[]): LabImage[] {
  const tag = (image: LabImage) => image.ref.slice(image.ref.lastIndexOf(':') + 1);
  const sorted = [...images].sort((a, b) => newestFirst(tag(a), tag(b)));
  const wanted = process.env.LAB_GITEA;
  if (wanted && sorted.some((image) => image.role === 'gitea')) {
    const ref = offeredAs('gitea', wanted);
    if (!sorted.some((image) => image.ref === ref)) {
      const there = sorted.filter((image) => image.role === 'gitea').map(tag);
      throw new LabError(`LAB_GITEA=${wanted} is not among the archives`, `choose one of: ${there.join(', ')}`);
    }
    sorted.sort((a, b) => Number(b.ref === ref) - Number(a.ref === ref));
  }
  const seen = new Set<Role>();
  return sorted.map((image) => {
    const used = !seen.has(image.role);
    seen.add(image.role);
    return { ...image, used };
  });
}
