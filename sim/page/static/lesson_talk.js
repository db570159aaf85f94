// Windows of one browser that belong to one lesson: pages tell where they stand and that (never what) they have bet.

const CHANNEL = 'baton-lesson';

/** Tell and hear; `hear(message)` is called with what other windows say. */
export function lessonChannel(hear) {
  const id = Math.random().toString(36).slice(2, 10);
  if (typeof BroadcastChannel === 'undefined') return { id, say() {} };
  const channel = new BroadcastChannel(CHANNEL);
  channel.onmessage = (event) => {
    if (event.data && event.data.from !== id) hear(event.data);
  };
  return {
    id,
    say(message) {
      channel.postMessage({ ...message, from: id });
    },
  };
}
