declare module "snappyjs" {
  /** Decompresses Snappy's block format. */
  export function uncompress(compressed: Uint8Array): Uint8Array;
}
