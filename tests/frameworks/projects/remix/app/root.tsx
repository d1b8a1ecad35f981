import type { LinksFunction, LoaderFunctionArgs } from '@remix-run/cloudflare'
import { isRouteErrorResponse, Links, Meta, Outlet, Scripts, ScrollRestoration, useLoaderData, useRouteError } from '@remix-run/react'
import './style.css'

export const links: LinksFunction = () => [{ rel: 'icon', href: '/anchor.svg' }]
export const loader = ({ context }: LoaderFunctionArgs) => ({ harbour: context.cloudflare.env.HARBOUR })

export function Layout({ children }: { children: React.ReactNode }) {
  return (
    <html lang="en">
      <head>
        <meta charSet="utf-8" />
        <Meta />
        <Links />
      </head>
      <body>
        {children}
        <ScrollRestoration />
        <Scripts />
      </body>
    </html>
  )
}

export function ErrorBoundary() {
  const error = useRouteError()
  return <h1>{isRouteErrorResponse(error) ? `${error.status} ${error.data}` : 'Fog'}</h1>
}

export default function App() {
  const { harbour } = useLoaderData<typeof loader>()
  return (
    <>
      <nav>Harbour of {harbour}</nav>
      <Outlet />
    </>
  )
}
