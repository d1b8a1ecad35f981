import { WorkerEntrypoint } from "cloudflare:workers";

export default class extends WorkerEntrypoint {
  fetch() {
    return new Response("hello from the service");
  }
  add(a, b) {
    return a + b;
  }
}
