/** A refusal as a small page for people, as when a login link is used twice. */
import type { Problem } from '../protocol/http.ts';

export function problemPage(problem: Problem): string {
  const remedy = problem.remedy ? `<p>${escape(problem.remedy)}</p>` : '';
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Drydock</title>
<style>:root{color-scheme:light dark}body{font:1.1rem/1.6 system-ui,sans-serif;max-width:36rem;margin:4rem auto;padding:0 1rem}</style></head>
<body><main><h1>${escape(sentence(problem.message))}</h1>${remedy}<p><a href="/">Home page</a></p></main></body>
</html>
`;
}

function sentence(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
}
