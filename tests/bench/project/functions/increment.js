export const onRequest = ({ env, request }) => env.COUNTER.getByName("one").fetch(request);
