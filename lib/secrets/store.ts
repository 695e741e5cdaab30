/**
 * Where secret values are kept between runs, on the operator's side. `load` gives all of them (an empty record for a
 * store that does not exist yet); `save` replaces them as a whole and must be atomic: the old record or the new one.
 */
export interface SecretStore {
  /** For messages, for example the path of the file. */
  readonly label: string;
  load(): Promise<Readonly<Record<string, string>>>;
  save(values: Readonly<Record<string, string>>): Promise<void>;
}
