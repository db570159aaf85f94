// Bets outlive a reload of the page: they are kept in this tab, until it is closed or another server answers.

const place = (session, name) => `baton-lesson ${session} ${name}`;

/** {index, bets} as they were, or null. */
export function recall(session, name) {
  try {
    const kept = JSON.parse(sessionStorage.getItem(place(session, name)));
    return kept && { index: kept.index, bets: new Map(kept.bets) };
  } catch {
    return null; // a browser may forbid it: then a reload begins anew
  }
}

export function keep(session, name, index, bets) {
  try {
    sessionStorage.setItem(place(session, name), JSON.stringify({ index, bets: [...bets] }));
  } catch {
    /* as above */
  }
}
