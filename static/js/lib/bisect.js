/** Search in what is in order, by halves. */

/**
 * The least number below `count` for which `holds`, which holds for all after it; `count` if there is none.
 * @param {number} count
 * @param {(number: number) => boolean} holds
 * @returns {number}
 */
export function bisect(count, holds) {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(middle)) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
}
