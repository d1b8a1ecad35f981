export default defineNuxtRouteMiddleware(() => {
  if (!useCookie('pilot').value)
    return navigateTo('/about')
})
