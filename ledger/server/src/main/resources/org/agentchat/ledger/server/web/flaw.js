// What is wrong with something that was read.

/** It has another shape than it must have. The message says what was found and what was wanted. */
export class Flaw extends Error {}

/** Does the work; a flaw's message then begins with where it is. */
export async function within(where, work) {
  try {
    return await work();
  } catch (trouble) {
    throw trouble instanceof Flaw ? new Flaw(`${where}: ${trouble.message}`) : trouble;
  }
}

/** As much of somebody else's text as a message may repeat. */
export function excerpt(text, most = 80) {
  return text.length <= most ? text : `${text.slice(0, most)}...`;
}
