/** The middle one, so that a round which something disturbed does not count. */
export function median(values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

/** A figure that is judged by its ratio to a floor of the same run. */
export function toRatio(name, { measured, floor, unit, budget, ratio = measured / floor }) {
  return {
    name,
    measured: withUnit(measured, unit),
    floor: withUnit(floor, unit),
    ratio,
    budget,
    isMet: ratio <= budget,
  };
}

export function withUnit(value, unit) {
  return `${value < 10 ? value.toFixed(2) : value.toFixed(0)} ${unit}`;
}
