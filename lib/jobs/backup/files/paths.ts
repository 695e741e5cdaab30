/** What names a repository in Gitea's database. */
export interface Named {
  readonly owner: string;
  readonly name: string;
}

/** Where Gitea keeps a repository, below its folder of repositories: in lower case, whatever the names are. */
export const repositoryPath = ({ owner, name }: Named): string => `${owner.toLowerCase()}/${name.toLowerCase()}.git`;

/** And its wiki, which is there only once it has a page. */
export const wikiPath = ({ owner, name }: Named): string => `${owner.toLowerCase()}/${name.toLowerCase()}.wiki.git`;

/** Gitea gives no repository a name that ends with `.wiki`. */
export const isWiki = (path: string): boolean => path.endsWith('.wiki.git');

/** A path that this backup takes for one of a repository. Nothing in it leads out of the folder. */
export const isRepositoryPath = (path: string): boolean => /^(?!\.{1,2}\/)[\w.-]+\/[\w.-]+\.git$/.test(path);
