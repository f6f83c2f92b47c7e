/** Reads `generated.proto` files: which messages exist and which numbers their fields have. Only used to check the Go tags. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Message → field → number. Empty when the folder has no protobuf. */
export function readProtoNumbers(root: string, folder: string): Map<string, Map<string, string>> {
  const messages = new Map<string, Map<string, string>>();
  const file = join(root, folder, 'generated.proto');
  if (!existsSync(file)) return messages;
  for (const [, name = '', body = ''] of readFileSync(file, 'utf8').matchAll(/^message (\w+) \{\n([\s\S]*?)^\}/gm)) {
    const fields = new Map<string, string>();
    for (const [, field = '', number = ''] of body.matchAll(
      /^ {2}(?:optional|repeated|map<[^>]*>)\s*[\w.]*\s*(\w+) = (\d+);/gm,
    ))
      fields.set(field, number);
    messages.set(name, fields);
  }
  return messages;
}
