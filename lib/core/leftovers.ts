/** Whether a name belongs to a stem: it is called like it, or like it with a dot and more. */
export const belongsTo = (name: string, stem: string): boolean => name === stem || name.startsWith(`${stem}.`);
