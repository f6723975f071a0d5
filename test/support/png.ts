import { crc32, deflateSync, inflateSync } from 'node:zlib';

/** Red, green, blue: 0 to 255. */
export type Colour = readonly [red: number, green: number, blue: number];

export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly colour: (x: number, y: number) => Colour;
}

/** Reads a PNG of 8 bits a channel, RGB or RGBA, not interlaced: what browsers write. Throws on any other. */
export function readPng(file: Buffer): Picture {
  if (file.subarray(1, 4).toString('latin1') !== 'PNG') throw new Error('not a PNG');
  const [width, height] = [file.readUInt32BE(16), file.readUInt32BE(20)];
  const channels = { 2: 3, 6: 4 }[file[25] ?? 0];
  if (file[24] !== 8 || channels === undefined || file[28] !== 0) throw new Error('a PNG of another kind');
  const parts: Buffer[] = [];
  for (let at = 8; at < file.length; at += 12 + file.readUInt32BE(at)) {
    const name = file.subarray(at + 4, at + 8).toString('latin1');
    if (name === 'IDAT') parts.push(file.subarray(at + 8, at + 8 + file.readUInt32BE(at)));
  }
  const pixels = unfilter(inflateSync(Buffer.concat(parts)), width * channels, height, channels);
  return {
    width,
    height,
    colour(x, y) {
      const at = (y * width + x) * channels;
      return [pixels[at]!, pixels[at + 1]!, pixels[at + 2]!];
    },
  };
}

/** Undoes the filter of each line (PNG, third edition, §9.2). */
function unfilter(lines: Buffer, stride: number, height: number, step: number): Uint8Array {
  const out = new Uint8Array(stride * height);
  for (let row = 0; row < height; row++) {
    const kind = lines[row * (stride + 1)];
    for (let column = 0; column < stride; column++) {
      const at = row * stride + column;
      const left = column >= step ? out[at - step]! : 0;
      const up = row > 0 ? out[at - stride]! : 0;
      const corner = row > 0 && column >= step ? out[at - stride - step]! : 0;
      const raw = lines[row * (stride + 1) + 1 + column]!;
      out[at] = raw + [0, left, up, (left + up) >> 1, paeth(left, up, corner)][kind ?? 0]!;
    }
  }
  return out;
}

function paeth(left: number, up: number, corner: number): number {
  const guess = left + up - corner;
  const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)];
  return a <= b && a <= c ? left : b <= c ? up : corner;
}

/** A square PNG of one colour. */
export function flatPng(edge: number, colour: Colour): Buffer {
  const chunk = (name: string, body: Buffer) => {
    const data = Buffer.concat([Buffer.from(name, 'latin1'), body]);
    const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(body.length);
    check.writeUInt32BE(crc32(data));
    return Buffer.concat([length, data, check]);
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(edge, 0);
  head.writeUInt32BE(edge, 4);
  head.set([8, 2], 8);
  const line = Buffer.from([0, ...Array.from({ length: edge }, () => colour).flat()]);
  const lines = Buffer.concat(Array.from({ length: edge }, () => line));
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(lines)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}
