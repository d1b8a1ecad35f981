export const lazy = (app: HTMLElement) => app.append('Loaded later')
