/**
 * What `make` makes of each item, made anew whenever it is read. An answer about a whole account takes
 * a lot of memory, and a renderer needs one item at a time.
 */
export function lazyList<Item, Made>(items: Iterable<Item>, make: (item: Item) => Made): Iterable<Made> {
  return {
    *[Symbol.iterator]() {
      for (const item of items) yield make(item);
    },
  };
}
