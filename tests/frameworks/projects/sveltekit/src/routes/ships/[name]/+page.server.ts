import { error } from '@sveltejs/kit'

export const load = ({ params, url, setHeaders, getClientAddress }) => {
  if (params.name === 'ghost')
    error(404, 'Nobody has seen her')
  setHeaders({ 'cache-control': 'private, max-age=60' })
  return { name: params.name, built: new Date(0), tags: new Set(url.searchParams.getAll('tag')), big: 12345678901234567890n, local: getClientAddress().length > 0 }
}
