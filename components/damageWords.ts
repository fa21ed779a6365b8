/** By these words a caller of the program knows that a refresh must come first. */
export const DAMAGE = "dropped by hand";

/** Variable by which the caller says that it refreshes: the state that the program reads is then the one before. */
export const REFRESHING = "WORKSHOP_REFRESHING";
