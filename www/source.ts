// Scenarios from elsewhere.

/** The longest text that is taken, in characters: far more than anybody writes. */
const LONGEST = 500_000;

/** The text at an address. Rejects with a sentence. */
export async function fetchText(address: string): Promise<string> {
  const answer = await fetch(address).catch(() => null);
  if (!answer?.ok) {
    throw new Error(`No scenario came from ${address}${answer ? `: status ${answer.status}` : ''}.`);
  }
  const text = await answer.text();
  if (text.length > LONGEST) throw new Error(`What came from ${address} is too long for a scenario.`);
  return text;
}
