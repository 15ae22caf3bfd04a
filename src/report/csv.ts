/** A field of a CSV, quoted as RFC 4180 says where a comma, a quote or a line break would be misread; empty for null. */
export function csvField(value: string | number | null): string {
  const text = value === null ? "" : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
