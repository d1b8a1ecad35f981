const wait = (ms: number, value: unknown) => new Promise((done) => setTimeout(done, ms, value))

export const load = () => ({ now: 'here', later: wait(10, 'came in'), never: wait(20, null).then(() => Promise.reject(new Error('sank'))) })
