import type { Env } from "../env";

export const onRequestGet: PagesFunction<Env> = ({ env }) => new Response(`${env.GREETING}\n`);
