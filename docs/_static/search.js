/* The search page: looks for the words of ?q= in the index that docs/conf.py writes, `pages`:
   [address, title, [[anchor, heading, text], ...]] each. A word is found inside others, so Chinese needs no splitting. */
"use strict";

function places(text, word) {
  const found = [];
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + word.length)) found.push(at);
  return found;
}

/* The pages that hold every word, best first: {address, title, heading, text, at: where the excerpt begins}. */
function search(pages, query) {
  let words = query.toLowerCase().split(/[\s　]+/).filter((word) => word);
  const all = pages.map((page) => page[2].map((part) => part.join("\n").toLowerCase()).join("\n"));
  words = words.map((word) => all.some((text) => text.includes(word)) ? word : word.replace(/(?<=[a-z]{3})(s|ing|ed)$/, ""));
  const results = [];
  pages.forEach(([address, title, parts], i) => {
    if (!words.length || !words.every((word) => all[i].includes(word))) return;
    let best = null, sum = 0;
    for (const [anchor, heading, text] of parts) {
      let score = 0;
      for (const word of words) {
        score += Math.min(places(text.toLowerCase(), word).length, 5) + (heading.toLowerCase().includes(word) ? 10 : 0);
      }
      sum += score;
      if (!best || score > best.score) best = {score, address: `${address}.html#${anchor}`, title, heading, text};
    }
    best.sum = sum + (words.some((word) => title.toLowerCase().includes(word)) ? 100 : 0);
    results.push(best);
  });
  return {words, results: results.sort((one, other) => other.sum - one.sum)};
}

/* Put a piece of a text into a node, with all words marked. */
function fill(node, text, words, from = 0, until = text.length) {
  const marks = words.flatMap((word) => places(text.toLowerCase(), word).map((at) => [at, at + word.length]))
    .filter(([at, end]) => at >= from && end <= until).sort((one, other) => one[0] - other[0]);
  let at = from;
  for (const [start, end] of marks) {
    if (start < at) continue;
    const mark = document.createElement("mark");
    mark.textContent = text.slice(start, end);
    node.append(text.slice(at, start), mark);
    at = end;
  }
  node.append(text.slice(at, until));
}

/* An excerpt of 200 characters around the first word. */
function excerpt(text, words) {
  const first = Math.min(...words.map((word) => text.toLowerCase().indexOf(word)).filter((at) => at >= 0));
  const from = Number.isFinite(first) ? Math.max(0, first - 80) : 0, until = Math.min(text.length, from + 200);
  const paragraph = document.createElement("p");
  paragraph.append(from > 0 ? "… " : "");
  fill(paragraph, text, words, from, until);
  paragraph.append(until < text.length ? " …" : "");
  return paragraph;
}

function show(query) {
  const {words, results} = search(pages, query), list = document.getElementById("search-results");
  for (const {address, title, heading, text} of results) {
    const item = document.createElement("li"), link = document.createElement("a");
    link.href = address;
    fill(link, heading === title ? title : `${title} › ${heading}`, words);
    item.append(link, excerpt(text, words));
    list.append(item);
  }
  const count = document.getElementById("search-count");
  count.textContent = results.length ? count.dataset.some.replace("%", results.length) : count.dataset.none;
}

const query = new URLSearchParams(location.search).get("q");
for (const field of document.querySelectorAll('input[name="q"]')) field.value = query || "";
if (query) show(query);
else document.querySelector('article input[name="q"]').focus();
