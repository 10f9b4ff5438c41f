/** How many answers may be written at once, where the settings do not say. */
const MAX_SCRAPES = 8;

/** Takes one of the places for answers; undefined where all are taken, else what gives it back, once. */
export type TakeSlot = () => (() => void) | undefined;

/** Makes places for so many answers at once. */
export function createScrapeSlots(max: number = MAX_SCRAPES): TakeSlot {
  let taken = 0;
  return () => {
    if (taken >= max) return undefined;
    taken++;
    return () => void taken--;
  };
}
