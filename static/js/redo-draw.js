// Redoes a draw in the visitor's own browser, by docs/draw.md alone: fetches the published files, does all the sums,
// and compares with what the page shows. Written apart from the server's code, so that one checks the other.
"use strict";
const redoDraw = (() => {
  const utf8 = (text) => new TextEncoder().encode(text);
  const hex = (buffer) => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const bytes = (text) => Uint8Array.from(text.match(/../g) || [], (pair) => parseInt(pair, 16));
  const sha256 = async (text) => hex(await crypto.subtle.digest("SHA-256", utf8(text)));

  // Texts by their UTF-8 bytes, which is not how JavaScript compares strings.
  const byBytes = (a, b) => {
    const [one, other] = [utf8(a), utf8(b)];
    for (let place = 0; place < Math.min(one.length, other.length); place++) {
      if (one[place] !== other[place]) return one[place] - other[place];
    }
    return one.length - other.length;
  };

  // At LF only, one CR before it dropped; an LF at the end begins no further line.
  const lines = (text) => {
    const parts = text.split("\n");
    const last = parts.pop();
    return [...parts.map((part) => part.replace(/\r$/, "")), ...(last ? [last] : [])];
  };

  // The rows under a header: what stands before the first comma, and after it.
  const rows = (text) => lines(text.replace(/^\ufeff/, "")).slice(1).map((line) => {
    const comma = line.indexOf(",");
    return [line.slice(0, comma), line.slice(comma + 1)];
  });

  const rowsSha256 = (head, pairs) =>
    sha256(head + [...pairs].sort((a, b) => byBytes(a[0], b[0])).map(([id, rest]) => `${id},${rest}\n`).join(""));
  const rosterSha256 = (pairs) => rowsSha256("kaohe/roster/v1\n", pairs);
  const categoriesSha256 = (pairs) => rowsSha256("kaohe/categories/v1\n", pairs);
  const secretSha256 = (secret) => sha256(`kaohe/secret/v1\n${secret}\n`);
  const coveredSha256 = (text) => sha256(`kaohe/rosters/v1\n${text}`);
  const seedOf = (seedLines) => sha256("kaohe/seed/v1\n" + seedLines.map((line) => `${line}\n`).join(""));

  const order = async (pairs, unit, seed) => {
    const roster = await rosterSha256(pairs);
    const key = await crypto.subtle.importKey("raw", bytes(seed), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
    const keyed = await Promise.all(pairs.map(async ([id]) =>
      [hex(await crypto.subtle.sign("HMAC", key, utf8(`kaohe/draw/v1\n${roster}\n${unit}\n${id}\n`))), id]));
    return keyed.sort((a, b) => byBytes(a[0], b[0]) || byBytes(a[1], b[1])).map(([, id]) => id);
  };

  // The first of each category, then the first of the rest; without categories simply the first.
  const parted = (ids, size, categories) => {
    const chosen = new Set();
    const seen = new Set();
    for (const id of categories ? ids : []) {
      if (!seen.has(categories.get(id))) chosen.add(id);
      seen.add(categories.get(id));
    }
    for (const id of ids) if (chosen.size < size) chosen.add(id);
    return { drawn: ids.filter((id) => chosen.has(id)), reserves: ids.filter((id) => !chosen.has(id)) };
  };

  const draw = async ({ roster, unit, size, seed, categories }) => {
    const pairs = rows(roster);
    const named = categories === undefined ? null : new Map(rows(categories));
    const result = parted(await order(pairs, unit, seed), size, named);
    return { roster: await rosterSha256(pairs), seed, ...result };
  };

  // Whether each secret that was revealed has the hash that was logged before.
  const secretsFit = async (seedLines) => {
    for (const line of seedLines) {
      const said = line.match(/^revealed \d+ ([0-9a-f]{64}) (.*)$/u);
      if (said && await secretSha256(said[2]) !== said[1]) return false;
    }
    return true;
  };

  return { lines, rows, rosterSha256, categoriesSha256, secretSha256, coveredSha256, seedOf, draw, secretsFit };
})();

for (const place of document.querySelectorAll("[data-redo]")) {
  const start = place.querySelector("[data-redo-start]");
  const said = place.querySelector("[data-redo-said]");
  const shown = (list) => [...document.querySelectorAll(`${list} code`)].map((id) => id.textContent);
  const text = async (address) => {
    const answer = await fetch(address);
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.text();
  };
  const sums = (result) => {
    place.querySelector("[data-redo-roster]").textContent = result.roster;
    place.querySelector("[data-redo-seed]").textContent = result.seed;
    place.querySelector("[data-redo-sums]").hidden = false;
  };
  const redo = async () => {
    const { roster, seedLines, categories, unit, size, seed } = place.dataset;
    const given = seedLines ? redoDraw.lines(await text(seedLines)) : null;
    const result = await redoDraw.draw({
      roster: await text(roster),
      categories: categories ? await text(categories) : undefined,
      unit,
      size: Number(size),
      seed: given ? await redoDraw.seedOf(given) : seed,
    });
    sums(result);
    const same = JSON.stringify([result.seed, result.drawn, result.reserves])
      === JSON.stringify([seed, shown("[data-redo-drawn]"), shown("[data-redo-reserves]")]);
    return same && (!given || await redoDraw.secretsFit(given));
  };
  if (!globalThis.crypto?.subtle) {
    said.hidden = true;
    place.querySelector("[data-redo-unable]").hidden = false;
  } else {
    start.hidden = false;
    start.addEventListener("click", async () => {
      try {
        said.textContent = await redo() ? said.dataset.same : said.dataset.other;
      } catch {
        said.textContent = said.dataset.failed;
      }
    });
  }
}
