import type { Dictionary } from "./dictionary.js";

type Labels = Readonly<Record<string, unknown>>;
type Keys = readonly [string, string, string, string];
type Dictionaries = readonly [Dictionary, Dictionary, Dictionary, Dictionary];

/** Writes the ids of labels given by name; false when a value has none yet. */
export type ReadIds = (labels: Labels, ids: Int32Array) => boolean;

/**
 * Makes the reader of so many labels. It is written out up to four: the engine remembers for each place in the code which
 * property it reads, and the one place in a loop reads them all, at twice the time for three labels.
 */
export function createReadIds(keys: readonly string[], dictionaries: readonly Dictionary[]): ReadIds {
  const readers = [undefined, readOne, readTwo, readThree, readFour];
  const reader = readers[keys.length];
  if (reader === undefined) return readAll(keys, dictionaries);
  return reader(keys as unknown as Keys, dictionaries as unknown as Dictionaries);
}

function readOne([a]: Keys, [first]: Dictionaries): ReadIds {
  return (labels, ids) => {
    const id = first.idOf(labels[a]);
    if (id === undefined) return false;
    ids[0] = id;
    return true;
  };
}

function readTwo([a, b]: Keys, [first, second]: Dictionaries): ReadIds {
  return (labels, ids) => {
    const x = first.idOf(labels[a]);
    const y = second.idOf(labels[b]);
    if (x === undefined || y === undefined) return false;
    ids[0] = x;
    ids[1] = y;
    return true;
  };
}

function readThree([a, b, c]: Keys, [first, second, third]: Dictionaries): ReadIds {
  return (labels, ids) => {
    const x = first.idOf(labels[a]);
    const y = second.idOf(labels[b]);
    const z = third.idOf(labels[c]);
    if (x === undefined || y === undefined || z === undefined) return false;
    ids[0] = x;
    ids[1] = y;
    ids[2] = z;
    return true;
  };
}

function readFour([a, b, c, d]: Keys, [first, second, third, fourth]: Dictionaries): ReadIds {
  return (labels, ids) => {
    const w = first.idOf(labels[a]);
    const x = second.idOf(labels[b]);
    const y = third.idOf(labels[c]);
    const z = fourth.idOf(labels[d]);
    if (w === undefined || x === undefined || y === undefined || z === undefined) return false;
    ids[0] = w;
    ids[1] = x;
    ids[2] = y;
    ids[3] = z;
    return true;
  };
}

function readAll(keys: readonly string[], dictionaries: readonly Dictionary[]): ReadIds {
  return (labels, ids) => {
    for (let i = 0; i < keys.length; i++) {
      const id = (dictionaries[i] as Dictionary).idOf(labels[keys[i] as string]);
      if (id === undefined) return false;
      ids[i] = id;
    }
    return true;
  };
}
