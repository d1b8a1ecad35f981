// SPDX-License-Identifier: GPL-3.0-or-later
// Events, their targets, signals, EventSource.
export default {
  "new Event()": async () => new Event(),
  "new Event('a').type": async () => new Event('a').type,
  "Event('a')": async () => Event('a'),
  "new Event(5).type": async () => new Event(5).type,
  "new Event('a', 5)": async () => new Event('a', 5),
  "new Event('a', null).bubbles": async () => new Event('a', null).bubbles,
  "new Event('a', {bubbles: 1, cancelable: 'x', composed: {}}).bubbles": async () => new Event('a', {bubbles: 1, cancelable: 'x', composed: {}}).bubbles,
  "{ const e = new Event('a', {bubbles: true, cancelable: true, composed: true}); return [e.type, e.eventPhase...": async () => { const e = new Event('a', {bubbles: true, cancelable: true, composed: true}); return [e.type, e.eventPhase, e.composed, e.bubbles, e.cancelable, e.defaultPrevented, e.returnValue, e.currentTarget, e.target, e.srcElement, e.timeStamp, e.isTrusted, e.cancelBubble, e.composedPath()] },
  "{ const e = new Event('a', {cancelable: true}); e.preventDefault(); return [e.defaultPrevented, e.returnVal...": async () => { const e = new Event('a', {cancelable: true}); e.preventDefault(); return [e.defaultPrevented, e.returnValue] },
  "{ const e = new Event('a'); e.preventDefault(); return [e.defaultPrevented, e.returnValue] }": async () => { const e = new Event('a'); e.preventDefault(); return [e.defaultPrevented, e.returnValue] },
  "{ const e = new Event('a'); e.cancelBubble = true; return e.cancelBubble }": async () => { const e = new Event('a'); e.cancelBubble = true; return e.cancelBubble },
  "{ const e = new Event('a'); e.stopPropagation(); return e.cancelBubble }": async () => { const e = new Event('a'); e.stopPropagation(); return e.cancelBubble },
  "{ const e = new Event('a'); e.returnValue = false; return e.returnValue }": async () => { const e = new Event('a'); e.returnValue = false; return e.returnValue },
  "{ const order = []; new Event('x', new Proxy({}, { get(t, k) { order.push(String(k)); } })); return order }": async () => { const order = []; new Event('x', new Proxy({}, { get(t, k) { order.push(String(k)); } })); return order },
  "Event.prototype.type": async () => Event.prototype.type,
  "new CustomEvent('a').detail": async () => new CustomEvent('a').detail,
  "new CustomEvent('a', {detail: 5}).detail": async () => new CustomEvent('a', {detail: 5}).detail,
  "new CustomEvent('a', {detail: undefined}).detail": async () => new CustomEvent('a', {detail: undefined}).detail,
  "new CustomEvent('a', {detail: null}).detail": async () => new CustomEvent('a', {detail: null}).detail,
  "new CustomEvent()": async () => new CustomEvent(),
  "{ const order = []; new CustomEvent('x', new Proxy({}, { get(t, k) { order.push(String(k)); } })); return o...": async () => { const order = []; new CustomEvent('x', new Proxy({}, { get(t, k) { order.push(String(k)); } })); return order },
  "new ErrorEvent('e')": async () => new ErrorEvent('e'),
  "{ const e = new ErrorEvent('e'); return [e.message, e.filename, e.lineno, e.colno, e.error] }": async () => { const e = new ErrorEvent('e'); return [e.message, e.filename, e.lineno, e.colno, e.error] },
  "{ const e = new ErrorEvent('e', {message: 'm', filename: 'f', lineno: 3, colno: 4, error: 5}); return [e.me...": async () => { const e = new ErrorEvent('e', {message: 'm', filename: 'f', lineno: 3, colno: 4, error: 5}); return [e.message, e.filename, e.lineno, e.colno, e.error] },
  "new ErrorEvent('e', {error: null}).error": async () => new ErrorEvent('e', {error: null}).error,
  "new ErrorEvent()": async () => new ErrorEvent(),
  "new MessageEvent('m', {data: 1}).data": async () => new MessageEvent('m', {data: 1}).data,
  "{ const e = new MessageEvent('m'); return [e.data, e.origin, e.lastEventId, e.source, e.ports, Object.keys(...": async () => { const e = new MessageEvent('m'); return [e.data, e.origin, e.lastEventId, e.source, e.ports, Object.keys(e), Object.getOwnPropertyNames(e)] },
  "{ const e = new MessageEvent('m', {data: 1, origin: 'o', lastEventId: 'l', source: 5, ports: [1]}); return ...": async () => { const e = new MessageEvent('m', {data: 1, origin: 'o', lastEventId: 'l', source: 5, ports: [1]}); return [e.data, e.origin, e.lastEventId, e.source, e.ports] },
  "{ const e = new MessageEvent('m', {data: 1, source: null, ports: []}); return [e.data, e.origin, e.lastEven...": async () => { const e = new MessageEvent('m', {data: 1, source: null, ports: []}); return [e.data, e.origin, e.lastEventId, e.source, e.ports] },
  "new MessageEvent('m', 5)": async () => new MessageEvent('m', 5),
  "new MessageEvent()": async () => new MessageEvent(),
  "{ const e = new CloseEvent('c'); return [e.code, e.reason, e.wasClean, Object.getOwnPropertyNames(e)] }": async () => { const e = new CloseEvent('c'); return [e.code, e.reason, e.wasClean, Object.getOwnPropertyNames(e)] },
  "{ const e = new CloseEvent('c', {code: 5, reason: 'r', wasClean: true}); return [e.code, e.reason, e.wasCle...": async () => { const e = new CloseEvent('c', {code: 5, reason: 'r', wasClean: true}); return [e.code, e.reason, e.wasClean] },
  "new CloseEvent('c', {code: 'x'}).code": async () => new CloseEvent('c', {code: 'x'}).code,
  "new CloseEvent('c', {code: 70000}).code": async () => new CloseEvent('c', {code: 70000}).code,
  "new CloseEvent('c', {code: -1}).code": async () => new CloseEvent('c', {code: -1}).code,
  "new PromiseRejectionEvent('a', {promise: Promise.resolve(), reason: 1})": async () => new PromiseRejectionEvent('a', {promise: Promise.resolve(), reason: 1}),
  "new PromiseRejectionEvent('a')": async () => new PromiseRejectionEvent('a'),
  "new ExtendableEvent('a')": async () => new ExtendableEvent('a'),
  "new ScheduledEvent('a')": async () => new ScheduledEvent('a'),
  "new TailEvent('a')": async () => new TailEvent('a'),
  "EventTarget()": async () => EventTarget(),
  "new EventTarget()": async () => new EventTarget(),
  "new EventTarget().dispatchEvent()": async () => new EventTarget().dispatchEvent(),
  "new EventTarget().dispatchEvent(5)": async () => new EventTarget().dispatchEvent(5),
  "new EventTarget().dispatchEvent({type:'a'})": async () => new EventTarget().dispatchEvent({type:'a'}),
  "new EventTarget().addEventListener()": async () => new EventTarget().addEventListener(),
  "new EventTarget().addEventListener('a')": async () => new EventTarget().addEventListener('a'),
  "new EventTarget().addEventListener('a', null)": async () => new EventTarget().addEventListener('a', null),
  "new EventTarget().addEventListener('a', undefined)": async () => new EventTarget().addEventListener('a', undefined),
  "new EventTarget().addEventListener('a', 5)": async () => new EventTarget().addEventListener('a', 5),
  "new EventTarget().addEventListener('a', 'x')": async () => new EventTarget().addEventListener('a', 'x'),
  "new EventTarget().addEventListener('a', {})": async () => new EventTarget().addEventListener('a', {}),
  "new EventTarget().addEventListener('a', () => {}, 5)": async () => new EventTarget().addEventListener('a', () => {}, 5),
  "new EventTarget().addEventListener('a', () => {}, null)": async () => new EventTarget().addEventListener('a', () => {}, null),
  "new EventTarget().addEventListener('a', () => {}, 'x')": async () => new EventTarget().addEventListener('a', () => {}, 'x'),
  "new EventTarget().addEventListener('a', () => {}, {capture: true})": async () => new EventTarget().addEventListener('a', () => {}, {capture: true}),
  "new EventTarget().addEventListener('a', () => {}, true)": async () => new EventTarget().addEventListener('a', () => {}, true),
  "new EventTarget().addEventListener('a', () => {}, {passive: true})": async () => new EventTarget().addEventListener('a', () => {}, {passive: true}),
  "new EventTarget().addEventListener('a', () => {}, {once: true})": async () => new EventTarget().addEventListener('a', () => {}, {once: true}),
  "new EventTarget().addEventListener('a', () => {}, {signal: 5})": async () => new EventTarget().addEventListener('a', () => {}, {signal: 5}),
  "new EventTarget().addEventListener('a', () => {}, {signal: null})": async () => new EventTarget().addEventListener('a', () => {}, {signal: null}),
  "new EventTarget().removeEventListener()": async () => new EventTarget().removeEventListener(),
  "new EventTarget().removeEventListener('a')": async () => new EventTarget().removeEventListener('a'),
  "new EventTarget().removeEventListener('a', null)": async () => new EventTarget().removeEventListener('a', null),
  "new EventTarget().removeEventListener('a', 5)": async () => new EventTarget().removeEventListener('a', 5),
  "new EventTarget().removeEventListener('a', () => {}, true)": async () => new EventTarget().removeEventListener('a', () => {}, true),
  "{ const t = new EventTarget(), r = []; const f = (e) => r.push(e.type); t.addEventListener('a', f); t.addEv...": async () => { const t = new EventTarget(), r = []; const f = (e) => r.push(e.type); t.addEventListener('a', f); t.addEventListener('a', f); t.dispatchEvent(new Event('a')); return r },
  "{ const t = new EventTarget(), r = []; t.addEventListener('a', function (e) { r.push(this === t, e.target =...": async () => { const t = new EventTarget(), r = []; t.addEventListener('a', function (e) { r.push(this === t, e.target === t, e.currentTarget === t, e.eventPhase, e.composedPath().length) }); const e = new Event('a'); t.dispatchEvent(e); r.push(e.target === t, e.currentTarget, e.eventPhase, e.composedPath().length); return r },
  "{ const t = new EventTarget(), r = []; t.addEventListener('a', { handleEvent(e) { r.push(this.x, e.type) },...": async () => { const t = new EventTarget(), r = []; t.addEventListener('a', { handleEvent(e) { r.push(this.x, e.type) }, x: 7 }); t.dispatchEvent(new Event('a')); return r },
  "{ const t = new EventTarget(), r = []; t.addEventListener('a', () => { r.push(1); throw new Error('boo') })...": async () => { const t = new EventTarget(), r = []; t.addEventListener('a', () => { r.push(1); throw new Error('boo') }); t.addEventListener('a', () => r.push(2)); let x; try { x = t.dispatchEvent(new Event('a')) } catch (e) { x = e } return [r, x] },
  "{ const t = new EventTarget(), r = []; t.addEventListener('a', (e) => { r.push(1); e.stopImmediatePropagati...": async () => { const t = new EventTarget(), r = []; t.addEventListener('a', (e) => { r.push(1); e.stopImmediatePropagation() }); t.addEventListener('a', () => r.push(2)); t.dispatchEvent(new Event('a')); return r },
  "{ const t = new EventTarget(), r = []; t.addEventListener('a', (e) => { r.push(1); e.stopPropagation() }); ...": async () => { const t = new EventTarget(), r = []; t.addEventListener('a', (e) => { r.push(1); e.stopPropagation() }); t.addEventListener('a', () => r.push(2)); t.dispatchEvent(new Event('a')); return r },
  "{ const t = new EventTarget(), r = []; t.addEventListener('a', (e) => { r.push(1); t.addEventListener('a', ...": async () => { const t = new EventTarget(), r = []; t.addEventListener('a', (e) => { r.push(1); t.addEventListener('a', () => r.push(3)) }); t.addEventListener('a', () => r.push(2)); t.dispatchEvent(new Event('a')); return r },
  "{ const t = new EventTarget(), r = []; const g = () => r.push(2); t.addEventListener('a', (e) => { r.push(1...": async () => { const t = new EventTarget(), r = []; const g = () => r.push(2); t.addEventListener('a', (e) => { r.push(1); t.removeEventListener('a', g) }); t.addEventListener('a', g); t.dispatchEvent(new Event('a')); return r },
  "{ const t = new EventTarget(), r = []; t.addEventListener('a', (e) => { r.push(1); if (r.length < 3) t.disp...": async () => { const t = new EventTarget(), r = []; t.addEventListener('a', (e) => { r.push(1); if (r.length < 3) t.dispatchEvent(new Event('a')) }, {once: true}); t.dispatchEvent(new Event('a')); t.dispatchEvent(new Event('a')); return r },
  "{ const t = new EventTarget(); const e = new Event('a'); let x; t.addEventListener('a', () => { try { t.dis...": async () => { const t = new EventTarget(); const e = new Event('a'); let x; t.addEventListener('a', () => { try { t.dispatchEvent(e) } catch (q) { x = q } }); t.dispatchEvent(e); return x },
  "{ const t = new EventTarget(); t.addEventListener('a', (e) => e.preventDefault()); return [t.dispatchEvent(...": async () => { const t = new EventTarget(); t.addEventListener('a', (e) => e.preventDefault()); return [t.dispatchEvent(new Event('a', {cancelable: true})), t.dispatchEvent(new Event('a'))] },
  "{ const t = new EventTarget(), r = []; const c = new AbortController(); t.addEventListener('a', () => r.pus...": async () => { const t = new EventTarget(), r = []; const c = new AbortController(); t.addEventListener('a', () => r.push(1), {signal: c.signal}); t.dispatchEvent(new Event('a')); c.abort(); t.dispatchEvent(new Event('a')); return r },
  "{ const t = new EventTarget(), r = []; t.addEventListener('a', () => r.push(1), {signal: AbortSignal.abort(...": async () => { const t = new EventTarget(), r = []; t.addEventListener('a', () => r.push(1), {signal: AbortSignal.abort()}); t.dispatchEvent(new Event('a')); return r },
  "{ const t = new EventTarget(), r = []; t.addEventListener('a', {}); try { t.dispatchEvent(new Event('a')) }...": async () => { const t = new EventTarget(), r = []; t.addEventListener('a', {}); try { t.dispatchEvent(new Event('a')) } catch (e) { r.push(e) } return r },
  "{ class A extends EventTarget { constructor() { super(); this.q = 1 } } const a = new A(); let x = 0; a.add...": async () => { class A extends EventTarget { constructor() { super(); this.q = 1 } } const a = new A(); let x = 0; a.addEventListener('z', () => x++); a.dispatchEvent(new Event('z')); return [x, a.q] },
  "{ class A extends Event { constructor() { super('foo', {cancelable: true}); this.q = 1 } } const a = new A(...": async () => { class A extends Event { constructor() { super('foo', {cancelable: true}); this.q = 1 } } const a = new A(); return [a.type, a.cancelable, a instanceof Event] },
  "{ const t = new EventTarget(); const e = new Event('a'); return [t.dispatchEvent(e), t.dispatchEvent(e)] }": async () => { const t = new EventTarget(); const e = new Event('a'); return [t.dispatchEvent(e), t.dispatchEvent(e)] },
  "new AbortController().signal.aborted": async () => new AbortController().signal.aborted,
  "AbortController()": async () => AbortController(),
  "new AbortSignal()": async () => new AbortSignal(),
  "AbortSignal.abort().reason": async () => AbortSignal.abort().reason,
  "AbortSignal.abort(5).reason": async () => AbortSignal.abort(5).reason,
  "AbortSignal.abort(undefined).reason": async () => AbortSignal.abort(undefined).reason,
  "AbortSignal.abort(null).reason": async () => AbortSignal.abort(null).reason,
  "AbortSignal.abort().throwIfAborted()": async () => AbortSignal.abort().throwIfAborted(),
  "AbortSignal.timeout()": async () => AbortSignal.timeout(),
  "AbortSignal.timeout(-1)": async () => AbortSignal.timeout(-1),
  "AbortSignal.timeout('x')": async () => AbortSignal.timeout('x'),
  "AbortSignal.timeout(NaN)": async () => AbortSignal.timeout(NaN),
  "AbortSignal.timeout(1e20)": async () => AbortSignal.timeout(1e20),
  "AbortSignal.timeout(5).aborted": async () => AbortSignal.timeout(5).aborted,
  "{ const s = AbortSignal.timeout(5); await new Promise(r => s.addEventListener('abort', r)); return [s.abort...": async () => { const s = AbortSignal.timeout(5); await new Promise(r => s.addEventListener('abort', r)); return [s.aborted, s.reason] },
  "{ const s = AbortSignal.timeout(5); await scheduler.wait(30); return [s.aborted, s.reason] }": async () => { const s = AbortSignal.timeout(5); await scheduler.wait(30); return [s.aborted, s.reason] },
  "AbortSignal.any()": async () => AbortSignal.any(),
  "AbortSignal.any(5)": async () => AbortSignal.any(5),
  "AbortSignal.any([5])": async () => AbortSignal.any([5]),
  "AbortSignal.any([]).aborted": async () => AbortSignal.any([]).aborted,
  "AbortSignal.any([AbortSignal.abort(7)]).reason": async () => AbortSignal.any([AbortSignal.abort(7)]).reason,
  "{ const c = new AbortController(), d = new AbortController(); const s = AbortSignal.any([c.signal, d.signal...": async () => { const c = new AbortController(), d = new AbortController(); const s = AbortSignal.any([c.signal, d.signal]); d.abort('q'); c.abort('z'); return [s.aborted, s.reason] },
  "AbortSignal.any(new Set([AbortSignal.abort(7)])).reason": async () => AbortSignal.any(new Set([AbortSignal.abort(7)])).reason,
  "{ const c = new AbortController(); const r = []; c.signal.onabort = (e) => r.push(e.type, e.isTrusted, e.ta...": async () => { const c = new AbortController(); const r = []; c.signal.onabort = (e) => r.push(e.type, e.isTrusted, e.target === c.signal); c.abort(); c.abort(); return r },
  "{ const c = new AbortController(); c.signal.onabort = 5; return c.signal.onabort }": async () => { const c = new AbortController(); c.signal.onabort = 5; return c.signal.onabort },
  "{ const c = new AbortController(); const f = () => {}; c.signal.onabort = f; return c.signal.onabort === f }": async () => { const c = new AbortController(); const f = () => {}; c.signal.onabort = f; return c.signal.onabort === f },
  "{ const c = new AbortController(); c.signal.onabort = null; return c.signal.onabort }": async () => { const c = new AbortController(); c.signal.onabort = null; return c.signal.onabort },
  "new AbortController().signal.onabort": async () => new AbortController().signal.onabort,
  "{ const c = new AbortController(); c.abort(); let n = 0; c.signal.addEventListener('abort', () => n++); awa...": async () => { const c = new AbortController(); c.abort(); let n = 0; c.signal.addEventListener('abort', () => n++); await scheduler.wait(1); return n },
  "new AbortController().signal.throwIfAborted()": async () => new AbortController().signal.throwIfAborted(),
  "{ const c = new AbortController(); const s = c.signal; c.abort(new Error('x')); return [s.reason, c.signal ...": async () => { const c = new AbortController(); const s = c.signal; c.abort(new Error('x')); return [s.reason, c.signal === s] },
  "structuredClone(AbortSignal.abort())": async () => structuredClone(AbortSignal.abort()),
  "new EventSource()": async () => new EventSource(),
  "new EventSource('bad')": async () => new EventSource('bad'),
  "new EventSource('http://127.0.0.1:1/', {withCredentials: true})": async () => new EventSource('http://127.0.0.1:1/', {withCredentials: true}),
  "new EventSource('http://127.0.0.1:1/', 5)": async () => new EventSource('http://127.0.0.1:1/', 5),
  "EventSource.from()": async () => EventSource.from(),
  "EventSource.from(5)": async () => EventSource.from(5),
  "EventSource('x')": async () => EventSource('x'),
  "{ const s = EventSource.from(new Response('data: a\\n\\ndata: b\\nid: 7\\nevent: foo\\ndata: c\\n\\n').body); cons...": async () => { const s = EventSource.from(new Response('data: a\n\ndata: b\nid: 7\nevent: foo\ndata: c\n\n').body); const r = [s.url, s.withCredentials, s.readyState]; s.onmessage = (e) => r.push([e.type, e.data, e.lastEventId, e.origin, e.constructor.name]); s.addEventListener('foo', (e) => r.push([e.type, e.data, e.lastEventId])); s.onopen = (e) => r.push(e.type); await new Promise(f => s.onerror = (e) => { r.push(e.type, e.constructor.name, e.message, e.error, s.readyState); f() }); return r },
  "{ const s = EventSource.from(new Response('data: a\\n\\ndata: x').body); const r = []; s.onmessage = (e) => r...": async () => { const s = EventSource.from(new Response('data: a\n\ndata: x').body); const r = []; s.onmessage = (e) => r.push(e.data); await scheduler.wait(50); return [r, s.readyState] },
  "{ const s = EventSource.from(new Response('\\ufeffdata:a\\r\\ndata: b\\rdata\\n: comment\\nretry: 5\\nretry: x\\nid...": async () => { const s = EventSource.from(new Response('\ufeffdata:a\r\ndata: b\rdata\n: comment\nretry: 5\nretry: x\nid: a\0b\nfoo: bar\n\nevent: z\n\nevent: message\ndata: q\n\nid\ndata: w\n\n').body); const r = []; s.onmessage = (e) => r.push([e.data, e.lastEventId]); await scheduler.wait(50); return [r, s.readyState] },
  "{ const s = EventSource.from(new ReadableStream({ start(c) { c.enqueue('data: x\\n\\n') } })); const r = []; ...": async () => { const s = EventSource.from(new ReadableStream({ start(c) { c.enqueue('data: x\n\n') } })); const r = []; s.onmessage = (e) => r.push(e.data); s.onerror = (e) => r.push(e.message, String(e.error)); await scheduler.wait(50); return [r, s.readyState] },
  "{ const s = EventSource.from(new Response('data: a\\n\\n').body); s.close(); return s.readyState }": async () => { const s = EventSource.from(new Response('data: a\n\n').body); s.close(); return s.readyState },
  "Navigator()": async () => Navigator(),
  "{ const r = []; const f = (e) => r.push(e.type, e.constructor.name, e.reason, typeof e.promise, e.cancelabl...": async () => { const r = []; const f = (e) => r.push(e.type, e.constructor.name, e.reason, typeof e.promise, e.cancelable, e.isTrusted, Object.keys(e), e.target === globalThis); addEventListener('unhandledrejection', f); Promise.reject(7); await scheduler.wait(5); removeEventListener('unhandledrejection', f); return r },
  "{ const r = []; const f = (e) => r.push(e.type, e.reason); addEventListener('unhandledrejection', f); addEv...": async () => { const r = []; const f = (e) => r.push(e.type, e.reason); addEventListener('unhandledrejection', f); addEventListener('rejectionhandled', f); const p = Promise.reject(7); await scheduler.wait(5); p.catch(() => {}); await scheduler.wait(5); removeEventListener('unhandledrejection', f); removeEventListener('rejectionhandled', f); return r },
  "{ const r = []; const f = (e) => { r.push(e.type); e.preventDefault(); }; addEventListener('unhandledreject...": async () => { const r = []; const f = (e) => { r.push(e.type); e.preventDefault(); }; addEventListener('unhandledrejection', f); const p = Promise.reject(7); p.catch(() => {}); await scheduler.wait(5); removeEventListener('unhandledrejection', f); return r },
  "on... of a target": () => {
    const seen = [];
    const target = new EventTarget();
    target.addEventListener("a", (event) => seen.push("listener", event.defaultPrevented));
    for (const [name, handler] of Object.entries({
      function: function (event) { seen.push(this === globalThis, event.type, event.eventPhase, event.currentTarget === target, arguments.length); },
      true: () => true, one: () => 1, async: async () => true, stops: (event) => event.stopImmediatePropagation(), object: { handleEvent() { seen.push("never"); } }, text: "x", nothing: null, none: undefined,
      changes: () => { target.ona = () => seen.push("changed"); seen.push("changes"); },
    })) {
      target.ona = handler;
      seen.push(name, target.dispatchEvent(new Event("a", { cancelable: true })));
    }
    return seen;
  },
  "on... of a class": () => {
    const seen = [];
    class Own extends EventTarget {
      ona() { seen.push("a", this === globalThis); return true; }
      get onb() { seen.push("asked"); return () => seen.push("b"); }
      get onc() { throw new Error("no c"); }
    }
    const own = new Own();
    for (const type of ["a", "b", "c", ""]) {
      try {
        seen.push(own.dispatchEvent(new Event(type, { cancelable: true })));
      } catch (error) {
        seen.push(String(error));
      }
    }
    return seen;
  },
  "on... that throws": () => {
    const target = new EventTarget();
    target.ona = () => { throw new Error("on"); };
    return target.dispatchEvent(new Event("a"));
  },
  "onabort beside listeners": () => {
    const seen = [];
    const { signal, controller } = ((controller) => ({ controller, signal: controller.signal }))(new AbortController());
    signal.addEventListener("abort", () => seen.push("listener"));
    signal.onabort = function () { seen.push("on", this === globalThis); };
    controller.abort();
    return seen;
  },
};
