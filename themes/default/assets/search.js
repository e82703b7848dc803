/* journeybook: search. The index lies in small scripts, for a page opened from disk may load nothing else; see src/search. */
(() => {
'use strict';
const DIGITS = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_';
const SHOWN = 10, FILES = 3, CLOSE = 8, HYPHEN = /[-\u2010\u2011]/;
let place, parts, waiting, round = 0;

/* each script hands over its part */
window.journeybookSearch = (name, part) => waiting[name](part);
const load = (name, read = part => part) => parts[name] ??= new Promise((done, failed) => {
 const script = document.createElement('script');
 waiting[name] = part => done(read(part));
 script.src = place.replace('index', name);
 script.onload = () => script.remove();
 script.onerror = () => { delete parts[name]; failed(); };
 document.head.append(script);
});
const contents = () => load('index', part => ({ ...part, stops: new Set(part.stops.split(' ')), endings: new Set(part.endings.split(' ')) }));
const table = name => load(name, text => text ? text.split('\n').map(line => line.split(' ')) : []);

/* words, taken apart as the index takes them apart */
const fold = text => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
const compounds = text => fold(text).match(/[\p{L}\p{N}]+(?:[-\u2010\u2011][\p{L}\p{N}]+)*/gu) || [];
const split = text => compounds(text).flatMap(word => word.split(HYPHEN));

/* a line's pages: each is the step from the one before, times `room`, plus what else is said of it */
function decode(text, room, each) {
 let number = 0, scale = 1, page = 0;
 for (const c of text) {
  const digit = DIGITS.indexOf(c);
  number += digit % 32 * scale;
  scale *= 32;
  if (digit < 32) {
   each(page += Math.floor(number / room), number % room);
   number = 0;
   scale = 1;
  }
 }
}

/* what a word is worth on each page it stands on: titles first, and of these the shorter ones */
async function look(index, word, prefix, worth, into) {
 const file = (firsts, word) => Math.max(0, firsts.filter(first => first <= word).length - 1);
 for (const [sort, firsts, room, value] of [['t', index.titles, 8, more => 10 + 6 / (more + 1)], ['x', index.texts, 2, more => 1 + 2 * more]]) {
  if (!firsts.length || sort === 'x' && prefix && word.length < 2) continue;
  const from = file(firsts, word), to = prefix ? Math.min(file(firsts, word + '\uffff'), from + FILES - 1) : from;
  for (let at = from; at <= to; at++) {
   for (const [other, places] of await table(sort + at)) {
    if (prefix ? !other.startsWith(word) : other !== word) continue;
    const share = worth * (other === word ? 1 : .5 + .3 * word.length / other.length);
    decode(places, room, (page, more) => into.set(page, Math.max(into.get(page) || 0, share * value(more))));
   }
  }
 }
}

/* what a word may be a form of: itself, or what an ending leaves, the longest first */
function forms(index, word) {
 const out = new Set([word]);
 for (let at = word.length; at > 1; at--) {
  if (at < word.length && !index.endings.has(word.slice(at))) continue;
  const stem = word.slice(0, at);
  out.add(stem).add(stem.replace(/z$/, 's').replace(/v$/, 'f').replace(/y$/, 'i'));
  out.add(stem.replace(/([^aeiou])\1$/, '$1')).add(stem.replace(/([aeou])\1([^aeiou])$/, '$1$2'));
 }
 return out;
}

/* how far two words are apart: letters missing, added, changed, or two exchanged */
function distance(a, b, most) {
 let before, row = Array.from({ length: b.length + 1 }, (_, j) => j);
 for (let i = 1; i <= a.length; i++) {
  const next = [i];
  for (let j = 1; j <= b.length; j++) {
   next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] !== b[j - 1]));
   if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) next[j] = Math.min(next[j], before[j - 2] + 1);
  }
  if (Math.min(...next) > most) return most + 1;
  [before, row] = [row, next];
 }
 return row[b.length];
}
/* the words that a reader may have meant, or is about to type */
async function near(index, word, prefix) {
 const n = word.length, most = n < 4 ? 0 : n < 8 ? 1 : 2, [least, longest] = index.lengths, out = [];
 for (let length = Math.max(least, n - most); length <= Math.min(longest, n + (prefix ? 4 : most)); length++) {
  let other = '';
  for (const line of (await load('w' + length)).split(' ')) {
   other = other.slice(0, DIGITS.indexOf(line[0])) + line.slice(1);
   const apart = prefix && other.startsWith(word) ? 0 : distance(word, other, most);
   if (apart <= most) out.push([apart + (other[0] !== word[0]) / 2, other]);
  }
 }
 return out.sort((a, b) => a[0] - b[0]).slice(0, CLOSE).map(pair => pair[1]);
}

/* the pages of one of a reader's words */
async function pagesOf(index, word, prefix) {
 const into = new Map();
 const form = async (written, worth) => {
  const before = into.size;
  for (const stem of forms(index, written)) if (into.size === before) await look(index, stem, false, worth, into);
 };
 await form(word, 1);
 if (prefix) await look(index, word, true, .9, into);
 if (!into.size) for (const other of await near(index, word, prefix)) await form(other, .5);
 return into;
}

/* the pages that have the most of the words, the best first */
async function search(index, query) {
 const all = split(query), open = !/\s$/.test(query), last = all[all.length - 1];
 const telling = all.filter(word => word.length > 1 && !index.stops.has(word));
 const found = await Promise.all((telling.length ? telling : all).map(word => pagesOf(index, word, open && word === last)));
 const score = new Map();
 for (const pages of found) for (const [page, worth] of pages) score.set(page, (score.get(page) || 0) + 1000 + worth);
 /* a word with hyphens is one word too */
 for (const word of compounds(query).filter(word => HYPHEN.test(word))) {
  const whole = new Map();
  await look(index, word.replace(/[^\p{L}\p{N}]/gu, ''), false, 1, whole);
  for (const [page, worth] of whole) if (score.has(page)) score.set(page, score.get(page) + worth);
 }
 const full = Math.floor(Math.max(0, ...score.values()) / 1000) * 1000;
 return [...score].filter(hit => hit[1] >= full).sort((a, b) => b[1] - a[1] || a[0] - b[0]).map(hit => hit[0]);
}

function element(parent, name, text = '') {
 const made = document.createElement(name);
 made.textContent = text;
 parent.append(made);
 return made;
}
/* results as text, by type, with what was asked for marked in their titles */
async function draw(index, hits, query) {
 const words = split(query).filter(word => !index.stops.has(word)), groups = new Map(), made = document.createDocumentFragment();
 const pages = await Promise.all(hits.map(async page => (await load('d' + Math.floor(page / index.pages)))[page % index.pages]));
 for (const [title, url, kind, summary] of pages) {
  if (!groups.has(kind)) {
   element(made, 'h2', index.kinds[kind]);
   groups.set(kind, element(made, 'ul'));
  }
  const item = element(groups.get(kind), 'li'), link = element(item, 'a');
  link.href = url;
  for (const part of title.split(/([\p{L}\p{N}]+)/u)) {
   if (part && words.some(word => fold(part).startsWith(word))) element(link, 'mark', part);
   else link.append(part);
  }
  if (summary) element(item, 'p', summary);
 }
 return made;
}

function setup() {
 const form = document.querySelector('form[data-search]');
 if (!form) return;
 const field = form.elements.q, texts = form.dataset, [said, out, all] = ['_said', '_hits', '_index'].map(id => document.getElementById(id));
 const say = text => { said.textContent = text; };
 [place, parts, waiting] = [texts.search, {}, {}];
 async function run(shown) {
  const mine = ++round, query = field.value, asked = query.trim();
  /* going back leads to the same results; not from disk */
  try { history.replaceState(history.state, '', location.pathname + (asked && '?q=' + encodeURIComponent(query))); } catch {}
  all.hidden = asked !== '';
  if (!out.firstChild) say(asked && texts.loading);
  try {
   const index = await contents(), hits = asked ? await search(index, query) : [], made = await draw(index, hits.slice(0, shown), query);
   if (mine !== round) return;
   out.replaceChildren(made);
   say(asked && texts[['none', 'one'][hits.length] || 'other'].replace('{n}', hits.length).replace('{query}', () => asked));
   if (hits.length > shown) more(shown);
   texts.answered = query;
  } catch { if (mine === round) say(texts.failed); }
 }
 function more(shown) {
  const button = element(out, 'button', texts.more);
  button.className = 'btn';
  button.onclick = async () => { await run(shown * 2); out.querySelectorAll('a')[shown]?.focus(); };
 }
 form.onsubmit = event => { event.preventDefault(); out.querySelector('a')?.click(); };
 field.oninput = () => run(SHOWN);
 field.onfocus = () => contents().catch(() => {});
 form.parentElement.onkeydown = event => {
  const stops = [field, ...out.querySelectorAll('a')], at = stops.indexOf(document.activeElement);
  const next = stops[at + { ArrowDown: 1, ArrowUp: -1 }[event.key]];
  if (event.key === 'Escape') { field.value = ''; field.focus(); run(SHOWN); }
  else if (at >= 0 && next) { event.preventDefault(); next.focus(); }
 };
 field.value = new URLSearchParams(location.search).get('q') || field.value;
 if (field.value) run(SHOWN);
}
document.addEventListener('journeybook:swap', setup);
setup();
})();
