/** One field of a protobuf message: its number, wire type and raw value. */
interface Field {
  readonly number: number;
  readonly wire: number;
  readonly value: number;
  readonly bytes: Uint8Array;
}

/**
 * What is wrong with a vector tile by the specification (MVT 2.1), word by word from the bytes, with no decoder of ours
 * or anybody's between; empty when nothing is.
 */
export function faultsOf(tile: Uint8Array): string[] {
  const faults: string[] = [];
  try {
    const names = new Set<string>();
    for (const field of fields(tile)) {
      if (field.number !== 3 || field.wire !== 2) faults.push(`the tile has a field ${field.number}`);
      else layerFaults(field.bytes, names, (fault) => faults.push(fault));
    }
  } catch (error) {
    faults.push(String(error));
  }
  return faults;
}

function layerFaults(bytes: Uint8Array, names: Set<string>, say: (fault: string) => void): void {
  const all = fields(bytes);
  const wires: Readonly<Record<number, number>> = { 15: 0, 1: 2, 2: 2, 3: 2, 4: 2, 5: 0 };
  for (const { number, wire } of all) if (wires[number] !== wire) say(`layer field ${number} has wire type ${wire}`);
  const of = (number: number) => all.filter((field) => field.number === number);
  const [version] = of(15);
  if (version?.value !== 2) say(`version ${version?.value}`);
  const [name] = of(1);
  const text = name && new TextDecoder('utf-8', { fatal: true }).decode(name.bytes);
  if (!text) say('a layer without a name');
  else if (names.has(text)) say(`two layers are called ${text}`);
  else names.add(text);
  for (const { bytes: value } of of(4)) {
    const [only, ...more] = fields(value);
    const wire = { 1: 2, 2: 5, 3: 1, 4: 0, 5: 0, 6: 0, 7: 0 }[only?.number ?? 0];
    if (!only || more.length > 0 || wire !== only.wire) say('a value that is not exactly one of the seven kinds');
  }
  for (const { bytes: feature } of of(2)) featureFaults(feature, of(3).length, of(4).length, say);
}

function featureFaults(bytes: Uint8Array, keys: number, values: number, say: (fault: string) => void): void {
  const all = fields(bytes);
  const of = (number: number) => all.filter((field) => field.number === number);
  if (of(3).length !== 1) say('a feature without one type');
  if (of(4).length !== 1) say('a feature without one geometry');
  const tags = of(2).flatMap((field) => packed(field));
  if (tags.length % 2 !== 0) say('tags that are no pairs');
  for (const [i, tag] of tags.entries()) if (tag >= (i % 2 === 0 ? keys : values)) say(`tag ${tag} points nowhere`);
  const type = of(3)[0]?.value ?? 0;
  if (type > 3) say(`geometry type ${type}`);
  for (const field of of(4)) geometryFaults(type, packed(field), say);
}

/** Commands and their order (4.3.4); a ring's area and a line's length are checked as well. */
function geometryFaults(type: number, numbers: readonly number[], say: (fault: string) => void): void {
  if (type === 0) return; // UNKNOWN: "Decoders MAY ignore"
  const commands: { id: number; count: number; xy: [number, number][] }[] = [];
  let [x, y] = [0, 0];
  for (let at = 0; at < numbers.length; ) {
    const id = numbers[at]! & 7;
    const count = numbers[at++]! >>> 3;
    const xy: [number, number][] = [];
    if (id === 1 || id === 2)
      for (let i = 0; i < count; i++, at += 2) {
        if (at + 1 >= numbers.length) {
          say('coordinates are missing');
          return;
        }
        x += zigzag(numbers[at]!);
        y += zigzag(numbers[at + 1]!);
        xy.push([x, y]);
      }
    commands.push({ id, count, xy });
  }
  const shape = commands.map(({ id }) => id).join('');
  const wanted = [/^$/, /^1$/, /^(12)+$/, /^(127)+$/][type]!;
  if (!wanted.test(shape)) {
    say(`commands ${shape} for type ${type}`);
    return;
  }
  for (const [i, { id, count, xy }] of commands.entries()) {
    if (count === 0 || (id === 1 && type !== 1 && count !== 1) || (id === 7 && count !== 1))
      say(`command ${id} × ${count}`);
    if (id !== 2) continue;
    const line = [commands[i - 1]!.xy[0]!, ...xy];
    if (line.some(([px, py], j) => j > 0 && px === line[j - 1]![0] && py === line[j - 1]![1]))
      say('a step of no length');
    if (type === 3 && (line.length < 3 || area(line) === 0)) say('a ring without area');
  }
  if (type === 3) {
    const first = commands.slice(0, 2);
    if (area([first[0]!.xy[0]!, ...first[1]!.xy]) < 0) say('the first ring is a hole');
  }
}

function area(ring: readonly (readonly [number, number])[]): number {
  let sum = 0;
  for (const [i, [x, y]] of ring.entries()) {
    const [nextX, nextY] = ring[(i + 1) % ring.length]!;
    sum += x * nextY - nextX * y;
  }
  return sum;
}

function zigzag(value: number): number {
  return (value >>> 1) ^ -(value & 1);
}

function packed({ wire, bytes }: Field): number[] {
  if (wire !== 2) throw new TypeError('not packed');
  const numbers: number[] = [];
  for (let at = 0; at < bytes.length; ) {
    const [value, next] = varint(bytes, at);
    numbers.push(value);
    at = next;
  }
  return numbers;
}

function fields(bytes: Uint8Array): Field[] {
  const found: Field[] = [];
  for (let at = 0; at < bytes.length; ) {
    const [tag, start] = varint(bytes, at);
    const wire = tag & 7;
    const [value, after] = wire === 0 || wire === 2 ? varint(bytes, start) : [0, start];
    const end = wire === 2 ? after + value : after + ({ 1: 8, 5: 4 }[wire] ?? 0);
    if (end > bytes.length || ![0, 1, 2, 5].includes(wire)) throw new RangeError('the message ends early');
    found.push({ number: tag >>> 3, wire, value, bytes: bytes.subarray(after, end) });
    at = end;
  }
  return found;
}

function varint(bytes: Uint8Array, from: number): [value: number, next: number] {
  let value = 0;
  for (let at = from, factor = 1; at < bytes.length; at++, factor *= 128) {
    value += (bytes[at]! & 0x7f) * factor;
    if (bytes[at]! < 0x80) return [value, at + 1];
  }
  throw new RangeError('a number ends early');
}
