/** How long relay and agent wait for an answer of target and AIS. */
export const timeoutMs = 1000;
/** How long a lost answer of the target may take effect. */
export const marginMs = 1000;
