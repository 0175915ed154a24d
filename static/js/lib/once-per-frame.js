/** Work that is asked for several times by one key press and shows on the screen once: it is done before the next frame. */

export class OncePerFrame {
  /** @param {() => void} work */
  constructor(work) {
    this.work = work;
    this.asked = false;
  }

  ask() {
    if (this.asked) {
      return;
    }
    this.asked = true;
    requestAnimationFrame(() => {
      this.asked = false;
      this.work();
    });
  }
}

/** Work that nobody sees at once and that would keep the frame waiting: it is done when that is on the screen. */
export class OnceAfterFrame {
  /** @param {() => void} work */
  constructor(work) {
    this.frame = new OncePerFrame(() => setTimeout(work));
  }

  ask() {
    this.frame.ask();
  }
}
