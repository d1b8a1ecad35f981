// One fetch() of a service binding.
export const onRequest = ({ env }) => env.SERVICE.fetch("http://service/");
