// Bets, and the levers of a card that opens them all, outlive a reload of the page: they are kept in this tab, until it is closed or another server answers.

const place = (session, name) => `baton-lesson ${session} ${name}`;

/** {index, bets, own} as they were, or null; own: {card, changes} where all levers were open. */
export function recall(session, name) {
  try {
    const kept = JSON.parse(sessionStorage.getItem(place(session, name)));
    return kept && { index: kept.index, bets: new Map(kept.bets), own: kept.own ?? null };
  } catch {
    return null; // a browser may forbid it: then a reload begins anew
  }
}

export function keep(session, name, index, bets, own) {
  try {
    sessionStorage.setItem(place(session, name), JSON.stringify({ index, bets: [...bets], own }));
  } catch {
    /* as above */
  }
}
