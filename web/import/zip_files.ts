/** The parts of a Shapefile, as the ends of their names. */
const parts = /\.(shp|shx|dbf|prj|cpg)$/i;

/**
 * What is to be sent of the files that were chosen together: the one, or the parts of a Shapefile as one archive.
 * Undefined where they are several and no Shapefile.
 */
export async function oneFile(files: readonly File[]): Promise<File | undefined> {
  const [first] = files;
  if (first && files.length === 1) return first;
  const shape = files.find(({ name }) => /\.shp$/i.test(name));
  const stem = (name: string) => name.replace(parts, '').toLowerCase();
  if (!shape || !files.every(({ name }) => parts.test(name) && stem(name) === stem(shape.name))) return undefined;
  return new File([await zipped(files)], shape.name.replace(/\.shp$/i, '.zip'));
}

/** A ZIP archive of files, stored as they are (APPNOTE 6.3.3 §4.3). */
async function zipped(files: readonly File[]): Promise<Blob> {
  const bodies: BlobPart[] = [];
  const directory: BlobPart[] = [];
  let offset = 0;
  let directoryBytes = 0;
  for (const file of files) {
    const body = new Uint8Array(await file.arrayBuffer());
    const name = new TextEncoder().encode(file.name);
    const shared = header(crc32(body), body.length, name.length);
    const local = joined(bytes32(0x04034b50), shared, name);
    const entry = joined(
      bytes32(0x02014b50),
      new Uint8Array([20, 0]),
      shared,
      new Uint8Array(10),
      bytes32(offset),
      name,
    );
    bodies.push(local, body);
    directory.push(entry);
    offset += local.length + body.length;
    directoryBytes += entry.length;
  }
  const end = new DataView(new ArrayBuffer(18));
  end.setUint16(4, files.length, true);
  end.setUint16(6, files.length, true);
  end.setUint32(8, directoryBytes, true);
  end.setUint32(12, offset, true);
  return new Blob([...bodies, ...directory, bytes32(0x06054b50), end.buffer]);
}

/** What the header before a file and its entry in the directory share: 26 bytes. */
function header(crc: number, size: number, nameBytes: number): Uint8Array<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(26));
  view.setUint16(0, 20, true);
  view.setUint16(2, 0x0800, true); // names are UTF-8
  view.setUint32(10, crc, true);
  view.setUint32(14, size, true);
  view.setUint32(18, size, true);
  view.setUint16(22, nameBytes, true);
  return new Uint8Array(view.buffer);
}

function bytes32(value: number): Uint8Array<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(4));
  view.setUint32(0, value, true);
  return new Uint8Array(view.buffer);
}

function joined(...arrays: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(arrays.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const each of arrays) {
    all.set(each, at);
    at += each.length;
  }
  return all;
}

const table = Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (crc >>> 8) ^ (table[(crc ^ byte) & 0xff] ?? 0);
  return (crc ^ 0xffffffff) >>> 0;
}
