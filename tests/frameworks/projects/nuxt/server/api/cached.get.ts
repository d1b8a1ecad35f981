export default defineCachedEventHandler(() => ({ depth: 7.5 }), { maxAge: 60, name: 'depth', getKey: () => 'one' })
