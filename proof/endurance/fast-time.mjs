/** What a clock shows that runs so many times as fast as the machine's since some moment. */
export function faster(machineMs, { factor, originMs }) {
  return originMs + (machineMs - originMs) * factor;
}
