/** Bytes for people: "512 B", "1.5 KiB", "12 GiB". */
export function size(bytes: number): string {
  const steps = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let value = bytes;
  let step = 0;
  for (; value >= 1024 && step < steps.length - 1; step++) value /= 1024;
  return `${value < 10 && step > 0 ? value.toFixed(1) : Math.round(value)} ${steps[step]}`;
}
