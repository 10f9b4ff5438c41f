/** Stands for the label values beyond a cap. */
export const OVERFLOW = "__overflow__";
