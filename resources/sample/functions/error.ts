// Fails on purpose: open /error, then look at the request in Cleat. It shows this file and line.
export const onRequestGet: PagesFunction = () => {
  throw new Error("This is what an uncaught error looks like");
};
