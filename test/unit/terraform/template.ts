/** Fills a template file as Terraform's `templatefile` does, as far as ours go: plain names. Throws for anything else in it. */
export function renderTemplate(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/(\$\$|%%)\{|[$%]\{([^}]*)\}/g, (found, escaped: string | undefined, name: string = '') => {
    if (escaped !== undefined) return `${escaped[0]}{`;
    const value = found.startsWith('$') ? values[name] : undefined;
    if (value === undefined) throw new Error(`the template has ${found}`);
    return value;
  });
}
