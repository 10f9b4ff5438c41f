/** How many bytes of text a registry may keep. */
export interface Budget {
  /** True when so many bytes more may be kept. */
  hasRoom(bytes: number): boolean;
  /** Books bytes; negative ones are given back. */
  book(bytes: number): void;
}

/** Makes a budget of so many bytes. */
export function createBudget(limitBytes: number): Budget {
  let usedBytes = 0;
  return {
    hasRoom: (bytes) => usedBytes + bytes <= limitBytes,
    book(bytes) {
      usedBytes += bytes;
    },
  };
}
