import t from 'tap';
import { render, TemplateError } from '../../../lib/render/render.ts';

t.test('values go in as they are', async (t) => {
  t.equal(render('x', 'a <%= it.v %> b\n', { v: '<&>"$1 {{ }}' }), 'a <&>"$1 {{ }} b\n');
  t.equal(render('x', '<%= it.n %> <%= it.b %>', { n: 0, b: false }), '0 false');
});

t.test('a control line leaves no empty line, a value keeps its line break', async (t) => {
  const text = 'list:\n<% for (const item of it.items) { -%>\n  - <%= item.name %>\n<% } -%>\nend\n';
  t.equal(render('x', text, { items: [{ name: 'a' }, { name: 'b' }] }), 'list:\n  - a\n  - b\nend\n');
});

t.test('unknown names are errors that name the template and the path', async (t) => {
  const cases: [string, object, RegExp][] = [
    ['<%= it.misspelt %>', {}, /template nginx\/x: .*it\.misspelt/s],
    ['<%= it.a.b %>', { a: {} }, /it\.a\.b/],
    ['<%= it.list[0].b %>', { list: [{ a: 1 }] }, /it\.list\[0\]\.b/],
    ['<% if (it.missing) { -%>\n<% } -%>', {}, /it\.missing/],
    ['<%= free %>', {}, /free is not defined/],
  ];
  for (const [text, values, message] of cases) {
    t.throws(() => render('nginx/x', text, { ...values }), { name: 'TemplateError', message }, text);
  }
});

t.test('what is not a text, a number or a boolean is an error, never "undefined" or "[object Object]"', async (t) => {
  for (const v of [undefined, null, {}, [], () => 'x', Number.NaN]) {
    t.throws(() => render('x', '<%= it.v %>', { v }), TemplateError, String(v));
  }
});

t.test('functions can be called', async (t) => {
  t.equal(render('x', '<%= it.q("a") %>', { q: (word: string) => `[${word}]` }), '[a]');
});
