import { crc32, deflateRawSync } from 'node:zlib';

/** A ZIP archive of files (APPNOTE 6.3.3 §4.3), stored as they are or deflated; `claimed`: what it says they unpack to, in bytes. */
export function zip(
  files: Readonly<Record<string, string | Uint8Array>>,
  { deflate = false, claimed }: { readonly deflate?: boolean; readonly claimed?: number } = {},
): Buffer<ArrayBuffer> {
  const bodies: Buffer[] = [];
  const entries: Buffer[] = [];
  let offset = 0;
  for (const [name, content] of Object.entries(files)) {
    const whole = Buffer.from(content);
    const body = deflate ? deflateRawSync(whole) : whole;
    const path = Buffer.from(name);
    const header = Buffer.alloc(26);
    header.writeUInt16LE(20, 0);
    header.writeUInt16LE(deflate ? 8 : 0, 4);
    header.writeUInt32LE(crc32(whole), 10);
    header.writeUInt32LE(body.length, 14);
    header.writeUInt32LE(claimed ?? whole.length, 18);
    header.writeUInt16LE(path.length, 22);
    bodies.push(signed(0x04034b50), header, path, body);
    const where = Buffer.alloc(14);
    where.writeUInt32LE(offset, 10);
    entries.push(signed(0x02014b50), Buffer.from([20, 0]), header, where, path);
    offset += 4 + header.length + path.length + body.length;
  }
  const list = Buffer.concat(entries);
  const count = Object.keys(files).length;
  const end = Buffer.alloc(18);
  end.writeUInt16LE(count, 4);
  end.writeUInt16LE(count, 6);
  end.writeUInt32LE(list.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...bodies, list, signed(0x06054b50), end]);
}

function signed(signature: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(signature);
  return bytes;
}
