// The server, one request after the other: what fails for a while is tried until it succeeds, and the page says so.
const PAUSES = [500, 1000, 2000, 4000, 8000];
const ASKED_ANEW = 4000;
const PASSING = new Set([408, 425, 429, 500, 502, 503, 504]);
const AGAIN = new Set(["in-progress", "conflict", "not-yet-published"]);

/** The server said no, and will say so again. */
export class Refused extends Error {}

const wait = (milliseconds) => new Promise((resolve) => {
  const ended = () => { clearTimeout(timer); removeEventListener("online", ended); resolve(); };
  const timer = setTimeout(ended, milliseconds);
  addEventListener("online", ended);
});

/** How long to wait before the next try: as the server says, else longer each time. */
export const between = (answer, tries) => wait(
  Number(answer?.headers.get("Retry-After")) * 1000 || PAUSES[Math.min(tries, PAUSES.length - 1)],
);

export const problemIn = (answer) => answer.clone().json().catch(() => ({}));

export class Server {
  /** @param root: with `data-holder`, and the token against forged requests in a field of its form.
   *  @param tell: called with `offline`, `busy`, `full`, `signed-out`, `somebody-else` or nothing, as it changes. */
  constructor(root, tell) {
    this.holder = root.dataset.holder;
    this.token = root.querySelector("[name=csrfmiddlewaretoken]").value;
    this.tell = tell;
  }

  /** The answer, once there is one. :throws Refused: with what the server said. */
  async ask(method, path, body, { type = "application/json", seconds = 60 } = {}) {
    const headers = { Accept: "application/json", ...(body === undefined ? {} : { "Content-Type": type }) };
    for (let tries = 0; ; tries += 1) {
      const answer = await this.exchange(method, path, { headers, body, seconds });
      if (answer.ok) return answer.status === 204 ? null : answer.json();
      const problem = await problemIn(answer);
      if (!AGAIN.has(problem.code)) throw new Refused(problem.detail ?? String(answer.status));
      await between(answer, tries);
    }
  }

  /** The same for whoever wants the answer itself: whatever it says, but that it cannot be given now. */
  async exchange(method, path, { headers, body, seconds = 60 }) {
    for (let tries = 0; ; tries += 1) {
      let answer = null;
      try {
        const signal = AbortSignal.timeout(seconds * 1000);
        answer = await fetch(path, { method, headers: { ...headers, "X-CSRFToken": this.token }, body, credentials: "same-origin", signal });
      } catch { /* the line broke, or nobody answered in time */ }
      const code = answer && !answer.ok ? (await problemIn(answer)).code : "";
      if (answer?.status === 401 || code === "csrf") {
        await this.signedInAgain();
      } else if (answer && !PASSING.has(answer.status)) {
        this.tell("");
        return answer;
      } else {
        this.tell(answer ? (code === "disk-full" ? "full" : "busy") : "offline");
        await between(answer, tries);
      }
    }
  }

  /** Waits until the same person is signed in, acting for the same; they do that beside this page. */
  async signedInAgain() {
    for (let tries = 0; ; tries += 1) {
      const answer = await fetch(location.pathname, { credentials: "same-origin" }).catch(() => null);
      const page = answer?.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
      const root = page?.querySelector("[data-holder]");
      if (root?.dataset.holder === this.holder) {
        this.token = root.querySelector("[name=csrfmiddlewaretoken]").value;
        this.tell("");
        return;
      }
      this.tell(root ? "somebody-else" : answer ? "signed-out" : "offline");
      await wait(ASKED_ANEW);
    }
  }
}
