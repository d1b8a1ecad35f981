import { createPagesFunctionHandler } from '@remix-run/cloudflare-pages'
// @ts-ignore: it comes from the build
import * as build from '../build/server'

export const onRequest = createPagesFunctionHandler({ build })
