/**
 * The time in which a person worked: while they look at the page, and for a while after each thing that they did.
 *
 * Times are milliseconds of a clock that only goes on. A machine that slept adds at most the while that was left.
 */

export class ActiveTime {
  /** @param {number} idle for so long after the last sign of the person they count as there */
  constructor(idle) {
    this.idle = idle;
    this.total = 0;
    /** Whether the page can be seen and has the focus. */
    this.present = false;
    this.from = 0;
    this.until = 0;
  }

  /**
   * The person pressed, moved or scrolled something.
   * @param {number} at
   */
  touch(at) {
    this.count(at);
    this.from = at;
    this.until = at + this.idle;
  }

  /**
   * The person came to the page or left it. To come is a sign of them too.
   * @param {boolean} present
   * @param {number} at
   */
  attend(present, at) {
    if (present === this.present) {
      return;
    }
    this.count(at);
    this.present = present;
    if (present) {
      this.touch(at);
    }
  }

  /**
   * Add what has passed up to now.
   * @param {number} at
   */
  count(at) {
    const end = Math.min(at, this.until);
    if (this.present && end > this.from) {
      this.total += end - this.from;
    }
    this.from = Math.max(this.from, at);
  }
}
