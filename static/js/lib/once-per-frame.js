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
