declare module '@mapbox/mvt-fixtures' {
  interface Fixture {
    readonly id: string;
    readonly description: string;
    readonly buffer: Uint8Array;
    /** By version of the specification. */
    readonly validity: { readonly v1: boolean; readonly v2: boolean };
  }
  export function each(visit: (fixture: Fixture) => void): void;
}
