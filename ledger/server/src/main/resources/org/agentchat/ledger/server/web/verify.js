// The page that verifies files. All that it asks the server for is asked while it loads.
import "./page.js";
import { text } from "./api.js";
import { utf8 } from "./bytes.js";
import { remember } from "./checkpoint-check.js";
import { button, code, el, said } from "./dom.js";
import { availability } from "./ed25519.js";
import { verify } from "./file.js";
import { Flaw } from "./flaw.js";
import { policy } from "./policy.js";
import { requireSize } from "./receipt-file.js";
import { words } from "./verdict.js";

/** Largest policy file that is read, in bytes: one with 64 of everything is smaller. */
const MAX_POLICY_BYTES = 256 * 1024;

const UNABLE = {
  insecure: "This page came over a connection that anybody could have changed, so the browser gives it no cryptography: nothing can be verified here. Open it over https, or use the command below.",
  unknown: "This browser does not verify Ed25519 signatures (Chrome and Edge do from version 137, Firefox from 130, Safari from 17), so nothing can be verified here, and nothing is guessed. Use another browser, or the command below.",
};

const form = document.getElementById("verify");
const fileInput = document.getElementById("file");
const policyInput = document.getElementById("policy");
const policyFile = document.getElementById("policy-file");
const keptInput = document.getElementById("kept");
const drop = document.getElementById("drop");
const verdict = document.getElementById("verdict");

/** The file, once one was given. */
let given = null;

/** The bytes of a policy file, as long as nobody has edited what they say. */
let policyBytes = null;

/** What this server says of itself, or null. */
let ownPolicy = null;

let able = false;
let runs = 0;

function trouble(title, sentence) {
  return el("div", { class: "trouble" }, el("strong", {}, title), el("p", {}, said(sentence)));
}

function sentences(title, all) {
  return all.length === 0 ? [] : [el("h3", {}, title), el("ul", {}, all.map((one) => el("li", {}, said(one))))];
}

function shown(found, name) {
  const [title, meaning] = words(found.code);
  const good = found.code === "OK";
  return [
    el("div", { class: good ? "result good" : "result" },
      el("p", { class: "line" }, el("strong", { class: "big" }, title), code(found.code)),
      el("p", {}, meaning),
      el("p", {}, said(`${name}: ${found.message}`))),
    good && policyInput.value === ownPolicy
      ? el("p", { class: "notice" }, "The policy is this server's own word for its own key: this shows that the file fits what this server says, not that the key is the log's. Take the key from elsewhere to show more.")
      : null,
    ...sentences("What is proved", found.proved),
    ...sentences("What is not proved", found.notProved),
  ];
}

/** The work, or in its place what was wrong with what was given for it. */
async function orTrouble(title, work) {
  try {
    return [await work(), null];
  } catch (flaw) {
    if (!(flaw instanceof Flaw)) {
      throw flaw;
    }
    return [null, trouble(title, flaw.message)];
  }
}

async function bytesOf(file) {
  requireSize(file.size);
  return new Uint8Array(await file.arrayBuffer());
}

/** What is to be shown of what was given. */
async function judged() {
  if (given === null) {
    return [el("p", { class: "empty" }, "Nothing is verified yet: choose a file.")];
  }
  const bytes = policyBytes ?? utf8(policyInput.value);
  if (bytes.length === 0) {
    return [el("p", { class: "empty" }, "Nothing is verified yet: say whom you trust, with a policy.")];
  }
  const [trusted, badPolicy] = await orTrouble("The policy cannot be read", () => policy(bytes));
  if (badPolicy !== null) {
    return [badPolicy];
  }
  const [kept, badNote] = await orTrouble("The checkpoint that you have kept cannot be used",
    () => (keptInput.value.trim() === "" ? null : remember(keptInput.value.trimEnd() + "\n", trusted)));
  if (badNote !== null) {
    return [badNote];
  }
  let file;
  try {
    file = await bytesOf(given);
  } catch (flaw) {
    if (flaw instanceof Flaw) {
      return shown({ code: "MALFORMED", message: flaw.message, proved: [], notProved: [] }, given.name);
    }
    return [trouble("The file cannot be read", "It was changed or taken away after it was chosen. Choose it again.")];
  }
  return shown(await verify(file, trusted, kept), given.name);
}

/** Verifies what is there now; what was begun earlier is not shown any more. */
async function run() {
  if (!able) {
    return;
  }
  const mine = ++runs;
  verdict.setAttribute("aria-busy", "true");
  let nodes;
  try {
    nodes = await judged();
  } catch (bug) {
    console.error(bug);
    nodes = [trouble("This page has a bug", "Nothing is verified. Use the command below.")];
  }
  if (mine === runs) {
    verdict.replaceChildren(...nodes.filter((node) => node !== null));
    verdict.removeAttribute("aria-busy");
  }
}

function take(file) {
  given = file ?? null;
  return run();
}

async function takePolicy(file) {
  if (file === undefined) {
    return;
  }
  if (file.size > MAX_POLICY_BYTES) {
    runs++;
    verdict.replaceChildren(trouble("The policy cannot be read", `${file.size} bytes, at most ${MAX_POLICY_BYTES} wanted`));
    return;
  }
  policyBytes = new Uint8Array(await file.arrayBuffer());
  policyInput.value = new TextDecoder().decode(policyBytes);
  run();
}

function fillOwn() {
  policyBytes = null;
  policyFile.value = "";
  policyInput.value = ownPolicy;
  run();
}

async function offerOwn() {
  const region = document.getElementById("own");
  region.setAttribute("aria-busy", "true");
  ownPolicy = await text("/policy").catch(() => null);
  if (ownPolicy !== null) {
    region.replaceChildren(
      button("Use this server's own policy", fillOwn),
      el("p", { class: "quiet" }, "That one is this server's own word for its own key, and it asks for no witness."));
  }
  region.removeAttribute("aria-busy");
}

fileInput.addEventListener("change", () => take(fileInput.files[0]));
policyFile.addEventListener("change", () => takePolicy(policyFile.files[0]));
policyInput.addEventListener("input", () => {
  policyBytes = null;
});
policyInput.addEventListener("change", run);
keptInput.addEventListener("change", run);
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  await run();
  verdict.focus();
});

// Anywhere else a dropped file would take the place of this page.
for (const kind of ["dragover", "drop"]) {
  window.addEventListener(kind, (event) => event.preventDefault());
}
drop.addEventListener("dragover", () => drop.classList.add("over"));
drop.addEventListener("dragleave", () => drop.classList.remove("over"));
drop.addEventListener("drop", (event) => {
  drop.classList.remove("over");
  if (event.dataTransfer.files.length > 0) {
    fileInput.files = event.dataTransfer.files;
    take(event.dataTransfer.files[0]);
  }
});

async function begin() {
  const answer = await availability();
  able = answer === "yes";
  if (!able) {
    const notice = document.getElementById("unable");
    notice.textContent = UNABLE[answer];
    notice.hidden = false;
    form.querySelector("button.main").disabled = true;
  }
  await run();
}

verdict.setAttribute("aria-busy", "true");
begin().finally(() => verdict.removeAttribute("aria-busy"));
offerOwn();
