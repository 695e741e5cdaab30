/** The one part of a form with a file that a name stands for. */

export interface Part {
  filename: string;
  content: Buffer;
}

/** Undefined where the body has no file of that name, or is no form. */
export function filePart(body: Buffer, contentType: string, name: string): Part | undefined {
  const boundary = /^multipart\/form-data;.*boundary="?([^";]+)"?/i.exec(contentType)?.[1];
  if (boundary === undefined) return undefined;
  const mark = Buffer.from(`--${boundary}`);
  for (let at = body.indexOf(mark); at >= 0; ) {
    const next = body.indexOf(mark, at + mark.length);
    if (next < 0) return undefined;
    const part = body.subarray(at + mark.length + 2, next - 2);
    const head = part.indexOf('\r\n\r\n');
    const said = /^content-disposition: *form-data;(.*)$/im.exec(part.subarray(0, Math.max(head, 0)).toString())?.[1];
    const filename = /\bfilename="([^"]*)"/.exec(said ?? '')?.[1];
    if (filename !== undefined && / name="([^"]*)"/.exec(said ?? '')?.[1] === name)
      return { filename, content: Buffer.from(part.subarray(head + 4)) };
    at = next;
  }
  return undefined;
}
