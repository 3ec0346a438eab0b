// Talks to the API. The token is in memory only: a reload forgets it.
let token = null;
let onEnd = () => {};

export const session = {
  set(value) { token = value; },
  get claims() {
    if (!token) return null;
    try {
      const part = token.split(".")[1].replaceAll("-", "+").replaceAll("_", "/");
      return JSON.parse(new TextDecoder().decode(Uint8Array.from(atob(part), (c) => c.charCodeAt(0))));
    } catch {
      return null;
    }
  },
  /** Called when the API does not accept the token any more. */
  whenEnded(call) { onEnd = call; },
};

/** An answer that is no success; `code` is the operation's, where it has one. */
export class APIError extends Error {
  constructor(status, body) {
    super(body?.message ?? body?.detail ?? `the shim answered ${status}`);
    this.status = status;
    this.code = body?.error;
    this.body = body;
  }
}

async function send(method, path, body, signal) {
  const headers = {};
  if (token) headers.Authorization = `Bearer ${token}`;
  if (body !== undefined) headers["Content-Type"] = "application/json";
  let answer;
  try {
    answer = await fetch(path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body), cache: "no-store", signal });
  } catch {
    throw new APIError(0, { message: "the shim does not answer" });
  }
  return answer;
}

/** The JSON of an answer; an APIError for every status that is not a success or among `also`. */
export async function call(method, path, body, also = []) {
  const answer = await send(method, path, body);
  if (!answer.ok && !also.includes(answer.status)) throw await refusal(answer);
  return answer.json().catch(() => null);
}

async function refusal(answer) {
  if (answer.status === 401 && token) { token = null; onEnd(); }
  return new APIError(answer.status, await answer.json().catch(() => null));
}

// The shim says at least every 15 s that it is still there.
const silence = 40_000;

/**
 * The data of server-sent events as they come; ends when the stream does. An EventSource cannot send the token, so the
 * stream is read as it is. One that breaks, or of which nothing is heard any more, is an APIError of status 0.
 */
export async function* events(path) {
  const stop = new AbortController();
  const answer = await send("GET", path, undefined, stop.signal);
  if (!answer.ok) throw await refusal(answer);
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  let timer;
  try {
    while (true) {
      timer = setTimeout(() => stop.abort(), silence);
      const { done, value } = await reader.read().catch(() => { throw new APIError(0, { message: "the stream broke" }); });
      clearTimeout(timer);
      if (done) return;
      const parts = (rest + value).split("\n\n");
      rest = parts.pop();
      for (const part of parts) {
        const data = part.split("\n").find((line) => line.startsWith("data: "));
        if (data) yield JSON.parse(data.slice(6));
      }
    }
  } finally {
    clearTimeout(timer);
    stop.abort();
  }
}

/** Saves a file. Where the browser can write to the disk itself, a large one does not pass through memory. */
export async function save(path, name, size) {
  const target = size > 200e6 && window.showSaveFilePicker
    ? await window.showSaveFilePicker({ suggestedName: name }).catch((error) => { throw new APIError(0, { message: `not saved: ${error.message}` }); })
    : null;
  const answer = await send("GET", path);
  if (!answer.ok) throw await refusal(answer);
  if (target) return answer.body.pipeTo(await target.createWritable());
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await answer.blob());
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
