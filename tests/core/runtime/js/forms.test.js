// SPDX-License-Identifier: GPL-3.0-or-later

const parse = (text, type = "multipart/form-data; boundary=x") => new Response(text, { headers: { "content-type": type } }).formData();

test("a form there and back", async () => {
  const form = new FormData();
  form.append("a", "1\r\n2");
  form.append('q"\n', "ü");
  form.append("f", new File([new Uint8Array([0, 255, 13, 10, 45, 45])], "ñ.bin", { type: "a/b" }));
  form.append("a", "second");
  const back = await new Response(form).formData();
  deepEqual(back.getAll("a"), ["1\r\n2", "second"]);
  equal(back.get("q%22%0A"), "ü");
  const file = back.get("f");
  ok(file instanceof File && file instanceof Blob);
  equal(`${file.name} ${file.type} ${file.size}`, "ñ.bin a/b 6");
  deepEqual(await file.bytes(), new Uint8Array([0, 255, 13, 10, 45, 45]));
  await rejects(async () => { const bad = new FormData(); bad.append("x\\", "1"); return new Response(bad); }, TypeError, "Name or filename can't end with backslash");
});

test("bodies that are no forms", async () => {
  await rejects(parse(""), TypeError, "No initial boundary string");
  await rejects(parse("--x\r\nA: b\r\n\r\n1"), TypeError, "No valid Content-Disposition header");
  await rejects(parse('--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1'), TypeError, "No subsequent boundary string");
  await rejects(parse('--x\r\nno field\r\n\r\n1\r\n--x--'), TypeError, "FormData part had invalid headers.");
  await rejects(parse("--xy--"), TypeError, "Boundary string was not succeeded");
  await rejects(parse("a=1", "text/plain"), TypeError, "Unrecognized Content-Type header value");
  await rejects(parse("a=1", "application/x-www-form-urlencoded; charset=latin1"), TypeError, "Non-utf-8");
  await rejects(parse("--x--", "multipart/form-data"), TypeError, "No boundary string in Content-Type header");
});

test("a boundary that is nearly there, again and again", async () => {
  const body = "\r\n--".repeat(20000) + "\n-".repeat(20000);
  const form = await parse(`--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n${body}\r\n--x--`);
  equal(form.get("a"), body);
});

test("names that are properties of objects", async () => {
  const form = await parse("__proto__=1&constructor=2&toString=3", "application/x-www-form-urlencoded");
  deepEqual([...form.keys()], ["__proto__", "constructor", "toString"]);
  const part = await parse('--x\r\nContent-Disposition: form-data; __proto__="z"; name="__proto__"\r\n\r\n1\r\n--x--');
  equal(part.get("__proto__"), "1");
});

test("a form that changes while it is looked at", () => {
  const form = new FormData();
  for (const name of ["a", "b", "c"]) form.append(name, "1");
  const seen = [];
  for (const [name] of form) {
    seen.push(name);
    form.delete(name);
  }
  deepEqual(seen, ["a", "c"]);
});

test("blobs keep what they were made of", async () => {
  const view = new Uint8Array([65, 66]);
  const blob = new Blob([view, { toString() { view[0] = 90; return "x"; } }]);
  equal(await blob.text(), "ABx");
  equal(new File([], "n", { lastModified: -1.5 }).lastModified, -1.5);
  throws(() => new Blob("text"), TypeError, "constructor parameter 1 is not of type 'Array'");
  throws(() => new Blob([], { endings: "native" }), Error, "not implemented");
  throws(() => new Blob().slice(2 ** 40), TypeError, "Value out of range");
});
