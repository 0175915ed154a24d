/** Growing to whole words: what is chosen, between the bars, and what it becomes. */

import { ArticleText } from "../../static/js/lib/article-text.js";
import { grown, snapped, wordAt } from "../../static/js/lib/snapping.js";
import { equal, test } from "./testing.js";

/** @type {[name: string, language: string, chosen: string, grown: string][]} */
const RULES = [
  ["inside one word", "en", "a ce|asef|ire held", "ceasefire"],
  ["over two words", "en", "a com|plete cease|fire held", "complete ceasefire"],
  ["whole words stay", "en", "a |complete| ceasefire", "complete"],
  ["the stop is not swallowed", "en", "a cease|fir|e.", "ceasefire"],
  ["a stop that was chosen stays", "en", "a cease|fire.|", "ceasefire."],
  ["quotation marks are not swallowed", "en", 'calm “ex|cept f|or” it', "except for"],
  ["a quotation mark that was chosen stays", "en", "said |“calm ex|cept” it", "“calm except"],
  ["straight quotes too", "en", '"ex|cept| for"', "except"],
  ["brackets are not swallowed", "en", "(cease|fir|e)", "ceasefire"],
  ["a hyphenated word is one", "en", "they re-op|ene|d it", "re-opened"],
  ["from the first half of it", "en", "they r|e|-opened it", "re-opened"],
  ["of three parts", "en", "a face-t|o-f|ace talk", "face-to-face"],
  ["the hyphen alone is in it", "en", "they re|-|opened", "re-opened"],
  ["with the sign for hyphens, and one that keeps", "en", "re\u2010op|en|ed, re\u2011opened", "re\u2010opened"],
  ["an abbreviation before it", "en", "a U.S.-bac|ke|d group", "U.S.-backed"],
  ["an abbreviation and its stop", "en", "the |U|.S. came", "U.S."],
  ["its last letter, too", "en", "the U.|S|. came", "U.S."],
  ["the stop after one letter is none", "en", "plan |B|. Then", "B"],
  ["a dash is none", "en", "calm–st|or|m", "storm"],
  ["an apostrophe is inside", "en", "it do|es|n’t hold", "doesn’t"],
  ["a straight one too", "en", "it doesn|'|t hold", "doesn't"],
  ["numbers with their points", "en", "of 3,|00|0.5 people", "3,000.5"],
  ["per cent is another sign", "en", "by 1|2|% only", "12"],
  ["blanks are not crossed", "en", "one| |two", " "],
  ["punctuation alone stays", "en", "one|, |two", ", "],
  ["a soft hyphen is inside", "en", "cease\u00adfi|re|", "cease\u00adfire"],
  ["a zero-width space is between", "en", "cease\u200bfi|re|", "fire"],
  ["decomposed letters", "en", "the caf|e\u0301| in", "cafe\u0301"],
  ["an emoji beside a word", "en", "aid 🚑 tea|m|s", "teams"],
  ["Chinese by its words", "zh", "两国政府宣布全|面停|火。", "全面停火"],
  ["Japanese by its words", "ja", "停戦を発|表|した。", "発表"],
  ["Thai by its words", "th", "กำลังหยุด|ยิ|งแล้ว", "ยิง"],
  ["Arabic with vowel marks", "ar", "إن وَقْ|فَ إط|لاق النار", "وَقْفَ إطلاق"],
  ["an Arabic comma is not swallowed", "ar", "ثلاث بل|د|ات، ولم", "بلدات"],
  ["Hebrew", "he", "על הפס|קת א|ש.", "הפסקת אש"],
  ["Devanagari clusters", "hi", "पूर्ण यु|द्धवि|राम की।", "युद्धविराम"],
  ["Persian with a joiner that does not join", "fa", "آتش\u200cبس می\u200cشو|د|", "می\u200cشود"],
  ["a language that no browser knows", "not a tag", "a com|ple|te", "complete"],
];

/** @param {string} chosen */
function cut(chosen) {
  const [before = "", inside = "", after = ""] = chosen.split("|");
  return { text: before + inside + after, span: { start: before.length, end: before.length + inside.length } };
}

export function snappingTests() {
  for (const [name, language, chosen, wanted] of RULES) {
    test(`whole words: ${name}`, () => {
      const { text, span } = cut(chosen);
      const { start, end } = grown(text, span, { language });
      equal(text.slice(start, end), wanted);
    });
  }
  test("only the edge that moves grows", () => {
    const { text, span } = cut("a com|plete cease|fire held");
    const [first, last] = [grown(text, span, { edges: ["start"] }), grown(text, span, { edges: ["end"] })];
    equal(text.slice(first.start, first.end), "complete cease");
    equal(text.slice(last.start, last.end), "plete ceasefire");
  });
  test("what grew once does not grow again", () => {
    for (const [, language, chosen] of RULES) {
      const { text, span } = cut(chosen);
      const once = grown(text, span, { language });
      equal(grown(text, once, { language }), once);
    }
  });
  test("between words there is none, nor beyond the text", () => {
    equal(wordAt("a b", 1), null);
    equal(wordAt("a b", 9), null);
    equal(wordAt("", 0), null);
  });
  test("a passage over two blocks grows in both, in code points", () => {
    const root = document.createElement("div");
    root.dataset["gaps"] = JSON.stringify(["\n\n"]);
    const [first, second] = [document.createElement("p"), document.createElement("p")];
    first.append("😀 one-tw", Object.assign(document.createElement("mark"), { textContent: "o" }));
    second.append("three four.");
    Object.assign(first.dataset, { start: "0", end: "9", block: "1" });
    Object.assign(second.dataset, { start: "11", end: "22", block: "2" });
    root.append(first, second);
    const text = new ArticleText(root);
    equal(snapped(text, text.passage(7, 13)), { start: 2, end: 16, exact: "one-two\n\nthree" });
    equal(snapped(text, text.passage(7, 13), ["end"]).start, 7);
    const whole = text.passage(2, 9);
    equal(snapped(text, whole) === whole, true);
  });
}
