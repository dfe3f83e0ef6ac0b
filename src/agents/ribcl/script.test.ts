import assert from "node:assert/strict";
import { test } from "node:test";
import { block, loginProblem, openRoot, together } from "./script.ts";

const LOGIN = { user: "Administrator", password: "secret" };

test("a reading, and how many documents answer it", () => {
  const script = together(openRoot(2.22), block(LOGIN, "GET_HOST_POWER_STATUS"));
  assert.equal(
    script.text,
    '<RIBCL VERSION="2.0">\r\n<LOGIN USER_LOGIN="Administrator" PASSWORD="secret">\r\n' +
      '<SERVER_INFO MODE="read"><GET_HOST_POWER_STATUS/></SERVER_INFO></LOGIN>\r\n',
  );
  assert.equal(script.documents, 6);
});

test("an order is written in the mode for it, an old card greeted in its own version", () => {
  assert.match(block(LOGIN, "HOLD_PWR_BTN").text, /<SERVER_INFO MODE="write"><HOLD_PWR_BTN\/>/);
  assert.match(block(LOGIN, "GET_FW_VERSION").text, /<RIB_INFO MODE="read"><GET_FW_VERSION\/><\/RIB_INFO>/);
  assert.equal(openRoot(1.2).text, '<RIBCL VERSION="1.2">\r\n');
});

test("a password stays one attribute, whatever is in it", () => {
  const passwordOf = (password: string): string | undefined =>
    /PASSWORD=(.*)>\r\n<SERVER/.exec(block({ user: "a", password }, "HOLD_PWR_BTN").text)?.[1];
  assert.equal(passwordOf('a"b'), "'a\"b'");
  assert.equal(passwordOf("a'b"), '"a\'b"');
  assert.equal(passwordOf(`a'"b`), `"a'&quot;b"`);
  assert.equal(passwordOf("<&>"), '"&lt;&amp;&gt;"');
});

test("what RIBCL cannot carry is said without repeating it", () => {
  assert.equal(loginProblem(LOGIN), undefined);
  assert.equal(loginProblem({ user: "ünder", password: "pässword §" }), undefined);
  for (const password of ["", "a\nb", "a\u0000b", "\u{1F511}hunter2", "hunter2".repeat(20)]) {
    const problem = loginProblem({ user: "a", password }) ?? "";
    assert.match(problem, /^the password /);
    assert.doesNotMatch(problem, /hunter2/);
  }
});
