/** One change to the real files after which the rule must find something. */
export interface Broken {
  readonly rule: string;
  readonly file: string;
  /** Text that is there once; without it, `to` is added to the file's end. */
  readonly from?: string;
  readonly to: string;
}

export const cut = (rule: string, file: string, from: string): Broken => ({ rule, file, from, to: '' });
export const put = (rule: string, file: string, from: string, to: string): Broken => ({ rule, file, from, to });
export const add = (rule: string, file: string, to: string): Broken => ({ rule, file, to });
