// SPDX-License-Identifier: GPL-3.0-or-later
import staticForms from "@cloudflare/pages-plugin-static-forms";

const plugin = staticForms({ respondWith: ({ formData, name }) => new Response(`${name}: ${formData.get("email")}`) });
const page = '<form data-static-form-name="contact"><input name="email"></form>';

/** Mounted at /forms, as functions/forms/_middleware.js would be. */
function context(request) {
  return {
    request, functionPath: "/forms", params: {}, data: {}, env: {},
    next: async () => new Response(page, { headers: { "content-type": "text/html" } }),
    waitUntil() {}, passThroughOnException() {},
  };
}

export const onRequest = async () => {
  const shown = await (await plugin(context(new Request("http://localhost/forms/contact")))).text();
  if (!shown.includes('method="POST"') || !/<input[^>]*static-form-name/.test(shown)) return new Response(shown);
  const formData = new FormData();
  formData.set("static-form-name", "contact");
  formData.set("email", "a@example.com");
  const sent = await (await plugin(context(new Request("http://localhost/forms/contact", { method: "POST", body: formData })))).text();
  if (sent !== "contact: a@example.com") return new Response(sent);
  const passed = await plugin(context(new Request("http://localhost/forms/contact", { method: "POST", body: new URLSearchParams({ other: "form" }) })));
  return new Response((await passed.text()) === page ? "ok" : "a form of somebody else's was taken");
};
